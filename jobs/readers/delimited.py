"""CSV and other delimited text, read once, block by block."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from jobs.readers.delimiter import decide_delimiter
from jobs.readers.inspect import decide_encoding, text_or_unreadable, utf8_blocks
from jobs.readers.quoting import Block, PhysicalCount, StrayQuoteError, split, swallowed
from jobs.readers.reading import Reading, Unreadable
from jobs.readers.records import Records
from jobs.readers.spec import FormatSpec, Limits


def read(path: Path, spec: FormatSpec, batches_to: Callable[[pa.RecordBatch], None], limits: Limits) -> Reading:
    """The account of a delimited file whose rows have gone to `batches_to`; Unreadable when it is not as declared."""
    text_or_unreadable(path, spec, "text")
    encoding = decide_encoding(path, spec.encoding)
    delimiter = decide_delimiter(path, encoding, spec)
    records = Records(path, spec, limits, batches_to)
    count = PhysicalCount(spec.quoting)
    blocks = Blocks(path, spec, delimiter, limits, records)
    for data in utf8_blocks(path, encoding):
        if b"\0" in data:
            raise Unreadable("not_text", path, f"a NUL byte near line {blocks.line}, decoded as {encoding.name}")
        count.add(data)
        blocks.take(data, last=False)
    blocks.take(b"", last=True)
    return records.reading(count.total(), encoding.name, delimiter, None)


class Blocks:
    """Text in blocks of any size, cut into whole records for `records`; the next record begins in `line`."""

    def __init__(self, path: Path, spec: FormatSpec, delimiter: str, limits: Limits, records: Records):
        self.path, self.spec, self.limits, self.records = path, spec, limits, records
        self.delimiter = ord(delimiter)
        self.quote = ord(spec.quoting) if spec.quoting else None
        self.rest = b""
        self.line = 1

    def take(self, data: bytes, last: bool) -> None:
        """Passes on the records that end in what was left over and `data` together."""
        data = self.rest + data
        if not data:
            return
        try:
            block = split(data, self.delimiter, self.quote, last)
        except StrayQuoteError as error:
            raise self._stray(data, error.position, str(error)) from error
        if block.used:
            self.records.take(block.cells)
            self._refuse_swallowed(data, block)
            if last:
                self._refuse_truncated(len(block.cells[-1]), data)
        self.line += len(block.ends) + len(block.inner_breaks)
        self.rest = data[block.used :]
        self._refuse_endless()

    def _refuse_swallowed(self, data: bytes, block: Block) -> None:
        width = self.records.width
        if self.spec.swallow_check and width:
            position = swallowed(data, block, self.delimiter, width)
            if position is not None:
                quote = data.index(self.quote, position)
                raise self._stray(data, quote, f"a quoted cell over several lines that read as rows of {width} cells")

    def _refuse_truncated(self, last_width: int, data: bytes) -> None:
        """A short last record without line end, in a file where all others have the header's width."""
        records = self.records
        short = records.width and last_width < records.width and records.last_width == last_width
        if short and records.ragged == 1 and not len(records.footer) and data[-1:] not in b"\r\n":
            line = self.line + _line_ends(data)
            what = f"ends in line {line} after {last_width} of {records.width} cells, without line end"
            raise Unreadable("truncated", self.path, what)

    def _refuse_endless(self) -> None:
        if len(self.rest) <= self.limits.max_record_bytes:
            return
        if self.quote is not None and self.rest.count(self.quote) % 2:
            raise self._stray(self.rest, self.rest.rindex(self.quote), "a quoted cell without end")
        most = self.limits.max_record_bytes
        raise Unreadable("record_too_long", self.path, f"the record at line {self.line} is longer than {most} bytes")

    def _stray(self, data: bytes, position: int, what: str) -> Unreadable:
        line = self.line + _line_ends(data[:position])
        return Unreadable("stray_quote", self.path, f"{what}, opened in line {line}")


def _line_ends(data: bytes) -> int:
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")

"""What a reading says of a file, and why a file could not be read."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

# Part of the name of a rows object: bump it when the same bytes would read differently.
READER_VERSION = "1"

ROWS_SCHEMA = pa.schema([("row_no", pa.int32()), ("cells", pa.list_(pa.string()))])

# Every reason a delivery is quarantined for, with what its owner should do.
ADVICE = {
    "bomb": "it is not opened; ask the organ for an ordinary export, or raise the limit if the size is genuine",
    "cell_too_long": "a quote may be missing before it; correct the file, or raise limits.max_cell_chars",
    "damaged": "ask the organ to send the file again",
    "doctype": "a workbook never needs one; ask the organ for a file saved by a spreadsheet program",
    "duplicate_header": "rename one of the columns, or correct format.title_rows if this is not the header",
    "empty_file": "ask the organ whether its export failed",
    "encrypted": "ask the organ for a file without a password",
    "footer_too_long": "make format.footer match totals and signatures only",
    "formula_without_value": "open the file in a spreadsheet program and save it, or send values",
    "no_header": "correct format.title_rows, or set format.header_rows: 0",
    "no_such_sheet": "correct format.sheet",
    "not_an_xlsx": "save it as .xlsx, or declare the format it has",
    "not_text": "send delimited text, or declare the format it has",
    "record_too_long": "correct format.delimiter and the line ends, or raise limits.max_record_bytes",
    "row_count_disagrees": "the file is read by nobody until the reader is corrected; report it with the file",
    "stray_quote": "double a quote inside a quoted cell and close every quote; if the cell is genuine and well quoted, "
    "set format.swallow_check: false",
    "too_large": "split the file, or raise limits.max_bytes",
    "too_many_columns": "correct format.delimiter, or raise limits.max_columns",
    "truncated": "ask the organ to send the whole file again",
    "wrong_encoding": "correct format.encoding, or ask the organ to send the file in UTF-8 or GB18030",
}


class Unreadable(Exception):
    """A file that cannot be read as its feed declares; `reason`, a key of ADVICE, says why it is quarantined."""

    def __init__(self, reason: str, path: Path, what: str):
        super().__init__(f"{path.name}: {what}; {ADVICE[reason]}")
        self.reason = reason
        self.seen = what


@dataclass(frozen=True)
class Reading:
    """The account of one file: physical = rows + blank + title + footer, the header being one of `title`."""

    encoding: str | None
    delimiter: str | None
    sheet: str | None
    header: tuple[str, ...]
    physical: int
    rows: int
    blank: int
    title: int
    footer: int
    ragged: int

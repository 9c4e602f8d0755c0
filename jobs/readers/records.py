"""The physical records of one file, sorted into title, header, rows, blank and footer."""

import re
from collections.abc import Callable
from itertools import zip_longest
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.readers.reading import ROWS_SCHEMA, Reading, Unreadable
from jobs.readers.spec import TEXT, FormatSpec, Limits

MOST_FOOTERS = 100
BATCH_ROWS = 20_000
BATCH_BYTES = 32 * 1024**2


class Records:
    """Takes the records of one file in order and passes on its rows, numbered from 1; the rest is counted."""

    def __init__(self, path: Path, spec: FormatSpec, limits: Limits, batches_to: Callable[[pa.RecordBatch], None]):
        self.path, self.spec, self.limits, self.batches_to = path, spec, limits, batches_to
        self.heads = spec.title_rows + spec.header_rows
        self.labels: list[list[str]] = []
        self.header: tuple[str, ...] = ()
        self.width: int | None = None
        self.title = self.rows = self.blank = self.ragged = self.hidden = self.hidden_kept = 0
        self.last_width: int | None = None
        self.footer = pa.array([], ROWS_SCHEMA.field("cells").type)
        self.waiting: list[pa.ListArray] = []
        self.waiting_rows = self.waiting_bytes = 0

    def labelled(self, labels: list[str]) -> None:
        """The labels of records that carry them themselves, so that none of the records is a header."""
        self.heads = 0
        if any("\0" in label for label in labels):
            raise Unreadable("not_text", self.path, "a NUL character in a label")
        if labels:
            self.header = self._checked_header(labels)
            self.width = len(labels)

    def take(self, cells: pa.ListArray, hidden: np.ndarray | None = None) -> None:
        """Adds the next records of the file, each a list of at least one cell; `hidden` are those the sheet hides."""
        self._within_limits(cells)
        below = self._below_header(cells)
        if hidden is not None:
            below = self._shown(below, hidden[len(cells) - len(below) :])
        if self.spec.blank_rows == "skip":
            is_blank = blank_records(below)
            self.blank += int(is_blank.sum())
            below = below.filter(pa.array(~is_blank)) if is_blank.any() else below
        self._pass_on(self._above_footer(below))

    def reading(self, physical: int, encoding: str | None, delimiter: str | None, sheet: str | None) -> Reading:
        """The account of the file, once all records are taken; `physical` is counted by other means."""
        self._flush()
        if self.title < self.heads:
            raise Unreadable("no_header", self.path, f"{self.title} records, the header should be no. {self.heads}")
        found = {"rows": self.rows, "blank": self.blank, "title": self.title, "footer": len(self.footer), "hidden": self.hidden}
        if sum(found.values()) != physical:
            parts = " + ".join(f"{number} {kind}" for kind, number in found.items())
            raise Unreadable("row_count_disagrees", self.path, f"{physical} physical records, but {parts}")
        return Reading(
            encoding, delimiter, sheet, self.header, physical, ragged=self.ragged, hidden_kept=self.hidden_kept, **found
        )

    def _shown(self, cells: pa.ListArray, hidden: np.ndarray) -> pa.ListArray:
        if self.spec.hidden_rows == "keep":
            self.hidden_kept += int((hidden & ~blank_records(cells)).sum())
            return cells
        self.hidden += int(hidden.sum())
        return cells.filter(pa.array(~hidden))

    def _below_header(self, cells: pa.ListArray) -> pa.ListArray:
        here = min(self.heads - self.title, len(cells))
        if here <= 0:
            return cells
        self.labels += [cells[n].as_py() for n in range(here) if self.title + n >= self.spec.title_rows]
        self.title += here
        if self.spec.header_rows and self.title == self.heads:
            self.header = self._checked_header(joined_labels(*self.labels))
            self.width = len(self.header)
        return cells[here:]

    def _checked_header(self, labels: list[str]) -> tuple[str, ...]:
        trimmed = [label.strip() for label in labels]
        if not any(trimmed):
            raise Unreadable("no_header", self.path, f"record {self.heads} should be the header and is blank")
        first: dict[str, int] = {}
        for column, label in enumerate(trimmed):
            if label and first.setdefault(label, column) != column:
                # Not the label itself: where the header is missing, it is a row's value.
                raise Unreadable("duplicate_header", self.path, f"columns {first[label] + 1} and {column + 1} are the same")
        return tuple(labels)

    def _above_footer(self, cells: pa.ListArray) -> pa.ListArray:
        if not self.spec.footer:
            return cells
        if len(self.footer):
            cells = pa.concat_arrays([self.footer, cells])
        end = len(cells)
        while end and self._is_footer(cells[end - 1].as_py()):
            end -= 1
        self.footer = cells[end:]
        if len(self.footer) > MOST_FOOTERS:
            what = f"format.footer matches {len(self.footer)} rows in a row, at most {MOST_FOOTERS}"
            raise Unreadable("footer_too_long", self.path, what)
        return cells[:end]

    def _is_footer(self, cells: list[str]) -> bool:
        first = next(cell.strip() for cell in cells if cell.strip())
        return any(re.search(pattern, first) for pattern in self.spec.footer)

    def _pass_on(self, cells: pa.ListArray) -> None:
        if not len(cells):
            return
        widths = pc.list_value_length(cells).to_numpy(zero_copy_only=False)
        self.width = self.width or int(widths[0])
        self.ragged += int((widths != self.width).sum())
        self.last_width = int(widths[-1])
        self.waiting.append(cells)
        self.waiting_rows += len(cells)
        self.waiting_bytes += cells.nbytes
        if self.waiting_rows >= BATCH_ROWS or self.waiting_bytes >= BATCH_BYTES:
            self._flush()

    def _flush(self) -> None:
        if self.waiting:
            cells = pa.concat_arrays(self.waiting)
            self.waiting, self.waiting_rows, self.waiting_bytes = [], 0, 0
            row_no = pa.array(np.arange(self.rows + 1, self.rows + len(cells) + 1, dtype=np.int32))
            self.rows += len(cells)
            self.batches_to(pa.RecordBatch.from_arrays([row_no, cells], schema=ROWS_SCHEMA))

    def _within_limits(self, cells: pa.ListArray) -> None:
        limits, values = self.limits, cells.flatten()
        # Of text this is seen before it is split.
        if self.spec.kind not in TEXT and pc.any(pc.match_substring(values, "\0")).as_py():
            raise Unreadable("not_text", self.path, f"a NUL character in the {BATCH_ROWS} records after row {self.rows}")
        widest = pc.max(pc.list_value_length(cells)).as_py() or 0
        if widest > limits.max_columns:
            what = f"a record of {widest} cells, at most {limits.max_columns}"
            raise Unreadable("too_many_columns", self.path, what)
        # A text has at least as many bytes as characters, and bytes are counted for nothing.
        if (pc.max(pc.binary_length(values)).as_py() or 0) > limits.max_cell_chars:
            longest = pc.max(pc.utf8_length(values)).as_py()
            if longest > limits.max_cell_chars:
                what = f"a cell of {longest} characters, at most {limits.max_cell_chars}"
                raise Unreadable("cell_too_long", self.path, what)


def joined_labels(upper: list[str], lower: list[str] | None = None) -> list[str]:
    """The labels of a header of one row, or of two as upper/lower: an empty upper cell continues the one to its left.

    Of a merged cell only the first holds its text: over several columns in the upper row, over both rows in one column.
    """
    if lower is None:
        return upper
    labels, above = [], ""
    for over, under in zip_longest(upper, lower, fillvalue=""):
        above = over if over.strip() else above
        both = above.strip() and under.strip() and above.strip() != under.strip()
        labels.append(f"{above.strip()}/{under.strip()}" if both else over if over.strip() else under)
    return labels


def blank_records(cells: pa.ListArray) -> np.ndarray:
    """True for each record whose cells are all empty or white space."""
    blank = _is_white(pc.list_element(cells, 0))
    suspects = np.flatnonzero(blank)
    if suspects.size:
        few = cells.take(pa.array(suspects))
        inked = np.concatenate([[0], np.cumsum(~_is_white(few.flatten()))])
        ends = np.concatenate([[0], np.cumsum(pc.list_value_length(few).to_numpy(zero_copy_only=False))])
        blank[suspects] = inked[ends[1:]] == inked[ends[:-1]]
    return blank


def _is_white(texts: pa.StringArray) -> np.ndarray:
    return pc.equal(pc.utf8_trim_whitespace(texts), "").to_numpy(zero_copy_only=False).copy()

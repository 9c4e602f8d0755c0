"""RFC 4180 in whole blocks: records out of delimited text, and their count by other means."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

LF, CR = 10, 13


class StrayQuote(Exception):
    """A quote that RFC 4180 does not allow; `position` is where its cell was opened."""

    def __init__(self, position: int, what: str):
        super().__init__(what)
        self.position = position


@dataclass(frozen=True)
class Block:
    """The whole records at the start of some text: their cells, where each ends, and the line breaks inside cells."""

    cells: pa.ListArray
    ends: np.ndarray
    inner_breaks: np.ndarray
    used: int


def split(data: bytes, delimiter: int, quote: int | None, last: bool) -> Block:
    """The records of UTF-8 text that starts at a record; an unended record is taken only when nothing follows (`last`).

    Raises StrayQuote. A line end is LF, CR LF or a lone CR; quotes are removed, all else is as received.
    """
    text = np.frombuffer(data, np.uint8)
    keep = np.ones(len(text), bool)
    outside = np.ones(len(text), bool)
    if quote is not None and quote in data:
        is_quote = text == quote
        # Adding bytes modulo 256 keeps parity.
        outside = np.cumsum(is_quote, dtype=np.uint8) & 1 == 0
        keep = _unquoted(text, np.flatnonzero(is_quote), delimiter, quote, last)
    breaks = _line_breaks(text, data, last)
    ends_record = breaks & outside
    if CR in data:
        keep &= ~(outside & (text == CR))
    ends = np.flatnonzero(ends_record)
    used = len(text) if last else int(ends[-1]) + 1 if ends.size else 0
    ends_cell = np.flatnonzero((ends_record | (outside & (text == delimiter)))[:used])
    if used and (not ends.size or ends[-1] != used - 1):
        ends, ends_cell = np.append(ends, used), np.append(ends_cell, used)
    keep = keep[:used]
    keep[ends_cell[ends_cell < used]] = False
    inner_breaks = np.flatnonzero(breaks[:used] & ~outside[:used])
    return Block(_cells(text[:used], keep, ends_cell, ends), ends, inner_breaks, used)


def _line_breaks(text: np.ndarray, data: bytes, last: bool) -> np.ndarray:
    breaks = text == LF
    if CR in data:
        lone = text == CR
        lone[:-1] &= ~breaks[1:]
        # Whether the last CR is lone is not known before the next byte.
        lone[-1] &= last
        breaks |= lone
    return breaks


def _unquoted(text: np.ndarray, quotes: np.ndarray, delimiter: int, quote: int, last: bool) -> np.ndarray:
    """Which bytes belong to values: all but quotes, save the second of each doubled pair; StrayQuote if it is not so."""
    border = np.zeros(256, bool)
    border[[delimiter, LF, CR, quote]] = True
    opening, closing = quotes[0::2], quotes[1::2]
    before = np.where(opening > 0, text[opening - 1], LF)
    after = np.where(closing + 1 < len(text), text[np.minimum(closing + 1, len(text) - 1)], LF)
    doubled = before == quote
    starts = opening[~doubled]
    astray = [(opening[~border[before]], "a quote inside an unquoted cell")]
    astray += [(closing[~border[after]], "a character after a closing quote")]
    if last and len(quotes) % 2:
        astray += [(quotes[-1:], "an unclosed quote at the end of the file")]
    found = [(int(where[0]), what) for where, what in astray if len(where)]
    if found:
        position, what = min(found)
        raise StrayQuote(int(starts[np.searchsorted(starts, position, side="right") - 1]), what)
    keep = np.ones(len(text), bool)
    keep[quotes] = False
    keep[opening[doubled]] = True
    return keep


def _cells(text: np.ndarray, keep: np.ndarray, ends_cell: np.ndarray, ends: np.ndarray) -> pa.ListArray:
    kept = np.zeros(len(text) + 1, np.int32)
    np.cumsum(keep, out=kept[1:])
    offsets = np.concatenate([np.zeros(1, np.int32), kept[ends_cell]])
    buffers = [pa.py_buffer(offsets), pa.py_buffer(text[keep])]
    values = pa.StringArray.from_buffers(len(ends_cell), *buffers)
    of_records = np.concatenate([[0], np.searchsorted(ends_cell, ends) + 1]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(of_records), values)


def swallowed(data: bytes, block: Block, delimiter: int, width: int) -> int | None:
    """The position of the first record whose lines look like rows of their own, if there is one.

    Two stray quotes at cell starts are well-formed and swallow what lies between: then every line of the record, or a
    whole line inside it, has as many delimiters as a row. Below three columns ordinary prose looks like that too.
    """
    if width < 3 or not block.inner_breaks.size:
        return None
    for record in np.unique(np.searchsorted(block.ends, block.inner_breaks)):
        start = int(block.ends[record - 1]) + 1 if record else 0
        widths = [line.count(delimiter) + 1 for line in data[start : block.ends[record]].splitlines()]
        if all(w == width for w in widths) or width in widths[1:-1]:
            return start
    return None


class PhysicalCount:
    """Physical records of a text, counted without splitting it: line ends outside quotes, and an unended last record."""

    def __init__(self, quote: str | None):
        self.quote = quote
        self.inside = False
        self.ends = 0
        self.before = ""

    def add(self, text: str) -> None:
        """Counts the next block of the text, which is not empty."""
        # A CR LF that lies across two blocks was counted at its CR.
        self.ends -= not self.inside and self.before == "\r" and text[0] == "\n"
        outside = text
        if self.quote and (self.inside or self.quote in text):
            parts = text.split(self.quote)
            outside = self.quote.join(parts[self.inside :: 2])
            self.inside ^= len(parts) % 2 == 0
        self.ends += outside.count("\n") + outside.count("\r") - outside.count("\r\n")
        self.before = text[-1]

    def total(self) -> int:
        """The number of physical records of all that was added."""
        return self.ends + (self.before not in ("", "\n", "\r"))

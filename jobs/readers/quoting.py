"""RFC 4180 in whole blocks: records out of delimited text, and their count by other means."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

LF, CR = 10, 13


class StrayQuoteError(Exception):
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

    Raises StrayQuoteError. A line end is LF, CR LF or a lone CR; quotes are removed, all else is as received.
    """
    text = np.frombuffer(data, np.uint8)
    breaks, returns = _line_breaks(text, data, last)
    ends_cell = breaks | (text == delimiter)
    dropped = ends_cell | returns
    if quote is not None and quote in data:
        is_quote = text == quote
        inside = np.logical_xor.accumulate(is_quote)
        _check_quotes(is_quote, inside, dropped, last)
        dropped = (dropped & ~inside) | is_quote
        # Of a doubled quote the second stays.
        dropped[1:] &= ~(is_quote[1:] & inside[1:] & is_quote[:-1])
        ends_cell &= ~inside
    ends_record = ends_cell & breaks
    ends = np.flatnonzero(ends_record)
    used = len(text) if last else int(ends[-1]) + 1 if ends.size else 0
    inner_breaks = np.flatnonzero(breaks[:used] & ~ends_record[:used])
    cells = _cells(text[:used], dropped[:used], ends_cell, ends_record)
    return Block(cells, ends if not last or _ended(ends, used) else np.append(ends, used), inner_breaks, used)


def _line_breaks(text: np.ndarray, data: bytes, last: bool) -> tuple[np.ndarray, np.ndarray]:
    """Where lines end, and every CR: of a CR LF only the LF ends the line."""
    breaks = text == LF
    if CR not in data:
        return breaks, np.zeros(len(text), bool)
    returns = text == CR
    lone = returns.copy()
    lone[:-1] &= ~breaks[1:]
    # Whether the last CR is lone is not known before the next byte.
    lone[-1] &= last
    return breaks | lone, returns


def _check_quotes(is_quote: np.ndarray, inside: np.ndarray, borders: np.ndarray, last: bool) -> None:
    """A cell's quote opens after a border and closes before one; an inner quote is doubled, that is beside another."""
    beside = borders | is_quote
    opens, closes = is_quote & inside, is_quote & ~inside
    misplaced = np.flatnonzero(opens[1:] & ~beside[:-1])[:1] + 1, np.flatnonzero(closes[:-1] & ~beside[1:])[:1]
    found = list(zip(misplaced, ("a quote inside an unquoted cell", "a character after a closing quote"), strict=True))
    if last and inside[-1]:
        found.append((np.flatnonzero(is_quote)[-1:], "an unclosed quote at the end of the file"))
    met = [(int(where[0]), what) for where, what in found if where.size]
    if met:
        position, what = min(met)
        raise StrayQuoteError(_opening(opens, is_quote, position), what)


def _opening(opens: np.ndarray, is_quote: np.ndarray, position: int) -> int:
    """Where the quoted cell that holds `position` begins."""
    begins = opens[: position + 1].copy()
    begins[1:] &= ~is_quote[:position]
    return int(np.flatnonzero(begins)[-1])


def _ended(ends: np.ndarray, used: int) -> bool:
    return used == 0 or (ends.size > 0 and ends[-1] == used - 1)


def _cells(text: np.ndarray, dropped: np.ndarray, ends_cell: np.ndarray, ends_record: np.ndarray) -> pa.ListArray:
    """The bytes that are not dropped, as lists of strings; what follows the last record end is a record too."""
    at = np.flatnonzero(dropped)
    nth = np.flatnonzero(ends_cell[at])
    cell_ends = (at[nth] - nth).astype(np.int32)
    record_ends = (np.flatnonzero(ends_record[at[nth]]) + 1).astype(np.int32)
    if len(text) and not ends_record[len(text) - 1]:
        cell_ends = np.append(cell_ends, np.int32(len(text) - len(at)))
        record_ends = np.append(record_ends, np.int32(len(cell_ends)))
    first = np.zeros(1, np.int32)
    offsets = pa.py_buffer(np.concatenate([first, cell_ends]))
    values = pa.StringArray.from_buffers(len(cell_ends), offsets, pa.py_buffer(text[~dropped]))
    return pa.ListArray.from_arrays(pa.array(np.concatenate([first, record_ends])), values)


def swallowed(data: bytes, block: Block, delimiter: int, width: int) -> int | None:
    """The position of the first record whose lines look like rows of their own, if there is one.

    Two stray quotes at cell starts are well-formed and swallow what lies between: then every line of the record, or a
    whole line inside it, has as many delimiters as a row. Below three columns ordinary prose looks like that too.
    """
    if width < 3:
        return None
    for record in np.unique(np.searchsorted(block.ends, block.inner_breaks)):
        start = int(block.ends[record - 1]) + 1 if record else 0
        widths = [line.count(delimiter) + 1 for line in data[start : block.ends[record]].splitlines()]
        if all(w == width for w in widths) or width in widths[1:-1]:
            return start
    return None


class PhysicalCount:
    """Physical records of UTF-8 text, counted without splitting cells: lines that end with all quotes in pairs."""

    def __init__(self, quote: str | None):
        self.quote = quote.encode() if quote else None
        self.quotes = self.ends = 0
        self.held = b""
        self.unended = False

    def add(self, text: bytes) -> None:
        """Counts the next block of the text."""
        text = self.held + text
        # Whether a CR at the end stands before an LF is not known before the next block.
        self.held = b"\r" if text.endswith(b"\r") else b""
        self._count(text.removesuffix(b"\r"))

    def total(self) -> int:
        """The number of physical records of all that was added."""
        self._count(self.held)
        self.held = b""
        return self.ends + self.unended

    def _count(self, text: bytes) -> None:
        if not text:
            return
        # Of bytes, splitlines knows LF, CR LF and CR, and no other line end.
        lines = text.splitlines()
        self.unended = text[-1:] not in b"\r\n"
        rest = lines.pop() if self.unended else b""
        if self.quote is None or (self.quote not in text and self.quotes % 2 == 0):
            self.ends += len(lines)
            return
        for line in lines:
            self.quotes += line.count(self.quote)
            self.ends += self.quotes % 2 == 0
        self.quotes += rest.count(self.quote)

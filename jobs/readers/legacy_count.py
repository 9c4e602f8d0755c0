"""The rows of a sheet of an XLS workbook, counted in its records (MS-XLS 2.1.4) and not by xlrd."""

import struct
from collections.abc import Iterator

BEGIN, END, SHEET_PLACE, MERGED = 0x0809, 0x000A, 0x0085, 0x00E5
WORKSHEET = 0
# Blank, MulBlank, Number, MulRk, RK, LabelSst, Label, RString, Formula, BoolErr: each begins with its row.
CELLS = frozenset({0x0201, 0x00BE, 0x0203, 0x00BD, 0x027E, 0x00FD, 0x0204, 0x00D6, 0x0006, 0x0406, 0x0205})


def count_rows(stream: bytes, number: int) -> int:
    """The rows down to the last one that holds a cell, be it blank, in the worksheet of this number."""
    last = 0
    for kind, start, size in _records(stream, _places(stream)[number]):
        if kind in CELLS and size >= 2:
            last = max(last, stream[start] + 256 * stream[start + 1] + 1)
        elif kind == MERGED:
            for (_, to_row, _, _) in struct.iter_unpack("<HHHH", stream[start + 2 : start + size - (size - 2) % 8]):
                last = max(last, to_row + 1)
    return last


def _places(stream: bytes) -> list[int]:
    places = []
    for kind, start, size in _records(stream, 0):
        if kind == SHEET_PLACE and size >= 6:
            place, _, sheet_type = struct.unpack_from("<iBB", stream, start)
            if sheet_type == WORKSHEET:
                places.append(place)
    return places


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, start and size of the records from one beginning to its end, without those of parts begun inside."""
    depth, end, head = 0, len(stream), struct.Struct("<HH").unpack_from
    while at + 4 <= end:
        kind, size = head(stream, at)
        depth += (kind == BEGIN) - (kind == END)
        if depth == 1:
            yield kind, at + 4, size
        elif depth <= 0:
            return
        at += 4 + size

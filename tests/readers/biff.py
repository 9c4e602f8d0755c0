"""XLS workbooks written from the published layout (MS-CFB, MS-XLS), for there is no writer of them to test against."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

SECTOR = 512
FREE, END_OF_CHAIN, IS_FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
# Streams below this would live in the mini stream.
LARGE = 4096
GLOBALS, WORKSHEET = 0x0005, 0x0010
MOST = 8224
ERRORS = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}


@dataclass(frozen=True)
class Styled:
    """A number under a number format."""

    value: float
    code: str


@dataclass(frozen=True)
class Error:
    """An error cell."""

    text: str


@dataclass(frozen=True)
class Formula:
    """A formula and the number it gave."""

    value: float


@dataclass(frozen=True)
class Sheet:
    """What a sheet holds; rows and columns count from 0, a merged range is first row, last row, first and last column."""

    rows: Sequence[Sequence[object]]
    title: str = "Sheet1"
    visible: bool = True
    hidden: Sequence[int] = ()
    merged: Sequence[tuple[int, int, int, int]] = ()
    codes: list[str] = field(default_factory=list)


def workbook(*sheets: Sheet, of_1904: bool = False, encrypted: bool = False) -> bytes:
    """The bytes of a workbook."""
    return compound("Workbook", stream(sheets, of_1904, encrypted))


def stream(sheets: Sequence[Sheet], of_1904: bool, encrypted: bool) -> bytes:
    texts: dict[str, int] = {}
    codes: dict[str, int] = {}
    parts = [sheet_part(sheet, texts, codes) for sheet in sheets]
    head = beginning(GLOBALS)
    if encrypted:
        head += record(0x002F, b"\1\0\1\0\1\0" + bytes(48))
    head += record(0x0042, struct.pack("<H", 1200)) + record(0x0022, struct.pack("<H", of_1904))
    head += record(0x0031, struct.pack("<HHHHHBBBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0, 5, 0) + b"Arial")
    for number, code in enumerate(codes):
        head += record(0x041E, struct.pack("<H", 164 + number) + text_of(code, 2))
    for format_key in [0, *range(164, 164 + len(codes))]:
        head += record(0x00E0, struct.pack("<HHHBBBBIIH", 0, format_key, 1, 0x20, 0, 0, 0, 0, 0, 0))
    tail = shared(texts) + record(0x000A, b"")
    bounds = [record(0x0085, struct.pack("<iBB", 0, not one.visible, 0) + text_of(one.title, 1)) for one in sheets]
    place = len(head) + sum(map(len, bounds)) + len(tail)
    for number, (sheet, part) in enumerate(zip(sheets, parts, strict=True)):
        bounds[number] = record(0x0085, struct.pack("<iBB", place, not sheet.visible, 0) + text_of(sheet.title, 1))
        place += len(part)
    return head + b"".join(bounds) + tail + b"".join(parts)


def beginning(kind: int) -> bytes:
    return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def text_of(text: str, length_bytes: int) -> bytes:
    spelt = text.encode("utf-16-le")
    return struct.pack("<B" if length_bytes == 1 else "<H", len(spelt) // 2) + b"\1" + spelt


def shared(texts: dict[str, int]) -> bytes:
    parts, body = [], struct.pack("<II", len(texts), len(texts))
    for text in texts:
        one = text_of(text, 2)
        if len(body) + len(one) > MOST:
            parts.append(body)
            body = b""
        body += one
    first, *others = [*parts, body]
    return record(0x00FC, first) + b"".join(record(0x003C, other) for other in others)


def sheet_part(sheet: Sheet, texts: dict[str, int], codes: dict[str, int]) -> bytes:
    body = [beginning(WORKSHEET)]
    for row in sheet.hidden:
        body.append(record(0x0208, struct.pack("<HHHHHHI", row, 0, 1, 255, 0, 0, 0x20 | 0x100)))
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            if cell is not None:
                body.append(cell_record(row, column, cell, texts, codes))
    if sheet.merged:
        ranges = b"".join(struct.pack("<HHHH", *one) for one in sheet.merged)
        body.append(record(0x00E5, struct.pack("<H", len(sheet.merged)) + ranges))
    return b"".join(body) + record(0x000A, b"")


def cell_record(row: int, column: int, cell: object, texts: dict[str, int], codes: dict[str, int]) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    match cell:
        case bool():
            return record(0x0205, place + struct.pack("<BB", cell, 0))
        case Error():
            return record(0x0205, place + struct.pack("<BB", ERRORS[cell.text], 1))
        case Styled():
            style = 1 + codes.setdefault(cell.code, len(codes))
            return record(0x0203, struct.pack("<HHHd", row, column, style, cell.value))
        case Formula():
            return record(0x0006, place + struct.pack("<dHIH", cell.value, 0, 0, 3) + b"\x1e\1\0")
        case int() | float():
            return record(0x0203, place + struct.pack("<d", cell))
        case "":
            return record(0x0201, place)
    return record(0x00FD, place + struct.pack("<I", texts.setdefault(cell, len(texts))))


def compound(name: str, data: bytes) -> bytes:
    """A compound file of one stream."""
    data = data.ljust(LARGE, b"\0")
    sectors = -(-len(data) // SECTOR)
    tables = 1
    while tables * SECTOR // 4 < tables + 1 + sectors:
        tables += 1
    first = tables + 1
    chain = [IS_FAT] * tables + [END_OF_CHAIN] + [*range(first + 1, first + sectors), END_OF_CHAIN]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(tables * SECTOR, b"\xff")
    directory = entry("Root Entry", 5, 1, END_OF_CHAIN, 0) + entry(name, 2, FREE, first, len(data)) + bytes(256)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, tables, 0, LARGE, END_OF_CHAIN, 0, END_OF_CHAIN, 0)
    header += struct.pack("<109I", *range(tables), *[FREE] * (109 - tables))
    return header + fat + directory + data.ljust(sectors * SECTOR, b"\0")


def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    spelt = (name + "\0").encode("utf-16-le")
    head = spelt.ljust(64, b"\0") + struct.pack("<HBB", len(spelt), kind, 1)
    return head + struct.pack("<III", FREE, FREE, child) + bytes(36) + struct.pack("<III", start, size, 0)

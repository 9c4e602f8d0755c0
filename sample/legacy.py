"""Workbooks of the old binary format (BIFF8 in a compound file), byte for byte the same; small ones, held in memory."""

import struct
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

MOST_ROWS = 65_536
_MOST_IN_RECORD = 8_224  # [MS-XLS] 2.1.4: longer ones are continued
_SECTOR = 512
_SERIAL_ZERO = date(1899, 12, 30)
_FREE, _END, _IN_TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_DATED = 16  # the first style of a cell that is a date; the fifteen before it are those that every workbook has
_BUILT_IN_DATE = 14


def workbook(path: Path, sheets: Sequence[tuple[str, Iterable[Sequence[Any]]]]) -> None:
    """A workbook of these sheets: rows of str as text, float as number, date as a date cell."""
    strings: dict[str, int] = {}
    bodies = [_sheet(rows, strings) for _, rows in sheets]
    names = [name for name, _ in sheets]
    head = len(_globals(names, [0] * len(names), strings))
    starts = [head + sum(map(len, bodies[:number])) for number in range(len(bodies))]
    path.write_bytes(_compound(_globals(names, starts, strings) + b"".join(bodies)))


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _globals(names: list[str], starts: list[int], strings: dict[str, int]) -> bytes:
    font = _record(0x0031, struct.pack("<HHHHHBBBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 134, 0, 5, 0) + b"Arial")
    plain, dated = (struct.pack("<HHHBBBBIIH", 0, form, 1, 0x20, 0, 0, 0, 0, 0, 0x20C0) for form in (0, _BUILT_IN_DATE))
    # Style 0 is the parent of all others, which [MS-XLS] 2.4.353 wants marked as such.
    parent = struct.pack("<HHHBBBBIIH", 0, 0, 0xFFF5, 0x20, 0, 0, 0, 0, 0, 0x20C0)
    styles = b"".join(_record(0x00E0, style) for style in (*[parent] * (_DATED - 1), plain, dated))
    bounds = b"".join(
        _record(0x0085, struct.pack("<IBBBB", start, 0, 0, len(name), 1) + name.encode("utf-16-le"))
        for name, start in zip(names, starts, strict=True)
    )
    codepage = _record(0x0042, struct.pack("<H", 1200))
    return _begin(0x0005) + codepage + font * 4 + styles + bounds + _strings(strings) + _record(0x000A)


def _strings(strings: dict[str, int]) -> bytes:
    """The table of shared strings, continued between two of them wherever a record is full."""
    records, data = [], struct.pack("<II", len(strings), len(strings))
    for text in strings:
        encoded = text.encode("utf-16-le")
        entry = struct.pack("<HB", len(encoded) // 2, 1) + encoded
        if len(data) + len(entry) > _MOST_IN_RECORD:
            records.append(data)
            data = b""
        data += entry
    first, *others = [*records, data]
    return _record(0x00FC, first) + b"".join(_record(0x003C, one) for one in others)


def _sheet(rows: Iterable[Sequence[Any]], strings: dict[str, int]) -> bytes:
    cells, width, height = [], 0, 0
    for number, values in enumerate(rows):
        cells += [_cell(number, column, value, strings) for column, value in enumerate(values) if value not in ("", None)]
        width, height = max(width, len(values)), number + 1
    if height > MOST_ROWS:
        raise ValueError(f"{height} rows, a workbook of this format holds {MOST_ROWS}")
    size = _record(0x0200, struct.pack("<IIHHH", 0, height, 0, width, 0))
    return _begin(0x0010) + size + b"".join(cells) + _record(0x000A)


def _cell(row: int, column: int, value: Any, strings: dict[str, int]) -> bytes:
    if isinstance(value, date):
        return _record(0x0203, struct.pack("<HHHd", row, column, _DATED, (value - _SERIAL_ZERO).days))
    if isinstance(value, float):
        return _record(0x0203, struct.pack("<HHHd", row, column, _DATED - 1, value))
    return _record(0x00FD, struct.pack("<HHHI", row, column, _DATED - 1, strings.setdefault(value, len(strings))))


def _compound(stream: bytes) -> bytes:
    """A compound file ([MS-CFB]) of the one stream: header, its sectors, the directory, the table of sectors."""
    stream = stream.ljust(4096, b"\0")  # smaller ones would lie in another place
    body = -(-len(stream) // _SECTOR)
    entries_each = _SECTOR // 4
    tables = 1
    while body + 1 + tables > tables * entries_each:
        tables += 1
    if tables > 109:
        raise ValueError(f"{len(stream)} bytes, more than a small workbook has")
    chain = [*range(1, body), _END, _END, *[_IN_TABLE] * tables]
    chain += [_FREE] * (tables * entries_each - len(chain))
    first_table = body + 1
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, body, 0, 4096, _END, 0, _END, 0
    )  # fmt: skip
    header += struct.pack("<109I", *range(first_table, first_table + tables), *[_FREE] * (109 - tables))
    directory = _entry("Root Entry", 5, child=1, start=_END, size=0) + _entry("Workbook", 2, _FREE, 0, len(stream))
    directory += (_entry("", 0, _FREE, 0, 0)) * 2
    sectors = stream.ljust(body * _SECTOR, b"\0") + directory + struct.pack(f"<{len(chain)}I", *chain)
    return header + sectors


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le")
    length = len(encoded) + 2 if name else 0
    sides = struct.pack("<HBBIII", length, kind, 1, _FREE, _FREE, child)
    return encoded.ljust(64, b"\0") + sides + bytes(36) + struct.pack("<IQ", start, size)

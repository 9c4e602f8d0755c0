"""Plain text that lines up, also where Han characters take two columns."""
from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGEST = 60  # columns of a cell in a table; a longer one ends in …


def columns_of(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def clipped(text: str, longest: int) -> str:
    if columns_of(text) <= longest:
        return text
    while columns_of(text) >= longest:
        text = text[:-1]
    return f"{text}…"


def shown(value: Any) -> str:
    """One value on one line; null is an empty cell, numbers have their thousands apart."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, datetime):
        return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return " ".join(str(value).split())


def table(head: Sequence[str], rows: Iterable[Sequence[Any]], indent: str = "", longest: int = LONGEST) -> list[str]:
    """The lines of a table, numbers to the right."""
    rows = [list(row) for row in rows]
    cells = [list(head), *([clipped(shown(value), longest) for value in row] for row in rows)]
    widths = [max(columns_of(line[place]) for line in cells) for place in range(len(head))]
    right = [bool(rows) and all(row[place] is None or is_number(row[place]) for row in rows) for place in range(len(head))]
    return [(indent + "  ".join(map(padded, line, widths, right))).rstrip() for line in cells]


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def padded(cell: str, width: int, to_right: bool) -> str:
    space = " " * (width - columns_of(cell))
    return space + cell if to_right else cell + space


def counted(counts: Iterable[tuple[str, int]], nothing: str = "none") -> str:
    """`12 missing, 3 not_a_date`: the most frequent first."""
    ordered = sorted(counts, key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{count:,} {name}" for name, count in ordered) or nothing

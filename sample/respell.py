"""Dates moved where they stand: each keeps the spelling that it has in its cell."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

OPEN = 2099  # a year that means no end, and is never moved
_ZERO = date(1899, 12, 30)  # day 0 of a spreadsheet
_YEAR_FIRST = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<s> ?[-/.年] ?)(?P<m>\d{1,2})(?P<t> ?[-/.月] ?)(?P<d>\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(?P<d>\d{1,2})(?P<s>[-/.])(?P<m>\d{1,2})(?P<t>[-/.])(?P<y>(?:19|20)\d\d)(?!\d)")
_MONTH_FIRST = re.compile(r"(?<!\d)(?P<m>\d{1,2})(?P<s>[-/.])(?P<d>\d{1,2})(?P<t>[-/.])(?P<y>(?:19|20)\d\d)(?!\d)")
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<s>)(?P<m>0[1-9]|1[0-2])(?P<t>)(?P<d>[0-3]\d)(?=(?:\d{6})?$)")
_LAST = {"dmy": _DAY_FIRST, "mdy": _MONTH_FIRST}
_SERIAL = re.compile(r"[34]\d{4}")
_YEAR = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<rest> ?(?:年度?)?)")
_QUARTER = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<mid>年?[ -]?(?:第|Q)?)(?P<q>[1-4一二三四])(?P<rest>(?:季度)?)")
_MONTH = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<s> ?[-/.年]? ?)(?P<m>0[1-9]|1[0-2]|[1-9])(?P<rest>月?)")
_QUARTERS = "一二三四"


class Move(NamedTuple):
    """So many months and days later, or earlier; days beyond the end of a month are its last."""

    months: int = 0
    days: int = 0

    def day(self, day: date) -> date:
        year, month = self.month(day.year, day.month)
        last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
        return date(year, month, min(day.day, last)) + timedelta(days=self.days)

    def month(self, year: int, month: int) -> tuple[int, int]:
        year, month = divmod(year * 12 + month - 1 + self.months, 12)
        return year, month + 1


def days_in(cell: str, order: str = "") -> Iterator[date]:
    """Every whole date that the cell spells, apart from those that mean no end; a text has no order and spells them in full."""
    if order and _SERIAL.fullmatch(cell.strip()):
        yield _ZERO + timedelta(days=int(cell))
        return
    for pattern in _patterns(cell, order):
        yield from (day for found in pattern.finditer(cell) if (day := _day(found)))


def unit(cell: str) -> int:
    """By how many months what the cell says moves: 12 for a year, 3 for a quarter, 1 for a month, 0 for anything else."""
    text = cell.strip()
    return 12 if _YEAR.fullmatch(text) else 3 if _is_quarter(text) else 1 if _MONTH.fullmatch(text) else 0


def moved(cell: str, move: Move, order: str = "") -> str:
    """The cell with every date that `days_in` finds in it moved."""
    if order and _SERIAL.fullmatch(cell.strip()):
        return str((move.day(_ZERO + timedelta(days=int(cell))) - _ZERO).days)
    for pattern in _patterns(cell, order):
        cell = pattern.sub(lambda found: _spelt(found, move), cell)
    return cell


def period_moved(cell: str, move: Move) -> str:
    """A cell that is a year, a quarter or a month, moved by so many months."""
    text = cell.strip()
    if found := _YEAR.fullmatch(text):
        return f"{move.month(int(found['y']), 12)[0]}{found['rest']}"
    if _is_quarter(text):
        found = _QUARTER.fullmatch(text)
        number = int(found["q"]) if found["q"].isascii() else _QUARTERS.index(found["q"]) + 1
        year, month = move.month(int(found["y"]), number * 3)
        quarter = month // 3
        return f"{year}{found['mid']}{quarter if found['q'].isascii() else _QUARTERS[quarter - 1]}{found['rest']}"
    found = _MONTH.fullmatch(text)
    year, month = move.month(int(found["y"]), int(found["m"]))
    return f"{year}{found['s']}{month:0{len(found['m'])}d}{found['rest']}"


def _is_quarter(text: str) -> bool:
    found = _QUARTER.fullmatch(text)
    return bool(found and (found["rest"] or "Q" in found["mid"] or "第" in found["mid"]))


def _patterns(cell: str, order: str) -> Iterator[re.Pattern[str]]:
    if order and cell.strip().isdecimal():
        yield _COMPACT
        return
    yield _YEAR_FIRST
    if order in _LAST:
        yield _LAST[order]


def _day(found: re.Match[str]) -> date | None:
    try:
        day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None
    return day if day.year < OPEN else None


def _spelt(found: re.Match[str], move: Move) -> str:
    """The date later, in the order, the separators and the widths of the one found."""
    day = _day(found)
    if day is None:
        return found[0]
    later, text = move.day(day), found[0]
    values = {"y": later.year, "m": later.month, "d": later.day}
    parts = sorted("ymd", key=found.start)
    spelt = [f"{values[part]:0{len(found[part])}d}" for part in parts]
    first, second = (text[found.end(a) - found.start() : found.start(b) - found.start()] for a, b in (parts[:2], parts[1:]))
    return f"{spelt[0]}{first}{spelt[1]}{second}{spelt[2]}"

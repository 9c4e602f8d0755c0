"""A day as people and programs write it."""

import re
from datetime import date as Day
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Dated = tuple[Day | None, str | None]
Order = Literal["ymd", "dmy", "mdy"]  # of the parts where the year stands last

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_SERIAL_ZERO = Day(1899, 12, 30)  # day 0 of a spreadsheet's 1900 date system, its false 29 February 1900 counted
_TIME = (
    r"(?:[T ]*(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,][0-9]+)?(?: ?[AP]M)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_WEEKDAY = r"(?: ?\(?(?:星期|周)[一二三四五六日天]\)?)?"
_YEAR_FIRST = re.compile(r"(?P<y>[0-9]{4}) ?[-/.年] ?(?P<m>[0-9]{1,2}) ?[-/.月] ?(?P<d>[0-9]{1,2}) ?[日号]?" + _WEEKDAY + _TIME)
_COMPACT = re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?:[0-9]{6})?")
_YEAR_LAST = re.compile(r"(?P<a>[0-9]{1,2}) ?[-/.] ?(?P<b>[0-9]{1,2}) ?[-/.] ?(?P<y>[0-9]{4})" + _TIME)
_SHORT_YEAR = re.compile(r"'?[0-9]{1,2} ?[-/.年] ?[0-9]{1,2} ?[-/.月] ?'?[0-9]{1,2} ?日?" + _TIME)
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_MONTH = rf"({'|'.join(_MONTHS)})[A-Z]*\.?"
# With its month as a word a date has one reading: 9-Apr-2020, April 9, 2020, and the Thu Apr 09 00:00:00 CST 2020 of a program.
_DAY_MONTH = re.compile(rf"(?P<d>[0-9]{{1,2}})[- ]{_MONTH}[- ,]{{1,2}}(?P<y>[0-9]{{4}})")
_MONTH_DAY = re.compile(
    rf"(?:[A-Z]{{3,9}},? )?{_MONTH} (?P<d>[0-9]{{1,2}}),? (?:[0-9:]{{7,8}} (?:CST|GMT\+0?8:?0?0?) )?(?P<y>[0-9]{{4}})"
)
_YEAR_ONLY = re.compile(r"[0-9]{4} ?年?(?:度)?")
MONTH_ONLY = re.compile(r"(?P<y>[0-9]{4}) ?[-/.年] ?(?P<m>0?[1-9]|1[0-2]) ?月?(?:份)?")
_QUARTER = re.compile(r"[0-9]{4} ?[-/.年]? ?(?:第?[一二三四1-4]季度?|Q[1-4]|[1-4]Q)")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_EPOCH = re.compile(r"-?[0-9]{12,13}")
_HAN_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_HAN_DATE = re.compile(
    r"([〇零○一二三四五六七八九]{4})年(?:([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})日)?)?"
)


def read_day(text: str, order: Order, serial: bool, epoch: bool) -> Dated:
    """The day of a text in upper case ASCII digits and dashes, or why it is none."""
    if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(found["y"], found["m"], found["d"], found)
    if found := _YEAR_LAST.fullmatch(text):
        if order == "ymd":
            return None, "wrong_order"
        month, day = (found["b"], found["a"]) if order == "dmy" else (found["a"], found["b"])
        return _day(found["y"], month, day, found)
    if _SERIAL.fullmatch(text):
        return (_SERIAL_ZERO + timedelta(days=int(text[:5])), None) if serial else (None, "excel_serial")
    if found := _DAY_MONTH.fullmatch(text) or _MONTH_DAY.fullmatch(text):
        month = _MONTHS.index(next(filter(_MONTHS.__contains__, found.groups()))) + 1
        return _day(found["y"], str(month), found["d"], found)
    if _EPOCH.fullmatch(text):
        day = datetime.fromtimestamp(int(text) / 1000, _SHANGHAI).date()
        return (day, None) if epoch else (None, "epoch_number")
    return None, next((reason for shape, reason in _SHAPES if shape.fullmatch(text)), "not_a_date")


_SHAPES = (
    (_SHORT_YEAR, "two_digit_year"), (_YEAR_ONLY, "precision_year"), (MONTH_ONLY, "precision_month"), (_QUARTER, "quarter"),
)  # fmt: skip


def _day(year: str, month: str, day: str, found: re.Match[str]) -> Dated:
    try:
        said = Day(int(year), int(month), int(day))
        zone = found.groupdict().get("zone")
        return (_in_shanghai(said, found["time"], zone) if zone else said), None
    except (ValueError, OverflowError):
        return None, "not_a_date"


def _in_shanghai(day: Day, time: str, zone: str) -> Day:
    offset = "+00:00" if zone in ("Z", "UTC", "GMT") else zone
    return datetime.fromisoformat(f"{day}T{time.zfill(len(time) + (time[1] == ':'))}{offset}").astimezone(_SHANGHAI).date()


def in_digits(text: str) -> str:
    """The text, with a date in Han numerals (二〇二〇年四月十九日, 二〇二〇年四月) in digits."""
    found = _HAN_DATE.fullmatch(text)
    if not found:
        return text
    return "-".join([found[1].translate(_HAN_DIGITS), *map(_han_number, filter(None, found.groups()[1:]))])


def _han_number(text: str) -> str:
    tens, ten, ones = text.rpartition("十")
    return ((tens or "一") + (ones or "零") if ten else ones).translate(_HAN_DIGITS)

"""Dates as written, business terms, and the working days of the State Council's calendar."""

import csv
import re
from collections.abc import Mapping
from datetime import date as Day
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from jobs.values import raw

CLEANERS = ("date", "open_date", "term_start", "term_end")

REASONS = {
    "not_a_date": ("The value is no day of the calendar.", "内容不是日历上存在的日期。"),
    "two_digit_year": ("The year has two digits, so the century is a guess.", "年份仅两位，世纪无法确定。"),
    "wrong_order": (
        "Day, month and year do not stand in the order that the feed declares.",
        "年月日顺序与数据源声明的不一致。",
    ),
    "incomplete_date": ("The date lacks its day or its month.", "日期缺少日或月。"),
    "excel_serial": (
        "The value looks like a spreadsheet's day number, which the feed does not declare.",
        "疑为电子表格日期序号，而数据源未声明。",
    ),
    "date_out_of_range": (
        "The day is outside the range that is plausible for the field.",
        "日期超出该字段的合理范围。",
    ),
    "open_ended": (
        "A mark, not a fault: the term has no end (长期, 无固定期限).",
        "标记而非错误：期限为长期或无固定期限。",
    ),
    "not_a_term": ("The value is no pair of a first and a last day.", "内容不是起止日期。"),
    "mojibake": raw.REASONS["mojibake"],
}

Dated = tuple[Day | None, str | None]

EARLIEST, LATEST = "1900-01-01", "2100-12-31"

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_SERIAL_ZERO = Day(1899, 12, 30)  # day 0 of a spreadsheet's 1900 date system, its false 29 February 1900 counted
_TIME = (
    r"(?:[T ]*(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,][0-9]+)?(?: ?[AP]M)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_YEAR_FIRST = re.compile(r"(?P<y>[0-9]{4}) ?[-/.年] ?(?P<m>[0-9]{1,2}) ?[-/.月] ?(?P<d>[0-9]{1,2}) ?日?" + _TIME)
_COMPACT = re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?:[0-9]{6})?")
_YEAR_LAST = re.compile(r"(?P<a>[0-9]{1,2}) ?[-/.] ?(?P<b>[0-9]{1,2}) ?[-/.] ?(?P<y>[0-9]{4})" + _TIME)
_SHORT_YEAR = re.compile(r"'?[0-9]{1,2} ?[-/.年] ?[0-9]{1,2} ?[-/.月] ?'?[0-9]{1,2} ?日?" + _TIME)
_INCOMPLETE = re.compile(r"[0-9]{4} ?年?|[0-9]{4} ?[-/.年] ?[0-9]{1,2} ?月?")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_DASHES = str.maketrans("‐‑‒–—−﹣", "-------")
_OPEN = re.compile(
    r"(?:长期|永久|永续|无固定|无限|不限|无期限|不约定期限|长久).*|(?:9999|2999)-?.*|2099[-/.年]?12[-/.月]?31日?(?: 00:00:00)?"
)
_TERM = re.compile(r"(?:自|从)?(?P<start>.*?)(?:起|开始)? ?(?:至|到|~|--+| - |/(?=[0-9]{4}-)) ?(?P<end>.*?)(?:止|为止)?")
_HAN_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_HAN_DATE = re.compile(r"([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日")


def date(value: str, order: str = "ymd", serial: bool = False, earliest: str = EARLIEST, latest: str = LATEST) -> Dated:
    """The day that a cell says, in any usual spelling; `order` (ymd, dmy, mdy) rules only where the year stands last.

    A time with a zone counts in Asia/Shanghai. Days of a spreadsheet (`43930`) are read with `serial` only.
    """
    text = raw.narrow(value).upper().translate(_DASHES)
    if raw.is_blank(text):
        return None, None
    if raw.is_mojibake(text):
        return None, "mojibake"
    day, reason = _read(_han_to_digits(text), order, serial)
    if day and not Day.fromisoformat(earliest) <= day <= Day.fromisoformat(latest):
        return None, "date_out_of_range"
    return day, reason


def open_date(value: str, order: str = "ymd", serial: bool = False, earliest: str = EARLIEST, latest: str = LATEST) -> Dated:
    """The last day of something that may have none: 长期, 无固定期限, 2099-12-31 and 9999-12-31 give (None, "open_ended")."""
    if _OPEN.fullmatch(raw.narrow(value)):
        return None, "open_ended"
    return date(value, order, serial, earliest, latest)


def term_start(value: str, order: str = "ymd", earliest: str = EARLIEST, latest: str = LATEST) -> Dated:
    """The first day of a business term such as `2020-04-09至无固定期限`."""
    start, _, reason = _term(value)
    return (None, reason) if reason else date(start, order, False, earliest, latest)


def term_end(value: str, order: str = "ymd", earliest: str = EARLIEST, latest: str = LATEST) -> Dated:
    """The last day of a business term; a term without end gives (None, "open_ended")."""
    _, end, reason = _term(value)
    return (None, reason) if reason else open_date(end, order, False, earliest, latest)


def _term(value: str) -> tuple[str, str, str | None]:
    text = raw.narrow(value).translate(_DASHES)
    if raw.is_blank(text):
        return "", "", None
    if _OPEN.fullmatch(text):
        return "", text, None
    term = _TERM.fullmatch(text)
    return (term["start"], term["end"], None) if term else ("", "", "not_a_term")


def _read(text: str, order: str, serial: bool) -> Dated:
    if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(found["y"], found["m"], found["d"], found)
    if found := _YEAR_LAST.fullmatch(text):
        if order == "ymd":
            return None, "wrong_order"
        month, day = (found["b"], found["a"]) if order == "dmy" else (found["a"], found["b"])
        return _day(found["y"], month, day, found)
    if _SERIAL.fullmatch(text):
        return (_SERIAL_ZERO + timedelta(days=int(text[:5])), None) if serial else (None, "excel_serial")
    if _SHORT_YEAR.fullmatch(text):
        return None, "two_digit_year"
    return None, "incomplete_date" if _INCOMPLETE.fullmatch(text) else "not_a_date"


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


def _han_to_digits(text: str) -> str:
    """The text, with a date in Han numerals (二〇二〇年四月十九日) in digits."""
    found = _HAN_DATE.fullmatch(text)
    if not found:
        return text
    return "-".join([found[1].translate(_HAN_DIGITS), _han_number(found[2]), _han_number(found[3])])


def _han_number(text: str) -> str:
    tens, ten, ones = text.rpartition("十")
    return ((tens or "一") + (ones or "零") if ten else ones).translate(_HAN_DIGITS)


class CalendarYearError(LookupError):
    """A working day was asked for in a year whose calendar nobody has entered."""


class Calendar:
    """Working days of the years whose notice of the State Council is entered; silent about no other year."""

    def __init__(self, kinds: Mapping[Day, str], source: str = "the calendar given") -> None:
        self._kinds = dict(kinds)
        self._source = source
        self.years = tuple(sorted({day.year for day in kinds}))

    @classmethod
    def load(cls, path: str | Path) -> "Calendar":
        """The calendar of a CSV file with the columns date, kind (off or work) and notice."""
        kinds = {}
        with open(path, encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                if row["kind"] not in ("off", "work"):
                    raise ValueError(f"{path} line {number}: kind {row['kind']!r} is not one of off, work")
                kinds[Day.fromisoformat(row["date"])] = row["kind"]
        return cls(kinds, Path(path).name)

    def is_working_day(self, day: Day) -> bool:
        """The day is worked: a weekday that is not off, or a weekend day that makes up for one."""
        if day.year not in self.years:
            raise CalendarYearError(
                f"{self._source} has no year {day.year} (it has {', '.join(map(str, self.years))}): "
                f"add the days off and the make-up days of the State Council's notice for {day.year}"
            )
        kind = self._kinds.get(day)
        return kind == "work" if kind else day.weekday() < 5

    def add_working_days(self, day: Day, count: int) -> Day:
        """The `count`-th working day after the day, which itself is day 0; the day itself for a count of 0."""
        if count < 0:
            raise ValueError(f"working days are counted forward, not {count}")
        while count:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day

    def working_days_after(self, start: Day, end: Day) -> int:
        """How many working days lie after the start, the end included; 0 when the end is not later."""
        return sum(self.is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

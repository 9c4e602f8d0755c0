"""Dates as written, business terms, and the working days of the State Council's calendar."""

import csv
import re
from collections.abc import Mapping
from datetime import date as Day
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from typing import Literal

from jobs.values import raw
from jobs.values.days import MONTH_ONLY, Dated, Order, in_digits, read_day
from jobs.values.raw import Cleaned

Part = Literal["start", "end"]

CLEANERS = ("date", "open_date", "term_start", "term_end", "reduced_date")

REASONS = {
    "not_a_date": ("The value is no day of the calendar.", "内容不是日历上存在的日期。"),
    "two_digit_year": ("The year has two digits, so the century is a guess.", "年份仅两位，世纪无法确定。"),
    "wrong_order": (
        "Day, month and year do not stand in the order that the feed declares.",
        "年月日顺序与数据源声明的不一致。",
    ),
    "precision_year": ("The date says a year and no month; a day would be a guess.", "日期仅到年，补足到日即为臆测。"),
    "precision_month": ("The date says a month and no day; a day would be a guess.", "日期仅到月，补足到日即为臆测。"),
    "quarter": ("The date says a quarter of a year and no day.", "日期仅到季度。"),
    "excel_serial": (
        "The value looks like a spreadsheet's day number, which the feed does not declare.",
        "疑为电子表格日期序号，而数据源未声明。",
    ),
    "epoch_number": (
        "The value looks like milliseconds since 1970, which the feed does not declare.",
        "疑为 1970 年起的毫秒数，而数据源未声明。",
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

EARLIEST, LATEST = "1900-01-01", "2100-12-31"

_DASHES = str.maketrans("‐‑‒–—−﹣", "-------")
_OPEN = re.compile(
    r"(?:长期|永久|永续|无固定|无限|不限|无期限|不约定期限|长久).*|(?:9999|2999)-?.*|2099[-/.年]?12[-/.月]?31日?(?: 00:00:00)?"
)
# One dash between two dates that are not written with dashes themselves, or before a word for no end.
_TERM = re.compile(
    r"(?:自|从)?(?P<start>.*?)(?:起|开始)? ?(?:至|到|~|--+| - |/(?=[0-9]{4}-)|(?<=日)-|-(?=[0-9]{4}[./年]|长期|永久|无固定)) ?"
    r"(?P<end>.*?)(?:止|为止)?"
)


def date(
    value: str,
    order: Order = "ymd",
    serial: bool = False,
    epoch: bool = False,
    of_range: Part | None = None,
    earliest: str = EARLIEST,
    latest: str = LATEST,
) -> Dated:
    """The day that a cell says, in any usual spelling; `order` (ymd, dmy, mdy) rules only where the year stands last.

    A time with a zone counts in Asia/Shanghai. Days of a spreadsheet (`43930`) are read with `serial` only, milliseconds since
    1970 with `epoch` only. With `of_range` (start, end) the cell holds two days, of which this is one.
    """
    value, reason = _end_of_range(value, of_range)
    if reason:
        return None, reason
    text = raw.narrow(value).upper().translate(_DASHES)
    if raw.is_blank(text):
        return None, None
    if raw.is_mojibake(text):
        return None, "mojibake"
    day, reason = read_day(in_digits(text), order, serial, epoch)
    if day and not Day.fromisoformat(earliest) <= day <= Day.fromisoformat(latest):
        return None, "date_out_of_range"
    return day, reason


def open_date(
    value: str,
    order: Order = "ymd",
    serial: bool = False,
    epoch: bool = False,
    of_range: Part | None = None,
    earliest: str = EARLIEST,
    latest: str = LATEST,
) -> Dated:
    """The last day of something that may have none: 长期, 无固定期限, 2099-12-31 and 9999-12-31 give (None, "open_ended")."""
    value, reason = _end_of_range(value, of_range)
    if reason:
        return None, reason
    if _OPEN.fullmatch(raw.narrow(value)):
        return None, "open_ended"
    return date(value, order, serial, epoch, None, earliest, latest)


def term_start(value: str, order: Order = "ymd", earliest: str = EARLIEST, latest: str = LATEST) -> Dated:
    """The first day of a business term such as `2020-04-09至无固定期限`."""
    return date(value, order, of_range="start", earliest=earliest, latest=latest)


def term_end(value: str, order: Order = "ymd", earliest: str = EARLIEST, latest: str = LATEST) -> Dated:
    """The last day of a business term; a term without end gives (None, "open_ended")."""
    return open_date(value, order, of_range="end", earliest=earliest, latest=latest)


def reduced_date(value: str, order: Order = "ymd", serial: bool = False, epoch: bool = False) -> Cleaned:
    """The date in ISO 8601 as exact as the cell is and no more: `2020`, `2020-04` or `2020-04-09`."""
    day, reason = date(value, order, serial, epoch)
    text = in_digits(raw.narrow(value).upper().translate(_DASHES))
    if reason not in ("precision_year", "precision_month"):
        return (day.isoformat(), None) if day else (None, reason)
    if not EARLIEST[:4] <= text[:4] <= LATEST[:4]:
        return None, "date_out_of_range"
    month = MONTH_ONLY.fullmatch(text)
    return f"{text[:4]}-{int(month['m']):02d}" if month else text[:4], None


def _end_of_range(value: str, which: str | None) -> tuple[str, str | None]:
    """What a cell says of the start or the end of its range, empty where it says nothing; the cell where neither is asked for."""
    if which is None:
        return value, None
    text = raw.narrow(value).translate(_DASHES)
    if raw.is_blank(text):
        return "", None
    if _OPEN.fullmatch(text):
        return text if which == "end" else "", None
    term = _TERM.fullmatch(text)
    return (term[which], None) if term else ("", "not_a_term")


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

    def exceptions(self, kind: str) -> list[Day]:
        """The weekdays that are `off`, or the weekend days of `work`, of all years entered."""
        return sorted(day for day, its in self._kinds.items() if its == kind)

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

    def counted(self) -> tuple[Day, list[int]]:
        """The first day of the last years without a gap between them, and for each day on how many working days there were."""
        first = Day(next(year for year in reversed(self.years) if year - 1 not in self.years), 1, 1)
        days = (first + timedelta(days=n) for n in range((Day(self.years[-1], 12, 31) - first).days + 1))
        return first, list(accumulate(int(self.is_working_day(day)) for day in days))

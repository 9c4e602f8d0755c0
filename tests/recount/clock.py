"""Days that are worked by the notices, cron schedules, and when a delivery was due."""
from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from jobs.declarations.feeds import Feed

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Clock:
    """The notices: which weekdays are off and which days of a weekend are worked; of other years nobody knows."""

    kinds: dict[date, str]

    @classmethod
    def read(cls, config: Path) -> Clock:
        with (config / "codes" / "working_days.csv").open(encoding="utf-8", newline="") as file:
            return cls({date.fromisoformat(line["date"]): line["kind"] for line in csv.DictReader(file)})

    def knows(self, day: date) -> bool:
        return day.year in {one.year for one in self.kinds}

    @property
    def last(self) -> date:
        """The last day of which anybody knows."""
        return date(max(day.year for day in self.kinds), 12, 31)

    def worked(self, day: date) -> bool:
        return self.kinds.get(day, "work" if day.weekday() < 5 else "off") == "work"

    def after(self, day: date, last: date) -> int:
        """The days worked after the one, up to the other."""
        return sum(self.worked(day + DAY * n) for n in range(1, (last - day).days + 1))

    def nth(self, day: date, count: int) -> date | None:
        """The n-th day worked after the day; None where a notice that it needs is not out."""
        while self.knows(day) and count:
            day += DAY
            count -= self.worked(day)
        return day if self.knows(day) else None


def day_of(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def runs(schedule: str, day: date) -> bool:
    """Whether a schedule of days of the week, or of the month, has that day."""
    _, _, of_month, month, of_week = schedule.split()
    assert (month, "*" in (of_month, of_week)) == ("*", True)
    return named(of_month, day.day) and named(of_week, day.isoweekday())


def named(text: str, number: int) -> bool:
    spans = [part.partition("-") for part in text.split(",")]
    return text == "*" or any(int(first) <= number <= int(last or first) for first, _, last in spans)


def became(feed: Feed, day: date, came: datetime | None, clock: Clock, as_of: date) -> str | None:
    """On time, late, missing or provisional; None of what is not due by the end of the day and has not come."""
    hour = time.fromisoformat(feed.deadline.time)
    last = clock.nth(day, feed.deadline.working_days)
    at_least = datetime.combine(last or day + DAY * feed.deadline.working_days, hour, SHANGHAI)
    if came is None and at_least > datetime.combine(as_of + DAY, time(), SHANGHAI):
        return None
    if last is None:
        return "provisional"
    return "missing" if came is None else "late" if came > at_least else "on_time"


def owed(feed: Feed, came: dict[date, datetime], clock: Clock, as_of: date) -> dict[date, str]:
    """What became of each day that it covered, and of each day worked of its schedule since the first of them."""
    days = [min(came) + DAY * n for n in range((as_of - min(came)).days + 1)] if came else []
    wanted = [day for day in days if day in came or (runs(feed.schedule, day) and (clock.worked(day) or not clock.knows(day)))]
    told = {day: became(feed, day, came.get(day), clock, as_of) for day in wanted}
    return {day: state for day, state in told.items() if state}

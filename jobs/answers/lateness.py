"""Lateness: what every feed owed for every day, and when it came, against its declared deadline."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jobs.declarations import Declarations
from jobs.declarations.feeds import Feed
from jobs.values.dates import Calendar, CalendarYearError

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)


def lateness(declarations: Declarations, deliveries: Iterable[dict[str, Any]], calendar: Calendar,
             as_of: date) -> list[dict[str, Any]]:
    """One row a feed and day owed: feed, covers, due_at, received_at, hours_late, state (on_time, late, missing, provisional).

    A day is owed from the first that the feed ever covered: every working day on which its schedule runs, and every other
    day it covered. What is not due by the end of `as_of` and has not come is not told. Of a day that came twice the first
    readable delivery counts; a quarantined file is none. Where a clock needs a year whose calendar nobody entered the row is
    `provisional`, without `due_at`: nobody is late or missing by days off that are not known yet.
    """
    came: dict[str, dict[date, datetime]] = {}
    for row in deliveries:
        if row["delivery_status"] == "received":
            days = came.setdefault(row["feed"], {})
            days[row["covers"]] = min(row["received_at"], days.get(row["covers"], row["received_at"]))
    told = [one(declarations.feeds[feed], day, days.get(day), calendar, as_of)
            for feed, days in sorted(came.items()) if feed in declarations.feeds
            for day in owed(declarations.feeds[feed], days, calendar, as_of)]
    return [row for row in told if row]


def owed(feed: Feed, covered: Iterable[date], calendar: Calendar, as_of: date) -> Iterator[date]:
    """The days of the feed up to the date, in order; of a year without a calendar every day of its schedule may be one."""
    covered = set(covered)
    day = min(covered)
    while day <= as_of:
        if day in covered or (runs_on(feed.schedule, day) and (day.year not in calendar.years or calendar.is_working_day(day))):
            yield day
        day += timedelta(days=1)


def one(feed: Feed, day: date, received_at: datetime | None, calendar: Calendar, as_of: date) -> dict[str, Any] | None:
    closing = datetime.combine(as_of + timedelta(days=1), time(), SHANGHAI)
    due_at = known_due(feed, day, calendar)
    if received_at is None and (due_at or soonest(feed, day)) > closing:
        return None
    late = max((received_at or closing) - due_at, timedelta()) if due_at else timedelta()
    state = "provisional" if due_at is None else "missing" if received_at is None else "late" if late else "on_time"
    return {"feed": feed.feed, "covers": day, "due_at": due_at, "received_at": received_at, "hours_late": round(late / HOUR, 1),
            "state": state}


def known_due(feed: Feed, day: date, calendar: Calendar) -> datetime | None:
    """When it is due; None where that lies beyond the years whose calendar is entered, or the day itself does."""
    if day.year not in calendar.years:
        return None
    try:
        return due(feed, day, calendar)
    except CalendarYearError:
        return None


def soonest(feed: Feed, day: date) -> datetime:
    """Before that it is due in no calendar whatever."""
    return datetime.combine(day + timedelta(days=feed.deadline.working_days), time.fromisoformat(feed.deadline.time), SHANGHAI)


def due(feed: Feed, day: date, calendar: Calendar) -> datetime:
    """When the delivery covering the day is due: at the declared time on the n-th working day after it."""
    last = calendar.add_working_days(day, feed.deadline.working_days)
    return datetime.combine(last, time.fromisoformat(feed.deadline.time), SHANGHAI)


# ---- the days of a cron schedule

def runs_on(schedule: str, day: date) -> bool:
    """Whether a cron schedule (minute, hour, day of month, month, day of week) runs on that day."""
    _, _, of_month, month, of_week = schedule.split()
    in_month, in_week = within(of_month, day.day), within(of_week, day.isoweekday() % 7) or within(of_week, day.isoweekday())
    either = in_month or in_week if "*" not in (of_month, of_week) else in_month and in_week
    return within(month, day.month) and either


def within(field: str, value: int) -> bool:
    """Whether one cron field, of numbers, ranges and steps, holds the value."""
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = ("0", "", "99") if span == "*" else span.partition("-")
        start, end = int(first), int(last or ("99" if step else first))
        if start <= value <= end and (value - start) % int(step or 1) == 0:
            return True
    return False

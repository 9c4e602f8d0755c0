from dataclasses import replace
from datetime import date, datetime

import pytest

from jobs.answers.lateness import due, lateness, runs_on
from jobs.declarations import Declarations
from jobs.declarations.settings import ROOT
from jobs.values.dates import Calendar

FRIDAY, MONDAY, TUESDAY = date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 24)
CALENDAR = Calendar.load(ROOT / "config" / "codes" / "working_days.csv")


def came(feed: str, covers: date, received_at: str, status: str = "received") -> dict:
    moment = datetime.fromisoformat(f"{received_at}+08:00")
    return {"feed": feed, "covers": covers, "received_at": moment, "delivery_status": status}


FARMING = "market_farming_registry"


def daily_registry(declared: Declarations) -> Declarations:
    """Our declarations, but that registry delivers every day, due at noon of the next working day."""
    one = declared.feeds[FARMING].model_copy(update={"schedule": "0 18 * * *"})
    assert (one.deadline.working_days, one.deadline.time) == (1, "12:00")
    return replace(declared, feeds={**declared.feeds, FARMING: one})


def states(declared: Declarations, deliveries: list[dict], as_of: date) -> list[tuple]:
    return [(row["covers"], row["state"], row["hours_late"]) for row in lateness(declared, deliveries, CALENDAR, as_of)]


@pytest.mark.parametrize(("received_at", "state", "hours"), [
    pytest.param("2026-11-20T19:00:00", "on_time", 0.0, id="same evening"),
    pytest.param("2026-11-23T12:00:00", "on_time", 0.0, id="on the deadline itself"),
    pytest.param("2026-11-23T13:30:00", "late", 1.5, id="an hour and a half after it"),
])
def test_friday_is_due_on_monday_noon(declared: Declarations, received_at: str, state: str, hours: float) -> None:
    told = states(declared, [came("market_farming_registry", FRIDAY, received_at)], FRIDAY)
    assert told == [(FRIDAY, state, hours)]


def test_a_day_of_the_schedule_without_a_delivery_is_missing_once_it_is_due(declared: Declarations) -> None:
    assert declared.feeds["market_farming_registry"].schedule == "0 18 * * 1"
    first = came("market_farming_registry", date(2026, 11, 16), "2026-11-16T18:00:00")
    assert states(declared, [first], MONDAY) == [(date(2026, 11, 16), "on_time", 0.0)]
    told = states(declared, [first], TUESDAY)
    assert told == [(date(2026, 11, 16), "on_time", 0.0), (MONDAY, "missing", 12.0)]


def test_nothing_is_owed_at_the_weekend_but_what_came_is_told(declared: Declarations) -> None:
    saturday = date(2026, 11, 21)
    told = states(declared, [came("repair_decisions", FRIDAY, "2026-11-20T17:00:00"),
                             came("repair_decisions", saturday, "2026-11-21T17:00:00")], date(2026, 11, 22))
    assert told == [(FRIDAY, "on_time", 0.0), (saturday, "on_time", 0.0)]


def test_of_a_day_delivered_twice_the_first_readable_file_counts(declared: Declarations) -> None:
    told = states(declared, [
        came("market_farming_registry", FRIDAY, "2026-11-20T18:00:00", "quarantined"),
        came("market_farming_registry", FRIDAY, "2026-11-24T12:00:00"),
        came("market_farming_registry", FRIDAY, "2026-11-23T14:00:00")], FRIDAY)
    assert told == [(FRIDAY, "late", 2.0)]


def test_holidays_are_no_working_days(declared: Declarations) -> None:
    feed = declared.feeds["market_farming_registry"]
    assert due(feed, date(2026, 9, 30), CALENDAR) == datetime.fromisoformat("2026-10-08T12:00:00+08:00")


def test_a_make_up_day_is_owed_and_counts_and_the_holiday_week_is_not(declared: Declarations) -> None:
    """The National Day week of 2026: off from 1 to 7 October, Saturday the 10th is worked for it."""
    daily = daily_registry(declared)
    came_on = [came(FARMING, date(2026, 9, 30), "2026-09-30T18:00:00")]
    told = lateness(daily, came_on, CALENDAR, date(2026, 10, 12))
    due_days = {row["covers"].day: f"{row['due_at']:%m-%d %H}" for row in told}
    assert due_days == {30: "10-08 12", 8: "10-09 12", 9: "10-10 12", 10: "10-12 12"}


def test_in_a_year_without_a_calendar_nobody_is_late_or_missing(declared: Declarations) -> None:
    """2027 has no notice yet: the last days of 2026 are due in it, and its own days may be days off."""
    daily = daily_registry(declared)
    eve, in_2027 = date(2026, 12, 30), date(2027, 1, 4)
    came_late = [came(FARMING, eve, "2026-12-30T18:00:00"), came(FARMING, in_2027, "2027-01-20T18:00:00")]
    told = lateness(daily, came_late, CALENDAR, date(2027, 1, 5))
    assert [(row["covers"], row["state"], row["due_at"] is None) for row in told] == [
        (eve, "on_time", False), (date(2026, 12, 31), "provisional", True), (date(2027, 1, 1), "provisional", True),
        (date(2027, 1, 2), "provisional", True), (date(2027, 1, 3), "provisional", True), (in_2027, "provisional", True)]
    assert {row["hours_late"] for row in told} == {0.0}


@pytest.mark.parametrize(("schedule", "days"), [
    pytest.param("0 18 * * *", [MONDAY, TUESDAY], id="daily"),
    pytest.param("0 18 * * 1", [MONDAY], id="mondays"),
    pytest.param("0 18 24 * *", [TUESDAY], id="24th"),
    pytest.param("0 18 1-23/2 11 *", [MONDAY], id="every second day of november, up to the 23rd"),
    pytest.param("0 18 23 * 2", [MONDAY, TUESDAY], id="the 23rd, and tuesdays"),
    pytest.param("0 18 * 12 *", [], id="december"),
])
def test_the_days_of_a_schedule(schedule: str, days: list[date]) -> None:
    assert [day for day in (MONDAY, TUESDAY) if runs_on(schedule, day)] == days

"""What is owed at a moment, what the night of today waits for, and what stops a release."""
from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from jobs.answers import owing
from jobs.declarations import Declarations
from jobs.declarations.feeds import Deadline
from jobs.declarations.settings import Settings
from jobs.declarations.transports import WaitUntil
from jobs.stages import night as stages
from jobs.stages.run import GateStopped
from jobs.stages.waiting import wait
from jobs.stores import database
from jobs.stores.ledger import Ledger

FEED = "repair_decisions"
THURSDAY, FRIDAY, MONDAY = date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 23)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def came(covers: date, received_at: str, status: str = "received", feed: str = FEED) -> dict[str, Any]:
    return {"feed": feed, "covers": covers, "received_at": at(received_at), "delivery_status": status}


def declares(declared: Declarations, if_late: Any, snapshot: str = "increment") -> Declarations:
    """Our declarations, but this feed is due at 20:00 of every working day it covers."""
    one = declared.feeds[FEED].model_copy(update={
        "if_late": if_late, "snapshot": snapshot, "schedule": "0 18 * * *", "deadline": Deadline(working_days=0, time="20:00")})
    return replace(declared, feeds={**declared.feeds, FEED: one})


def owed(declared: Declarations, deliveries: list[dict[str, Any]], as_of: date, moment: str) -> list[date]:
    return [one.covers for one in owing.owed(owing.dues(declared, deliveries, as_of), at(moment))]


def awaited(declared: Declarations, deliveries: list[dict[str, Any]], as_of: date, moment: str) -> list[date]:
    return [one.covers for one in owing.awaited(owing.dues(declared, deliveries, as_of), as_of, at(moment))]


FIRST = came(THURSDAY, "2026-11-19T18:00:00")


def test_what_is_not_due_yet_is_not_owed(declared: Declarations) -> None:
    feeds = declares(declared, "hold")
    assert owed(feeds, [FIRST], FRIDAY, "2026-11-20T19:59:00") == []
    assert owed(feeds, [FIRST], FRIDAY, "2026-11-20T20:00:00") == [FRIDAY]
    assert owed(feeds, [FIRST, came(FRIDAY, "2026-11-20T19:00:00", "quarantined")], FRIDAY, "2026-11-20T20:00:00") == [FRIDAY]
    assert owed(feeds, [FIRST, came(FRIDAY, "2026-11-20T23:00:00")], FRIDAY, "2026-11-21T09:00:00") == []


def test_a_later_full_snapshot_pays_for_the_days_before_it_and_an_increment_does_not(declared: Declarations) -> None:
    deliveries = [FIRST, came(MONDAY, "2026-11-23T18:00:00")]
    assert owed(declares(declared, "hold", "full"), deliveries, MONDAY, "2026-11-23T21:00:00") == []
    assert owed(declares(declared, "hold"), deliveries, MONDAY, "2026-11-23T21:00:00") == [FRIDAY]


@pytest.mark.parametrize(("moment", "waits"), [
    pytest.param("2026-11-20T19:00:00", [FRIDAY], id="before it is due"),
    pytest.param("2026-11-20T22:59:00", [FRIDAY], id="to the end"),
    pytest.param("2026-11-20T23:00:00", [], id="its time is over"),
    pytest.param("2026-11-21T01:00:00", [], id="the night of a past day"),
])
def test_the_night_of_today_waits_until_the_declared_time(declared: Declarations, moment: str, waits: list[date]) -> None:
    assert awaited(declares(declared, WaitUntil(wait_until="23:00")), [FIRST], FRIDAY, moment) == waits


def test_nobody_waits_for_an_old_debt_nor_for_a_feed_that_goes_without(declared: Declarations) -> None:
    feeds = declares(declared, WaitUntil(wait_until="23:00"))
    assert awaited(feeds, [FIRST], MONDAY, "2026-11-23T21:30:00") == [MONDAY]  # and not for Friday
    assert awaited(declares(declared, "go_without"), [FIRST], MONDAY, "2026-11-23T21:30:00") == []


def test_what_came_while_the_night_waited_moves_its_cut_off(declared: Declarations) -> None:
    feeds = declares(declared, WaitUntil(wait_until="23:00"))
    for received, moved in (("2026-11-20T22:10:00", at("2026-11-20T22:10:00")), ("2026-11-20T23:10:00", None)):
        assert owing.came(owing.dues(feeds, [FIRST, came(FRIDAY, received)], FRIDAY), FRIDAY) == moved


def test_in_a_year_without_a_calendar_nothing_is_owed_or_waited_for(declared: Declarations) -> None:
    feeds = declares(declared, WaitUntil(wait_until="23:00"))
    deliveries = [came(date(2026, 12, 31), "2026-12-31T18:00:00")]
    new_year = date(2027, 1, 4)
    assert [one.covers for one in owing.dues(feeds, deliveries, new_year) if one.due_at] == [date(2026, 12, 31)]
    assert owed(feeds, deliveries, new_year, "2027-01-10T00:00:00") == []
    assert awaited(feeds, deliveries, new_year, "2027-01-04T21:30:00") == []


# ---- against a ledger

@pytest.fixture
def home(new_home: Callable[..., Settings]) -> Settings:
    one = new_home()
    enters(one, FIRST)
    return one


def enters(home: Settings, row: dict[str, Any]) -> None:
    with database.engine(home).begin() as connection:
        Ledger(connection).add("deliveries", [{**row, "delivery_id": f"{row['feed']}{row['covers']}", "source_name": "a.csv",
                                               "object_sha256": "0"}])


def test_a_release_is_stopped_while_a_feed_that_declares_hold_owes(home: Settings, declared: Declarations) -> None:
    feeds = declares(declared, "hold")
    with database.engine(home).connect() as connection:
        night = SimpleNamespace(ledger=Ledger(connection), declarations=feeds, as_of=FRIDAY, known_at=at("2026-11-20T21:00:00"))
        with pytest.raises(GateStopped) as raised:
            stages.release(night)
        told = str(raised.value)
        for part in (f"{FEED} owes 2026-11-20, due 2026-11-20 20:00", f"owner: {feeds.feeds[FEED].owner}",
                     "the last release stands"):
            assert part in told
        night.declarations = declares(declared, "go_without")
        assert owing.stopping(night.ledger, night.declarations, FRIDAY, night.known_at) == []
        assert owing.of_night(night) == [f"{FEED}: 11-20 (go_without)"]


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self, moment: str) -> None:
        self.moment, self.slept = at(moment), []

    def __call__(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)


def test_the_command_waits_until_it_comes(home: Settings, declared: Declarations) -> None:
    clock, said, asked = Clock("2026-11-20T21:30:00"), [], []

    def land(feed: str) -> None:
        asked.append(feed)
        if clock.moment >= at("2026-11-20T21:33:00"):
            enters(home, came(FRIDAY, "2026-11-20T21:33:00"))

    wait(home, declares(declared, WaitUntil(wait_until="23:00")), FRIDAY, clock, said.append, land, clock.sleep)
    assert (clock.slept, asked) == ([60.0] * 3, [FEED] * 3)
    assert said[0].startswith(f"night: waits for {FEED} of 2026-11-20 until 23:00, then goes without it; owner: ")


def test_the_command_goes_without_when_the_time_is_over(home: Settings, declared: Declarations) -> None:
    clock, said = Clock("2026-11-20T22:58:30"), []
    wait(home, declares(declared, WaitUntil(wait_until="23:00")), FRIDAY, clock, said.append, None, clock.sleep)
    assert clock.slept == [60.0, 30.0]
    assert f"night: its time is over: goes without {FEED} of 2026-11-20" in said


def test_without_the_calendar_of_the_year_nothing_is_owed_or_waited_for(home: Settings, declared: Declarations) -> None:
    said, new_year = [], date(2031, 1, 2)
    enters(home, came(new_year, "2031-01-02T18:00:00"))
    wait(home, declared, new_year, lambda: at("2031-01-02T21:30:00"), said.append, None)
    assert said == []
    told = json.loads(owing.told(home, declared, new_year, at("2031-01-02T21:30:00"), as_json=True))
    assert (told["awaited"], [one for one in told["owed"] if one["covers"] >= "2031"]) == ([], [])


def test_what_must_go_is_waited_for_and_nothing_else(declared: Declarations) -> None:
    """Repairs end what is public, objections suspend it: due on the day they cover, so the night of that day waits for them."""
    goes = {name for name, one in declared.feeds.items()
            if declared.categories[one.category].targets or declared.categories[one.category].suspends}
    waited = {name for name, one in declared.feeds.items() if isinstance(one.if_late, WaitUntil)}
    assert waited == goes != set()
    assert {declared.feeds[name].deadline.working_days for name in waited} == {0}
    assert all(declared.feeds[name].if_late.wait_until > declared.feeds[name].deadline.time for name in waited)


def test_what_is_owed_is_told_to_people_and_programs(home: Settings, declared: Declarations) -> None:
    feeds, moment = declares(declared, WaitUntil(wait_until="23:00")), at("2026-11-20T20:30:00")
    told = owing.told(home, feeds, FRIDAY, moment, as_json=False)
    assert f"the night waits for {FEED} of 2026-11-20 until 23:00" in told
    assert "wait_until 23:00" in told
    assert '"awaited": [{"feed": "repair_decisions"' in owing.told(home, feeds, FRIDAY, moment, as_json=True)
    assert owing.told(home, declared, THURSDAY, at("2026-11-19T20:00:00"), as_json=False) == "nothing is owed"

"""Ten business days of every feed, a night each; and the same deliveries in another order, all on one evening."""
from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import groupby

import pytest

import sample
from jobs.declarations import Declarations
from jobs.declarations.settings import Settings
from jobs.stages.land import land
from jobs.stores import database
from jobs.stores.objects import objects
from jobs.stores.transports import Arrival, arrivals
from sample.schedule import business_days
from tests.released import AS_OF, KNOWN_AT, as_far_as, landed, quiet, tonight
from tests.standing import ACCOUNTS, DERIVED, asked, contents

DAYS = business_days(AS_OF, 10)


@pytest.fixture(scope="module")
def ten(new_home: Callable[..., Settings], declared: Declarations, spark: object) -> Settings:
    """A hamlet whose every feed delivered for ten days, and was released each night."""
    home = new_home()
    sample.village(home.home, enterprises=40, days=len(DAYS))
    for day in DAYS:
        known_at = datetime.combine(day, time(15), UTC)
        landed(home, declared, known_at)
        tonight(home, declared, day, known_at)
    return home


def test_each_night_makes_a_release_of_its_day(ten: Settings) -> None:
    assert [row["as_of"] for row in asked(ten, "select as_of from credit.releases order by sequence")] == DAYS


def test_every_feed_delivered_and_every_row_is_accounted_for(ten: Settings, declared: Declarations) -> None:
    rows = asked(ten, ACCOUNTS)
    assert [row for row in rows if row["unread"] or row["lost"]] == []
    assert len(rows) > 2 * len(declared.feeds)
    feeds = asked(ten, "select distinct feed from ledger.admissions join ledger.deliveries using (delivery_id)")
    assert {row["feed"] for row in feeds} == set(declared.feeds)


def in_disorder(home: Settings, declared: Declarations) -> list[Arrival]:
    """All arrivals as if they had come on one evening in another order; a file told again for a day stays behind the first."""
    arrived = [one for feed in declared.feeds.values() for one in arrivals(home, feed, KNOWN_AT)]
    shuffled = random.Random(7).sample(sorted(arrived, key=lambda one: str(one.path)), len(arrived))
    times = {one.path: KNOWN_AT - timedelta(hours=1) + timedelta(seconds=place) for place, one in enumerate(shuffled)}
    came = []
    for _, same in groupby(sorted(arrived, key=day_of), key=day_of):
        told = sorted(same, key=lambda one: one.received_at)
        came += [replace(one, received_at=at) for one, at in zip(told, sorted(times[one.path] for one in told), strict=True)]
    return sorted(came, key=lambda one: one.received_at)


def day_of(arrival: Arrival) -> tuple[str, str]:
    return arrival.feed, f"{arrival.covers}"


def test_the_same_deliveries_in_another_order_make_the_same_facts_and_files(
        ten: Settings, new_home: Callable[..., Settings], declared: Declarations) -> None:
    other = new_home()
    land(in_disorder(ten, declared), declared, database.engine(other), objects(other), quiet)
    one = as_far_as(other, declared)
    [last] = asked(ten, "select snapshots from credit.releases order by sequence desc limit 1")
    made, expected = contents(other, one.snapshots), contents(ten, last["snapshots"])
    assert made == expected
    assert set(made) == {*DERIVED, *(f"facts.{feed.category}" for feed in declared.feeds.values())}

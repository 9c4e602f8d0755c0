"""Which snapshot followed which, what vanished from one to the next, and how complete the last one is."""
from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jobs.facts import snapshots
from tests.acts import at, facts

FEED, REGISTRY = "district_abnormal_snapshot", "market_small_registry"
DAYS = ("2026-11-16", "2026-11-17", "2026-11-18")


def admitted(feed: str, day: str, came: str | None = None, name: str | None = None, category: str = "abnormal_listing") -> dict:
    return {"delivery_id": name or f"{feed}-{day}", "run_id": "r", "feed": feed, "category": category,
            "covers": date.fromisoformat(day), "received_at": at(came or day)}


def test_a_snapshot_is_followed_by_the_one_of_the_next_day_whenever_it_came(declared):
    late = admitted(FEED, DAYS[1], came="2026-11-20")
    found = snapshots.followed([admitted(FEED, DAYS[2]), late, admitted(FEED, DAYS[0])], declared.feeds)
    assert found == {f"{FEED}-{DAYS[0]}": date(2026, 11, 17), f"{FEED}-{DAYS[1]}": date(2026, 11, 18)}


def test_of_one_day_the_last_received_counts(declared):
    twice = [admitted(FEED, DAYS[0], name="first"), admitted(FEED, DAYS[0], came="2026-11-19", name="again")]
    assert snapshots.followed(twice, declared.feeds) == {"first": date(2026, 11, 16)}


def test_increments_follow_nothing(declared):
    rows = [admitted("abnormal_list", day) for day in DAYS]
    assert snapshots.followed(rows, declared.feeds) == {}
    assert {row["absent_since"] for row in snapshots.dated(rows, "abnormal_listing", declared.feeds)} == {None}


# ---- what vanished

SHOWN = {"a": DAYS, "b": DAYS[:1], "c": DAYS[:2], "d": (DAYS[0], DAYS[2]), "e": DAYS[2:]}


@pytest.fixture(scope="module")
def declared_full(declared):
    """The declarations, with the small firms' registry as full snapshots too."""
    full = {FEED: declared.feeds[FEED], REGISTRY: declared.feeds[REGISTRY].model_copy(update={"snapshot": "full"})}
    return replace(declared, feeds={**declared.feeds, **full})


@pytest.fixture(scope="module")
def seen(spark, declared_full):
    admissions = [admitted(FEED, day) for day in DAYS] + [admitted(REGISTRY, day, category="registration") for day in DAYS[:2]]
    after = snapshots.followed(admissions, declared_full.feeds)
    listings = [{"fact_id": f"{entry}{day[-2:]}", "event_key": f"abnormal_listing|{entry}", "feed": FEED, "received": day,
                 "absent_since": after.get(f"{FEED}-{day}")} for entry, days in SHOWN.items() for day in days]
    firms = [{"fact_id": f"{code}{day[-2:]}", "event_key": f"registration|{code}|{day}", "feed": REGISTRY, "received": day,
              "credit_code": code, "absent_since": after.get(f"{REGISTRY}-{day}")}
             for code, days in {"X": DAYS[:2], "Y": DAYS[:1]}.items() for day in days]
    told = {name: facts(spark, declared_full, name, *rows)
            for name, rows in {"abnormal_listing": listings, "registration": firms}.items()}
    return snapshots.seen(told, admissions, declared_full, spark).persist(), admissions


def test_an_entry_that_no_later_snapshot_shows_is_said_with_both_days(seen):
    rows = {(row.feed, row.entry): (str(row.last_seen), str(row.absent_since), row.fact_id)
            for row in snapshots.changes(seen[0]).collect()}
    assert rows == {(FEED, "abnormal_listing|b"): ("2026-11-16", "2026-11-17", "b16"),
                    (FEED, "abnormal_listing|c"): ("2026-11-17", "2026-11-18", "c17"),
                    (REGISTRY, "registration|Y"): ("2026-11-16", "2026-11-17", "Y16")}


def test_the_last_snapshot_is_measured_by_the_one_before_it(seen, declared_full):
    counted = [row.asDict() for row in snapshots.completeness(seen[0]).collect()]
    listing, registry = snapshots.measured(counted, seen[1], declared_full.feeds)
    assert (listing["entries_before"], listing["missing"], listing["share_missing"], listing["most_missing"]) == (2, 1, 0.5, 0.1)
    assert (str(listing["covers"]), str(listing["compared_with"])) == ("2026-11-18", "2026-11-17")
    assert (registry["entries_before"], registry["missing"], registry["most_missing"]) == (2, 1, None)


def test_one_snapshot_alone_misses_nothing(spark, declared):
    listings = facts(spark, declared, "abnormal_listing", {"fact_id": "a", "event_key": "k", "feed": FEED})
    found = snapshots.seen({"abnormal_listing": listings}, [admitted(FEED, DAYS[0])], declared, spark)
    assert (found.count(), snapshots.completeness(found).count()) == (0, 0)

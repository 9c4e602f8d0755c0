"""Acts under an item that was not valid on their day, and entries of lists that were another one, wait for a person."""
from __future__ import annotations

from dataclasses import replace

import pytest
from pyspark.sql import SparkSession

from jobs.declarations import Declarations
from jobs.declarations.feeds import CategoryField
from jobs.facts import holds
from tests.acts import facts, folded, links

# fact id -> item, day of the decision, why it is held
PERMITS = {
    "in force": ("XK-SJ-001", "2026-01-05", None),
    "first day": ("XK-SJ-001", "2019-01-01", None),
    "before": ("XK-SJ-001", "2018-12-31", "item_not_yet XK-SJ-001 before 2019-01-01"),
    "last day": ("XK-JT-002", "2018-12-31", None),
    "retired": ("XK-JT-002", "2019-01-01", "item_retired XK-JT-002 after 2018-12-31"),
    "of no item": (None, "2019-01-01", None),
    "of no day": ("XK-JT-002", None, None),
}
# fact id -> the list that its term meant, why it is held
WORDS = {"of an unknown word": "unknown_word permit_kind"}
ENTRIES = {"serious": ("serious", None), "legacy": ("legacy", "list_of_another_kind legacy"), "unknown": (None, None)}


@pytest.fixture(scope="module")
def told(spark: SparkSession, declared: Declarations) -> dict:
    """The events by their fact, and the reviews by their fact."""
    serious = declared.categories["serious_listing"]
    named = serious.model_copy(update={"fields": {**serious.fields, "list_kind": CategoryField()}})
    changed = replace(declared, categories={**declared.categories, "serious_listing": named})
    permits = [{"fact_id": name, "event_key": f"permit|{name}", "feed": "city_permits", "decision_date": day, "item_code": item}
               for name, (item, day, _) in PERMITS.items()]
    permits += [{"fact_id": name, "event_key": f"permit|{name}", "feed": "city_permits", "decision_date": "2026-01-05",
                 "item_code": "XK-SJ-001", "held_because": why} for name, why in WORDS.items()]
    again = {**permits[4], "received": "2026-11-19"}  # the retired one, told twice
    entries = [{"fact_id": name, "event_key": f"serious_listing|{name}", "feed": "serious_list", "listed_date": "2025-01-05",
                "list_kind": kind} for name, (kind, _) in ENTRIES.items()]
    by_category = {"permit": facts(spark, changed, "permit", *permits, again),
                   "serious_listing": facts(spark, changed, "serious_listing", *entries),
                   "repair": facts(spark, changed, "repair")}
    linked = links(spark, dict.fromkeys([*PERMITS, *WORDS, *ENTRIES], "e1"))
    events = {row.fact_id: row for row in folded(spark, changed, by_category, linked).collect()}
    return {"events": events, "reviews": [row.asDict() for row in holds.reviews(by_category, changed, spark).collect()]}


HELD = {name: why for name, (*_, why) in {**PERMITS, **ENTRIES}.items()} | WORDS


@pytest.mark.parametrize("fact", HELD)
def test_what_is_held_is_suspended_with_its_reason(told: dict, fact: str) -> None:
    event = told["events"][fact]
    if HELD[fact]:
        assert (event.state, event.suspended, event.suspended_because) == ("suspended", True, HELD[fact])
    else:
        assert (event.suspended, event.suspended_because) == (False, None)


def test_what_is_held_waits_once_in_the_queue(told: dict) -> None:
    waiting = {review["fact_id"]: (review["category"], review["adverse"], review["reason"], review["priority"])
               for review in told["reviews"]}
    assert len(told["reviews"]) == len(waiting)
    assert len({review["review_id"] for review in told["reviews"]}) == len(waiting)
    assert waiting == {
        "before": ("permit", False, HELD["before"], 3), "retired": ("permit", False, HELD["retired"], 3),
        "of an unknown word": ("permit", False, "unknown_word permit_kind", 3),
        "legacy": ("serious_listing", True, HELD["legacy"], 2)}

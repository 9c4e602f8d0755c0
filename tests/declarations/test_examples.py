"""Every feed's own examples, of every version of it: rows as received and what becomes of them, cross-field checks included."""
from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from jobs.declarations import load
from jobs.declarations.feeds import Category, Example
from jobs.declarations.settings import ROOT
from jobs.facts.cleaning import checked
from jobs.facts.plan import plan
from jobs.facts.rows import cleaned_rows

DECLARED = load(ROOT / "config")


class Shown(NamedTuple):
    feed: str
    example: Example
    covers: date


def shown() -> Iterator[tuple[str, Shown]]:
    """The examples of a feed as it is read now, and those of its earlier versions as of their last days."""
    for name, feed in DECLARED.feeds.items():
        for number, example in enumerate(feed.examples, 1):
            yield f"{name}-{number}", Shown(name, example, date.max)
        for place, one in enumerate(feed.earlier):
            for number, example in enumerate(one.examples, 1):
                yield f"{name}-earlier[{place}]-{number}", Shown(name, example, one.until)


EXAMPLES = dict(shown())
PLACE = {"outcome", "feed", "delivery_id", "run_id", "row_no", "part", "received_at"}
Outcomes = dict[str, list[dict]]


def cleaned(key: str, feed: str, example: Example, covers: date = date.max) -> Iterator[pa.RecordBatch]:
    """The example's row as one delivery of its feed, before the checks between fields."""
    delivery = {"delivery_id": key, "feed": feed, "covers": covers, "header": list(example.row),
                "received_at": datetime.fromisoformat(example.received_at)}
    cells = pa.array([list(example.row.values())], pa.list_(pa.string()))
    batch = pa.RecordBatch.from_arrays([pa.array([1], pa.int32()), cells], ["row_no", "cells"])
    return filter(len, cleaned_rows(plan(DECLARED, delivery, "run"), batch))


def of_category(spark: SparkSession, category: Category) -> Outcomes:
    """The outcome rows of all examples of the category's feeds, in one Spark job."""
    batches = [batch for key, one in EXAMPLES.items() if DECLARED.feeds[one.feed].category == category.category
               for batch in cleaned(key, *one)]
    rows: Outcomes = {}
    for row in checked(spark.createDataFrame(pa.Table.from_batches(batches)), category).orderBy("part").collect():
        rows.setdefault(row["delivery_id"], []).append(row.asDict(recursive=True))
    return rows


@pytest.fixture(scope="session")
def outcomes(spark: SparkSession) -> Outcomes:
    fed = {feed.category for feed in DECLARED.feeds.values()}
    return {key: rows for name in sorted(fed) for key, rows in of_category(spark, DECLARED.categories[name]).items()}


def as_declared(value: object) -> object:
    """A typed value as YAML would write it."""
    if isinstance(value, list):
        return [as_declared(item) for item in value]
    return value if value is None or isinstance(value, bool | int) else str(value)


@pytest.mark.parametrize("key", EXAMPLES)
def test_example(key: str, outcomes: Outcomes) -> None:
    example, told = EXAMPLES[key].example, outcomes[key]
    if example.drops:
        assert [row["outcome"] for row in told] == [example.drops]
        assert {name for name, value in told[0].items() if value not in (None, [])} <= PLACE
    elif example.rejects:
        assert [(row["reject_field"], row["reject_reason"]) for row in told] == list(example.rejects.items())
    else:
        assert told[0]["outcome"] == "fact", (told[0]["reject_field"], told[0]["reject_reason"])
        assert {name: as_declared(told[0][name]) for name in example.gives} == as_declared_all(example.gives)
        assert {flaw["field"]: flaw["reason"] for flaw in told[0]["flaws"]} == example.flaws


def as_declared_all(values: dict[str, object]) -> dict[str, object]:
    return {name: as_declared(value) for name, value in values.items()}


def test_each_feed_shows_a_fact_a_flaw_and_a_row_without_fact() -> None:
    for one in (version for feed in DECLARED.feeds.values() for version in feed.versions):
        assert any(example.gives for example in one.examples), f"{one.feed}: no example gives a fact"
        assert any(example.flaws for example in one.examples), f"{one.feed}: no example shows a flaw"
        assert any(example.rejects or example.drops for example in one.examples), f"{one.feed}: no example of a row without fact"


def test_each_check_between_fields_is_broken_by_some_example() -> None:
    """Also one check of each field: a check that nothing breaks may never have looked at the right column."""
    shown = {(DECLARED.feeds[one.feed].category, field, reason) for one in EXAMPLES.values()
             for field, reason in [*one.example.flaws.items(), *(one.example.rejects or {}).items()]}
    given = {(feed.category, field) for feed in DECLARED.feeds.values() for field in feed.fields}
    checks = {(name, check.field, check.reason) for name, category in DECLARED.categories.items() for check in category.checks
              if (name, check.field) in given}
    assert sorted(checks - shown) == []

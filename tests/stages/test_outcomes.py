"""What a night makes of each row of the synthetic village is what the village's own truth says of it: outcome, reason, link."""
from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from jobs.declarations import Declarations
from jobs.declarations.settings import Settings
from jobs.stores import database
from jobs.stores.lake import opened
from jobs.stores.ledger import Ledger
from tests.two_nights import FIRST

DROPPED = ("household", "natural_person", "duplicate")


class Place(NamedTuple):
    file: str
    row_no: int
    part: int


class Made(NamedTuple):
    """What became of the rows: each fact's link, each reject's field and reason, and how many of each file were dropped."""

    links: dict[Place, dict]
    rejects: dict[Place, tuple[str, str]]
    dropped: dict[str, dict[str, int]]


@pytest.fixture(scope="module")
def made(new_home: Callable[..., Settings], old: tuple[Settings, object], declared: Declarations) -> Made:
    home = new_home(old[0])
    with database.engine(home).connect() as connection:
        ledger = Ledger(connection)
        admitted = ledger.admitted(*FIRST)
        files = {row["delivery_id"]: row["source_name"] for row in ledger.deliveries([row["delivery_id"] for row in admitted])}
        linked = {row["fact_id"]: row for row in ledger.rows("select * from credit.links")}
        rejected = ledger.rows("select * from credit.rejects")
        counted = ledger.rows("select * from ledger.admissions where delivery_id = any(:ids)", ids=list(files))
    links = {Place(files[row.delivery_id], row.row_no, row.part): linked[row.fact_id] for row in facts(home, declared, admitted)}
    rejects = {Place(files[row["delivery_id"]], row["row_no"], row["part"]): (row["field"], row["reason"]) for row in rejected}
    return Made(links, rejects, {files[row["delivery_id"]]: {kind: row[f"rows_{kind}"] for kind in DROPPED} for row in counted})


def facts(home: Settings, declared: Declarations, admitted: list[dict]) -> Iterator:
    lake = opened(home)
    for category in declared.categories:
        pairs = [(row["delivery_id"], row["run_id"]) for row in admitted if row["category"] == category]
        if pairs and lake.exists(f"facts.{category}"):
            yield from lake.admitted(f"facts.{category}", pairs).select("fact_id", "delivery_id", "row_no", "part").collect()


@pytest.fixture(scope="module")
def truth(graded: Settings, made: Made) -> dict[Place, dict[str, str]]:
    """The truth of every row of every file that the night read."""
    with (graded.home / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = {Place(row["path"].rpartition("/")[2], int(row["row_no"]), int(row["part"])): row for row in csv.DictReader(file)}
    return {place: row for place, row in rows.items() if place.file in made.dropped}


def test_each_row_becomes_what_it_is(made: Made, truth: dict[Place, dict[str, str]]) -> None:
    assert len(truth) > 500
    assert set(made.links) == {place for place, row in truth.items() if row["becomes"] == "fact"}
    assert set(made.rejects) == {place for place, row in truth.items() if row["becomes"] == "reject"}


def test_each_reject_says_why(made: Made, truth: dict[Place, dict[str, str]]) -> None:
    expected = {place: (row["field"], row["reason"]) for place, row in truth.items() if row["becomes"] == "reject"}
    assert expected
    assert {place: said for place, said in made.rejects.items() if said != expected[place]} == {}


def test_households_persons_and_duplicates_are_counted(made: Made, truth: dict[Place, dict[str, str]]) -> None:
    expected = {file: dict.fromkeys(DROPPED, 0) for file in made.dropped}
    for place, row in truth.items():
        if row["becomes"] in DROPPED:
            expected[place.file][row["becomes"]] += 1
    assert made.dropped == expected


def test_each_fact_is_linked_by_the_tier_that_it_allows_or_not_at_all(made: Made, truth: dict[Place, dict[str, str]]) -> None:
    told = {place: (truth[place]["tier"], str(link["tier"] or ""), link["reason"], truth[place]["dirt"])
            for place, link in made.links.items()}
    assert {place: said for place, said in told.items() if said[0] != said[1]} == {}


def test_no_link_joins_two_enterprises_and_none_is_torn(made: Made, truth: dict[Place, dict[str, str]]) -> None:
    numbers, ids = defaultdict(set), defaultdict(set)
    for place, link in made.links.items():
        if link["enterprise_id"]:
            numbers[link["enterprise_id"]].add(truth[place]["enterprise"])
            ids[truth[place]["enterprise"]].add(link["enterprise_id"])
    assert len(numbers) > 150
    assert {one: borne for one, borne in numbers.items() if len(borne) > 1} == {}
    assert {one: borne for one, borne in ids.items() if len(borne) > 1} == {}

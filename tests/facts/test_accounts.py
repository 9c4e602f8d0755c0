"""What a delivery is measured by: its rows, the least it may have on its day, and how full its fields are."""
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from jobs.declarations.feeds import Fill
from jobs.facts import accounts

FRIDAY, SATURDAY, MADE_UP_FOR, UNKNOWN = date(2026, 11, 20), date(2026, 11, 21), date(2026, 10, 10), date(2031, 1, 4)

SCORES = dict.fromkeys(("there", "dated", "late", "waited", "inconsistent"), 0)


@pytest.fixture
def measured(declared):
    """The metrics of one delivery of a feed that works on working days and must name a code in nine of ten facts."""
    one = declared.feeds["city_penalties"]
    fill = {name: Fill(min=least, because="test", least_facts=10) for name, least in (("credit_code", 0.9), ("severity", 0.1))}
    volume = one.volume.model_copy(update={"min_rows": 5, "working_days_only": True, "fill": fill})
    feeds = {one.feed: one.model_copy(update={"volume": volume})}

    def make(covers: date, rows: int, **account: int) -> dict:
        received = datetime(covers.year, covers.month, covers.day, 10, tzinfo=UTC)
        delivery = {"delivery_id": "d", "feed": one.feed, "covers": covers, "rows_received": rows, "received_at": received,
                    "first_admitted_at": received}
        told = [{"delivery_id": "d", "rows_fact": rows, "facts": rows, "flaws": 0, **SCORES, **account}] if rows else []
        return accounts.measured(replace(declared, feeds=feeds), [delivery], told, {})[0]
    return make


@pytest.mark.parametrize(("covers", "least"), [(FRIDAY, 5), (SATURDAY, 0), (MADE_UP_FOR, 5), (UNKNOWN, 5)])
def test_a_day_off_owes_no_rows(measured, covers, least):
    assert measured(covers, 0)["min_rows"] == least


def test_the_fill_rate_is_of_the_facts(measured):
    row = measured(FRIDAY, 10, filled_0=10, filled_1=1)
    assert (row["fill"], row["fill_low"]) == ({"credit_code": 1.0, "severity": 0.1}, "")


def test_what_is_below_its_bound_is_named_with_both_figures(measured):
    assert measured(FRIDAY, 10, filled_0=4, filled_1=1)["fill_low"] == "credit_code 0.400 of at least 0.9"


@pytest.mark.parametrize(("rows", "filled"), [(0, 0), (9, 4)])
def test_of_too_few_facts_no_fill_rate_is_wrong(measured, rows, filled):
    row = measured(SATURDAY, rows, filled_0=filled, filled_1=filled)
    assert (row["fill"], row["fill_low"]) == ({}, "")

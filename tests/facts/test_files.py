"""The header of a credit file: winners by survivorship, the fact behind each value, and what lost."""
from __future__ import annotations

from decimal import Decimal

import pytest

from jobs.facts import events, files
from tests.acts import facts, links

YUAN = {"registered_capital": Decimal("5000000.00"), "capital_currency": "CNY"}
REGISTRATIONS = [
    {"fact_id": "province old", "feed": "market_province_registry", "subject_name": "恒筑", "approval_date": "2020-01-01",
     "registered_address": "旧路1号", **YUAN},
    {"fact_id": "province new", "feed": "market_province_registry", "subject_name": "恒筑检测", "approval_date": "2025-06-01",
     "registered_address": "新路2-3号", "term_start": "2020-01-01"},
    {"fact_id": "small", "feed": "market_small_registry", "subject_name": "恒筑检测", "approval_date": "2026-01-01",
     "registration_status": "active", "term_start": "2020-01-01", "term_end": "2040-01-01",
     "registered_capital": Decimal("800000.00"), "capital_currency": "USD", "received": "2026-11-18"},
    {"fact_id": "tie a", "feed": "market_small_registry", "subject_name": "甲", "approval_date": "2026-01-01", "industry": "a"},
    {"fact_id": "tie b", "feed": "market_small_registry", "subject_name": "甲", "approval_date": "2026-01-01", "industry": "b"},
    {"fact_id": "new feed", "feed": "market_of_tomorrow", "subject_name": "乙", "capital_currency": "CNY"},
]
OF = {"province old": "e1", "province new": "e1", "small": "e1", "tie a": "e2", "tie b": "e2", "new feed": "e3"}


@pytest.fixture(scope="module")
def registered(spark, declared):
    told = facts(spark, declared, "registration", *({"event_key": row["fact_id"], **row} for row in REGISTRATIONS))
    return events.linked(events.latest(told), links(spark, OF)).persist()


@pytest.fixture(scope="module")
def won(registered, declared):
    return files.winners(registered, declared).persist()


@pytest.fixture(scope="module")
def headers(won, declared):
    return {row.enterprise_id: row for row in files.headers(won, declared).collect()}


@pytest.mark.parametrize(("field", "value", "source"), [
    pytest.param("name", "恒筑检测", "province new", id="newest of the best believed feed"),
    pytest.param("registered_address", "新路2-3号", "province new", id="newest value"),
    pytest.param("registration_status", "active", "small", id="the only feed that has it"),
    pytest.param("registered_capital", YUAN["registered_capital"], "province old", id="a value, though older"),
    pytest.param("capital_currency", "CNY", "province old", id="the currency of that amount"),
    pytest.param("term_end", None, None, id="open beside its own start"),
])
def test_winners(headers, field, value, source):
    assert headers["e1"][field] == value
    assert headers["e1"].sources.get(field) == source


def test_the_fact_id_breaks_the_last_tie(headers):
    assert (headers["e2"].industry, headers["e2"].sources["industry"]) == ("a", "tie a")


def test_a_feed_nobody_ranked_comes_last_but_counts(headers):
    assert (headers["e3"].name, headers["e3"].capital_currency) == ("乙", None)


def test_losing_values(registered, won, declared):
    rows = {(row.fact_id, row.field): (row.value, row.winner_fact_id, row.reason)
            for row in files.losing_values(registered, won, declared).collect()}
    assert rows == {
        ("province old", "name"): ("恒筑", "province new", "older"),
        ("province old", "approval_date"): ("2020-01-01", "province new", "older"),
        ("province old", "registered_address"): ("旧路1号", "province new", "older"),
        ("small", "approval_date"): ("2026-01-01", "province new", "less_believed"),
        ("small", "term_end"): ("2040-01-01", "province new", "less_believed"),
        ("small", "registered_capital"): ("800000.00", "province old", "less_believed"),
        ("small", "capital_currency"): ("USD", "province old", "less_believed"),
        ("tie b", "industry"): ("b", "tie a", "tie")}

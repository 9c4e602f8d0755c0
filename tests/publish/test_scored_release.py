"""What a release says of each feed's reports beside those of others, and how a scorecard is read."""
from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from jobs.answers.scorecard import told
from jobs.declarations import DeclarationError
from jobs.stores.ledger import Ledger
from tests.publish.lake import KNOWN, lake, penalty

NOVEMBER = date(2026, 11, 1)


def delivery(name: str, feed: str) -> dict:
    return {"delivery_id": name, "feed": feed, "covers": KNOWN.date(), "received_at": KNOWN - timedelta(hours=1),
            "delivery_status": "received", "source_name": "a.csv", "object_sha256": "0", "rows_received": 5}


def admission(name: str, known_at: object = KNOWN) -> dict:
    return {"delivery_id": name, "run_id": "r", "known_at": known_at, "verdict": "admitted", "category": "penalty",
            "rows_facts": 4, "rows_rejected": 1, "facts": 4}


@pytest.fixture
def told_twice(connection):
    """Two feeds tell act 1, otherwise; the city alone tells acts 2 and 3, the third declared by the enterprise."""
    shared, of_city = penalty(1, fact_ids=["p1", "q1"], feeds=["city_penalties", "province_penalties"], levels=2)
    of_province = of_city | {"fact_id": "q1", "delivery_id": "d2"}
    lost = {"enterprise_id": "e1", "event_id": "v1", "field": "remarks", "value": "x", "fact_id": "q1", "winner_fact_id": "p1"}
    rows = lake((shared, of_city), penalty(2), penalty(3, evidence="declared", adverse=False))
    ledger = Ledger(connection)
    ledger.add("deliveries", [delivery("d1", "city_penalties"), delivery("d2", "province_penalties")])
    ledger.add("admissions", [admission("d1"), admission("d2")])
    connection.commit()
    return {**rows, "facts_penalty": [*rows["facts_penalty"], of_province], "losing_values": [lost]}


@pytest.fixture
def served(told_twice, release):
    return release(told_twice)


def figures(connection, scope: str, name: str) -> dict[str, tuple]:
    rows = Ledger(connection).rows("""select figure, numerator, denominator from credit.scorecards where scope = :scope
        and name = :name and period_kind = 'month' and period = :month""", scope=scope, name=name, month=NOVEMBER)
    return {row["figure"]: (row["numerator"], row["denominator"]) for row in rows}


def test_acts_are_counted_beside_what_other_feeds_and_levels_tell(served, connection, declared):
    city, province = (figures(connection, "feed", f"{level}_penalties") for level in ("city", "province"))
    assert (city["disagreement"], province["disagreement"]) == ((0, 1), (1, 1))
    assert (city["one_tier"], province["one_tier"]) == ((2, 3), (0, 1))
    assert (city["adverse"], city["voluntary"]) == ((2, 3), (1, 3))
    assert figures(connection, "feed", "court_debtors")["disagreement"] == (None, None)


def test_the_same_inputs_make_the_same_rows(served, told_twice, release, connection):
    again = release(told_twice, salt="another release")
    assert again["content_hash"] == served["content_hash"]
    assert again["changes"]["scorecards"] == {"delete": 0, "update": 0, "insert": 0}
    assert Ledger(connection).rows("select count(*) > 1000 as many from credit.scorecards") == [{"many": True}]


def test_a_scorecard_is_read_line_by_line(served, home, declared):
    lines = told(home, declared, "city_penalties", None, None, as_json=False).splitlines()
    assert lines[0] == f"feed city_penalties {declared.feeds['city_penalties'].zh} · 2026-11 · release of 2026-11-20"
    compliance = next(line for line in lines if line.startswith("compliance"))
    assert compliance.split() == ["compliance", "数据合规率", "4", "5", "80.00", "%", "red"]
    assert [line.split()[0] for line in lines[3:]] == list(declared.scorecards.figures)
    of_organs = told(home, declared, None, None, NOVEMBER, as_json=False)
    assert "city_credit_centre" in of_organs
    assert "green" not in of_organs
    as_json = json.loads(told(home, declared, None, "city_credit_centre", None, as_json=True))
    assert {"figure": "compliance", "share": "0.8000", "period": "2026-11-01"}.items() <= next(
        row for row in as_json if row["figure"] == "compliance").items()


def test_a_name_that_is_not_declared_is_refused(home, declared):
    with pytest.raises(DeclarationError, match="--feed: 'nobody' is unknown; known: "):
        told(home, declared, "nobody", None, None, as_json=False)
    with pytest.raises(DeclarationError, match="--organ: 'nobody' is unknown; known: "):
        told(home, declared, None, "nobody", None, as_json=False)
    assert told(home, declared, None, None, None, as_json=False).startswith("no release tells scorecards yet")

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
    lost = {"enterprise_id": "e1", "event_id": "v1", "field": "remarks", "value": "x", "fact_id": "q1", "winner_fact_id": "p1",
            "reason": "less_believed"}
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


def test_what_a_feed_told_anew_is_no_disagreement(told_twice, release, connection):
    [lost] = told_twice["losing_values"]
    before = told_twice["facts_penalty"][0] | {"fact_id": "p0"}
    events = [one | {"fact_ids": ["p0", *one["fact_ids"]]} if "q1" in one["fact_ids"] else one for one in told_twice["events"]]
    release({**told_twice, "events": events, "facts_penalty": [*told_twice["facts_penalty"], before],
             "losing_values": [lost, lost | {"fact_id": "p0", "reason": "superseded"}]})
    assert figures(connection, "feed", "city_penalties")["disagreement"] == (0, 2)
    assert figures(connection, "feed", "province_penalties")["disagreement"] == (1, 1)


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


# ---- what an organ disputes

WRONG = ("credit_code", "total_check")
LATE = ("fine_amount_yuan", "not_a_number")


def line(row_no: int, of: tuple[str, str], delivery_id: str = "d1") -> dict:
    return {"delivery_id": delivery_id, "feed": "city_penalties", "row_no": row_no, "part": 0, "value": "x"} | dict(
        zip(("field", "reason"), of, strict=True))


def dispute(connection, name: str, of: tuple[str, str], row_no: int | None, ruling: str | None = None) -> None:
    said = {"dispute_id": name, "delivery_id": "d1", "field": of[0], "reason": of[1], "row_no": row_no, "because": "x",
            "document_sha256": "0", "document_name": "a.pdf", "raised_by": "x", "raised_at": KNOWN - timedelta(minutes=9)}
    Ledger(connection).add("disputes", [said])
    if ruling:
        ruled = {"dispute_id": name, "ruling": ruling, "because": "x", "ruled_by": "x", "ruled_at": KNOWN - timedelta(minutes=5)}
        Ledger(connection).add("rulings", [ruled])
    connection.commit()


@pytest.fixture
def faulty(connection, declared, release):
    """Releases a delivery of ten rows: six facts with three flaws, four rejects; two rows break a check between fields."""
    check = next(check for check in declared.categories["penalty"].checks)
    broken = (check.field, check.reason)
    counts = {"rows_facts": 6, "rows_rejected": 4, "facts": 6, "flaws": 3, "values_given": 60, "values_there": 47,
              "rows_checked": 10, "rows_inconsistent": 2, "rows_duplicate": 0}
    Ledger(connection).add("deliveries", [delivery("d1", "city_penalties") | {"rows_received": 10}])
    Ledger(connection).add("admissions", [admission("d1") | counts])
    connection.commit()
    rejects = [line(1, WRONG), line(2, WRONG), line(3, WRONG), line(4, broken)]
    told = lake(rejects=rejects, flaws=[line(5, LATE), line(6, LATE), line(6, broken)])

    def make(salt: str) -> dict[str, tuple]:
        release(told, salt=salt)
        return figures(connection, "feed", "city_penalties")

    return make, broken


def quality(found: dict[str, tuple]) -> tuple:
    return found["compliance"], found["validity"], found["consistency"]


def test_what_is_disputed_leaves_the_score_until_it_is_ruled_on(faulty, connection):
    make, broken = faulty
    assert quality(make("0")) == ((6, 10), (47, 50), (8, 10))
    dispute(connection, "one row", WRONG, 2)
    assert quality(make("1")) == ((6, 9), (47, 50), (8, 10))
    dispute(connection, "the rule", WRONG, None)  # row 2 is among its rows
    assert quality(make("2")) == ((6, 7), (47, 50), (8, 10))
    dispute(connection, "flaws", LATE, None)
    dispute(connection, "a check", broken, None)
    assert quality(make("3")) == ((6, 6), (47, 47), (8, 8))


def test_what_was_ruled_on_counts_again(faulty, connection):
    make, _ = faulty
    dispute(connection, "upheld", WRONG, None, "upheld")
    assert quality(make("0")) == ((6, 10), (47, 50), (8, 10))


def test_slips_that_are_open_are_counted_over_all(told_twice, release, connection, declared):
    """Two slips of files that could not be read, of which a later delivery of its day closes one."""
    torn = delivery("torn", "city_penalties") | {"delivery_status": "quarantined", "reason": "damaged"}
    before = {"covers": date(2026, 11, 10), "received_at": KNOWN - timedelta(days=9)}
    closed = {"delivery_id": "closed", "received_at": KNOWN - timedelta(days=1)}
    Ledger(connection).add("deliveries", [torn | before, torn | closed])
    connection.commit()
    release(told_twice)
    assert figures(connection, "feed", "city_penalties")["slips_open"] == (1, 2)
    assert figures(connection, "feed", "province_penalties")["slips_open"] == (None, None)

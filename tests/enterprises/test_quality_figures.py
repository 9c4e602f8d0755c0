"""What is counted of a night's matching: shares with intervals, labels that hide the code, and what moved."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jobs.declarations.matching import Quality
from jobs.enterprises import exact, labelled, quality
from tests.acts import at, frame

LINKED = {"fact_id": "string", "category": "string", "feed": "string", "subject": "string", "enterprise_id": "string",
          "tier": "int", "score": "decimal(5,4)", "reason": "string", "adverse": "boolean", "pending": "boolean"}
ANSWER = {"subject": "string", "enterprise_id": "string", "tier": "int", "reason": "string", "candidates": "array<string>"}
LABEL = {"subject": "string", "enterprise_id": "string", "same": "boolean"}
BY = Quality(labels=10, z=1.96, score_edges=[0, 0.5, 0.9], age_days=[0, 2, 8], clusters=2)
CODE, OTHER = "91340100MA0A00011X", "91340100MA0B00012Y"


def link(number: int, **said) -> dict:
    return {"fact_id": f"f{number}", "category": "penalty", "feed": "city", "subject": f"s{number}", "enterprise_id": "e1",
            "tier": 1, "reason": "credit_code", "adverse": True, "pending": False, **said}


@pytest.fixture(scope="module")
def figures(spark) -> dict:
    nobody = {"enterprise_id": None, "tier": None}
    linked = frame(spark, LINKED, [
        link(1), link(2, tier=5, reason="scored", score=Decimal("0.9700"), pending=True), link(3, feed="province"),
        link(4, **nobody, reason="name_close", score=Decimal("0.6000")),
        link(5, **nobody, reason="numbers_disagree", adverse=False, category="permit"),
        link(6, tier=5, reason="scored", score=Decimal("0.9900"), adverse=False, category="permit", enterprise_id="e2")])
    waiting = frame(spark, {"priority": "int", "first_received": "timestamp"}, [
        {"priority": 1, "first_received": at("2026-11-20")}, {"priority": 2, "first_received": at("2026-11-12")}])
    labels = frame(spark, LABEL, [{"subject": f"l{n}", "enterprise_id": "e1", "same": True} for n in range(1, 5)]
                   + [{"subject": "l5", "enterprise_id": "e9", "same": False}])
    answers = frame(spark, ANSWER, [
        {"subject": "l1", "enterprise_id": "e1", "candidates": []}, {"subject": "l2", "enterprise_id": "e2", "candidates": []},
        {"subject": "l3", "candidates": ["e1", "e2"]}, {"subject": "l4", "candidates": ["e2", "e1"]},
        {"subject": "l5", "enterprise_id": "e9", "candidates": []}])
    conflicts = frame(spark, {"kind": "string", "value": "string"}, [
        {"kind": "tax_number_of_several", "value": "1"}, {"kind": "name_of_several_codes", "value": "甲"}])
    names = frame(spark, {"enterprise_id": "string", "name_key": "string"}, [
        {"enterprise_id": one, "name_key": name} for one, name in (("e1", "甲"), ("e1", "乙"), ("e2", "甲"), ("e3", "丙"))])
    told = quality.figures(quality.Matched(linked, waiting, {"coded": labels}, answers, conflicts, names, date(2026, 11, 20)), BY)
    rows = [row.asDict() for row in told.collect()]
    assert len({(row["part"], row["name"], row["figure"]) for row in rows}) == len(rows)
    return {(row["part"], row["name"], row["figure"]): row for row in rows}


@pytest.mark.parametrize(("key", "count", "whole"), [
    (("tier", "all", "1"), 2, 6), (("tier", "all", "none"), 2, 6), (("tier", "province", "1"), 1, 1),
    (("unmatched", "name_close", "adverse"), 1, 2), (("unmatched", "numbers_disagree", "other"), 1, 2),
    (("pending", "penalty", "pending"), 1, 3),
    (("queue", "0", "1"), 1, 2), (("queue", "8", "2"), 1, 2),
    (("score", "0.9", "pending"), 1, 3), (("score", "0.9", "linked"), 1, 3), (("score", "0.5", "not_linked"), 1, 3),
    (("conflict", "numbers_disagree", "facts"), 1, None), (("conflict", "name_of_several_codes", "index"), 1, None),
    (("conflict", "tax_number_of_several", "index"), 1, None),
    (("cluster", "e1", "names"), 2, None), (("cluster", "e2", "scored"), 1, None),
    (("labels", "coded", "precision"), 1, 3), (("labels", "coded", "recall"), 1, 4),
    (("labels", "coded", "recall_with_review"), 2, 4),
])
def test_each_figure_counts_what_it_says(figures: dict, key: tuple, count: int, whole: int | None) -> None:
    assert (figures[key]["count"], figures[key]["whole"]) == (count, whole)


def test_a_pending_fact_makes_no_cluster_and_only_the_biggest_are_named(figures: dict) -> None:
    assert {name for part, name, figure in figures if (part, figure) == ("cluster", "scored")} == {"e2"}
    assert {name for part, name, figure in figures if (part, figure) == ("cluster", "names")} == {"e1", "e2"}


def test_a_share_has_wilson_s_interval(figures: dict) -> None:
    row = figures["labels", "coded", "recall"]  # the two x of (0.25 - x)² = 1.96² x (1 - x) / 4
    assert (float(row["share"]), float(row["low"]), float(row["high"])) == (0.25, 0.045586, 0.699364)
    assert figures["cluster", "e1", "names"]["share"] is None


def test_what_moved_is_told_also_where_one_side_has_none_of_it(spark) -> None:
    shape = {"part": "string", "name": "string", "figure": "string", "count": "int", "whole": "int"}
    now, before = (frame(spark, shape, [{"part": "tier", "name": "all", "figure": figure, "count": count, "whole": 100}
                                        for figure, count in counts])
                   for counts in ([("1", 90), ("none", 10)], [("1", 96), ("5", 4)]))
    told = {row["figure"]: float(row["change"]) for row in quality.drift(now, before).collect()}
    assert told == {"1": -0.06, "5": -0.04, "none": 0.1}
    assert quality.drift(now, before.limit(0)).count() == 0


REPORT = {"fact_id": "string", "received_at": "timestamp", **dict.fromkeys(exact.SUBJECT, "string")}


def test_a_label_is_a_known_code_hidden_with_every_other_number(spark) -> None:
    reports = frame(spark, REPORT, [
        {"fact_id": "f1", "credit_code": CODE, "tax_number": CODE, "name_key": "合肥甲", "region": "340100", "person": "k1:m:t"},
        {"fact_id": "f2", "credit_code": CODE, "name_key": "合肥甲", "region": "340100", "person": "k1:m:t"},
        {"fact_id": "f3", "credit_code": OTHER, "name_key": "合肥乙"}, {"fact_id": "f4", "credit_code": CODE},
        {"fact_id": "f5", "name_key": "合肥丙"}])
    numbers = frame(spark, {"enterprise_id": "string", "kind": "string", "value": "string"}, [
        {"enterprise_id": "e1", "kind": "credit_code", "value": CODE},
        *({"enterprise_id": one, "kind": "credit_code", "value": OTHER} for one in ("e2", "e3"))])
    labels = labelled.coded(reports, numbers, 10)
    row, = labels.collect()
    assert (row["enterprise_id"], row["same"], row["name_key"], row["region"], row["person"]) \
        == ("e1", True, "合肥甲", "340100", "k1:m:t")
    assert [row[name] for name in (*exact.NUMBERS, "damaged_code", "suggestion")] == [None] * 6
    assert labelled.asked(exact.distinct(reports), labels).where(f"subject = '{row['subject']}'").count() == 1
    open_ = exact.distinct(reports).where("fact_id in ('f1', 'f2')").select("subject").orderBy("subject").first()["subject"]
    assert row["open_subject"] == open_  # of several that hide to one the least, so that each run takes the same
    assert labelled.coded(reports, numbers, 0).count() == 0
    sure = frame(spark, ANSWER, [{"subject": open_, "enterprise_id": "e1", "tier": 1, "reason": "credit_code"}])
    assert labelled.agreeing(labels, sure).count() == 1
    assert labelled.agreeing(labels, sure.where("false")).count() == 0


def test_a_fact_s_age_begins_with_the_first_delivery_that_told_it(spark) -> None:
    reports = frame(spark, {"fact_id": "string", "received_at": "timestamp"}, [
        {"fact_id": "f1", "received_at": at("2026-11-20")}, {"fact_id": "f1", "received_at": at("2026-11-18")}])
    assert {row["first_received"].day for row in labelled.first_received(reports).collect()} == {18}

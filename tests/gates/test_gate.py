"""The two powers of a gate: a delivery is held and the night goes on, or the release is stopped and the last one stays."""

from __future__ import annotations

import pytest

from jobs.stages import gate
from jobs.stages.run import GateStopped
from tests.gates import rows
from tests.gates.night import delivery


def deciding(night, *metrics, **said):
    """A night that decides these deliveries."""
    return night("standardise", deliveries=list(metrics), delivery_metrics=list(metrics), **said)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        pytest.param({"balanced": False}, "every row in has a row out", id="rows lost"),
        pytest.param({"header_known": False}, "unknown labels", id="header"),
        pytest.param({"rows_received": 0, "rows_facts": 0}, "a cut file", id="too few"),
        pytest.param({"fill_low": "credit_code 0.412 of at least 0.9"}, "credit_code 0.412 of at least 0.9: ", id="emptied"),
        pytest.param({"rows_rejected": 6, "reject_rate": 0.6}, "more than half of the rows", id="rejects"),
    ],
)
def test_what_is_wrong_with_a_delivery_holds_it_and_no_other(night, wrong, why):
    reasons = gate.held(deciding(night, delivery("good"), delivery("bad", **wrong)))
    assert list(reasons) == ["bad"]
    assert why in reasons["bad"]


def test_every_reason_is_named(night):
    [reason] = gate.held(deciding(night, delivery("bad", balanced=False, reject_rate=0.9))).values()
    assert "column=balanced" in reason
    assert "column=reject_rate" in reason


def test_delivery_that_is_held_already_keeps_its_reason(night):
    one = deciding(night, delivery("unread", header_known=False), held={"unread": "header_unknown: 名称"})
    assert gate.held(one) == {}
    assert [row["keys"] for row in one.results if not row["success"]] == [[{"delivery_id": "unread"}]]


def test_no_delivery_needs_no_gate(night):
    assert gate.held(deciding(night)) == {}


def test_warning_is_said_and_holds_nothing(night):
    one = deciding(night, delivery("dirty", rows_rejected=2, reject_rate=0.2))
    assert gate.held(one) == {}
    [line] = one.heard
    assert "one row in ten is more than dirt" in line
    assert "delivery_id=dirty" in line


def test_more_rows_than_the_most_are_said_and_hold_nothing(night):
    one = deciding(night, delivery("many", rows_received=101, rows_facts=101))
    assert gate.held(one) == {}
    [line] = one.heard
    assert "one file many times over" in line
    assert "delivery_id=many" in line


def test_rows_of_a_held_delivery_stop_nothing(night, spark):
    bad = rows.frame(spark, "rejects", [{"delivery_id": "bad", "run_id": "standardise-0", "reason": None}])
    one = deciding(night, delivery("good"), delivery("bad", balanced=False))
    one.frames["rejects"] = bad.replace("standardise-0", one.run_id)
    assert list(gate.held(one)) == ["bad"]


def test_rows_of_an_admitted_delivery_stop_the_night(night, spark):
    one = deciding(night, delivery("good"))
    one.frames["rejects"] = rows.frame(spark, "rejects", [{"delivery_id": "good", "run_id": one.run_id, "reason": None}])
    with pytest.raises(GateStopped, match="rejects: expect_column_values_to_not_be_null"):
        gate.held(one)


def test_rows_of_an_earlier_run_are_not_looked_at(night, spark):
    one = deciding(night, delivery("good"))
    one.frames["rejects"] = rows.frame(spark, "rejects", [{"delivery_id": "good", "run_id": "killed", "reason": None}])
    assert gate.held(one) == {}


def test_stop_says_all_that_is_needed_to_go_on(night, spark):
    wrong = rows.frame(spark, "reviews", [{}, {"review_id": "r2", "category": "permit", "priority": 9}])
    one = night("match", {**rows.good(spark, "match"), "reviews": wrong})
    with pytest.raises(GateStopped) as stopped:
        gate.check(one, "match")
    for part in (
        "expect_column_values_to_be_between(column=priority, min_value=1, max_value=4)",
        "1 rows, first review_id=r2",
        "the queue has four places",
        "expectations/reviews.yml",
        "python -m jobs night --as-of 2026-11-20",
    ):
        assert part in str(stopped.value)
    assert [(row["suite"], row["unexpected_count"], row["keys"]) for row in one.results if not row["success"]] == [
        ("reviews", 1, [{"review_id": "r2"}])
    ]


@pytest.mark.parametrize("stage", ["match", "assemble", "grade"])
def test_good_rows_pass_every_suite_of_the_stage(night, spark, stage):
    one = night(stage, rows.good(spark, stage))
    results = gate.check(one, stage)
    assert [result.told for result in results if not result.success] == []
    assert len(one.results) == len(results)


def test_table_that_no_stage_wrote_is_a_wrong_declaration(night, spark):
    frames = rows.good(spark, "match")
    del frames["links"]
    with pytest.raises(Exception, match=r"expectations/links.yml: table: 'links' is not written by match"):
        gate.check(night("match", frames), "match")

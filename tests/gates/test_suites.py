"""The declared suites are ones the library can run; what is wrong with one is said before a night begins."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from jobs.declarations.files import DeclarationError
from jobs.declarations.settings import ROOT
from jobs.stages.night import WORK
from jobs.stores.checks import suites

FILES = sorted(path.stem for path in (ROOT / "expectations").glob("*.yml"))
NO_VALUES = {"row_no", "part", "kind", "field", "indicator", "scheme", "category", "feed", "name", "figure"}


@pytest.mark.parametrize("name", FILES)
def test_suite_can_be_run(declared, name):
    suites.validate_suite(declared.suites[name])


def test_a_suite_that_could_not_be_run_ends_the_night_before_any_work(declared):
    wrong = declared.suites["events"].model_copy(update={"expectations": [
        declared.suites["events"].expectations[0].model_copy(update={"expectation": "expect_column_values_to_not_be_nul"})]})
    night = SimpleNamespace(declarations=SimpleNamespace(suites={**declared.suites, "events": wrong}))
    for work in WORK.values():
        with pytest.raises(DeclarationError, match="'expect_column_values_to_not_be_nul' is unknown"):
            work(night)


@pytest.mark.parametrize("name", FILES)
def test_rows_are_named_by_ids_and_places(declared, name):
    assert [key for key in declared.suites[name].key if not key.endswith("_id") and key not in NO_VALUES] == []


def test_every_stage_that_writes_has_a_gate(declared):
    assert {suite.stage for suite in declared.suites.values()} == {"standardise", "match", "assemble", "grade", "publish"}


def test_one_suite_alone_holds_deliveries(declared):
    metrics = {name: suite.stage for name, suite in declared.suites.items() if suite.engine == "metrics"}
    assert metrics == {"deliveries": "standardise", "snapshots": "assemble"}


@pytest.mark.parametrize(
    ("expectation", "arguments", "said"),
    [
        pytest.param(
            "expect_column_values_to_be_unqiue",
            {"column": "event_id"},
            "events.yml: expectations.0.expectation: 'expect_column_values_to_be_unqiue' is unknown; known: ",
            id="name",
        ),
        pytest.param(
            "expect_column_values_to_be_in_set",
            {"column": "state", "values": ["active"]},
            "arguments: values not taken by expect_column_values_to_be_in_set; known: column, ",
            id="argument",
        ),
        pytest.param(
            "expect_column_values_to_be_in_set", {"column": "state"}, "arguments: value_set: field required", id="missing"
        ),
        pytest.param(
            "expect_column_values_to_be_unique", {"column": "state", "mostly": 2}, "arguments: mostly: ", id="bad value"
        ),
        pytest.param(
            "expect_column_values_to_be_unique", {"column": "state", "severity": "info"}, "severity not taken by", id="a key"
        ),
        pytest.param(
            "unexpected_rows_expectation", {"unexpected_rows_query": "select 1"}, "must read from {batch}", id="other rows"
        ),
    ],
)
def test_bad_expectation_is_refused(suite, expectation, arguments, said):
    with pytest.raises(DeclarationError) as refused:
        suites.validate_suite(suite(expectation, arguments))
    assert said in str(refused.value)


def test_engine_that_does_not_read_the_stage_is_refused(suite):
    with pytest.raises(DeclarationError, match="engine: 'postgres' does not read what assemble wrote; known: metrics, spark"):
        suites.validate_suite(suite("expect_table_row_count_to_be_between", {"min_value": 1}, engine="postgres"))


def test_what_names_no_row_cannot_hold_a_delivery(suite):
    counting = suite("expect_table_row_count_to_be_between", {"min_value": 1}, stage="standardise", engine="metrics")
    with pytest.raises(DeclarationError, match="cannot hold a delivery"):
        suites.validate_suite(counting)


def test_missing_column_is_named_with_its_place(suite):
    pair = suite("expect_column_pair_values_to_be_equal", {"column_A": "ended_on", "column_B": "use_until"})
    with pytest.raises(DeclarationError) as refused:
        suites.require_columns(pair, ["event_id", "ended_on"])
    assert str(refused.value) == (
        "expectations/events.yml: expectations.0.arguments.column_B: column 'use_until' "
        "is not in table events; known: ended_on, event_id"
    )


def test_missing_key_is_named_with_its_place(suite):
    with pytest.raises(DeclarationError, match="key: column 'event_id' is not in table events"):
        suites.require_columns(suite("expect_column_values_to_be_unique", {"column": "state"}), ["state"])

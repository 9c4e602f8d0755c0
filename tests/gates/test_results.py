"""What a failed expectation says: which rows, by key, and never what stands in them."""

from __future__ import annotations

import json
import logging

import pytest

from jobs.declarations.files import DeclarationError
from jobs.stores.checks import batches, results
from jobs.stores.checks.results import CheckError, checked

PHONE = "13812345678"
ROWS = [("e1", "active", 1, "2026-01-01", "a"), ("e2", PHONE, 2, None, "a"), ("e2", None, 3, "2026-03-01", "a")]
COLUMNS = "event_id string, state string, levels int, ended_on string, category string"

FAILING = [
    pytest.param("expect_column_values_to_be_in_set", {"column": "state", "value_set": ["active"]}, ["e2"], id="one column"),
    pytest.param("expect_column_values_to_not_be_null", {"column": "state"}, ["e2"], id="null"),
    pytest.param("expect_column_values_to_be_unique", {"column": "event_id"}, ["e2", "e2"], id="unique"),
    pytest.param("expect_compound_columns_to_be_unique", {"column_list": ["event_id", "category"]}, ["e2", "e2"], id="compound"),
    pytest.param(
        "expect_column_pair_values_to_be_equal",
        {"column_A": "state", "column_B": "ended_on", "ignore_row_if": "either_value_is_missing"},
        ["e1"],
        id="pair",
    ),
    pytest.param(
        "unexpected_rows_expectation",
        {"unexpected_rows_query": "select * from {batch} where levels > 1"},
        ["e2", "e2"],
        id="query",
    ),
]


@pytest.fixture
def rows(spark):
    return spark.createDataFrame(ROWS, COLUMNS)


@pytest.mark.parametrize(("expectation", "arguments", "keys"), FAILING)
def test_spark_failure_names_its_rows_by_key(suite, rows, expectation, arguments, keys):
    one = suite(expectation, arguments)
    [found] = checked(one, batches.of_spark(one, rows))
    assert not found.success
    assert found.unexpected_count == len(keys)
    assert found.keys == tuple({"event_id": key} for key in keys)


@pytest.mark.parametrize(("expectation", "arguments", "keys"), FAILING)
def test_values_are_in_no_result_and_no_log(suite, rows, caplog, capfd, expectation, arguments, keys):
    one = suite(expectation, arguments)
    with caplog.at_level(logging.DEBUG):
        [found] = checked(one, batches.of_spark(one, rows))
    told = json.dumps(found.row("assemble-1")) + caplog.text + "".join(capfd.readouterr())
    assert "e2" in told or "e1" in told
    assert PHONE not in told


def test_a_query_may_count_its_rows_by_feed_and_long_arguments_are_cut(suite, spark):
    given = [("e1", "city_permits", 1), ("e2", "city_permits", 2), ("e3", "ministry_permits", 3)]
    days = ", ".join(map(str, range(1000)))
    query = f"select feed, count(*) as rows from {{batch}} where levels in ({days}) group by feed"
    one = suite("unexpected_rows_expectation", {"unexpected_rows_query": query})
    [found] = checked(one, batches.of_spark(one, spark.createDataFrame(given, "event_id string, feed string, levels int")))
    assert found.unexpected_count == 3
    assert found.keys == ({"feed": "city_permits", "rows": 2}, {"feed": "ministry_permits", "rows": 1})
    assert len(found.told) < 300


def test_results_stand_in_declared_order(suite, rows):
    first = suite("expect_column_values_to_not_be_null", {"column": "state"}).expectations[0]
    second = suite("expect_column_values_to_be_between", {"column": "levels", "min_value": 1}).expectations[0]
    both = suite("expect_column_to_exist").model_copy(update={"expectations": [first, second, first]})
    assert [result.success for result in checked(both, batches.of_spark(both, rows))] == [False, True, False]


def test_only_so_many_keys_are_kept(suite, spark):
    one = suite("expect_column_values_to_be_between", {"column": "levels", "max_value": 0})
    many = spark.range(150).selectExpr("cast(id as string) as event_id", "1 as levels")
    [found] = checked(one, batches.of_spark(one, many))
    assert (found.unexpected_count, len(found.keys)) == (150, results.KEYS)


def test_failure_of_the_whole_table_names_no_row(suite, rows):
    one = suite("expect_table_row_count_to_be_between", {"min_value": 9})
    [found] = checked(one, batches.of_spark(one, rows))
    assert (found.success, found.keys) == (False, ())


def test_nothing_to_check_is_no_failure(suite, rows):
    one = suite("expect_column_values_to_be_unique", {"column": "event_id"})
    [found] = checked(one, batches.of_spark(one, rows.limit(0)))
    assert found.success


def test_column_that_does_not_exist_is_an_error_not_a_failure(suite, rows):
    one = suite("expect_column_values_to_be_unique", {"column": "event"})
    with pytest.raises(DeclarationError, match="column 'event' is not in table events"):
        batches.of_spark(one, rows)


def test_check_that_breaks_says_where_and_not_on_what(suite, rows):
    one = suite("unexpected_rows_expectation", {"unexpected_rows_query": "select * from {batch} where cast(state as int) > 1"})
    with pytest.raises(CheckError) as broken:
        checked(one, batches.of_spark(one, rows))
    assert "expectations/events.yml: expectations.0" in str(broken.value)
    assert PHONE not in str(broken.value)


def test_metrics_name_every_delivery(suite):
    one = suite(
        "expect_column_values_to_be_in_set", {"column": "balanced", "value_set": [True]}, key=["delivery_id"], engine="metrics"
    )
    told = [{"delivery_id": f"d{number:03}", "balanced": False} for number in range(150)]
    [found] = checked(one, batches.of_metrics(one, told), keys=len(told))
    assert len(found.keys) == 150

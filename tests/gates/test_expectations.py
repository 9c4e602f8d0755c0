"""Every expectation can fail, and says which rows: a suite that nothing breaks guards nothing."""

from __future__ import annotations

import pytest

from jobs.stores.checks import batches
from jobs.stores.checks.results import checked
from tests.gates import rows


@pytest.mark.parametrize("name", sorted(rows.ROWS))
def test_good_rows_meet_every_expectation(declared, spark, name):
    suite = declared.suites[name]
    results = checked(suite, batches.of_spark(suite, rows.frame(spark, name, rows.ROWS[name].good)))
    assert [result.told for result in results if not result.success] == []


@pytest.mark.parametrize("name", sorted(rows.ROWS))
def test_bad_rows_miss_every_expectation(declared, spark, name):
    suite = declared.suites[name]
    results = checked(suite, batches.of_spark(suite, rows.frame(spark, name, rows.ROWS[name].bad)))
    assert [result.told for result in results if result.success] == []


def test_every_spark_suite_is_tried(declared):
    assert {name for name, suite in declared.suites.items() if suite.engine == "spark"} == set(rows.ROWS)

"""A night of few rows is planned as one; of many, as the session began."""
from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from jobs.stores.sizing import FOR_FEW, fit


@pytest.fixture
def began(spark: SparkSession) -> dict[str, str]:
    fit(spark, few=False)
    return {key: spark.conf.get(key) for key in FOR_FEW}


def test_few_rows_are_one_part_and_many_are_as_the_session_began(spark: SparkSession, began: dict[str, str]) -> None:
    fit(spark, few=True)
    try:
        assert {key: spark.conf.get(key) for key in FOR_FEW} == FOR_FEW != began
        assert spark.range(5).selectExpr("id % 3 as rest").groupBy("rest").count().rdd.getNumPartitions() == 1
    finally:
        fit(spark, few=False)
    assert {key: spark.conf.get(key) for key in FOR_FEW} == began

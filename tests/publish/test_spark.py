"""The same rows through Spark: partitions copy themselves, and what is released does not know how many there were."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
from pyspark.sql import DataFrame, SparkSession

from jobs.stages import publish
from tests.publish.lake import PENALTY, SCHEMAS, SmallNight, lake, penalty, table


class SparkNight(SmallNight):
    """A night whose lake hands over Spark frames of so many partitions."""

    spark: SparkSession
    partitions: int

    def frame(self, rows: pa.Table) -> DataFrame:
        return self.spark.createDataFrame(rows).repartition(self.partitions)

    def read(self, name: str) -> DataFrame:
        return self.frame(super().read(name))

    def facts(self, category: str) -> DataFrame | None:
        found = super().facts(category)
        return None if found is None else self.frame(found)


@pytest.mark.parametrize("partitions", [1, 3, 7])
def test_partitions_do_not_change_the_release(release, night, connection, spark, partitions):
    ends = [date(2029, 3, n % 9 + 1) for n in range(40)]
    rows = lake(*[penalty(n, violation_facts=None if n % 2 else "", publicity_until=ends[n]) for n in range(1, 40)])
    one = night(rows, salt=f"{partitions} partitions")
    one.__class__, one.spark, one.partitions = SparkNight, spark, partitions
    made = publish.prepare(one)
    assert made["rows"]["penalties"] == 39
    through_spark = publish.apply(one)
    assert through_spark["content_hash"] == release(rows)["content_hash"]


def test_spark_and_arrow_agree_on_the_schemas(spark):
    from jobs.stores.serving.copying import schema_of

    for name in [*SCHEMAS, "facts_penalty"]:
        rows = table(name, [])
        kinds = PENALTY if name == "facts_penalty" else SCHEMAS[name]
        assert {field.name: field.type for field in schema_of(spark.createDataFrame(rows))} == kinds

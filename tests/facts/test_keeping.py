"""What is kept for several questions."""
from __future__ import annotations

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from jobs.facts.keeping import collected, gathered, kept, let_go


def test_what_is_kept_leaves_its_plan_behind_and_can_be_computed_anew(spark: SparkSession) -> None:
    made = spark.range(10).withColumn("tens", F.col("id") * 10).groupBy("id").agg(F.sum("tens").alias("tens"))
    one = kept(made)
    rows = sorted(row["tens"] for row in collected(one))
    assert rows == list(range(0, 100, 10))
    assert one.schema == made.schema
    assert "Aggregate" in made._jdf.queryExecution().logical().toString()
    assert "Aggregate" not in one._jdf.queryExecution().logical().toString()
    let_go(one)  # as when an executor that held it is lost
    assert sorted(row["tens"] for row in collected(one)) == rows


def test_what_is_gathered_has_few_parts(spark: SparkSession) -> None:
    whole = gathered(spark.range(0, 3, 1, 3) for _ in range(20))
    assert whole.count() == 60
    assert whole.rdd.getNumPartitions() == 4 * spark.sparkContext.defaultParallelism

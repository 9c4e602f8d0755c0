"""How Spark's Python workers start."""
from __future__ import annotations

from pyspark.sql import SparkSession

from jobs.stages.workers import without_archives


def test_an_import_path_keeps_its_folders_in_their_order():
    assert without_archives(["/ours", "/x/pyspark.zip", "/x/spark-core.jar", "/x/site-packages"]) == ["/ours", "/x/site-packages"]


def test_workers_import_from_folders_and_have_our_code_when_they_begin(spark: SparkSession):
    def seen(_: int) -> tuple[str, list[str], bool, int]:
        import gc
        import sys

        return sys.modules["pyspark"].__file__, sys.path, "jobs.facts.cleaning" in sys.modules, gc.get_freeze_count()

    [(module, path, loaded, frozen)] = spark.sparkContext.parallelize([1], 1).map(seen).collect()
    assert "site-packages/pyspark" in module
    assert not [entry for entry in path if entry.endswith((".zip", ".jar"))]
    assert loaded
    assert frozen > 10_000

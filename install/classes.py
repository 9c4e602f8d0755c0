"""Makes .jars/classes.jsa: the classes that Spark loads at its start, ready for the JVM to map (Java's class data sharing).

Without it each stage, each question and each test spends ten seconds of work on reading thousands of classes out of 300 jars. The
archive holds for this Java and these jars alone; another JVM ignores it, until the next installation makes it anew.
"""
from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pyspark import SparkContext
from pyspark.sql import functions as F

from jobs.declarations.settings import QUIET, Settings, settings
from jobs.stores.lake import session


def work(given: Settings) -> None:
    """What every stage does: rows made, sent to Python, joined, grouped, sorted, kept, written and read."""
    spark = session(given)
    rows = spark.range(10_000).withColumns({"key": F.col("id") % 100, "text": F.sha2(F.col("id").cast("string"), 256)})
    grouped = rows.groupBy("key").agg(F.count("*").alias("count"), F.collect_set("text").alias("texts"))
    joined = rows.join(grouped, "key").persist()
    told = joined.mapInArrow(lambda batches: batches, joined.schema).orderBy("id")
    told.write.parquet(str(given.home / "told"))
    spark.read.parquet(str(given.home / "told")).toArrow()
    spark.stop()


def main() -> None:
    given = settings()
    archive = given.classes
    archive.unlink(missing_ok=True)
    print("archiving the classes that Spark starts with", flush=True)
    with tempfile.TemporaryDirectory(prefix="credit-classes-") as folder:
        options = f"{given.spark.java_options} -XX:ArchiveClassesAtExit={archive} {QUIET}"
        spark = given.spark.model_copy(update={"java_options": options})
        work(given.model_copy(update={"home": Path(folder), "spark": spark}))
        jvm = SparkContext._gateway.proc
        SparkContext._gateway.shutdown()
        jvm.stdin.close()
        jvm.wait()
    if not archive.exists():
        sys.exit(f"{archive}: Java made no archive of classes")


if __name__ == "__main__":
    main()

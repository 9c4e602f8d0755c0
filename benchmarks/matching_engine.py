"""Our engine on a world of `sample.matching`, as a night asks it: cleaned, indexed, asked, remembered.

A second night cleans its own records and asks of all, as does a night whose facts lie in the lake; its own records are told.

    python -m benchmarks.matching_engine WORLD MATCHING [--night 2] [--memory DIR] [--config DIR]
    python -m benchmarks.matching_engine WORLD --train            # weights and terms into DIR (config/matching)
    python -m benchmarks.matching_engine WORLD --terms            # only the frequencies of its index
"""
from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs.declarations.settings import ROOT, settings
from jobs.enterprises import exact, index, model, reading, scored, tiers
from jobs.facts.keeping import kept
from jobs.stages.train import learn
from jobs.stores.lake import session
from jobs.values import codes, misread, names

CLEAN_NAMES = "received string, name_key string"
CLEAN_CODES = "received string, credit_code string, damaged_code string, suggestion string"
Batches = Iterator[pa.RecordBatch]


def clean_names(batches: Batches) -> Batches:
    """Names as received with the key that compares them."""
    for batch in batches:
        told = batch.column(0).to_pylist()
        keys = [names.name_key(clean) if (clean := names.enterprise_name(name)[0]) else None for name in told]
        yield pa.RecordBatch.from_arrays([batch.column(0), pa.array(keys, pa.string())], names=["received", "name_key"])


def clean_codes(batches: Batches) -> Batches:
    """Codes as received: good, or damaged with the one repair there may be."""
    for batch in batches:
        told = batch.column(0).to_pylist()
        good = [codes.credit_code(code)[0] for code in told]
        damaged = [None if clean else codes.bare(code)[0] for code, clean in zip(told, good, strict=True)]
        repairs = [misread.suggestion(code) if code else None for code in damaged]
        columns = [batch.column(0), *(pa.array(one, pa.string()) for one in (good, damaged, repairs))]
        yield pa.RecordBatch.from_arrays(columns, names=["received", "credit_code", "damaged_code", "suggestion"])


def by_value(frame: DataFrame, column: str, clean: Callable[[Batches], Batches], schema: str) -> DataFrame:
    """The frame with what the cleaner makes of each distinct value of the column."""
    values = frame.select(F.col(column).alias("received")).where("received is not null").distinct()
    return frame.join(values.mapInArrow(clean, schema), F.col(column) == F.col("received"), "left").drop("received", column)


def reports(spark: SparkSession, world: Path, mark: str) -> DataFrame:
    """The records as facts say them: record_id and every column of a subject."""
    told = spark.read.parquet(str(world / f"records{mark}.parquet"))
    named = by_value(told.withColumnRenamed("credit_code", "code"), "subject_name", clean_names, CLEAN_NAMES)
    coded = by_value(named, "code", clean_codes, CLEAN_CODES)
    return coded.select("record_id", *exact.NUMBERS, "name_key", "damaged_code", "suggestion", "region", "address",
                        F.concat(F.lit("k1:match:"), "legal_representative").alias("person"))


def of_index(spark: SparkSession, world: Path, mark: str, by: model.Sent, memory: Path | None = None) -> tiers.Index:
    """The enterprise index from the registry of the world; names that the memory holds are not taken apart anew."""
    told = spark.read.parquet(str(world / f"index{mark}.parquet"))
    named = by_value(told.withColumn("named", F.col("subject_name")), "named", clean_names, CLEAN_NAMES)
    token = F.concat(F.lit("k1:match:"), "legal_representative").alias("legal_representative_token")
    members = kept(index.members(named.select(
        F.col("truth_id").alias("fact_id"), F.lit("registry").alias("feed"), *exact.NUMBERS,
        "subject_name", "former_name", "name_key",
        F.col("approval_date").alias("event_date"), F.col("approval_date").alias("covers"),
        F.col("approval_date").cast("timestamp").alias("received_at"), "registered_region", "registered_address", token)))
    borne = kept(index.names(members))
    known = kept(reading.known(index.known(members, borne), remembered(spark, memory, "names"), by))
    return tiers.Index(kept(index.identifiers(members)), borne, known, kept(scored.blocked(known, by.value.policy.caps)))


def remembered(spark: SparkSession, memory: Path | None, what: str) -> DataFrame | None:
    """What the first night left, if it did."""
    return spark.read.parquet(str(memory / what)) if memory and (memory / what).exists() else None


def ask(spark: SparkSession, given: argparse.Namespace) -> dict[str, object]:
    """One night: the matching written for the scores, and what is remembered for the next."""
    by, mark = model.sent(spark, given.config), "_night2" if given.night == 2 else ""
    found = of_index(spark, given.world, mark, by, given.memory)
    new = reports(spark, given.world, mark).withColumn("new", F.lit(True))
    before = remembered(spark, given.memory, "facts")
    said = kept(exact.distinct(new if before is None else new.unionByName(before.withColumn("new", F.lit(False)))))
    answer = tiers.ask(said, found, remembered(spark, given.memory, "answers"), by, kept)
    whose = spark.read.parquet(str(given.world / f"index{mark}.parquet")).select("truth_id", F.col("credit_code").alias("value"))
    enterprises = found.numbers.where("kind = 'credit_code'").join(whose, "value").select("enterprise_id", "truth_id")
    scores = answer.entries.where("kind = 'open'").select("subject", F.col("score").alias("chance"), "ranked", "margin")
    who = answer.answers.join(scores, "subject", "left")
    first = F.coalesce("enterprise_id", F.get("candidates", F.lit(0)), F.get("ranked", F.lit(0))["enterprise_id"])
    score = F.when(F.col("tier").between(1, 4), 1.0).otherwise(F.col("chance"))
    told = who.select("subject", F.col("enterprise_id").alias("linked_id"), first.alias("first_id"), score.alias("score"),
                      "tier", "reason", F.get("ranked", F.lit(0))["levels"].alias("levels"), "margin")
    for name in ("linked", "first"):
        known = enterprises.select(F.col("enterprise_id").alias(f"{name}_id"), F.col("truth_id").alias(name))
        told = told.join(known, f"{name}_id", "left")
    made = said.where("new").select("record_id", "subject").join(told, "subject").select(
        "record_id", "linked", F.col("first").alias("first_candidate"), "score", "tier", "reason", "levels", "margin")
    made.write.mode("overwrite").parquet(str(given.matching))
    if given.memory and given.night == 1:
        facts = said.select(reports(spark, given.world, mark).columns)
        names_ = reading.compared(found.known, by.value.version)
        for what, frame in (("answers", answer.entries), ("names", names_), ("facts", facts)):
            frame.write.mode("overwrite").parquet(str(given.memory / what))
    return answer.metrics


def train(spark: SparkSession, given: argparse.Namespace) -> dict[str, object]:
    """Weights learnt on the records of a world that have a code; without `--train`, the frequencies of its index alone."""
    by = model.sent(spark, given.config)
    found = of_index(spark, given.world, "", by)
    told = learn(found, reports(spark, given.world, "") if given.train else None, given.config, str(given.world.name))
    return {name: told[name] for name in told if name != "weights"}


def main() -> None:
    given = argparse.ArgumentParser(prog="python -m benchmarks.matching_engine", description=__doc__,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("world", type=Path)
    given.add_argument("matching", type=Path, nargs="?")
    given.add_argument("--night", type=int, choices=(1, 2), default=1)
    given.add_argument("--memory", type=Path, help="what a night remembers: read where it is there, written by the first night")
    given.add_argument("--config", type=Path, default=ROOT / "config")
    given.add_argument("--train", action="store_true")
    given.add_argument("--terms", action="store_true")
    arguments = given.parse_args()
    with tempfile.TemporaryDirectory(prefix="credit-matching-") as folder:
        spark = session(settings(home=Path(folder) / "home"))
        told = (train if arguments.train or arguments.terms else ask)(spark, arguments)
        print(json.dumps(told, ensure_ascii=False, default=str), file=sys.stderr)
        spark.stop()


if __name__ == "__main__":
    main()

"""Where the sources of the index contradict each other: listed for people, and merged by nobody."""
from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.enterprises.comparing import LEVELS, Said
from jobs.enterprises.index import identity
from jobs.enterprises.model import Scorer, Sent
from jobs.enterprises.parts import taken_apart

FOUND = ["kind", "value", "enterprise_ids", "fact_ids"]


def conflicts(members: DataFrame, names: DataFrame, numbers: DataFrame, contradicted: DataFrame, reissued: DataFrame,
              sent: Sent) -> DataFrame:
    """conflict_id, kind, value, enterprise_ids, fact_ids: one row a conflict.

    code_of_several_names: unlike names approved on one day under one code; name_of_several_codes: several enterprises bear it
    now; <number>_of_several: several have it; <number>_stated_otherwise: other feeds say it of another enterprise than a
    registry does, or another number of the enterprise; code_reissued.
    """
    found = [unlike_names(members, sent), shared_names(names), shared_numbers(numbers), stated_otherwise(contradicted),
             reissued_codes(reissued)]
    every = found[0].select(*FOUND)
    for one in found[1:]:
        every = every.unionByName(one.select(*FOUND))
    return every.select(identity(F.lit("conflict"), F.concat_ws("|", "kind", "value")).alias("conflict_id"), *FOUND)


def gathered(ids: Column) -> Column:
    return F.array_sort(F.array_distinct(F.flatten(F.collect_list(ids))))


def shared_names(names: DataFrame) -> DataFrame:
    told = names.where("current").groupBy(F.col("name_key").alias("value")).agg(
        F.sort_array(F.collect_set("enterprise_id")).alias("enterprise_ids"), gathered(F.col("fact_ids")).alias("fact_ids"))
    return told.where("size(enterprise_ids) > 1").withColumn("kind", F.lit("name_of_several_codes"))


def shared_numbers(numbers: DataFrame) -> DataFrame:
    told = numbers.groupBy(F.concat("kind", F.lit("_of_several")).alias("kind"), "value").agg(
        F.sort_array(F.collect_set("enterprise_id")).alias("enterprise_ids"), gathered(F.col("fact_ids")).alias("fact_ids"))
    return told.where("size(enterprise_ids) > 1")


def stated_otherwise(contradicted: DataFrame) -> DataFrame:
    """The numbers stated that a registry contradicts, with the enterprises that either says."""
    whose = F.array_union(F.array("enterprise_id"), F.coalesce("owners", F.array().cast("array<string>")))
    kind = F.concat("kind", F.lit("_stated_otherwise")).alias("kind")
    return contradicted.withColumn("whose", whose).groupBy(kind, "value").agg(
        gathered(F.col("whose")).alias("enterprise_ids"), F.sort_array(F.collect_set("fact_id")).alias("fact_ids"))


def reissued_codes(reissued: DataFrame) -> DataFrame:
    ids = F.array_sort(F.array_compact(F.array("enterprise_id", "other_enterprise_id")))
    return reissued.select(F.lit("code_reissued").alias("kind"), F.concat_ws(">", "before_code", "after_code").alias("value"),
                           ids.alias("enterprise_ids"), "fact_ids")


def unlike_names(members: DataFrame, sent: Sent) -> DataFrame:
    """Codes under which registries approved, on one day, names that differ as those of two enterprises do."""
    day = members.where("credit_code is not null and event_date is not null").groupBy("credit_code", "event_date").agg(
        F.min("enterprise_id").alias("enterprise_id"), F.sort_array(F.collect_set("name_key")).alias("keys"),
        F.sort_array(F.collect_set("fact_id")).alias("ids"))
    unlike = day.where("size(keys) > 1").mapInArrow(
        differing(sent), "credit_code string, enterprise_id string, ids array<string>")
    return unlike.groupBy(F.col("credit_code").alias("value")).agg(
        F.sort_array(F.collect_set("enterprise_id")).alias("enterprise_ids"), gathered(F.col("ids")).alias("fact_ids")) \
        .withColumn("kind", F.lit("code_of_several_names"))


def differing(sent: Sent) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Keeps the codes of which some two names do not agree as policy.yml says of a name beside a number."""

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        by = sent.value
        for batch in batches:
            rows = [row for row in batch.to_pylist() if any(
                not agree(one, other, by) for one in row["keys"] for other in row["keys"] if one < other)]
            yield pa.RecordBatch.from_pylist(rows, pa.schema([
                ("credit_code", pa.string()), ("enterprise_id", pa.string()), ("ids", pa.list_(pa.string()))]))

    return read


def agree(one: str, other: str, by: Scorer) -> bool:
    """Whether two names may be one enterprise's, spelt twice."""
    levels = by.levels(*(Said(taken_apart(key, by.words), "", "", "", "") for key in (one, other)))
    told = dict(zip(LEVELS, levels, strict=True))
    return all(told[name] in allowed for name, allowed in by.policy.agrees.items())

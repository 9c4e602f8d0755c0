"""What people and organs decided of whose record it is: it outranks every number and score, and every night replays it.

A decision is of a subject (`exact.distinct`) and an enterprise. The night and `resolve` ask `applied`, after the engine.
"""
from __future__ import annotations

from typing import Any

import pyarrow as pa
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs.enterprises import exact
from jobs.enterprises.rulings import Ruling, labelled_pairs, rulings

BY_DECISION = 0  # the tier of a link that was decided
TEXTS = pa.list_(pa.string())
RULED = pa.schema([("subject", pa.string()), ("same_as", pa.string()), ("certain", pa.bool_()), ("certain_for", TEXTS),
                   ("ruled_out", TEXTS), ("contradicted", pa.bool_()), ("answered", TEXTS)])

LABELS = pa.schema([("subject", pa.string()), ("enterprise_id", pa.string()), ("same", pa.bool_())])


def now_of(decisions: list[dict[str, Any]], numbers: DataFrame, referents: DataFrame) -> dict[str, str]:
    """By the enterprise that a decision was on, the one that bears its id or number today; one that nobody bears is not there."""
    if not decisions:
        return {}
    ids = pa.table({"asked": sorted({one["enterprise_id"] for one in decisions})})
    asked = F.broadcast(numbers.sparkSession.createDataFrame(ids))
    itself = numbers.select(F.col("enterprise_id").alias("asked"), "enterprise_id")
    older = referents.select(F.col("referent_id").alias("asked"), "enterprise_id")
    return {row["asked"]: row["enterprise_id"] for frame in (older, itself)
            for row in frame.join(asked, "asked", "left_semi").distinct().collect()}


def ruled(decisions: list[dict[str, Any]], numbers: DataFrame, referents: DataFrame) -> list[Ruling]:
    """What the decisions say together of each subject, by the enterprises of today."""
    return rulings(decisions, now_of(decisions, numbers, referents))


def labels(spark: SparkSession, of: list[Ruling]) -> DataFrame:
    """The pairs of subject and enterprise that people and organs decided on, as labels."""
    return spark.createDataFrame(pa.Table.from_pylist(labelled_pairs(of), LABELS))


def applied(answers: DataFrame, of: list[Ruling]) -> DataFrame:
    """The engine's answers after what was decided: `same` links, by tier 0, `different` takes the enterprise from answer and
    candidates. Beside each answer stands what `doubtful` needs, and what organs have `answered`.

    A number that says the same without doubt needs no decision and keeps its tier, so that who confirms it takes nothing away.
    """
    rows = [{name: getattr(one, name) for name in RULED.names} for one in of]
    ruled_ = answers.sparkSession.createDataFrame(pa.Table.from_pylist(rows, RULED))
    told = answers.join(F.broadcast(ruled_), "subject", "left")
    sure = F.col("enterprise_id").eqNullSafe(F.col("same_as")) & ~exact.doubtful()
    linked = F.col("same_as").isNotNull() & ~sure
    out = F.coalesce(F.array_contains("ruled_out", F.col("enterprise_id")), F.lit(False)) & ~linked
    # Whoever was doubted is told whom the people disagree on, whatever the engine says of it.
    contradicted = F.coalesce("contradicted", F.lit(False))
    nobody = F.array().cast("array<string>")
    left = F.array_except("candidates", F.coalesce("ruled_out", nobody))
    return told.select(
        "subject", F.when(linked, F.col("same_as")).when(~out, F.col("enterprise_id")).alias("enterprise_id"),
        F.when(linked, BY_DECISION).when(~out, F.col("tier")).cast("int").alias("tier"),
        F.when(~linked & ~out, F.col("score")).alias("score"),
        F.when(linked, "decided_same").when(contradicted, "decisions_contradict").when(out, "decided_different")
        .otherwise(F.col("reason")).alias("reason"),
        left.alias("candidates"), F.coalesce("certain", F.lit(False)).alias("certain"),
        F.coalesce("certain_for", nobody).alias("certain_for"), contradicted.alias("contradicted"),
        F.coalesce("answered", nobody).alias("answered"))


def doubtful() -> Column:
    """Whether no adverse fact of the organ may rest on the link (design law 3): one person alone, another organ, or people who
    contradict each other are doubt as well."""
    decided = F.col("certain") | F.coalesce(F.array_contains("certain_for", F.col("organ_code")), F.lit(False))
    return F.when(F.col("contradicted"), F.lit(True)).when(F.col("tier") == BY_DECISION, ~decided).otherwise(exact.doubtful())

"""What the index says of each row of a list, in input order: who it is, by what, how surely, and who else it may be."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.answers.resolving.index import FEW, Whole, index_for, local
from jobs.answers.resolving.rows import Rows
from jobs.enterprises import dated, decided, exact, tiers
from jobs.enterprises.memory import OPEN
from jobs.enterprises.model import THOUSANDTHS
from jobs.facts.keeping import kept, let_go
from jobs.stores.sizing import fit

ALTERNATIVES = 3


@dataclass(frozen=True)
class Answer:
    """Who a row is: nobody where `enterprise_id` is None, and then `reason` says why."""

    row: int
    reason: str
    enterprise_id: str | None = None
    credit_code: str | None = None
    name: str | None = None
    tier: int | None = None
    score: float | None = None
    doubtful: bool | None = None
    alternatives: tuple[dict[str, Any], ...] = ()
    not_used: str | None = None


def answers(of: Whole, rows: Rows) -> Iterator[Answer]:
    """One answer a row, in the order of rows."""
    told = asked(of, rows.asked) if len(rows.asked) else {}
    for row in sorted({*told, *rows.others}):
        yield replace(told[row], not_used=rows.not_used.get(row)) if row in told else Answer(row, rows.others[row])


def asked(of: Whole, table: pa.Table) -> dict[int, Answer]:
    """The answers of the engine by row; the engine is the night's, and asked without a memory."""
    spark = of.known.sparkSession
    few = len(table) <= FEW
    fit(spark, few)
    try:
        index, keep = index_for(of, table), partial(in_plan, of) if few else kept
        said = keep(exact.distinct(spark.createDataFrame(table)))
        answer = tiers.ask(said.select("subject", *exact.SUBJECT), index, None, of.sent, keep)
        ruled = decided.applied(answer.answers, of.ruled)
        told = of_rows(said, ruled, index.names, answer.entries).toArrow().to_pylist()
        let_go(said, *answer.kept, *(() if few else (index.known, index.blocks)))
        who = named(of, {id for row in told for id in (row["enterprise_id"], *others(row)) if id})
        return {one["row"]: answer_of(one["row"], one, who) for one in told}
    finally:
        fit(spark, few=False)


def in_plan(of: Whole, frame: DataFrame) -> DataFrame:
    """The rows of a frame of few rows, computed now and named in the plan itself: what follows of them is worked out as it is
    planned, without a job."""
    return local(of, frame.toArrow())


def at_date(said: DataFrame, ruled: DataFrame, names: DataFrame) -> DataFrame:
    """The answer of each row: that of its subject, or who alone of several bore the name on the row's day."""
    rows = said.select("row", "subject", "name_key", "event_date", F.col("row").cast("string").alias("fact_id"),
                       *(F.lit(value).alias(name) for name, value in (("category", "resolve"), ("adverse", False))))
    linked = rows.drop("name_key", "event_date").join(ruled, "subject").withColumn("pending", F.lit(False))
    return dated.at_date(linked, rows, names)


def of_rows(said: DataFrame, ruled: DataFrame, names: DataFrame, entries: DataFrame) -> DataFrame:
    """Each row with its answer, whether that is in doubt, and the weights of whom its subject was compared with."""
    weights = F.transform("ranked", lambda one: F.struct(one["enterprise_id"].alias("id"), one["weight"].alias("weight")))
    compared = entries.where(F.col("kind") == OPEN).select(
        F.col("subject").alias("of"), weights.alias("weights"), F.col("score").alias("chance"))
    in_doubt = F.when(F.col("tier") == decided.BY_DECISION, ~F.col("certain")).otherwise(exact.doubtful())
    return at_date(said, ruled, names).join(compared, F.col("subject") == F.col("of"), "left").select(
        "row", "enterprise_id", "tier", "reason", F.col("score").cast("double").alias("score"), "candidates", "weights",
        "chance", in_doubt.alias("doubtful"))


def others(told: dict[str, Any]) -> list[str]:
    """Whom the subject may be otherwise, the likeliest first."""
    return [id for id in told["candidates"] if id != told["enterprise_id"]][:ALTERNATIVES]


def chances(told: dict[str, Any]) -> dict[str, float]:
    """The chance of each enterprise that was scored: that of the first, and of the others as their weights are to its own."""
    weights = told["weights"] or []
    return {one["id"]: told["chance"] * 2.0 ** ((one["weight"] - weights[0]["weight"]) / THOUSANDTHS) for one in weights}


def named(of: Whole, ids: set[str]) -> dict[str, dict[str, Any]]:
    """The credit code and the current name of each of these enterprises, as the index has them."""
    wanted = local(of, pa.table({"enterprise_id": pa.array(sorted(ids), pa.string())})).hint("broadcast")
    names = of.names.where("current").join(wanted, "enterprise_id").groupBy("enterprise_id").agg(F.min("name").alias("name"))
    codes = of.numbers.where("kind = 'credit_code'").join(wanted, "enterprise_id").groupBy("enterprise_id").agg(
        F.min("value").alias("credit_code"))
    return {row["enterprise_id"]: row for row in names.join(codes, "enterprise_id", "full").toArrow().to_pylist()} if ids else {}


def answer_of(row: int, told: dict[str, Any], who: dict[str, dict[str, Any]]) -> Answer:
    scores, nobody = chances(told), {"name": None, "credit_code": None}
    alternatives = tuple({"enterprise_id": id, **{key: who.get(id, nobody)[key] for key in nobody},
                          "score": rounded(scores.get(id))} for id in others(told))
    linked = who.get(told["enterprise_id"], nobody)
    return Answer(row, told["reason"], told["enterprise_id"], linked["credit_code"], linked["name"], told["tier"],
                  rounded(told["score"]), told["doubtful"] if told["enterprise_id"] else None, alternatives)


def rounded(score: float | None) -> float | None:
    """Four digits, and never certain, as the engine tells scores."""
    return None if score is None else min(round(score, 4), 0.9999)

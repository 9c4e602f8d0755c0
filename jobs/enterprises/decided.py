"""What people and organs decided of whose record it is: it outranks every number and score, and every night replays it.

A decision is of a subject (`exact.distinct`) and an enterprise. The night and `resolve` ask `applied`, after the engine.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.enterprises import exact

BY_DECISION = 0  # the tier of a link that was decided
VERDICTS = ("same", "different", "unsure")
PEOPLE = 2  # who must say so before a link carries an adverse fact
TEXTS = pa.list_(pa.string())
RULED = pa.schema([("subject", pa.string()), ("same_as", pa.string()), ("certain", pa.bool_()), ("certain_for", TEXTS),
                   ("ruled_out", TEXTS), ("contradicted", pa.bool_()), ("answered", TEXTS)])


@dataclass(frozen=True)
class Ruling:
    """What the decisions on one subject say together."""

    subject: str
    same_as: str | None
    certain: bool  # said by two, so that it carries adverse facts of every organ
    certain_for: list[str]  # the organs that said so themselves, whose acts it carries
    ruled_out: list[str]
    contradicted: bool
    answered: list[str]  # `organ enterprise`: what organs were asked of their acts and answered
    contradicting: tuple[str, ...]  # the decisions that count for nothing, as others say the contrary


def rulings(decisions: Iterable[Mapping[str, Any]], today: Mapping[str, str]) -> list[Ruling]:
    """One ruling a subject; `today` names the enterprise that each one decided on is now, and a decision on none counts not."""
    told = [{**one, "enterprise_id": today[one["enterprise_id"]]} for one in decisions if one["enterprise_id"] in today]
    ordered = sorted(told, key=lambda one: (one["subject"], one["decision_id"]))
    return [ruling(subject, list(of)) for subject, of in groupby(ordered, key=lambda one: one["subject"])]


def ruling(subject: str, decisions: list[dict[str, Any]]) -> Ruling:
    """`same` with two enterprises, or `same` and `different` with one, contradict each other, and none of them counts."""
    whom = {verdict: {one["enterprise_id"] for one in decisions if one["verdict"] == verdict} for verdict in VERDICTS}
    doubted = whom["same"] if len(whom["same"]) > 1 else whom["same"] & whom["different"]
    same = [one for one in decisions if one["verdict"] == "same" and one["enterprise_id"] not in doubted]
    return Ruling(
        subject, same[0]["enterprise_id"] if same else None, len({person(one["decided_by"]) for one in same}) >= PEOPLE,
        sorted({one["organ_code"] for one in same if one["role"] == "organ"}), sorted(whom["different"] - doubted), bool(doubted),
        sorted({f"{one['organ_code']} {one['enterprise_id']}" for one in decisions if one["role"] == "organ"}),
        tuple(one["decision_id"] for one in decisions if one["verdict"] != "unsure" and one["enterprise_id"] in doubted))


def person(name: str) -> str:
    """One person under one name, however it is typed."""
    return "".join(name.split()).casefold()


def labelled_pairs(decisions: Iterable[Mapping[str, Any]], today: Mapping[str, str]) -> list[dict[str, Any]]:
    """The pairs that nobody contradicts, for training: subject, what it `said`, enterprise_id, and whether they are the same."""
    decisions = list(decisions)
    said = {one["subject"]: one["said"] for one in decisions}
    return [{"subject": one.subject, "said": said[one.subject], "enterprise_id": enterprise, "same": same}
            for one in rulings(decisions, today)
            for same, of in ((True, [one.same_as] if one.same_as else []), (False, one.ruled_out)) for enterprise in of]


# ---- in a night

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


def applied(answers: DataFrame, decisions: list[dict[str, Any]], numbers: DataFrame, referents: DataFrame) -> DataFrame:
    """The engine's answers after what was decided: `same` links, by tier 0, `different` takes the enterprise from answer and
    candidates. Beside each answer stands what `doubtful` needs, and what organs have `answered`.

    A number that says the same without doubt needs no decision and keeps its tier, so that who confirms it takes nothing away.
    """
    found = rulings(decisions, now_of(decisions, numbers, referents))
    rows = [{name: getattr(one, name) for name in RULED.names} for one in found]
    ruled = answers.sparkSession.createDataFrame(pa.Table.from_pylist(rows, RULED))
    told = answers.join(F.broadcast(ruled), "subject", "left")
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

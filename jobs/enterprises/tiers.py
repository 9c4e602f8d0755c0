"""The engine: what distinct subjects are answered by, from an exact code down to scored candidates; the night and `resolve`
ask the same."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from pyspark import Broadcast
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.enterprises import exact, memory, reading, scored
from jobs.enterprises.comparing import LEVELS
from jobs.enterprises.memory import CLAIM, ENTRY, OPEN
from jobs.enterprises.model import Scorer

# What no exact tier answers is scored; of what a number and a name say against each other, a person is shown who is near.
NAME_UNKNOWN = "name_not_in_registry"
UNANSWERED = (exact.OF_SEVERAL, NAME_UNKNOWN)
Keep = Callable[[DataFrame], DataFrame]
CONTRADICTING = ("credit_code_contradicts_name", "registered_number_contradicts_name")


@dataclass(frozen=True)
class Index:
    """The enterprise index as the engine asks it."""

    numbers: DataFrame  # enterprise_id, kind, value
    names: DataFrame  # enterprise_id, name_key
    known: DataFrame  # what is compared of each name, with its block keys
    blocks: DataFrame  # each block with the names under it


@dataclass(frozen=True)
class Scored:
    """The answers of the scored tier: all of them, those made anew, and the blocks that these met."""

    entries: DataFrame
    fresh: DataFrame
    meetings: DataFrame
    kept: tuple[DataFrame, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What the engine says: each distinct subject's answer, what it will remember, and what the asking cost."""

    answers: DataFrame
    entries: DataFrame
    metrics: dict[str, Any]
    kept: list[DataFrame]


class TooManyPairs(Exception):
    """The candidates of a night are more than its budget; the message says which block gave how many. Exit code 3."""


def ask(said: DataFrame, index: Index, remembered: DataFrame | None, sent: Broadcast[Scorer], keep: Keep) -> Answer:
    """The answers to distinct subjects: exact tiers first, then scores, of which only what is new is computed.

    `keep` keeps a frame that several questions are asked of, and leaves its plan behind: plans on plans grow without end.
    """
    by = sent.value
    distinct = said.select("subject", *exact.SUBJECT).dropDuplicates(["subject"])
    found = keep(exact.known_by(distinct, index.numbers, index.names))
    claims = keep(claimed(found, index, remembered, sent))
    first = keep(exactly(found, claims))
    open_ = is_open(first)
    by_score = nothing(open_) if open_.isEmpty() else scores(open_, index, remembered, sent, keep)
    blocks = summed(by_score.meetings)
    if sum(one["pairs"] for one in blocks) > by.policy.pair_budget:
        raise TooManyPairs(over_budget(blocks, by))
    entries = keep(by_score.entries)
    metrics = {"subjects": found.count(), "subjects_scored": entries.count(),
               "subjects_scored_anew": by_score.fresh.count(), "blocks": blocks, "model": by.version}
    held = [found, claims, first, entries, *by_score.kept]
    return Answer(answered(first, entries, by), claims.unionByName(entries), metrics, held)


def answers_by_number(said: DataFrame, index: Index, sent: Broadcast[Scorer]) -> DataFrame:
    """What tiers 1 to 4 alone answer to distinct subjects."""
    found = exact.known_by(said.select("subject", *exact.SUBJECT).dropDuplicates(["subject"]), index.numbers, index.names)
    return exactly(found, claimed(found, index, None, sent))


def over_budget(blocks: list[dict[str, Any]], by: Scorer) -> str:
    """What a person needs to know to narrow the blocks or to widen the budget."""
    told = "; ".join(f"{one['kind']}: {one['pairs']:,} pairs of {one['keys']:,} keys, caps cut {one['pairs_cut']:,}"
                     for one in blocks)
    return (f"the candidates to compare are more than pair_budget: {by.policy.pair_budget:,} in config/matching/policy.yml: "
            f"{told}. Lower the cap of the block that gives most, or raise the budget.")


def asked(subjects: DataFrame) -> DataFrame:
    """The subjects as the scored tier compares them."""
    return subjects.select("subject", "name_key", "region", F.col("damaged_code").alias("code"), "address", "person")


def entry(frame: DataFrame, kind: str, version: str) -> DataFrame:
    """The frame in the shape of match_memory; what this kind does not know is null."""
    told = {"kind": F.lit(kind), "version": F.lit(version)}
    return frame.select(*(told.get(name, F.col(name) if name in frame.columns else F.lit(None)).cast(type_).alias(name)
                          for name, type_ in ENTRY.items()))


def claimed(found: DataFrame, index: Index, remembered: DataFrame | None, sent: Broadcast[Scorer]) -> DataFrame:
    """Entries: which enterprises that a number claims have a name that the subject's differs from only as a slip does."""
    by = sent.value
    pairs = exact.claims(found).join(index.known.select("enterprise_id", "known", F.xxhash64("known", "said").alias("digest")),
                                     "enterprise_id").withColumn("block", F.xxhash64("enterprise_id"))
    now = memory.met(pairs)
    standing = memory.standing(memory.recalled(remembered, CLAIM, by.version, found), now)
    new = now.join(standing.select("subject"), "subject", "left_anti")
    mine = reading.read(asked(found.join(new.select("subject"), "subject", "left_semi")), sent)
    fresh_pairs = pairs.join(new.select("subject"), "subject", "left_semi")
    told = scored.compared(fresh_pairs.select("subject", "known", F.lit("number").alias("blocks")), mine, index.known, sent)
    fresh = told.join(new, "subject").withColumns({"agreeing": whose(by.policy.agrees), "fitting": whose(by.policy.fits)})
    return standing.unionByName(entry(fresh, CLAIM, by.version))


def whose(allowed: dict[str, list[str]]) -> Column:
    """The enterprises with a name of which each comparison that is named shows one of its levels."""

    def shown(one: Column) -> Column:
        said = F.split(one.levels, " ")
        return reduce(Column.__and__, (F.get(said, F.lit(place)).isin(allowed[name])
                                       for place, name in enumerate(LEVELS) if name in allowed))

    return F.array_sort(F.array_distinct(F.filter("compared", shown).enterprise_id))


def scores(open_: DataFrame, index: Index, remembered: DataFrame | None, sent: Broadcast[Scorer], keep: Keep) -> Scored:
    """The candidates of open subjects, best first; only what is new or meets something new is compared."""
    by = sent.value
    entries = memory.recalled(remembered, OPEN, by.version, open_)
    recalled = open_.join(entries.select("subject", "keys"), "subject")
    read = keep(reading.numbered(reading.read(asked(open_.join(entries.select("subject"), "subject", "left_anti")), sent)))
    keyed = keep(recalled.select("subject", "keys").unionByName(read.select("subject", "keys")))
    meetings = scored.met(keyed, index.blocks)
    now = keyed.join(memory.met(meetings), "subject", "left").withColumn("met", F.coalesce("met", F.lit(0)))
    standing = memory.standing(entries, now.select("subject", "met"))
    new = keep(now.join(standing.select("subject"), "subject", "left_anti"))
    affected = reading.read(asked(recalled.join(new.select("subject"), "subject", "left_semi")), sent)
    mine = read.select("subject", "said").unionByName(affected.select("subject", "said"))
    fresh_meetings = meetings.join(new.select("subject"), "subject", "left_semi")
    told = scored.compared(scored.pairs(fresh_meetings), mine, index.known, sent, best=True)
    fresh = keep(entry(new.join(scored.answers(told, by), "subject", "left"), OPEN, by.version))
    return Scored(standing.unionByName(fresh), fresh, fresh_meetings, (read, keyed, new, fresh))


def nothing(open_: DataFrame) -> Scored:
    """What the scored tier says where every subject is answered."""
    none = memory.recalled(None, OPEN, "", open_)
    return Scored(none, none, none.select(F.lit("").alias("kind"), F.array().alias("members"), F.lit(0).alias("count")))


def exactly(found: DataFrame, told: DataFrame) -> DataFrame:
    """What tiers 1 to 4 answer of each distinct subject."""
    none = F.array().cast("array<string>")
    joined = found.join(told.select("subject", "agreeing", "fitting"), "subject", "left")
    return exact.resolved(joined.withColumns({name: F.coalesce(name, none) for name in ("agreeing", "fitting")}))


def is_open(answers: DataFrame) -> DataFrame:
    """The subjects with a name that go on to the scored tier."""
    return answers.where(F.col("reason").isin(*UNANSWERED, *CONTRADICTING) & F.col("name_key").isNotNull())


def answered(exactly_: DataFrame, entries: DataFrame, by: Scorer) -> DataFrame:
    """Each subject with its one answer: subject, enterprise_id, tier, score, reason, candidates.

    A score answers only where no number speaks, and between the bearers of one name only where more than the name does. Where a
    number speaks, the place fits and the name is like nobody's that the index knows (a former name it never heard of), the number
    is believed, in doubt (exact.doubtful). Candidates stand in the order in which they are likely.
    """
    scored_as = entries.select("subject", "ranked", F.col("score").alias("chance"), "accepted")
    told = exactly_.join(scored_as, "subject", "left")
    first = F.get("ranked", F.lit(0))
    other = ~first["enterprise_id"].eqNullSafe(F.col("claimed"))
    least = by.policy.review, by.policy.likely
    near, likely = (F.coalesce((F.col("chance") >= chance) & other, F.lit(False)) for chance in least)
    several = F.col("reason") == exact.OF_SEVERAL
    asked = (F.col("reason") == NAME_UNKNOWN) | (several & F.array_contains("candidates", first["enterprise_id"]))
    told = told.withColumns({
        "scored": asked & F.coalesce("accepted", F.lit(False)), "near": near, "likely": likely,
        "believed": F.col("reason").isin(*CONTRADICTING) & F.col("fits") & ~likely})
    ranked = F.when(F.col("near"), F.transform("ranked", lambda one: one["enterprise_id"]))
    ranked = F.coalesce(ranked, F.array().cast("array<string>"))
    likelier = F.when(several, ranked).when(F.col("likely"), F.slice(ranked, 1, 1)).otherwise(F.slice(ranked, 1, 0))
    candidates = F.array_distinct(F.concat(likelier, "candidates", ranked))
    by_number = F.when(F.col("reason") == CONTRADICTING[0], 1).otherwise(2)
    by_score = F.when(several, exact.TOLD_APART).otherwise("scored")
    close = (F.col("reason") == NAME_UNKNOWN) & F.col("near")
    unknown_name = F.regexp_replace("reason", "_contradicts_name$", "_name_unknown")
    return told.select(
        "subject",
        F.when(F.col("scored"), first["enterprise_id"]).when(F.col("believed"), F.col("claimed"))
        .otherwise(F.col("enterprise_id")).alias("enterprise_id"),
        F.when(F.col("scored"), exact.BY_SCORE).when(F.col("believed"), by_number).otherwise(F.col("tier")).alias("tier"),
        F.when(F.col("scored") | F.col("near"), F.least("chance", F.lit(0.9999))).cast("decimal(5,4)").alias("score"),
        F.when(F.col("scored"), by_score).when(F.col("believed"), unknown_name).when(close, "name_close")
        .otherwise(F.col("reason")).alias("reason"),
        candidates.alias("candidates"))


def summed(meetings: DataFrame) -> list[dict[str, int | str]]:
    """Of each kind of block the keys asked for, the pairs they gave, and what the caps cut."""
    cut = F.when(F.size("members") == 0, F.col("count")).otherwise(0)  # by the cap, which depends on the index alone
    told = meetings.groupBy("kind").agg(F.count("*").alias("keys"), F.sum(F.size("members")).alias("pairs"),
                                        F.sum(cut).alias("pairs_cut"), F.count(F.when(cut > 0, 1)).alias("keys_cut"))
    return [row.asDict() for row in told.orderBy("kind").collect()]

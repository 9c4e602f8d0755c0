"""Tier 5: subjects that no exact tier answers meet the names of the index that share a block with them, and are scored."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce

import pyarrow as pa
from pyspark import Broadcast
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.enterprises.comparing import LEVELS, Said
from jobs.enterprises.memory import CANDIDATE, RANKED
from jobs.enterprises.model import THOUSANDTHS, Scorer
from jobs.enterprises.reading import unpacked

ARROW = {"int": pa.int32(), "string": pa.string(), "boolean": pa.bool_()}
CANDIDATES = pa.list_(pa.struct([(name, ARROW[kind]) for name, kind in CANDIDATE.items()]))
CONSIDERED = 20  # candidates whose chances are weighed; a weaker one adds nothing that a bound could feel


def blocked(known: DataFrame, caps: dict[str, int]) -> DataFrame:
    """Every block of the index with the names under it, at most the cap of its kind; a commoner key finds nobody.

    block (the key's number), kind, count, members: array of known, empty where the cap cut, digest of the members and what is
    compared of them.
    """
    one = known.select(F.explode(F.array_distinct("keys")).alias("key"), "known", F.xxhash64("known", "said").alias("content"))
    keyed = one.select(F.xxhash64("key").alias("block"), F.substring_index("key", ":", 1).alias("kind"), "known", "content")
    cap = F.element_at(F.create_map(*(F.lit(each) for pair in sorted(caps.items()) for each in pair)), F.col("kind"))
    grouped = keyed.groupBy("block").agg(F.min("kind").alias("kind"), F.collect_list("known").alias("members"),
                                         F.count("*").alias("count"), F.bit_xor("content").alias("digest"))
    within = F.when(F.col("count") <= cap, F.col("members")).otherwise(F.array().cast("array<bigint>"))
    return grouped.select("block", "kind", "count", within.alias("members"), "digest")


def met(keyed: DataFrame, index: DataFrame) -> DataFrame:
    """Each subject with each block of the index that it asks for: subject, block, kind, count, members, digest."""
    return keyed.select("subject", F.explode("keys").alias("block")).join(index, "block")


def pairs(meetings: DataFrame) -> DataFrame:
    """The distinct pairs of subject and name, each with the kinds of block that found it."""
    found = meetings.select("subject", "kind", F.explode("members").alias("known"))
    return found.groupBy("subject", "known").agg(F.concat_ws(",", F.array_sort(F.collect_set("kind"))).alias("blocks"))


def comparing(sent: Broadcast[Scorer], best: bool) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Compares each subject with the names that it met, a batch at a time."""

    def compare(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        by = sent.value
        for batch in batches:
            each = zip(batch["mine"].to_pylist(), batch["met"].to_pylist(), strict=True)
            told = [ranked(mine, met, by, best) for mine, met in each]
            yield pa.RecordBatch.from_arrays([batch["subject"], pa.array(told, CANDIDATES)], names=["subject", "compared"])

    return compare


def ranked(mine: str, met: list[dict[str, str]], by: Scorer, best: bool) -> list[dict[str, object]]:
    """The names met with their levels and weights, the heaviest first; of each enterprise the `best` alone, and few enough."""
    record = unpacked(mine)
    told = sorted((candidate(record, one, by) for one in met), key=lambda one: tuple(one.values()))
    if not best:
        return told
    of_each: dict[object, dict[str, object]] = {}
    for one in told:
        of_each.setdefault(one["enterprise_id"], one)
    return list(of_each.values())[:CONSIDERED]


def candidate(record: Said, met: dict[str, str], by: Scorer) -> dict[str, object]:
    """One name that the record met: the levels, joined by blanks, the weight in thousandths of a bit, what of it corrects for a
    frequent term, and whether a link is allowed."""
    known = unpacked(met["said"])
    levels = by.levels(record, known)
    weights = by.weights(levels, known)
    weight = by.model.prior + sum(weights)
    return {"order": -weight, "enterprise_id": met["enterprise_id"], "known_name": met["name_key"], "blocks": met["blocks"],
            "levels": " ".join(levels), "weight": weight, "correction": weights[-1], "allowed": by.allowed(levels)}


def compared(found: DataFrame, asked: DataFrame, known: DataFrame, sent: Broadcast[Scorer], best: bool = False) -> DataFrame:
    """Each subject with the names that it met, compared, the heaviest first: subject, compared.

    One row a subject goes to Python and comes back, so that what the subject says travels once.
    """
    theirs = known.select("known", "enterprise_id", "name_key", "said")
    met = found.join(theirs, "known").groupBy("subject").agg(
        F.collect_list(F.struct("enterprise_id", "name_key", "blocks", "said")).alias("met"))
    both = met.join(asked.select("subject", F.col("said").alias("mine")), "subject")
    return both.select("subject", "mine", "met").mapInArrow(comparing(sent, best), f"subject string, compared {RANKED}")


def answers(told: DataFrame, by: Scorer) -> DataFrame:
    """Each subject with its candidates, best first: subject, ranked, score, margin, accepted.

    The score is the chance of the best among the candidates and nobody: 2^weight of each beside 1. Ties break on the
    enterprise's id; of an enterprise's names the best counts.
    """
    policy, ranked_ = by.policy, told.withColumnRenamed("compared", "ranked")
    first, second = F.get("ranked", F.lit(0)), F.get("ranked", F.lit(1))
    margin = first["weight"] - F.coalesce(second["weight"], F.lit(-60 * THOUSANDTHS))
    # In the order of rank, so that the sum is the same in every run.
    sums = F.aggregate("ranked", F.lit(1.0), lambda total, each: total + likelihood(each["weight"]))
    score = likelihood(first["weight"]) / sums
    # Where the organ sits is no more than a guess between homonyms; a person tells them apart, or what backs one of them alone.
    homonyms = F.exists(F.slice("ranked", 2, CONSIDERED), lambda one: (one["known_name"] == first["known_name"]) & ~(
        backed(first, policy.backs) & ~backed(one, policy.backs)))
    enough = (score >= least(policy.accept, first)) & (margin >= round(policy.margin * THOUSANDTHS))
    accepted = ~homonyms & first["allowed"] & enough
    told_to_people = F.slice("ranked", 1, policy.alternatives).alias("ranked")
    return ranked_.select("subject", told_to_people, score.alias("score"), margin.alias("margin"), accepted.alias("accepted"))


def backed(one: Column, backs: dict[str, list[str]]) -> Column:
    """Whether something beside the name says that the candidate is meant."""
    said = F.split(one["levels"], " ")
    shown = (F.get(said, F.lit(place)).isin(backs[name]) for place, name in enumerate(LEVELS) if name in backs)
    return reduce(Column.__or__, shown)


def least(accept: dict[str, float], first: Column) -> Column:
    """The least probability of an accepted link where the cores differ as those of the first candidate do."""
    core = F.substring_index(first["levels"], " ", 1)
    return reduce(lambda so_far, one: F.when(core == one[0], one[1]).otherwise(so_far), sorted(accept.items()),
                  F.lit(accept["usually"]))


def likelihood(weight: Column) -> Column:
    """How much likelier than nobody a candidate of that weight, in thousandths of a bit, is."""
    bits = F.greatest(F.lit(-50.0), F.least(F.lit(50.0), weight / F.lit(float(THOUSANDTHS))))
    return F.pow(F.lit(2.0), bits)

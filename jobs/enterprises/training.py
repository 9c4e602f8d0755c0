"""Weights and term frequencies learnt from records whose enterprise is known by their code, with the code hidden."""
from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise
from typing import Any

import numpy as np
from pyspark import Broadcast
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from scipy.optimize import minimize

from jobs.enterprises import exact, reading, scored, tiers
from jobs.enterprises.comparing import LEVELS
from jobs.enterprises.model import THOUSANDTHS, Scorer
from jobs.enterprises.tiers import Index

FEWEST = {"core": 2, "brand": 2, "trade": 5}  # a rarer term is not worth its line; it counts as borne once
OFTEN = 5  # a pair of characters that so many enterprises bear is a word
DRAWN = 0.5  # how strongly a weight is drawn to log2(m/u), in pairs
LN2 = math.log(2)
SMOOTH = 0.5  # a level never seen among true or among other pairs is rare, not impossible


def frequencies(known: DataFrame) -> dict[str, Counter[str]]:
    """How many enterprises of the index bear each core, brand and trade."""
    cells = F.split("parts", reading.BETWEEN)
    told = known.select("enterprise_id", cells[1].alias("core"), cells[2].alias("brand"), cells[3].alias("trade"))
    found = {}
    for kind, fewest in FEWEST.items():
        counted = told.where(F.col(kind) != "").groupBy(kind).agg(F.count_distinct("enterprise_id").alias("count"))
        found[kind] = Counter({row[kind]: row["count"] for row in counted.where(f"count >= {fewest}").collect()})
    return {**found, "pair": pairs_of(told)}


def pairs_of(told: DataFrame) -> Counter[str]:
    """How many enterprises of the index have each pair of characters in their core, where many have it."""
    places = F.sequence(F.lit(1), F.length("core") - 1)
    pair = F.explode(F.transform(F.when(F.length("core") > 1, places), lambda at: F.col("core").substr(at, F.lit(2))))
    each = told.select("enterprise_id", pair.alias("pair"))
    counted = each.groupBy("pair").agg(F.count_distinct("enterprise_id").alias("count"))
    return Counter({row["pair"]: row["count"] for row in counted.where(f"count >= {OFTEN}").collect()})


def terms_csv(counted: Mapping[str, Counter[str]]) -> str:
    """The frozen frequencies as their file holds them, the commonest first."""
    out = StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(("kind", "term", "count"))
    for kind in sorted(counted):
        lines.writerows((kind, term, count) for term, count in sorted(counted[kind].items(), key=lambda one: (-one[1], one[0])))
    return out.getvalue()


def labelled(reports: DataFrame, answers: DataFrame, names: DataFrame) -> DataFrame:
    """Distinct subjects whose code names their enterprise, or that of none, as they would be without their numbers.

    `truth` is the enterprise, null for one that the index does not know. Only names that more than one or no enterprise bears
    are taken, for nothing else is ever scored. Of one subject in ten the code stays, with a character lost: so damage is learnt.
    """
    sure = F.col("reason").isin("credit_code", "credit_code_not_in_registry") & F.col("name_key").isNotNull()
    told = answers.where(sure).select("subject", F.col("enterprise_id").alias("truth"))
    raw = exact.distinct(reports.withColumns({f"raw_{name}": F.col(name) for name in exact.SOFT}))
    soft = raw.withColumns({name: F.col(f"raw_{name}") for name in exact.SOFT})
    soft = soft.dropDuplicates(["subject", "region", "address", "person"])
    soft = soft.join(told, "subject").withColumn("draw", F.abs(F.xxhash64("subject")))
    lost = F.lit(9) + (F.col("draw") % 8).cast("int")
    damaged = F.concat(F.substring("credit_code", 1, 8), F.col("credit_code").substr(lost + 1, F.lit(18)))
    kept = F.when(F.col("draw") % 10 == 0, damaged)
    bare = soft.withColumns({**{name: F.lit(None).cast("string") for name in exact.NUMBERS}, "damaged_code": kept})
    hidden = exact.keyed(bare).dropDuplicates(["subject"])
    return hidden.join(exact.bearers(names), "name_key", "left").where("bearers is null or size(bearers) > 1") \
                 .select("subject", *exact.SUBJECT, "truth")


def decided(reports: DataFrame, pairs: DataFrame) -> DataFrame:
    """The subjects of reports that somebody decided are one enterprise's, with that as their `truth`."""
    told = pairs.where("same").select("subject", F.col("enterprise_id").alias("truth"))
    return exact.distinct(reports).dropDuplicates(["subject"]).join(told, "subject").select("subject", *exact.SUBJECT, "truth")


def compared(labels: DataFrame, index: Index, sent: Broadcast[Scorer]) -> DataFrame:
    """The candidate pairs of labelled subjects with how they compare, and whether they are true."""
    mine = reading.numbered(reading.read(tiers.asked(labels), sent))
    told = scored.compared(scored.pairs(scored.met(mine, index.blocks)), mine, index.known, sent)
    true = F.coalesce(F.col("truth") == F.col("enterprise_id"), F.lit(False)).alias("true")
    pairs = told.select("subject", F.inline("compared"))
    return pairs.join(labels.select("subject", "truth"), "subject").select(*pairs.columns, true)


@dataclass(frozen=True)
class Lesson:
    """What is learnt from: the ways that pairs compare, and of each pair its way, its subject and whether it is true."""

    ways: list[tuple[tuple[str, ...], int]]  # levels and correction
    way: np.ndarray
    subject: np.ndarray  # ascending, so that a subject's pairs stand together
    true: np.ndarray


def lesson(told: DataFrame) -> Lesson:
    """The pairs of labelled subjects: `told` has subject, levels, correction and true."""
    best = F.max_by(F.struct("levels", "correction", "true"), F.struct("weight", "levels", "correction")).alias("one")
    best = told.groupBy("subject", "enterprise_id").agg(best).select("subject", "one.*")
    rows = best.orderBy("subject", "levels", "correction", "true").toArrow()
    keys = list(zip(rows["levels"].to_pylist(), rows["correction"].to_pylist(), strict=True))
    place = {key: number for number, key in enumerate(sorted(set(keys)))}
    subjects = rows["subject"].combine_chunks().dictionary_encode().indices.to_numpy()
    return Lesson([(tuple(levels.split(" ")), correction) for levels, correction in sorted(place)],
                  np.array([place[key] for key in keys]), subjects, np.array(rows["true"].to_pylist(), bool))


def shares(of: Lesson) -> dict[str, dict[str, tuple[float, float]]]:
    """m and u: the share of each level among true and among other pairs, smoothed by half a pair."""
    counts = {side: np.bincount(of.way[of.true == side], minlength=len(of.ways)) for side in (True, False)}
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for at, (name, known) in enumerate(LEVELS.items()):
        counted = {level: [SMOOTH, SMOOTH] for level in known}
        for (levels, _), true, other in zip(of.ways, counts[True], counts[False], strict=True):
            counted[levels[at]][0] += true
            counted[levels[at]][1] += other
        all_true, all_other = (sum(one[side] for one in counted.values()) for side in (0, 1))
        found[name] = {level: (true / all_true, other / all_other) for level, (true, other) in counted.items()}
    return found


def design(of: Lesson) -> np.ndarray:
    """One row a way: which levels it shows, its correction, and 1 for the prior."""
    place = {one: at for at, one in enumerate((name, level) for name, known in LEVELS.items() for level in known)}
    rows = np.zeros((len(of.ways), len(place) + 2))
    for number, (levels, correction) in enumerate(of.ways):
        rows[number, [place[one] for one in zip(LEVELS, levels, strict=True)]] = 1
        rows[number, -2:] = correction / THOUSANDTHS, 1
    return rows


def fitted(of: Lesson) -> np.ndarray:
    """Weights in bits of every level, the slope of the terms' correction and the prior, fitted together.

    A subject is one of its candidates or nobody of the index, so its chances sum to one: 2^weight of each candidate beside 1 for
    nobody. Comparisons are not independent, and adding log2(m/u) would count twice what two of them say; so the likelihood of
    the labelled subjects is maximised, drawn towards log2(m/u), the more the fewer pairs show a level.
    """
    rows, known = design(of), shares(of)
    odds = (of.true.sum() + SMOOTH) / ((~of.true).sum() + SMOOTH)
    start = np.array([math.log2(m / u) for levels in known.values() for m, u in levels.values()] + [1.0, math.log2(odds)])
    begins = np.flatnonzero(np.diff(of.subject, prepend=-1))

    def cost(bits: np.ndarray) -> tuple[float, np.ndarray]:
        logit = np.clip(LN2 * (rows @ bits), -40, 40)[of.way]
        sums = np.add.reduceat(np.exp(logit), begins) + 1
        chance = np.exp(logit) / sums[of.subject]
        lost = np.log(sums).sum() - logit[of.true].sum() + DRAWN / 2 * ((bits - start) ** 2).sum()
        wrong = np.bincount(of.way, chance - of.true, minlength=len(of.ways))
        return lost, LN2 * (rows.T @ wrong) + DRAWN * (bits - start)

    return minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 3000}).x


def chances(bits: np.ndarray, of: Lesson) -> np.ndarray:
    """Of each pair its chance among the candidates of its subject and nobody, from the bits of each way."""
    odds = np.exp2(np.clip(bits, -50, 50))[of.way]
    sums = np.add.reduceat(odds, np.flatnonzero(np.diff(of.subject, prepend=-1))) + 1
    return odds / sums[of.subject]


def model(of: Lesson, **told: str) -> dict[str, Any]:
    """The trained model as its file holds it."""
    bits = iter(fitted(of))
    weights = {name: {level: {"m": round(float(m), 6), "u": round(float(u), 6), "weight": round(THOUSANDTHS * float(next(bits)))}
                      for level, (m, u) in known.items()} for name, known in shares(of).items()}
    slope, prior = bits
    return {**told, "pairs": len(of.way), "prior": round(THOUSANDTHS * float(prior)), "term_slope": round(float(slope), 4),
            "weights": weights}


def report(made: Mapping[str, Any], of: Lesson) -> str:
    """How well the labelled subjects are told by their own weights, and every weight, for who reviews the model."""
    weights = [one["weight"] for levels in made["weights"].values() for one in levels.values()]
    bits = np.array([*weights, made["term_slope"] * THOUSANDTHS, made["prior"]]) / THOUSANDTHS
    chance, begins = chances(design(of) @ bits, of), np.flatnonzero(np.diff(of.subject, prepend=-1))
    lines = ["# How the model was trained", "", f"{made['trained_on']}: {len(begins):,} labelled subjects with candidates, "
             f"{len(of.way):,} pairs, {int(of.true.sum()):,} of them true. Written by `python -m jobs train`.", "",
             "| chance said | pairs | of these true |", "|---|---|---|"]
    edges = (0, 0.02, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 1.000001)
    for low, high in pairwise(edges):
        there = (chance >= low) & (chance < high)
        share = f"{of.true[there].mean():.4f}" if there.any() else "-"
        lines.append(f"| {low:g} to {min(high, 1):g} | {int(there.sum()):,} | {share} |")
    lines += ["", "| comparison | level | bits | share of true pairs | share of others |", "|---|---|---|---|---|"]
    lines += [f"| {name} | {level} | {one['weight'] / THOUSANDTHS:+.2f} | {one['m']:.4f} | {one['u']:.4f} |"
              for name, levels in made["weights"].items() for level, one in levels.items()]
    return "\n".join(lines) + "\n"

"""How well a night matched, as figures: table `match_quality`, one row a part, name and figure.

Every figure is a function of what the night matched, not of what it remembered, so that a night made again gives the same.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.declarations.matching import Quality
from jobs.enterprises.labelled import LABEL, shares_of

ROW = ("part", "name", "figure", "count", "whole", "share", "low", "high")
SHARE = "decimal(7,6)"
ALL, NOBODY = "all", "none"
CONFLICTS = ("numbers_disagree", "credit_code_contradicts_name", "registered_number_contradicts_name",
             "credit_code_not_of_this_name")


@dataclass(frozen=True)
class Matched:
    """What a night made of its facts: links of acts (not of registrations), reviews with the time each fact was first received,
    the engine's answers to labelled subjects, the conflicts of the index, and its names."""

    linked: DataFrame
    waiting: DataFrame
    labels: dict[str, DataFrame]  # by who knows: `coded`, a code hidden from the engine; `decided`, people and organs
    answers: DataFrame
    conflicts: DataFrame
    names: DataFrame
    as_of: date


def figures(of: Matched, by: Quality) -> DataFrame:
    """Every figure of the night."""
    told = [tiers(of.linked), unmatched(of.linked), pending(of.linked), ages(of, by.age_days), scores(of.linked, by.score_edges),
            conflicts(of), clusters(of, by.clusters)]
    told += [shares_of(name, labels.select(*LABEL), of.answers) for name, labels in of.labels.items()]
    return reduce(DataFrame.unionByName, (with_shares(frame, by.z) for frame in told))


def with_shares(frame: DataFrame, z: float) -> DataFrame:
    """The rows with the share and Wilson's interval of it; null where there is nothing to divide by."""
    n, part = F.col("whole").cast("double"), F.col("count").cast("double")
    share = F.when(F.col("whole") > 0, part / n)
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * F.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = F.greatest(middle - reach, F.lit(0.0)), F.least(middle + reach, F.lit(1.0))
    shares = {"share": share, "low": F.when(share.isNotNull(), low), "high": F.when(share.isNotNull(), high)}
    return frame.withColumns({name: F.round(value, 6).cast(SHARE) for name, value in shares.items()}).select(*ROW)


def counted(frame: DataFrame, part: str, name: Column, figure: Column, of: Sequence[str] = ()) -> DataFrame:
    """How many rows each name and figure has, of the whole part or, with `of`, of those that share these columns."""
    rows = frame.select(F.lit(part).alias("part"), name.cast("string").alias("name"), figure.cast("string").alias("figure"))
    counts = rows.groupBy("part", "name", "figure").agg(F.count("*").alias("count"))
    return counts.withColumn("whole", F.sum("count").over(Window.partitionBy("part", *of)))


def tiers(linked: DataFrame) -> DataFrame:
    """Of all facts and of each feed's, how many each tier links and how many nobody."""
    scopes = linked.select(F.explode(F.array(F.lit(ALL), "feed")).alias("scope"), "tier")
    return counted(scopes, "tier", F.col("scope"), F.coalesce(F.col("tier").cast("string"), F.lit(NOBODY)), of=["name"])


def unmatched(linked: DataFrame) -> DataFrame:
    kind = F.when(F.col("adverse"), "adverse").otherwise("other")
    return counted(linked.where("enterprise_id is null"), "unmatched", F.col("reason"), kind)


def pending(linked: DataFrame) -> DataFrame:
    """Of the adverse facts of each category that are linked, how many wait for a person."""
    adverse = linked.where("adverse and enterprise_id is not null")
    return counted(adverse, "pending", F.col("category"), F.when(F.col("pending"), "pending").otherwise("stands"), of=["name"])


def banded(value: Column, edges: Sequence[float]) -> Column:
    """The edge at which the band of the value begins, as text."""
    return reduce(lambda so_far, edge: F.when(value >= edge, f"{edge}").otherwise(so_far), edges, F.lit(None).cast("string"))


def ages(of: Matched, edges: Sequence[int]) -> DataFrame:
    """The review queue by place and by days since the fact was first received."""
    day = F.to_date(F.from_utc_timestamp("first_received", "Asia/Shanghai"))
    days = F.greatest(F.datediff(F.lit(of.as_of), day), F.lit(0))
    return counted(of.waiting, "queue", banded(days, edges), F.col("priority"))


def scores(linked: DataFrame, edges: Sequence[float]) -> DataFrame:
    """The facts that were scored, by the score of the best candidate and by whether a link came of it."""
    told = F.when(F.col("enterprise_id").isNull(), "not_linked").when(F.col("pending"), "pending").otherwise("linked")
    return counted(linked.where("score is not null"), "score", banded(F.col("score"), edges), told)


def conflicts(of: Matched) -> DataFrame:
    """Facts whose numbers and names speak against each other, and by kind what contradicts in the index."""
    facts = of.linked.where(F.col("reason").isin(*CONFLICTS)).select("reason", F.lit("facts").alias("what"))
    index = of.conflicts.select(F.col("kind").alias("reason"), F.lit("index").alias("what"))
    return counted(facts.unionByName(index), "conflict", F.col("reason"), F.col("what")) \
        .withColumn("whole", F.lit(None).cast("bigint"))


def clusters(of: Matched, most: int) -> DataFrame:
    """The enterprises with the most names and with the most facts by score; pending facts are in no answer and not counted."""
    scored = of.linked.where("tier = 5 and not pending")
    told = [frame.groupBy("enterprise_id").agg(F.count("*").alias("count")).orderBy(F.desc("count"), "enterprise_id").limit(most)
            .select(F.lit("cluster").alias("part"), F.col("enterprise_id").alias("name"), F.lit(what).alias("figure"), "count",
                    F.lit(None).cast("bigint").alias("whole")) for what, frame in (("names", of.names), ("scored", scored))]
    return told[0].unionByName(told[1])


def drift(now: DataFrame, before: DataFrame) -> DataFrame:
    """The share of each tier, and of what is linked to nobody, beside that of the release before; of what one of them did not
    count, the share there is zero where its feed was counted at all."""
    shares = [frame.where("part = 'tier'").select("name", "figure", "count") for frame in (now, before)]
    wholes = [frame.where("part = 'tier'").groupBy("name").agg(F.max("whole").alias("whole")) for frame in (now, before)]
    both = shares[0].join(shares[1].withColumnRenamed("count", "count_before"), ["name", "figure"], "full") \
                    .join(wholes[0], "name").join(wholes[1].withColumnRenamed("whole", "whole_before"), "name")
    share, was = (F.coalesce(F.col(count), F.lit(0)) / F.col(whole) for count, whole in (("count", "whole"),
                                                                                         ("count_before", "whole_before")))
    told = {"share": share, "share_before": was, "change": share - was}
    return both.withColumns({name: F.round(value, 6).cast(SHARE) for name, value in told.items()}).select(
        "name", "figure", "whole", "whole_before", *told)

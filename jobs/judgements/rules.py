"""Conditions to findings, findings to grades: each with rule, version, article and the facts behind it (design law 2)."""
from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.declarations.policies import Rule, Scheme
from jobs.facts.events import identity
from jobs.facts.indicators import BEHIND, VALUE

FINDING = f"""rule_id: string, rule_version: string, scheme: string, article: string, effect: string, weight: {VALUE},
    fact_ids: array<string>, event_ids: array<string>, rests_on: array<string>, use_until: date, since: date"""


def no_strings() -> Column:
    return F.array().cast("array<string>")


def in_force(rules: Iterable[Rule], scheme: Scheme, as_of: date) -> list[Rule]:
    """The rules of the scheme that are in force on the date, by id."""
    return sorted((rule for rule in rules if rule.scheme == scheme.scheme and rule.in_force(as_of)), key=lambda rule: rule.rule)


def holds(rule: Rule) -> Column:
    """Whether the rule finds; an unknown indicator finds nothing."""
    return F.coalesce(F.expr(rule.condition), F.lit(False))


def finding(rule: Rule) -> Column:
    """What the rule finds about the enterprise of the row; null where its condition does not hold."""
    behind = [F.col(f"{BEHIND}.{name}") for name in rule.evidence]

    def gathered(part: str) -> Column:
        return F.array_sort(F.array_distinct(F.concat(*(F.coalesce(one[part], no_strings()) for one in behind))))

    def across(choose: str, part: str) -> Column:
        choice = F.array_min if choose == "min" else F.array_max
        return choice(F.array(*(one[part] for one in behind)))

    return F.when(holds(rule), F.struct(
        F.lit(rule.rule).alias("rule_id"), F.lit(rule.version).alias("rule_version"), F.lit(rule.scheme).alias("scheme"),
        F.lit(f"{rule.legal_basis} {rule.article}").alias("article"), F.lit(rule.effect.name).alias("effect"),
        F.lit(rule.effect.points).cast(VALUE).alias("weight"), gathered("fact_ids").alias("fact_ids"),
        gathered("event_ids").alias("event_ids"), gathered("rests_on").alias("rests_on"),
        across("min", "use_until").alias("use_until"), across("max", "since").alias("since")))


def findings(wide: DataFrame, rules: list[Rule]) -> DataFrame:
    """One row for each rule that finds something about an enterprise."""
    told = F.array(*map(finding, rules)).cast(f"array<struct<{FINDING}>>")
    found = wide.select("enterprise_id", F.explode(told).alias("found")).where("found is not null")
    told = found.select("enterprise_id", "found.*")
    return told.select(identity("rule_id", "rule_version", "enterprise_id").alias("finding_id"), *told.columns)


def grades(wide: DataFrame, found: DataFrame, scheme: Scheme, covered: dict[str, list[str]], as_of: date) -> DataFrame:
    """One row an enterprise, also where nothing was found: the band by points, no better than the worst band a finding allows.

    `coverage` names the feeds behind it, `unknown` the indicators nobody could see: no record is said with its coverage.
    """
    own = found.where(F.col("scheme") == scheme.scheme)
    weighed = own.groupBy("enterprise_id").agg(
        F.sum("weight").alias("taken"), F.max(floor(scheme)).alias("floor"), F.min("use_until").alias("use_until"),
        F.array_sort(F.collect_list("finding_id")).alias("finding_ids"),
        F.array_sort(F.array_distinct(F.flatten(F.collect_list("rests_on")))).alias("rests_on"))
    score = F.greatest(F.lit(0), F.lit(scheme.base_score) - F.coalesce("taken", F.lit(0))).cast(VALUE)
    unseen = F.array_compact(F.array(*(F.when(F.col(name).isNull(), name) for name in sorted(scheme.measured))))
    joined = wide.select("enterprise_id", unseen.alias("unknown")).join(weighed, "enterprise_id", "left")
    place = F.greatest(reached(scheme), F.coalesce("floor", F.lit(1)))
    return joined.withColumn("score", score).select(
        "enterprise_id", F.lit(scheme.scheme).alias("scheme"), F.lit(scheme.version).alias("scheme_version"),
        F.element_at(F.lit([band.band for band in scheme.bands]), place).alias("grade"),
        F.lit(scheme.grade_status).alias("grade_status"), "score", F.lit(as_of).alias("as_of"),
        F.coalesce("finding_ids", no_strings()).alias("finding_ids"), F.coalesce("rests_on", no_strings()).alias("rests_on"),
        "use_until", F.lit(feeds_of(scheme, covered)).cast("array<string>").alias("coverage"), "unknown")


def floor(scheme: Scheme) -> Column:
    """The place of the best band that a finding allows; null where it allows any."""
    return F.coalesce(*(F.when(F.col("effect") == f"at_best:{band.band}", place) for place, band in enumerate(scheme.bands, 1)))


def reached(scheme: Scheme) -> Column:
    """The place of the band that the score reaches; bands stand best first, the last begins at 0."""
    first, *others = list(enumerate(scheme.bands, 1))
    return reduce(lambda so_far, one: so_far.when(F.col("score") >= one[1].from_score, one[0]), others,
                  F.when(F.col("score") >= first[1].from_score, first[0]))


def feeds_of(scheme: Scheme, covered: dict[str, list[str]]) -> list[str]:
    """The feeds that delivered what the scheme looks at."""
    looked_at = {category for indicator in scheme.measured.values() for category in categories(indicator.over)}
    return sorted({feed for category in looked_at for feed in covered.get(category, [])})


def categories(over: Collection[str]) -> Collection[str]:
    return ["registration"] if list(over) == ["header"] else over

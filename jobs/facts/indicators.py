"""Figures about each enterprise as of a date, each with the facts behind it; what no feed covers is unknown, not zero."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.declarations.expressions import names_in
from jobs.declarations.policies import Indicator

BEHIND = "behind"
VALUE = "decimal(20,2)"


def measured(events: DataFrame, enterprises: DataFrame, indicators: Mapping[str, Indicator], covered: Collection[str],
             as_of: date) -> DataFrame:
    """One row an enterprise, also those of which nothing is known: a column an indicator, and `behind` with its evidence.

    Only what is active counts: ended acts count no more from the day they end, suspended ones not until a person decides.
    """
    acts = {name: one for name, one in indicators.items() if one.over != ["header"]}
    header = {name: one for name, one in indicators.items() if one.over == ["header"]}
    figures = [column for name, one in acts.items() for column in counted(name, one)]
    used = sorted({category for one in acts.values() for category in one.over})
    active = events.where((F.col("state") == "active") & F.col("category").isin(used)) \
                   .withColumn("as_of", F.lit(as_of)).where("event_date is null or event_date <= as_of")
    by_enterprise = active.groupBy("enterprise_id").agg(*figures) if figures else active.select("enterprise_id").distinct()
    files = enterprises.join(by_enterprise, "enterprise_id", "left")
    values = [known(name, one, covered).alias(name) for name, one in acts.items()]
    values += [F.expr(one.value).cast(VALUE).alias(name) for name, one in header.items()]
    evidence = [F.col(f"_{name}").alias(name) for name in acts] + [entered(one).alias(name) for name, one in header.items()]
    return files.select("enterprise_id", *values, F.struct(*evidence).alias(BEHIND))


def counted(name: str, indicator: Indicator) -> list[Column]:
    """The figure over the acts it is about, and what it rests on."""
    about = F.col("category").isin(indicator.over) & F.coalesce(F.expr(indicator.where), F.lit(False))
    listed = F.struct("event_id", "fact_ids", "rests_on")
    acts = F.array_sort(F.collect_list(F.when(about, listed)))
    behind = F.struct(
        F.array_sort(F.flatten(acts["fact_ids"])).alias("fact_ids"), acts["event_id"].alias("event_ids"),
        F.array_sort(F.array_distinct(F.flatten(acts["rests_on"]))).alias("rests_on"),
        F.min(F.when(about, F.col("use_until"))).alias("use_until"), F.max(F.when(about, F.col("event_date"))).alias("since"))
    where = f"category in ({quoted(indicator.over)}) and ({indicator.where})"
    return [F.expr(f"{indicator.value} filter (where {where})").alias(name), behind.alias(f"_{name}")]


def quoted(values: list[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def known(name: str, indicator: Indicator, covered: Collection[str]) -> Column:
    """The figure; a count is 0 where the feeds of all its categories deliver and none speaks of the enterprise, else unknown."""
    if not set(indicator.over) <= set(covered):
        return F.lit(None).cast(VALUE)
    none = F.lit(0) if indicator.value.startswith("count(") else F.lit(None)
    return F.coalesce(F.col(name), none).cast(VALUE)


def entered(indicator: Indicator) -> Column:
    """The registration facts that the header has its fields from."""
    facts = F.array_compact(F.array(*(F.col("sources")[field] for field in sorted(names_in(indicator.value)))))
    return F.struct(facts.alias("fact_ids"), F.array().cast("array<string>").alias("event_ids"), facts.alias("rests_on"),
                    F.lit(None).cast("date").alias("use_until"), F.lit(None).cast("date").alias("since"))


def told(wide: DataFrame, indicators: Collection[str], as_of: date) -> DataFrame:
    """One row an enterprise and indicator, unknown ones as null."""
    none = F.array().cast("array<string>")
    rows = [F.struct(F.lit(name).alias("indicator"), F.col(name).alias("value"),
                     F.coalesce(F.col(f"{BEHIND}.{name}.fact_ids"), none).alias("fact_ids")) for name in sorted(indicators)]
    return wide.select("enterprise_id", F.inline(F.array(*rows))).select(
        "enterprise_id", "indicator", "value", F.lit(as_of).alias("as_of"), "fact_ids")

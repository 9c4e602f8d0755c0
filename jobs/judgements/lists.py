"""Lists: what organs decided, imported as they decided it, and beside it our own proposals for watching, never mixed."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.declarations.feeds import Category
from jobs.facts.events import identity, looked_up


def imported(events: DataFrame, categories: Mapping[str, Category], as_of: date) -> DataFrame:
    """The entries that stand on the date, by organs' decisions alone; `until` where the organ or the term has set an end."""
    lists = {name: category.list_name for name, category in categories.items() if category.list_name}
    standing = events.where(F.col("category").isin(sorted(lists)) & (F.col("state") == "active"))
    listed = standing.where(F.col("event_date") <= F.lit(as_of)).withColumn("list", looked_up("category", lists))
    return listed.withColumn("entry_id", identity("list", "event_id")).selectExpr(
        "entry_id", "list", "enterprise_id", "'organ_decision' as origin", "organ_code", "document_no as decision_no",
        "event_date as since", "use_until as until", "cast(null as string) as rule_id", "cast(null as string) as rule_version",
        "basis", "fact_ids", "rests_on", "use_until")


def proposed(found: DataFrame) -> DataFrame:
    """Our internal `watch` proposals: one for each finding that asks for it, since the newest fact it rests on."""
    asked = found.where("effect = 'watch'").withColumn("list", F.lit("watch"))
    return asked.withColumn("entry_id", identity("list", "finding_id")).selectExpr(
        "entry_id", "list", "enterprise_id", "'proposal' as origin", "cast(null as string) as organ_code",
        "cast(null as string) as decision_no", "since", "cast(null as date) as until", "rule_id", "rule_version",
        "article as basis", "fact_ids", "rests_on", "use_until")


def entries(events: DataFrame, found: DataFrame, categories: Mapping[str, Category], as_of: date) -> DataFrame:
    return imported(events, categories, as_of).unionByName(proposed(found))

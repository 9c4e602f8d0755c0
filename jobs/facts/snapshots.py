"""Full snapshots: which one followed which, and what vanished from one to the next."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import reduce
from itertools import groupby, pairwise
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs.declarations import Declarations
from jobs.declarations.feeds import Category, Feed
from jobs.facts.events import united

SEEN = {"feed": "string", "category": "string", "entry": "string", "fact_id": "string", "last_seen": "date",
        "absent_since": "date", "before": "boolean", "now": "boolean"}


def dated(admissions: list[dict[str, Any]], category: str, feeds: Mapping[str, Feed]) -> list[dict[str, Any]]:
    """The admissions of a category, each with the day it covers and, of a snapshot that another one followed, `absent_since`:
    the day of the next one, since when what it was the last to show is gone."""
    mine = [row for row in admissions if row["category"] == category]
    after = followed(mine, feeds)
    return [{**{name: row[name] for name in ("delivery_id", "run_id", "covers")}, "absent_since": after.get(row["delivery_id"])}
            for row in mine]


def followed(admissions: list[dict[str, Any]], feeds: Mapping[str, Feed]) -> dict[str, date]:
    """For each full snapshot but the last of its feed the day that the next one covers; of one day the last received counts."""
    told = {}
    for snapshots in by_feed(admissions, feeds).values():
        told |= {one["delivery_id"]: following["covers"] for one, following in pairwise(snapshots)}
    return told


def by_feed(admissions: list[dict[str, Any]], feeds: Mapping[str, Feed]) -> dict[str, list[dict[str, Any]]]:
    """The admitted full snapshots of each feed, in the order of the days they cover."""
    full = sorted((row for row in admissions if row["feed"] in feeds and feeds[row["feed"]].snapshot == "full"), key=place)
    return {feed: list(rows) for feed, rows in groupby(full, key=lambda row: row["feed"])}


def place(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["feed"], row["covers"], row["received_at"], row["delivery_id"]


# ---- what vanished

def seen(facts: Mapping[str, DataFrame], admissions: list[dict[str, Any]], declarations: Declarations,
         spark: SparkSession) -> DataFrame:
    """Each entry of every feed with several full snapshots: the fact that told it last, and whether the last two show it."""
    found = []
    for feed, snapshots in by_feed(admissions, declarations.feeds).items():
        if len(snapshots) > 1 and declarations.feeds[feed].category in facts:
            category = declarations.categories[declarations.feeds[feed].category]
            rows = facts[category.category].where(F.col("feed") == feed)
            before, now = (F.bool_or(F.col("delivery_id") == row["delivery_id"]) for row in snapshots[-2:])
            last = F.max(F.struct("covers", "received_at", "delivery_id", "fact_id", "absent_since")).alias("last")
            told = rows.groupBy("feed", entry(category).alias("entry")).agg(last, before.alias("before"), now.alias("now"))
            found.append(told.select("feed", F.lit(category.category).alias("category"), "entry", "last.fact_id",
                                     F.col("last.covers").alias("last_seen"), "last.absent_since", "before", "now"))
    return united(found, SEEN, spark)


def entry(category: Category) -> Column:
    """What a row of a snapshot is about, the same from one snapshot to the next."""
    named = F.concat_ws("|", F.lit(category.category), *category.snapshot_key)
    whole = reduce(lambda known, name: known & F.col(name).isNotNull(), category.snapshot_key, F.lit(bool(category.snapshot_key)))
    return F.when(whole, named).otherwise(F.col("event_key"))


def changes(entries: DataFrame) -> DataFrame:
    """The entries that are in no later snapshot: nothing is deleted, it is said."""
    change = F.lit("not_in_snapshot").alias("change")
    return entries.where("absent_since is not null") \
                  .select("feed", "category", "entry", change, "fact_id", "last_seen", "absent_since")


def completeness(entries: DataFrame) -> DataFrame:
    """For each feed how many entries the snapshot before the last had, and how many of them the last one lacks."""
    return entries.groupBy("feed").agg(F.count_if("before").alias("entries_before"),
                                       F.count_if(F.col("before") & ~F.col("now")).alias("missing")).orderBy("feed")


def measured(counted: list[dict[str, Any]], admissions: list[dict[str, Any]], feeds: Mapping[str, Feed]) -> list[dict[str, Any]]:
    """The completeness of each feed's last snapshot, with the days compared and the share above which somebody must look."""
    shown = by_feed(admissions, feeds)
    return [{**row, "covers": (last := shown[row["feed"]][-1]["covers"]), "compared_with": shown[row["feed"]][-2]["covers"],
             "share_missing": row["missing"] / row["entries_before"] if row["entries_before"] else 0.0,
             "most_missing": feeds[row["feed"]].on(last).volume.most_missing} for row in counted]

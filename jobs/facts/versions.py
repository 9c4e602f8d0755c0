"""Versions of an act: rows that repair, correct, revoke or replace what was reported before, and what they do to it."""
from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from jobs.declarations import Declarations
from jobs.declarations.feeds import Category
from jobs.declarations.row_rules import Suspends
from jobs.facts.events import SUBJECT, held, newest, united

ENDS = {"event_key": "string", "ended_from": "date", "reason": "string", "fact_id": "string", "document": "string",
        "delivery_id": "string"}
CLAIM = {"kind": "string", "fact_id": "string", "target_category": "string", "target_event_key": "string",
         "target_document_no": "string", "decided_on": "date"}
PLACE = ("feed", "covers", "received_at", "delivery_id")


def does(facts: DataFrame, action: str) -> Column:
    """Whether the row says that it corrects, or revokes, what was reported before; said so that files without any are skipped."""
    return F.col("report_action") == action if "report_action" in facts.columns else F.lit(False)


def reports(facts: DataFrame) -> Column:
    """Whether the row reports an act: all do that do not revoke one."""
    return ~F.coalesce(does(facts, "revoke"), F.lit(False))


def feeds_telling(name: str, category: str, declarations: Declarations) -> list[str]:
    """The feeds of a category that tell this field."""
    return sorted(feed.feed for feed in declarations.feeds.values()
                  if feed.category == category and any(name in {*one.fields, *one.constants} for one in feed.versions))


# ---- what ends acts by their key, whoever they are of

def ends(facts: DataFrame, category: Category) -> DataFrame:
    """For each row that repairs, revokes or replaces an act it can name: that act's key, why it ends and from which day.

    The day is as the row says, else the one its delivery covers; null while that is not known. A decision replaced ends with the
    new one.
    """
    day, corrects = held(facts, "action_date", "date"), does(facts, "correct")
    found = []
    if category.targets:
        decided = F.coalesce(held(facts, "effective_date", "date"), held(facts, "decision_date", "date"))
        found.append(end(facts.where("target_event_key is not null"), "target_event_key", decided, F.lit("repaired")))
    if "report_action" in category.fields:
        spelt = F.col("event_key") != F.concat(F.lit(f"{category.category}|fact|"), F.col("fact_id"))
        found.append(end(facts.where(does(facts, "revoke") & spelt), "event_key", day, F.lit("revoked")))
    if category.prior_key:
        replacing = facts.where(F.col("replaces_event_key").isNotNull() & reports(facts))
        why = F.when(corrects, "corrected").otherwise("redecided")
        found.append(end(replacing, "replaces_event_key", F.when(corrects, day).otherwise(F.col("event_date")), why))
    return united(found, ENDS, facts.sparkSession)


def end(facts: DataFrame, key: str, on: Column, reason: Column) -> DataFrame:
    return facts.select(F.col(key).alias("event_key"), F.coalesce(on, held(facts, "covers", "date")).alias("ended_from"),
                        reason.alias("reason"), "fact_id",
                        F.coalesce(held(facts, "document_no", "string"), F.col("fact_id")).alias("document"), "delivery_id")


def ending(category: Category) -> bool:
    """Whether rows of the category may end acts."""
    return bool(category.targets or category.prior_key or "report_action" in category.fields)


def withdrawn(outcomes: Mapping[str, DataFrame], categories: Mapping[str, Category]) -> DataFrame | None:
    """The ends that take effect before any gate (design law 9): repairs, revocations, and replaced acts that are adverse.

    A permit that is replaced goes only when the one in its place is admitted.
    """
    found = [ends(frame.where("outcome = 'fact'"), categories[name])
             .where(F.lit(categories[name].adverse) | F.col("reason").isin("repaired", "revoked"))
             for name, frame in sorted(outcomes.items()) if ending(categories[name])]
    return reduce(DataFrame.unionByName, found).orderBy("event_key", "fact_id", "reason") if found else None


def ended(facts: Mapping[str, DataFrame], declarations: Declarations, spark: SparkSession) -> DataFrame:
    """Every end that admitted facts bring, linked or not (design, words: withdrawal)."""
    found = [ends(frame, declarations.categories[name]) for name, frame in sorted(facts.items())
             if ending(declarations.categories[name])]
    return united(found, ENDS, spark).select("event_key", "ended_from", "reason")


# ---- what may end acts that it does not name

def claims(facts: Mapping[str, DataFrame], declarations: Declarations, spark: SparkSession) -> DataFrame:
    """Every admitted row that says of an adverse act that it is repaired, revoked, replaced or wrong, with what it says of it."""
    found = []
    for name, frame in sorted(facts.items()):
        category = declarations.categories[name]
        if category.targets:
            decided = F.coalesce("decision_date", "covers")
            found.append(claim(frame, "repair", category.targets, "target_event_key", "target_document_no", decided))
        if category.adverse and "report_action" in category.fields:
            said = F.coalesce(held(frame, "action_date", "date"), F.col("covers"))
            found.append(claim(frame.where(does(frame, "revoke")), "revocation", name, "event_key", "document_no", said))
        if category.adverse and category.prior_key:
            told = frame.where(F.col("prior_document_no").isNotNull() & reports(frame))
            decided = F.coalesce("prior_decision_date", "event_date", "covers")
            found.append(claim(told, "re-decision", name, "replaces_event_key", "prior_document_no", decided))
        if category.suspends:
            found.append(objections(frame, category.suspends, declarations))
    return united(found, CLAIM, spark).distinct()


def objections(facts: DataFrame, rule: Suspends, declarations: Declarations) -> DataFrame:
    """The rows that still wait for an answer by their newest report, with the adverse act that they name or its category."""
    last = Window.partitionBy("event_key").orderBy(*newest())
    open_ = facts.withColumn("_newest", F.row_number().over(last)).where("_newest = 1").where(F.expr(rule.pending))
    adverse = sorted(name for name, one in declarations.categories.items() if one.adverse)
    about = F.when(F.col(rule.category).isin(adverse), F.col(rule.category))
    told = open_.withColumns({"_about": about, "_key": F.lit(None).cast("string")}) \
                .where(F.col("_about").isNotNull() | F.col(rule.document_no).isNotNull())
    return told.select(F.lit("objection").alias("kind"), "fact_id", F.col("_about").alias("target_category"),
                       F.col("_key").alias("target_event_key"), F.col(rule.document_no).alias("target_document_no"),
                       F.coalesce(rule.since, "covers").alias("decided_on"))


def claim(facts: DataFrame, kind: str, category: str, key: str, document: str, decided_on: Column) -> DataFrame:
    return facts.select(F.lit(kind).alias("kind"), "fact_id", F.lit(category).alias("target_category"),
                        F.col(key).alias("target_event_key"), F.col(document).alias("target_document_no"),
                        decided_on.alias("decided_on"))


def claimable(declarations: Declarations) -> set[str]:
    """The categories of which a row may name an act by its key."""
    categories = declarations.categories.values()
    own = {one.category for one in categories if one.adverse and ("report_action" in one.fields or one.prior_key)}
    return own | {one.targets for one in categories if one.targets}


def unmatched(claimed: DataFrame, facts: Mapping[str, DataFrame], declarations: Declarations) -> DataFrame:
    """The claims that name no act we have a report of, linked or not: a person must say which they mean."""
    shape = {"target_category": "string", "target_event_key": "string"}
    known = [facts[name].where(reports(facts[name])).select(F.lit(name).alias("target_category"),
                                                            F.col("event_key").alias("target_event_key"))
             for name in sorted(claimable(declarations) & set(facts))]
    return claimed.join(united(known, shape, claimed.sparkSession), list(shape), "left_anti")


# ---- later versions of a row

def retold(facts: Mapping[str, DataFrame], declarations: Declarations) -> DataFrame | None:
    """The facts that a later version of the source's own row tells of another act or subject, and since when.

    None where no feed tells the number of its rows.
    """
    found = []
    for name, frame in sorted(facts.items()):
        if feeds := feeds_telling("source_row_id", name, declarations):
            subject = [one for one in (*SUBJECT, "name_key") if one in frame.columns]
            rows = frame.where(F.col("source_row_id").isNotNull() & F.col("feed").isin(feeds)).where(reports(frame))
            about = F.xxhash64(*(F.coalesce(F.col(one), F.lit("\0")) for one in ("event_key", *subject)))
            last = Window.partitionBy("feed", "source_row_id").orderBy(*newest())
            told = rows.select("feed", "source_row_id", "fact_id", "covers", "received_at", "delivery_id", "row_no", "part",
                               about.alias("about"))
            found.append(told.withColumn("last", F.first(F.struct("fact_id", "about", "covers")).over(last)))
    if not found:
        return None
    other = reduce(DataFrame.unionByName, found).where("fact_id != last.fact_id and about != last.about")
    return other.groupBy("fact_id").agg(F.min("last.covers").alias("retold_on"))


def corrections(facts: Mapping[str, DataFrame], declarations: Declarations) -> DataFrame | None:
    """The rows that correct an act without saying which row of theirs: what the feed told of it before is in doubt where it told
    it of somebody else. None where no feed tells of corrections."""
    found = [frame.where(does(frame, "correct") & held(frame, "source_row_id", "string").isNull())
             .select("event_key", *PLACE)
             for name, frame in sorted(facts.items())
             if declarations.categories[name].adverse and feeds_telling("report_action", name, declarations)]
    if not found:
        return None
    return reduce(DataFrame.unionByName, found).groupBy("event_key").agg(F.collect_set(F.struct(*PLACE)).alias("corrections"))

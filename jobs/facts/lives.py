"""The life of each act as of a date: four ends, what ended it, what suspends it, its state."""
from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.declarations import Declarations
from jobs.declarations.organs import answering
from jobs.facts import periods
from jobs.facts.events import looked_up

ENDS = ("publicity", "sharing", "use")
WITHDRAWN = pa.schema([("event_key", pa.string()), ("ended_from", pa.date32()), ("reason", pa.string())])


# ---- what ends acts from outside, and what suspends them

def endings(ended: DataFrame, withdrawals: list[dict[str, Any]]) -> DataFrame:
    """For each event key the day and the reason of its earliest end: by rows that name it, or by a withdrawal from all channels.

    A withdrawal from one channel alone is the business of that channel's views.
    """
    rows = [{"event_key": row["event_key"], "ended_from": row["effective_on"], "reason": row["reason"]}
            for row in withdrawals if row["channel"] == "all"]
    withdrawn = ended.sparkSession.createDataFrame(pa.Table.from_pylist(rows, WITHDRAWN))
    first = ended.unionByName(withdrawn).groupBy("event_key").agg(F.min(F.struct("ended_from", "reason")).alias("ending"))
    return first.select("event_key", "ending.*")


def suspensions(made: DataFrame, unmatched: DataFrame, links: DataFrame, reviews: DataFrame) -> DataFrame:
    """The acts that an unmatched claim may concern, each with why: the same document number, or the same enterprise.

    Doubt runs the other way here (design law 3): a pending link of the claim and a mere candidate suspend as well. A re-decision
    suspends by number alone: the decision before it is often older than what we collect, and no other act of the enterprise. An
    objection that gives a number means that act; without one, every act of that category that the enterprise has.
    """
    subjects = links.where("enterprise_id is not null").select("fact_id", "enterprise_id")
    candidates = reviews.select("fact_id", F.explode("candidates").alias("enterprise_id"))
    by_subject = "kind != 're-decision' and (kind != 'objection' or target_document_no is null)"
    concerned = unmatched.where(by_subject).join(subjects.unionByName(candidates).distinct(), "fact_id")
    act = made.select("event_id", "enterprise_id", "category", "adverse", "document_no", "event_date", "fact_ids")
    earlier = F.expr("coalesce(category = target_category, adverse) and coalesce(event_date <= decided_on, true)")
    other = ~F.array_contains("fact_ids", F.col("fact_id"))
    same_number = act.join(unmatched, earlier & other & (F.col("document_no") == F.col("target_document_no")))
    same_subject = act.join(concerned.withColumnRenamed("enterprise_id", "subject"),
                            earlier & (F.col("enterprise_id") == F.col("subject")))
    found = said_of(same_number, 1, "same_document_number").unionByName(said_of(same_subject, 2, "same_enterprise"))
    return found.groupBy("event_id").agg(F.min(F.struct("place", "fact_id", "kind", "why")).alias("first")).select(
        "event_id", F.concat_ws(" ", F.col("first.why"), F.lit("as"), F.col("first.kind"), F.col("first.fact_id"))
        .alias("suspended_because"))


def said_of(frame: DataFrame, place: int, why: str) -> DataFrame:
    return frame.select("event_id", "fact_id", "kind", F.lit(place).alias("place"), F.lit(why).alias("why"))


def answers(declarations: Declarations, as_of: date) -> Column:
    """Who answers for an act on the date: the organ that decided it while it is in office or nobody declared it, else who
    took over; null where nobody is declared to. Objections and slips go there."""
    heirs = answering(declarations.organs, as_of)
    return F.when(F.col("organ_code").isin(*heirs), looked_up("organ_code", heirs)).otherwise(F.col("organ_code"))


# ---- the life itself

def sooner_over(known: DataFrame) -> DataFrame:
    """The acts with the earlier of two ends from outside, by key or by their own reports, and with whatever suspends them."""
    first = F.array_min(F.filter(F.array(F.struct(F.col("ended_from").alias("on"), "reason"), F.struct(
        F.col("over_on").alias("on"), F.col("over_because").alias("reason"))), lambda one: one["on"].isNotNull()))
    return known.withColumns({"ended_from": first["on"], "reason": first["reason"],
                              "suspended_because": F.coalesce("suspended_because", "doubt")})



def with_ends(made: DataFrame, declarations: Declarations, as_of: date) -> DataFrame:
    """The acts with each end: the earliest of regime at decision, regime now, own dates and what ended them from outside."""
    closings = F.array(*(F.struct(F.expr(on).alias("on"), F.lit(reason).alias("reason"))
                         for on, reason in periods.closings(declarations)))
    frame = made.withColumns({
        "_then": F.expr(periods.version_at_decision(declarations, "life")),
        "_now": F.expr(periods.version_now(declarations, "life", as_of)),
        "_kept": F.expr(periods.version_now(declarations, "retention", as_of)),
        "_own": F.array_min(F.filter(closings, lambda one: one["on"].isNotNull())),
    }).withColumns({f"_class_{when}": F.expr(periods.severity(declarations, f"_{when}")) for when in ("then", "now")})
    by_time = {f"_{end}_{when}": after(periods.months(declarations, end, f"_{when}", f"_class_{when}"))
               for end in ENDS for when in ("then", "now")}
    first = {f"{end}_until": F.least("ended_from", "_own.on", f"_{end}_then", f"_{end}_now") for end in ENDS}
    return frame.withColumns(by_time).withColumns(first)


def after(months: str) -> Column:
    """So many months from the act: the first day on which that end has come."""
    return F.expr(f"add_months(event_date, {months})")


def retention(declarations: Declarations) -> Column:
    """When it is due for destruction: its term from the act, never before its use ends, never while an end is still to come."""
    term = after(periods.months(declarations, "retention", "_kept", "'any'"))
    waits = F.col("category").isin(periods.ending(declarations)) & F.col("use_until").isNull()
    return F.when(~waits & term.isNotNull(), F.greatest(term, "use_until"))


def lived(made: DataFrame, ended: DataFrame, suspended: DataFrame, declarations: Declarations, as_of: date) -> DataFrame:
    """The events as of the date: active, ended (on the day its use ended) or suspended, with what they rest on."""
    # Both are few beside the acts, which by broadcast stay where they are.
    known = made.join(F.broadcast(ended), "event_key", "left").join(F.broadcast(suspended), "event_id", "left")
    frame = with_ends(sooner_over(known), declarations, as_of)
    over = F.coalesce(F.col("use_until") <= F.lit(as_of), F.lit(False))
    waiting = F.col("suspended_because").isNotNull() & ~over
    why = F.when(F.col("ended_from") == F.col("use_until"), F.col("reason")) \
           .when(F.col("_own.on") == F.col("use_until"), F.col("_own.reason")).otherwise("period_over")
    sooner = F.coalesce(F.col("_use_now") < F.col("_use_then"), F.lit(False))
    return frame.select(
        "event_id", "event_key", "category", "enterprise_id", "event_date", "adverse", "evidence", "organ_code",
        answers(declarations, as_of).alias("answering_organ_code"), "fact_id", "fact_ids", "feeds", "levels",
        *(f"{end}_until" for end in ENDS), retention(declarations).alias("retention_until"),
        F.when(over, F.col("use_until")).alias("ended_on"), F.when(over, why).alias("end_reason"), waiting.alias("suspended"),
        F.when(waiting, F.col("suspended_because")).alias("suspended_because"),
        F.when(over, "ended").when(waiting, "suspended").otherwise("active").alias("state"),
        F.when(sooner, F.col("_now")).otherwise(F.col("_then")).alias("regime"),
        F.when(F.col("_class_now") != "any", F.col("_class_now")).otherwise(F.col("severity")).alias("severity"),
        F.col("_publicity_then").alias("until_by_regime_at_decision"), F.col("_publicity_now").alias("until_by_regime_now"),
        "document_no", "basis", "amount_yuan", "replaces_event_key", "absent_since",
        F.array_sort(F.array_distinct(F.concat("fact_ids", F.array("event_key")))).alias("rests_on"))

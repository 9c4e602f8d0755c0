"""Whether an act stands by its reports: told of another act by now, corrected to somebody else, gone from a full snapshot."""
from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.declarations import Declarations


def doubts(made: DataFrame, declarations: Declarations) -> dict[str, Column]:
    """Of each act with its `reports`: since when a snapshot lacks it, since when and why it is over, and what puts it in doubt.

    A report counts as long as no newer one of its feed supersedes it. An act without any is over: its rows tell of another act
    by now. An adverse one whose row one feed has corrected away while another feed still tells it is in doubt, and so is one that
    a feed marks as anything but valid (template of 2016: 2 disputed, 3 other).
    """
    in_force = F.filter("reports", lambda report: ~report.superseded)
    lost = F.filter(in_force, lambda report: report.absent_since.isNotNull())
    exits = first_lost(lost, "exit", declarations)
    corrected = F.when(F.size(in_force) == 0, F.array_max(F.col("reports.retold_on")))
    over = F.array_min(F.filter(F.array(dated(corrected, "corrected"), dated(exits, "absent_from_snapshot")),
                                lambda one: one["on"].isNotNull()))
    retold = F.filter("reports", lambda report: report.retold_on.isNotNull() & ~told_by(in_force, report.feed))
    asked = first_lost(lost, "ask", declarations)
    marked = F.filter(in_force, lambda report: report.penalty_status != "valid")
    why = [F.when(F.size(marked) > 0, said("marked as not in force or disputed by", marked)),
           F.when(F.size(retold) > 0, said("corrected by", retold)),
           F.when(F.size(renamed := corrected_since(made, in_force)) > 0, said("corrected to another subject by", renamed)),
           F.when(asked.isNotNull(), F.concat(F.lit("not in the snapshot of "), asked.cast("string")))]
    return {"absent_since": F.array_min(lost.absent_since), "over_on": over["on"], "over_because": over["reason"],
            "doubt": F.when(F.col("adverse"), F.coalesce(*why))}


def dated(on: Column, reason: str) -> Column:
    return F.struct(on.alias("on"), F.lit(reason).alias("reason"))


def said(what: str, reports: Column) -> Column:
    return F.concat(F.lit(f"{what} "), F.array_min(reports.getField("feed")))


def told_by(reports: Column, feed: Column) -> Column:
    return F.exists(reports, lambda other: other.feed == feed)


def first_lost(lost: Column, absence: str, declarations: Declarations) -> Column:
    """The first day on which a snapshot of a feed that declares this absence lacks the act."""
    feeds = sorted(name for name, feed in declarations.feeds.items() if feed.absence == absence)
    return F.array_min(F.filter(lost, lambda report: report.feed.isin(feeds)).absent_since) if feeds else nothing()


def nothing() -> Column:
    return F.lit(None).cast("date")


def corrected_since(made: DataFrame, in_force: Column) -> Column:
    """The reports in force that are older than a correction of the act by their feed, which tells it of somebody else."""
    if "corrections" not in made.columns:
        return F.filter(in_force, lambda _: F.lit(False))
    order = ("covers", "received_at", "delivery_id")
    return F.filter(in_force, lambda report: F.exists(
        F.col("corrections"), lambda one: (one.feed == report.feed)
        & (F.struct(*(report[name] for name in order)) < F.struct(*(one[name] for name in order)))))

"""Assemble: facts folded into acts, the life of each as of the date, one header an enterprise, and what lost."""
from __future__ import annotations

from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.facts import events, files, holds, lives, snapshots, versions
from jobs.facts.keeping import collected, kept, let_go
from jobs.stages.run import Night


def run(night: Night) -> dict[str, Any]:
    facts = {name: frame for name in night.declarations.categories if (frame := night.facts(name)) is not None}
    reported = events.reports(facts, night.declarations, night.lake.spark)
    retold, corrected = versions.retold(facts, night.declarations), versions.corrections(facts, night.declarations)
    made = kept(events.acts(events.linked(reported, night.read("links")), night.declarations, retold, corrected))
    night.write("events", lived(night, facts, made))
    compare(night, facts)
    lost = events.losing_values(facts, made, night.declarations)
    registered = kept(registrations(night, facts))
    won = kept(files.winners(registered, night.declarations))
    night.write("enterprises", files.headers(won, night.declarations))
    night.write("losing_values", lost.unionByName(files.losing_values(registered, won, night.declarations)))
    let_go(made, registered, won)
    return metrics(night)


def lived(night: Night, facts: dict[str, DataFrame], made: DataFrame) -> DataFrame:
    """The events as of the date, after what repairs, revokes and replaces them, withdrawals, and what is suspended or held."""
    ended = versions.ended(facts, night.declarations, night.lake.spark)
    endings = lives.endings(ended, night.ledger.withdrawals(night.known_at))
    unmatched = versions.unmatched(versions.claims(facts, night.declarations, night.lake.spark), facts, night.declarations)
    suspended = lives.suspensions(made, unmatched, night.read("links"), night.read("reviews"))
    suspended = holds.held(made, suspended, night.declarations)
    return lives.lived(made, endings, suspended, night.declarations, night.as_of)


def compare(night: Night, facts: dict[str, DataFrame]) -> None:
    """What is gone from full snapshots, and how complete the last one of each feed is."""
    entries = kept(snapshots.seen(facts, night.admissions, night.declarations, night.lake.spark))
    night.write("snapshot_changes", snapshots.changes(entries))
    counted = collected(snapshots.completeness(entries))
    night.completeness = snapshots.measured(counted, night.admissions, night.declarations.feeds)
    let_go(entries)


def registrations(night: Night, facts: dict[str, DataFrame]) -> DataFrame:
    """Registration facts, each once, with their enterprise."""
    if "registration" not in facts:
        return events.united([], files.shape(night.declarations), night.lake.spark)
    return events.linked(events.latest(facts["registration"]), night.read("links").where("category = 'registration'"))


def metrics(night: Night) -> dict[str, Any]:
    """Counts for the summary: acts by category and state, those of several sources, headers, losing values."""
    acts = night.read("events").groupBy("category", "state").agg(
        F.count("*").alias("events"), F.count_if(F.size("feeds") > 1).alias("of_several_feeds")).orderBy("category", "state")
    lost = night.read("losing_values").groupBy("reason").count().orderBy("reason")
    return {"events": [row.asDict() for row in acts.collect()],
            "losing_values": {row["reason"]: row["count"] for row in lost.collect()},
            "enterprises": night.read("enterprises").count(), "completeness": night.completeness}

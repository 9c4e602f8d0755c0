"""Assemble: facts folded into acts, the life of each as of the date, one header an enterprise, and what lost."""
from __future__ import annotations

from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.facts import events, files, holds, lives
from jobs.stages.run import Night


def run(night: Night) -> dict[str, Any]:
    facts = {name: frame for name in night.declarations.categories if (frame := night.facts(name)) is not None}
    reported = events.reports(facts, night.declarations, night.lake.spark)
    made = events.acts(events.linked(reported, night.read("links")), night.declarations).persist()
    night.write("events", lived(night, facts, made))
    lost = events.losing_values(facts, made, night.declarations)
    registered = registrations(night, facts).persist()
    won = files.winners(registered, night.declarations).persist()
    night.write("enterprises", files.headers(won, night.declarations))
    night.write("losing_values", lost.unionByName(files.losing_values(registered, won, night.declarations)))
    for frame in (made, registered, won):
        frame.unpersist()
    return metrics(night)


def lived(night: Night, facts: dict[str, DataFrame], made: DataFrame) -> DataFrame:
    """The events as of the date, after repairs, withdrawals and what is suspended or held."""
    repaired = lives.repairs(facts, night.declarations, night.lake.spark)
    ended = lives.endings(repaired, night.ledger.withdrawals(night.known_at), night.lake.spark)
    open_repairs = lives.unmatched(repaired, facts)
    suspended = lives.suspensions(made, open_repairs, night.read("links"), night.read("reviews"))
    suspended = holds.held(made, suspended, night.declarations)
    return lives.lived(made, ended, suspended, night.declarations, night.as_of)


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
            "enterprises": night.read("enterprises").count()}

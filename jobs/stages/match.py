"""Match: registrations make the index, every other fact is linked by number, by name or by score, and doubt is queued."""
from __future__ import annotations

from typing import Any

from pyspark.sql import DataFrame

from jobs.declarations.organs import answering
from jobs.enterprises import dated, decided, exact, index, labelled, links, model, questions, tiers
from jobs.facts import holds
from jobs.facts.events import latest, united
from jobs.facts.keeping import kept, let_go
from jobs.stages import judging
from jobs.stages.indexing import of_index, write_index
from jobs.stages.run import Night


def run(night: Night) -> dict[str, Any]:
    by = model.sent(night.lake.spark, night.declarations.folder)
    facts = {name: frame for name in sorted(night.declarations.categories) if (frame := night.facts(name)) is not None}
    reports = kept(latest(labelled.first_received(acts(night, facts))))
    members = kept(index.members(latest(night.facts("registration", there=True))))
    conflicting = write_index(night, reports, members, by)
    found = of_index(night, members, by)

    said, counted = exact.distinct(reports), judging.declared(night)
    labels = kept(labelled.coded(reports, night.read("identifiers"), counted.labels))
    answer = tiers.ask(labelled.asked(said, labels), found, night.remembered("match_memory"), by, kept)
    night.write("match_memory", answer.entries)
    decisions = night.ledger.match_decisions(night.known_at)
    ruled = decided.ruled(decisions, night.read("identifiers"), night.read("referents"))
    linked = links.linked(said, decided.applied(answer.answers, ruled), members)
    linked = kept(dated.at_date(linked, said, night.read("names")))
    night.write("links", linked.select(*links.LINK))
    night.write("reviews", queue(night, linked, said, facts))
    known = {"coded": labelled.agreeing(labels, answer.answers)}
    if decisions:
        known["decided"] = decided.labels(night.lake.spark, ruled)
    judging.write(night, linked, reports, known, answer, counted)
    metrics = {"tiers": told(linked), "pending": linked.where("pending").count(), "decisions": len(decisions),
               "questions": questions.counts(night.read("reviews")), "conflicts": conflicting, **answer.metrics}
    let_go(members, reports, labels, linked, found.known, found.blocks, *answer.kept)
    return metrics


def acts(night: Night, facts: dict[str, DataFrame]) -> DataFrame:
    """What the facts of every category but registration say of whom they are about."""
    categories = night.declarations.categories
    said = [links.told(frame, categories[name]) for name, frame in facts.items() if name != "registration"]
    return united(said, links.TOLD, night.lake.spark)


def queue(night: Night, linked: DataFrame, said: DataFrame, facts: dict[str, DataFrame]) -> DataFrame:
    """All that waits for somebody's decision, and for whose."""
    held = holds.reviews(facts, night.declarations, night.lake.spark)
    reviews = links.reviews(linked).unionByName(held, allowMissingColumns=True)
    organs = night.declarations.organs
    return questions.waiting(reviews, said, {one.code for one in organs.values()}, answering(organs, night.as_of))


def told(linked: DataFrame) -> dict[str, int]:
    """How many facts each tier links."""
    return {f"{row['tier']}": row["count"] for row in linked.groupBy("tier").count().collect()}

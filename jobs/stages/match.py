"""Match: registrations make the index, every other fact is linked by number, by name or by score, and doubt is queued."""
from __future__ import annotations

from typing import Any

from pyspark.sql import DataFrame

from jobs.enterprises import conflicts, dated, exact, index, lifecycle, links, model, scored, stated, tiers
from jobs.facts import holds
from jobs.facts.events import latest, united
from jobs.facts.keeping import kept, let_go
from jobs.stages.run import Night


def run(night: Night) -> dict[str, Any]:
    by = model.sent(night.lake.spark, night.declarations.folder)
    facts = {name: frame for name in sorted(night.declarations.categories) if (frame := night.facts(name)) is not None}
    members = kept(index.members(latest(night.facts("registration", there=True))))
    conflicting = write_index(night, facts, members, by)
    found = of_index(night, members, by)

    said = kept(exact.distinct(latest(acts(night, facts))))
    answer = tiers.ask(said, found, night.remembered("match_memory"), by)
    night.write("match_memory", answer.entries)
    linked = kept(dated.at_date(links.linked(said, answer.answers, members), said, night.read("names")))
    night.write("links", linked.select(*links.LINK))
    night.write("reviews", links.reviews(linked).unionByName(
        holds.reviews(facts, night.declarations, night.lake.spark), allowMissingColumns=True))
    metrics = {"tiers": told(linked), "pending": linked.where("pending").count(), "conflicts": conflicting, **answer.metrics}
    let_go(members, said, linked, found.known, found.blocks, *answer.kept)
    return metrics


def write_index(night: Night, facts: dict[str, DataFrame], members: DataFrame, by: model.Sent) -> dict[str, int]:
    """Identifiers, names, lifecycle, referents and conflicts are written; of each kind of conflict how many there are."""
    declared, own = night.declarations, kept(index.borne(members))
    changed = kept(stated.changes(latest(night.facts("registration_change", there=True)), members, own, declared))
    more = kept(stated.stated(facts, members, own, changed, declared))
    numbers = kept(stated.against(more, index.identifiers(members)))
    night.write("identifiers", index.identifiers(members, numbers.where("not contradicted")))
    night.write("names", index.names(members, own.unionByName(index.also(more))))
    codes = lifecycle.reissued(changed, members)
    night.write("lifecycle", lifecycle.lifecycle(members, night.read("names"), changed, declared.indexing, by))
    referents = index.referents(night.read("identifiers"))
    night.write("referents", lifecycle.referents(referents, night.read("lifecycle"), codes))
    night.write("index_conflicts", conflicts.conflicts(
        members, night.read("names"), night.read("identifiers"), numbers.where("contradicted"), codes, by))
    let_go(own, changed, more, numbers)
    return {row["kind"]: row["count"] for row in night.read("index_conflicts").groupBy("kind").count().orderBy("kind").collect()}


def of_index(night: Night, members: DataFrame, by: model.Sent) -> tiers.Index:
    """The enterprise index as the engine asks it, its names taken apart once."""
    names = night.read("names")
    known = kept(scored.read(index.known(members, names), by, known=True))
    return tiers.Index(night.read("identifiers"), names, known, kept(scored.blocked(known, by.value.policy.caps)))


def acts(night: Night, facts: dict[str, DataFrame]) -> DataFrame:
    """What the facts of every category but registration say of whom they are about."""
    categories = night.declarations.categories
    said = [links.told(frame, categories[name]) for name, frame in facts.items() if name != "registration"]
    return united(said, links.TOLD, night.lake.spark)


def told(linked: DataFrame) -> dict[str, int]:
    """How many facts each tier links."""
    return {f"{row['tier']}": row["count"] for row in linked.groupBy("tier").count().collect()}

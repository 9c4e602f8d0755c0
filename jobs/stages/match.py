"""Match: the index is built from registrations, every other fact is linked by number or by name, and doubt is queued."""
from __future__ import annotations

from typing import Any

from pyspark.sql import DataFrame

from jobs.enterprises import exact, index
from jobs.facts import holds
from jobs.facts.events import latest, united
from jobs.facts.keeping import kept, let_go
from jobs.stages.run import Night


def run(night: Night) -> dict[str, Any]:
    members = kept(index.members(latest(night.facts("registration", there=True))))
    night.write("identifiers", index.identifiers(members))
    night.write("names", index.names(members))
    night.write("referents", index.referents(night.read("identifiers")))

    facts = {name: frame for name in sorted(night.declarations.categories) if (frame := night.facts(name)) is not None}
    said = kept(exact.subjects(latest(acts(night, facts))))
    answers = exact.resolved(exact.known_by(said, night.read("identifiers"), night.read("names")))
    links = kept(exact.links(said, answers, members))
    night.write("links", links.drop("candidates", "adverse"))
    waiting = holds.reviews(facts, night.declarations, night.lake.spark)
    night.write("reviews", exact.reviews(links).unionByName(waiting))
    tiers = {f"{row['tier']}": row["count"] for row in links.groupBy("tier").count().collect()}
    pending = links.where("pending").count()
    let_go(members, said, links)
    return {"tiers": tiers, "pending": pending}


def acts(night: Night, facts: dict[str, DataFrame]) -> DataFrame:
    """What the facts of every category but registration say of whom they are about."""
    categories = night.declarations.categories
    told = [exact.told(frame, categories[name]) for name, frame in facts.items() if name != "registration"]
    return united(told, exact.TOLD, night.lake.spark)

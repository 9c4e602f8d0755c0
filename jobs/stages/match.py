"""Match: the index is built from registrations, every other fact is linked by number or by name, and doubt is queued."""
from __future__ import annotations

from typing import Any

from jobs.enterprises import exact, index
from jobs.facts import holds
from jobs.facts.events import latest
from jobs.stages.run import Night


def run(night: Night) -> dict[str, Any]:
    members = index.members(latest(night.facts("registration"))).persist()
    night.write("identifiers", index.identifiers(members))
    night.write("names", index.names(members))
    night.write("referents", index.referents(night.read("identifiers")))

    categories = {name: one for name, one in night.declarations.categories.items() if name != "registration"}
    said = exact.subjects({name: latest(night.facts(name)) for name in categories}, categories).persist()
    answers = exact.resolved(exact.known_by(said, night.read("identifiers"), night.read("names")))
    links = exact.links(said, answers, members).persist()
    night.write("links", links.drop("candidates", "adverse"))
    waiting = holds.reviews({name: night.facts(name) for name in categories}, night.declarations, night.lake.spark)
    night.write("reviews", exact.reviews(links).unionByName(waiting))
    tiers = {f"{row['tier']}": row["count"] for row in links.groupBy("tier").count().collect()}
    pending = links.where("pending").count()
    for frame in (members, said, links):
        frame.unpersist()
    return {"tiers": tiers, "pending": pending}

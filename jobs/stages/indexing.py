"""The enterprise index of a night: written from registrations and what other feeds state, and made ready to be asked."""
from __future__ import annotations

from pyspark.sql import DataFrame

from jobs.enterprises import conflicts, index, lifecycle, model, reading, scored, stated, tiers
from jobs.facts.events import latest
from jobs.facts.keeping import kept, let_go
from jobs.stages.run import Night


def write_index(night: Night, reports: DataFrame, members: DataFrame, by: model.Sent) -> dict[str, int]:
    """Identifiers, names, lifecycle, referents and conflicts are written; of each kind of conflict how many there are."""
    declared, own = night.declarations, kept(index.borne(members))
    changed = kept(stated.changes(latest(night.facts("registration_change", there=True)), members, own, declared))
    more = kept(stated.stated(reports, members, own, changed, declared))
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
    """The enterprise index as the engine asks it; of its names only those are taken apart that no night remembers."""
    names = night.read("names")
    known = kept(reading.known(index.known(members, names), night.remembered("compared_names"), by))
    night.write("compared_names", reading.compared(known, by.value.version))
    return tiers.Index(night.read("identifiers"), names, known, kept(scored.blocked(known, by.value.policy.caps)))

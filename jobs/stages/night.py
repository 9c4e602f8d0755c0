"""A night: its stages in order, each on what the one before it made, up to one that was asked for alone."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jobs.answers import owing
from jobs.answers.declared import refuse_unexplained
from jobs.stages import assemble, gate, grade, judging, match, publish, standardise
from jobs.stages.run import STAGES, GateStopped, Night, Unfinished, perform, stands
from jobs.stores.checks.suites import validate


def decide(night: Night) -> dict[str, Any]:
    """Standardise, then the gate that may hold deliveries, then the ledger says which count."""
    validate(night.declarations.suites)
    refuse_unexplained(night.ledger, night.declarations)
    metrics = standardise.run(night)
    night.held |= gate.held(night)
    standardise.admit(night)
    return {**metrics, "held": night.held}


def gated(stage: str, run: Callable[[Night], dict[str, Any]]) -> Callable[[Night], dict[str, Any]]:
    """The stage, then the gate on exactly the rows it wrote."""
    def work(night: Night) -> dict[str, Any]:
        validate(night.declarations.suites)
        metrics = run(night)
        gate.check(night, stage)
        return metrics
    return work


def release(night: Night) -> dict[str, Any]:
    """Staging, the gate on the rows that consumers would read, the release in one transaction, and its Data Docs beside it.

    Nothing of it while a feed that declares `hold` owes a delivery: what stages before it withdrew is withdrawn by then.
    """
    validate(night.declarations.suites)
    if rows := owing.stopping(night.ledger, night.declarations, night.as_of, night.known_at):
        raise GateStopped(owing.stopped(rows, night.as_of))
    made = {**gated("publish", publish.prepare)(night), **publish.apply(night)}
    gate.write_docs(night, docs := night.settings.home / "releases" / made["release_id"] / "checks")
    judging.keep(night, made["release_id"])
    return {**made, "docs": str(docs / "index.html")}


WORK = {"standardise": decide, "match": gated("match", match.run), "assemble": gated("assemble", assemble.run),
        "grade": gated("grade", grade.run), "publish": release}


def night(one: Night) -> Night:
    """All stages; what passed before on the same inputs is not done again. Raises GateStopped where a suite stops it."""
    before = ""
    for stage in STAGES:
        before = perform(one, stage, WORK[stage], before)
    return one


def alone(one: Night, stage: str) -> Night:
    """One stage, on what the last passed runs before it made; raises Unfinished where one of them is missing."""
    before = ""
    for earlier in STAGES[:STAGES.index(stage)]:
        before = stands(one, earlier, before)
        if before is None:
            raise Unfinished(
                f"{stage} of {one.as_of} needs a passed `{earlier}` on the same inputs: "
                f"run `python -m jobs {earlier} --as-of {one.as_of} --known-at {one.known_at.isoformat()}` first, or `night`"
            )
    perform(one, stage, WORK[stage], before)
    return one

"""What a person reads after a command: the state of the services, what was landed, how a stage or a night ended."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from jobs.answers import declared, nights, owing, questions, sections
from jobs.answers.layout import table
from jobs.answers.nights import Night
from jobs.answers.services import status
from jobs.stages.deliveries import hidden

FILES_SHOWN = 40


def landed(deliveries: list[dict[str, Any]], failed: Sequence[str] = ()) -> str:
    """What each new delivery is: per file, or per feed where they are many; what could not be read always by file; and of how
    many feeds the transport failed, which is told where the command ends."""
    return came(deliveries) + (f"\n{len(failed)} feeds could not be asked, see below" if failed else "")


def came(deliveries: list[dict[str, Any]]) -> str:
    if not deliveries:
        return "nothing new: every file there was taken before"
    unread = [row for row in deliveries if row["delivery_status"] != "received"]
    if len(deliveries) <= FILES_SHOWN:
        return "\n".join(by_file(deliveries))
    return "\n".join([*by_feed(deliveries), *by_file(unread), f"{len(deliveries):,} deliveries, {len(unread):,} not readable"])


def by_file(deliveries: list[dict[str, Any]]) -> list[str]:
    if not deliveries:
        return []
    told = [[row["feed"], row["source_name"], row["covers"], row["rows_received"], row["delivery_status"],
             ": ".join(filter(None, (row["reason"], row["message"], *hidden(row))))] for row in deliveries]
    return table(["feed", "file", "covers", "rows", "delivery_status", "why"], told, longest=200)


def by_feed(deliveries: list[dict[str, Any]]) -> list[str]:
    files = Counter(row["feed"] for row in deliveries)
    rows: Counter[str] = Counter()
    for row in deliveries:
        rows[row["feed"]] += row["rows_received"]
    return table(["feed", "files", "rows"], [[feed, files[feed], rows[feed]] for feed in sorted(files)])


# ---- a night

def of_night(night: Night) -> str:
    """The closing summary, the same whether its stages were done now or stood already; where it ended early, where and why."""
    admissions = nights.admitted(night)
    runs = nights.runs(night.ledger, night.inputs_hash, admissions)
    passed = {row["stage"]: row for row in runs if row["run_status"] == "passed"}
    parts = [
        sections.opening(night, runs), sections.feeds(night, admissions), sections.reasons(night, admissions),
        sections.not_admitted(night), sections.titled("OWED AND NOT COME  (gone without)", owing.of_night(night)),
        sections.labels(night, admissions), declared.told_tokens(night.declarations, night.settings.token_key is not None),
        declared.told_stale(declared.stale(night.ledger, night.declarations, night.as_of, night.known_at)),
        *(told(passed[stage]["metrics"]) for stage, told in sections.TOLD.items() if stage in passed),
        *(declared.told_snapshots(passed[stage]["metrics"]) for stage in ("assemble",) if stage in passed),
        sections.gates(night.ledger, [row["run_id"] for row in runs]), sections.release(night, passed.get("publish")),
        questions.section(night.ledger, night.declarations, night.as_of, night.known_at),
        sections.seconds(night, runs), sections.following(night, runs)]
    return "\n".join(["", *(line for part in parts for line in part)])


def of_stage(night: Night, stage: str) -> str:
    """What one stage made, what its gate found and what comes next."""
    admissions = nights.admitted(night)
    runs = nights.runs(night.ledger, night.inputs_hash, admissions)
    if not runs:
        return f"{stage} of {night.as_of}: nothing to decide, no delivery has arrived: `python -m jobs land`"
    last = runs[-1]
    told = [f"{stage} of {night.as_of}: {last['run_status']} ({last['run_id']}, {night.seconds.get(stage, 0.0):.1f} s)"]
    if stage == "standardise":
        told += [*sections.feeds(night, admissions), *sections.reasons(night, admissions), *sections.not_admitted(night)]
    elif stage == "publish":
        told += sections.release(night, last)
    else:
        told += sections.TOLD[stage](last["metrics"])
    return "\n".join([*told, *sections.gates(night.ledger, [last["run_id"]]), *sections.next_stage(night, stage)])


__all__ = ["landed", "of_night", "of_stage", "status"]

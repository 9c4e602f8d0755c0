"""What the ledger says of a night: its runs, what became of every delivery, why, and what its gates found."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Protocol

from jobs.declarations import Declarations
from jobs.declarations.settings import Settings
from jobs.stores.ledger import Ledger

COUNTS = ("rows_received", "rows_facts", "rows_rejected", "rows_duplicate", "rows_household", "rows_natural_person", "facts",
          "flaws")


class Night(Protocol):
    """What is asked of a night here."""

    as_of: date
    known_at: datetime
    settings: Settings
    declarations: Declarations
    inputs_hash: str
    run_id: str
    seconds: dict[str, float]
    metrics: dict[str, dict[str, Any]]
    admissions: list[dict[str, Any]]
    delivery_metrics: list[dict[str, Any]]

    @property
    def ledger(self) -> Ledger: ...


def runs(ledger: Ledger, inputs_hash: str, admissions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The runs a night consists of, first stage first: the last that decided any of its deliveries, then the chain."""
    return [*deciding(ledger, admissions), *chain(ledger, inputs_hash)]


def deciding(ledger: Ledger, admissions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return ledger.rows("""
        select r.*, s.run_status, s.finished_at, s.message, s.metrics, s.snapshots
        from ledger.runs r join ledger.run_results s using (run_id) where run_id = any(:runs)
        order by r.started_at desc, r.run_id desc limit 1""", runs=sorted({row["run_id"] for row in admissions}))


def chain(ledger: Ledger, inputs_hash: str) -> list[dict[str, Any]]:
    """The run of these inputs and those it stands on, first stage first; `run_status` is null of a run that never ended."""
    return ledger.rows("""
        with recursive chain as (
          (select r.*, s.run_status, s.finished_at, s.message, s.metrics, s.snapshots, 1 as place
           from ledger.runs r left join ledger.run_results s using (run_id)
           where r.inputs_hash = :inputs_hash
           order by s.run_status = 'passed' desc nulls last, r.started_at desc, r.run_id desc limit 1)
          union all
          select before.*, chain.place + 1 from chain cross join lateral (
            select r.*, s.run_status, s.finished_at, s.message, s.metrics, s.snapshots
            from ledger.runs r join ledger.run_results s using (run_id)
            where r.inputs_hash = chain.inputs ->> 'before' and s.run_status = 'passed'
            order by s.finished_at desc, r.run_id desc limit 1) before)
        select * from chain order by place desc""", inputs_hash=inputs_hash)


def admitted(night: Night) -> list[dict[str, Any]]:
    """The admissions that this night stands on, whichever night made them, with feed and counts."""
    visible = night.admissions or night.ledger.admitted(night.as_of, night.known_at)
    return night.ledger.rows("""
        select a.*, d.feed, d.covers, d.source_name, d.rows_received
        from ledger.admissions a join ledger.deliveries d using (delivery_id)
        where (a.delivery_id, a.run_id) in (select * from unnest(cast(:deliveries as text[]), cast(:runs as text[])))
        order by d.feed, d.covers, a.delivery_id""",
        deliveries=[row["delivery_id"] for row in visible], runs=[row["run_id"] for row in visible])


def by_feed(rows: Iterable[dict[str, Any]]) -> dict[str, Counter[str]]:
    """For each feed how many deliveries, and the sums of their counts."""
    told: dict[str, Counter[str]] = {}
    for row in rows:
        told.setdefault(row["feed"], Counter()).update({"deliveries": 1, **{name: row[name] for name in COUNTS}})
    return dict(sorted(told.items()))


def reasons(ledger: Ledger, admissions: list[dict[str, Any]]) -> dict[tuple[str, str], Counter[str]]:
    """For each feed and kind (reject, flaw) how often which `field reason` was given."""
    feeds = {(row["delivery_id"], row["run_id"]): row["feed"] for row in admissions}
    told: dict[tuple[str, str], Counter[str]] = {}
    for row in standardised(ledger, admissions, "reasons"):
        for one in row["told"]:
            if feed := feeds.get((one["delivery_id"], row["run_id"])):
                told.setdefault((feed, one["kind"]), Counter())[f"{one['field']} {one['reason']}"] += one["count"]
    return told


def unread_labels(ledger: Ledger, admissions: list[dict[str, Any]], metric: str) -> dict[str, Counter[str]]:
    """For each feed the labels that nobody declares (`warned`) or that may not be collected (`refused`), with deliveries."""
    feeds = {(row["delivery_id"], row["run_id"]): row["feed"] for row in admissions}
    told: dict[str, Counter[str]] = {}
    for row in standardised(ledger, admissions, metric):
        for delivery_id, labels in row["told"].items():
            if feed := feeds.get((delivery_id, row["run_id"])):
                told.setdefault(feed, Counter()).update(labels)
    return told


def standardised(ledger: Ledger, admissions: list[dict[str, Any]], metric: str) -> list[dict[str, Any]]:
    """One metric of every run of standardise that admitted any of these."""
    return ledger.rows("""
        select run_id, metrics -> :metric as told from ledger.run_results
        where run_id = any(:runs) and metrics -> :metric is not null order by run_id""",
        metric=metric, runs=sorted({row["run_id"] for row in admissions}))


def refused(ledger: Ledger, as_of: date, known_at: datetime) -> list[dict[str, Any]]:
    """Deliveries in no release, refused or quarantined at landing or held by a gate: feed, file, when, state and why."""
    return ledger.rows("""
        select d.feed, d.source_name, d.covers, d.received_at, d.delivery_status as state, d.reason, d.message
        from ledger.standing(:known_at) d
        where d.delivery_status <> 'received' and d.covers <= :as_of
        union all
        select d.feed, d.source_name, d.covers, d.received_at, 'held', null, a.reason
        from ledger.standing(:known_at) d cross join lateral (
          select verdict, reason from ledger.admissions a where a.delivery_id = d.delivery_id and a.known_at <= :known_at
          order by a.known_at desc, a.run_id desc limit 1) a
        where a.verdict = 'held' and d.covers <= :as_of
        order by state, feed, covers, source_name""", as_of=as_of, known_at=known_at)


def outstanding(ledger: Ledger, declarations: Declarations, as_of: date, known_at: datetime) -> list[dict[str, Any]]:
    """Of those the ones that no later admitted delivery has said again since."""
    later: dict[str, list[dict[str, Any]]] = {}
    for row in ledger.admitted(as_of, known_at):
        later.setdefault(row["feed"], []).append(row)
    full = {name for name, feed in declarations.feeds.items() if feed.snapshot == "full"}
    return [row for row in refused(ledger, as_of, known_at)
            if not any(says_again(one, row, row["feed"] in full) for one in later.get(row["feed"], []))]


def says_again(later: dict[str, Any], row: dict[str, Any], full: bool) -> bool:
    """Whether a delivery says what an earlier one of its feed said: the same day, of a full snapshot that or any later day."""
    same = later["covers"] >= row["covers"] if full else later["covers"] == row["covers"]
    return same and later["received_at"] > row["received_at"]


def checks(ledger: Ledger, run_ids: list[str]) -> list[dict[str, Any]]:
    """Every check result of these runs, by stage and suite."""
    return ledger.rows("""
        select r.stage, c.* from ledger.check_results c join ledger.runs r using (run_id) where c.run_id = any(:runs)
        order by r.started_at, c.suite, c.position""", runs=run_ids)


def taken(ledger: Ledger, as_of: date, known_at: datetime) -> list[dict[str, Any]]:
    """All that arrived by then, and was not taken back, of days up to the date: feed, covers, received_at, delivery_status."""
    return ledger.rows("""
        select feed, covers, received_at, delivery_status from ledger.standing(:known_at)
        where covers <= :as_of order by feed, covers, received_at""", as_of=as_of, known_at=known_at)

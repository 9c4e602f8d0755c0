"""Everything behind an enterprise, event, fact, link, grade, finding, list entry or delivery, back to the file and the row."""
from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from jobs.answers import link_page, link_told, parts, releases
from jobs.answers.arrived import arrived
from jobs.answers.evidence import Evidence
from jobs.answers.explain_delivery import delivery
from jobs.answers.explain_ids import meant
from jobs.answers.layout import columns_of, shown, table
from jobs.declarations import DeclarationError, load
from jobs.declarations.settings import Settings
from jobs.stores import database
from jobs.stores.ledger import Ledger

# What a table of many such rows shows of each as text, by the column that tells them apart; JSON has all.
SHORT = {
    "end_reason": ["event_id", "category", "event_date", "organ_code", "state", "ended_on", "end_reason", "suspended_because",
                   "publicity_until", "use_until", "severity", "feeds"],
    "level_zh": ["step", "record", "index", "level_zh", "level_en", "bits", "sum"],
    "finding_id": ["finding_id", "rule_id", "rule_version", "effect", "weight", "article"],
}


@dataclass(frozen=True)
class Asked:
    """One question's sources: the serving tables as one snapshot, and the way back to files."""

    ledger: Ledger
    evidence: Evidence
    release: dict[str, Any]


def explain(settings: Settings, id: str, as_json: bool, page: Path | None = None, lang: str = "zh") -> str:
    """What stands behind the id, as text or JSON, and of a fact's link as a page too; raises UnknownId. Personal values are in
    none of them."""
    with database.engine(settings).connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        connection.execute(sa.text("set transaction read only"))
        ledger = Ledger(connection)
        asked = meant(ledger, id)
        if page:
            refuse_page(asked)
        answers = [behind(settings, ledger, kind, one) for kind, one in asked]
        connection.rollback()
    if page:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_bytes(link_page.rendered(answers[0], load(settings.config), lang))
    if as_json:
        return json.dumps(answers, ensure_ascii=False, indent=1, default=str)
    return str(page) if page else "\n\n".join(map(told, answers))


def refuse_page(asked: list[tuple[str, str]]) -> None:
    """Raises DeclarationError where no fact is asked about, before anything is looked up."""
    for kind, id in asked:
        if kind != "fact":
            raise DeclarationError(f"--html tells how a fact is linked; {id!r} is of the kind {kind}: give a fact_id or a "
                                   "review_id (explain without --html lists the facts behind it), or leave --html out")


def behind(settings: Settings, ledger: Ledger, kind: str, id: str) -> dict[str, Any]:
    if kind == "delivery":
        return {"kind": kind, "id": id, **delivery(ledger, load(settings.config), arrived(ledger, id))}
    last = releases.last_served(ledger) or {}
    release = {name: last[name] for name in ("release_id", "sequence", "as_of", "known_at", "content_hash")}
    asked = Asked(ledger, Evidence(settings, ledger, load(settings.config), release), release)
    gates = parts.gates(ledger, releases.made_by_night(ledger, last)["release_id"], asked.evidence.admissions, id)
    return {"kind": kind, "id": id, **TOLD[kind](asked, id), "gates": gates, "release": release}


# ---- what is told of each kind

def enterprise(asked: Asked, id: str) -> dict[str, Any]:
    ledger, linked = asked.ledger, parts.links_of_enterprise(asked.ledger, id)
    events = parts.events(ledger, "e.enterprise_id = :id", id=id)
    entries = parts.rows(ledger, "select * from credit.list_entries where enterprise_id = :id order by list, entry_id", id=id)
    return {
        "header": parts.header(ledger, id), "names": parts.rows(ledger, parts.NAMES, id=id),
        "identifiers": parts.rows(ledger, parts.IDENTIFIERS, id=id), "events": events, "list_entries": entries,
        "grades": parts.rows(ledger, "select * from credit.grades where enterprise_id = :id order by scheme", id=id),
        "findings": [parts.with_rule(asked.evidence.declarations, row) for row in parts.rows(ledger, parts.FINDINGS, id=id)],
        "indicators": parts.rows(ledger, parts.INDICATORS, id=id),
        "losing_values": parts.rows(ledger, f"{parts.LOST} where enterprise_id = :id order by event_id, field, fact_id", id=id),
        "withdrawals": parts.withdrawals(ledger, [row["event_key"] for row in events]),
        "facts": asked.evidence.places(linked)}


def event(asked: Asked, id: str) -> dict[str, Any]:
    ledger = asked.ledger
    events = parts.events(ledger, "e.event_id = :id", id=id)
    served = asked.evidence.declarations.categories[events[0]["category"]].served_table
    return {
        "event": events[0], "values": parts.rows(ledger, f"select * from credit.{served} where event_id = :id", id=id),
        "losing_values": parts.rows(ledger, f"{parts.LOST} where event_id = :id order by field, fact_id", id=id),
        "replaces": parts.events(ledger, "e.event_key = :key", key=events[0]["replaces_event_key"]),
        "replaced_by": parts.events(ledger, "e.replaces_event_key = :key", key=events[0]["event_key"]),
        "withdrawals": parts.withdrawals(ledger, [events[0]["event_key"]]),
        "rows_received": asked.evidence.received(parts.links(ledger, events[0]["fact_ids"]))}


def fact(asked: Asked, id: str) -> dict[str, Any]:
    ledger, link = asked.ledger, parts.links(asked.ledger, [id])
    events = parts.events(ledger, ":id = any(e.fact_ids)", id=id)
    lost = f"{parts.LOST} where :id in (fact_id, winner_fact_id) order by field, event_id, fact_id"
    return {
        "link": link, **link_told.explained(asked.evidence, link[0]),
        "review": parts.rows(ledger, "select * from credit.review_queue where fact_id = :id", id=id),
        "events": events, "losing_values": parts.rows(ledger, lost, id=id),
        "findings": parts.rows(ledger, "select * from credit.findings where :id = any(fact_ids) order by finding_id", id=id),
        "withdrawals": parts.withdrawals(ledger, [row["event_key"] for row in events]),
        "rows_received": asked.evidence.received(link)}


def finding(asked: Asked, id: str) -> dict[str, Any]:
    ledger = asked.ledger
    row = parts.rows(ledger, "select * from credit.findings where finding_id = :id", id=id)[0]
    return {
        "finding": parts.with_rule(asked.evidence.declarations, row),
        "events": parts.events(ledger, "e.event_id = any(:ids)", ids=row["event_ids"]),
        "indicators": parts.rows(ledger, parts.INDICATORS, id=row["enterprise_id"]),
        "withdrawals": parts.withdrawals(ledger, row["rests_on"]),
        "rows_received": asked.evidence.received(parts.links(ledger, row["fact_ids"]))}


def grade(asked: Asked, id: str) -> dict[str, Any]:
    ledger, (of, scheme) = asked.ledger, id.rsplit("/", 1)
    graded = "select * from credit.grades where enterprise_id = :of and scheme = :scheme"
    row = parts.rows(ledger, graded, of=of, scheme=scheme)[0]
    found = "select * from credit.findings where finding_id = any(:ids) order by rule_id"
    findings = parts.rows(ledger, found, ids=row["finding_ids"])
    return {
        "grade": {**row, **parts.of_scheme(asked.evidence.declarations, row)},
        "findings": [parts.with_rule(asked.evidence.declarations, one) for one in findings],
        "indicators": parts.rows(ledger, parts.INDICATORS, id=of),
        "facts": asked.evidence.places(parts.links(ledger, sorted({id for one in findings for id in one["fact_ids"]})))}


def list_entry(asked: Asked, id: str) -> dict[str, Any]:
    ledger = asked.ledger
    row = parts.rows(ledger, "select * from credit.list_entries where entry_id = :id", id=id)[0]
    return {
        "list_entry": parts.with_rule(asked.evidence.declarations, row),
        "organ": parts.rows(ledger, "select organ_code, zh, en, level, region from credit.organs where organ_code = :code",
                            code=row["organ_code"]),
        "events": parts.events(ledger, "e.fact_ids && cast(:ids as text[])", ids=row["fact_ids"]),
        "withdrawals": parts.withdrawals(ledger, row["rests_on"]),
        "rows_received": asked.evidence.received(parts.links(ledger, row["fact_ids"]))}


TOLD: dict[str, Callable[[Asked, str], dict[str, Any]]] = {
    "enterprise": enterprise, "event": event, "fact": fact, "finding": finding, "grade": grade, "list_entry": list_entry}


# ---- as text

def told(answer: dict[str, Any]) -> str:
    """The answer's parts one under the other; what is empty is said to be none."""
    lines = [f"{answer['kind'].upper().replace('_', ' ')} {answer['id']}"]
    for name, part in list(answer.items())[2:]:
        lines += ["", name.upper().replace("_", " "), *(f"  {line}" for line in lines_of(part))]
    return "\n".join(lines)


def lines_of(part: Any) -> list[str]:
    if not part:
        return ["none"]
    if isinstance(part, dict):
        return values(part)
    if any(isinstance(value, list) and value and isinstance(value[0], dict) for row in part for value in row.values()):
        return [line for row in part for line in nested(row)]
    if len(part) == 1:
        return values(part[0])
    told = next((names for key, names in SHORT.items() if key in part[0]), list(part[0]))
    head = [name for name in told if any(row[name] not in (None, "", []) for row in part)]
    return table(head, [[str(row[name]) if name == "row" else row[name] for name in head] for row in part])


def nested(row: dict[str, Any]) -> list[str]:
    """A row with a table of its own: its plain values first, then the table."""
    plain = {name: value for name, value in row.items() if not isinstance(value, list)}
    return [*values(plain), *(f"  {line}" for value in row.values() if isinstance(value, list) for line in lines_of(value)), ""]


def values(row: dict[str, Any]) -> list[str]:
    known = {name: value for name, value in row.items() if value not in (None, "", [])}
    width = max((columns_of(name) for name in known), default=0)
    return [f"{name:<{width}}  {str(value) if name == 'row' else shown(value)}" for name, value in known.items()]

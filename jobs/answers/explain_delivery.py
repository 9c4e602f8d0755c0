"""Everything that the ledger says of one delivery: its file, what each night made of it, and what of it is returned."""
from __future__ import annotations

from typing import Any

from jobs.answers.arrived import SHORT
from jobs.answers.reasons import explained
from jobs.answers.returned import of_release
from jobs.answers.slips import REASONS
from jobs.declarations import Declarations
from jobs.stores.ledger import Ledger

FILE = ("feed", "source_name", "covers", "received_at", "delivery_status", "reason", "message", "bytes", "encoding", "sheet",
        "object_sha256")
COUNTED = ("rows_physical", "rows_received", "rows_blank", "rows_title", "rows_footer", "rows_ragged")
NIGHTS = """
    select a.run_id, r.as_of, a.known_at, a.verdict, a.reason, a.rows_facts, a.rows_rejected, a.rows_duplicate,
      a.rows_natural_person, a.rows_household, a.facts, a.flaws
    from ledger.admissions a left join ledger.runs r using (run_id) where a.delivery_id = :id
    order by a.known_at, a.run_id"""
RETRACTED = """
    select 'retracted' as delivery_status, because as reason, retracted_at, retracted_by from ledger.retractions
    where delivery_id = :id"""
UPLOADED = "select at, actor, action, detail ->> 'because' as because from ledger.audit_log where subject = :id order by entry"


def delivery(ledger: Ledger, declarations: Declarations, row: dict[str, Any]) -> dict[str, Any]:
    """The delivery's parts, the last decision's reasons with how many lines each, and its slip with what is disputed by now."""
    feed, id = declarations.feeds.get(row["feed"]), row["delivery_id"]
    nights = ledger.rows(NIGHTS, id=id)
    now = ledger.rows("select now() as moment")[0]["moment"]
    slip = next((one for one in of_release(ledger, declarations, now) if one.delivery_id == id), None)
    told = {name: row[name] for name in FILE} | next(iter(ledger.rows(RETRACTED, id=id)), {})
    return {
        "delivery": {**told, **({"feed_zh": feed.zh, "organ": declarations.organs[feed.organ].zh} if feed else {})},
        "rows": {name: row[name] for name in COUNTED}, "nights": nights or [{"verdict": undecided(row)}],
        "reasons": reasons(ledger, declarations, id, nights[-1]["run_id"]) if nights else [],
        "slip": {**slip.row, "organ": slip.organ and slip.organ.zh} if slip else {},
        "disputes": [one for one in ledger.disputes(now) if one["delivery_id"] == id], "log": ledger.rows(UPLOADED, id=id),
        "next": {"every line": f"python -m jobs slips --delivery {id[:SHORT]} --json"} if slip else {}}


def undecided(row: dict[str, Any]) -> str:
    return "no night has read it yet" if row["delivery_status"] == "received" else "no night reads it"


def reasons(ledger: Ledger, declarations: Declarations, id: str, run_id: str) -> list[dict[str, Any]]:
    """Why its rows were rejected and its values emptied or flagged, the most frequent first."""
    found = [row for row in ledger.rows(REASONS, runs=[run_id]) if row["delivery_id"] == id]
    return [{"kind": row["kind"], "field": row["field"], "reason": row["reason"], "lines": row["count"],
             "because": explained(declarations, row["reason"]).zh}
            for row in sorted(found, key=lambda row: (row["kind"] != "reject", -row["count"], row["field"], row["reason"]))]

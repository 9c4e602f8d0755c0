"""What an organ disputes of a slip; and what a ruling needs: which deliveries the same rule hit, and whether it was corrected."""
from __future__ import annotations

import hashlib
from argparse import Namespace
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jobs.answers.arrived import SHORT
from jobs.answers.returned import of_delivery, of_release
from jobs.answers.slip_lines import LINES
from jobs.answers.slips import REASONS, TOLD, WHOLE_FILE, Rule, Slip, of_file
from jobs.declarations import DeclarationError, Declarations, among, known, load
from jobs.declarations.reading import digest
from jobs.declarations.settings import Settings
from jobs.stores import database
from jobs.stores.ledger import Ledger
from jobs.stores.objects import Objects, document_key, objects

# What rows are read by and `read_by` does not tell: shared by every feed, or of the file as a whole.
SHARED = ("organs.yml", "items.yml", "crosswalks/", "codes/")
OF_WHOLE_FILES = ("feeds/", "deliveries.yml")


class DisputeRefused(DeclarationError):
    """A dispute of what is on no slip, or a ruling that would change nothing. Exit code 2."""


@dataclass(frozen=True)
class Said:
    """What the organ says: of which delivery, field, reason and row (none: the whole rule in that delivery), and why."""

    delivery: str
    field: str
    reason: str
    row_no: int | None
    because: str
    document: Path
    by: str


def disputed(ledger: Ledger, known_at: datetime) -> set[tuple[str, str, str, int | None]]:
    """What is disputed and not ruled on by then: delivery, field, reason, row (null: every one); it counts in no score."""
    return {(row["delivery_id"], row["field"], row["reason"], row["row_no"])
            for row in ledger.disputes(known_at) if row["ruling"] is None}


def enter(settings: Settings, asked: Namespace, at: datetime) -> str:
    """The id of the dispute that was typed."""
    database.up(settings)
    said = Said(asked.delivery, asked.field, asked.reason, asked.row, asked.because, asked.document, asked.by)
    with database.engine(settings).begin() as connection:
        return dispute(Ledger(connection), load(settings.config), objects(settings), said, at)


def dispute(ledger: Ledger, declarations: Declarations, store: Objects, said: Said, at: datetime) -> str:
    """The id of the dispute, now in the ledger with its document; the same one twice is refused."""
    slip = next(iter(of_delivery(ledger, of_release(ledger, declarations, at), said.delivery)), None)
    if slip is None:
        raise DisputeRefused(f"delivery {said.delivery!r} has no slip: nothing of it was released yet, or nothing is returned")
    refuse_unknown(ledger, slip, said)
    if not said.document.is_file():
        raise DisputeRefused(f"--document {said.document}: there is no such file")
    sha256 = hashlib.sha256(said.document.read_bytes()).hexdigest()
    if not store.has(document_key(sha256)):
        store.put(said.document, document_key(sha256))
    row = {"delivery_id": slip.delivery_id, "field": said.field, "reason": said.reason, "row_no": said.row_no,
           "because": said.because, "document_sha256": sha256, "document_name": said.document.name}
    dispute_id = hashlib.sha256("|".join(map(str, row.values())).encode()).hexdigest()[:16]
    if not ledger.add("disputes", [{"dispute_id": dispute_id, **row, "raised_by": said.by, "raised_at": at}], known=True):
        raise DisputeRefused(f"this is dispute {dispute_id} already, ruled on or not; with other words or another document "
                             "it is a new one")
    logged(ledger, at, said.by, "dispute", dispute_id, row)
    return dispute_id


def refuse_unknown(ledger: Ledger, slip: Slip, said: Said) -> None:
    """Raises DisputeRefused where nothing on the slip matches, with what is on it."""
    rules = {(field, reason) for _, field, reason in slip.counts}
    if (said.field, said.reason) not in rules:
        raise DisputeRefused(f"slip of {slip.delivery_id[:SHORT]}: no line has field {said.field!r} and reason {said.reason!r}; "
                             f"{among(said.reason, map(' '.join, rules))}")
    if said.row_no is not None and said.row_no not in (rows := rows_of(ledger, slip, said)):
        raise DisputeRefused(f"slip of {slip.delivery_id[:SHORT]}: row {said.row_no} is not returned for {said.field} "
                             f"{said.reason}; known: {', '.join(map(str, sorted(rows)[:40])) or 'none'}")
    if slip.state(said.field, said.reason, said.row_no) != "open":
        raise DisputeRefused(f"slip of {slip.delivery_id[:SHORT]}: {said.field} {said.reason} is disputed already, or withdrawn")


def rows_of(ledger: Ledger, slip: Slip, said: Said) -> set[int]:
    found = ledger.rows(LINES, ids=[slip.delivery_id], notes=[])
    return {row["row_no"] for row in found if (row["field"], row["reason"]) == (said.field, said.reason)}


def logged(ledger: Ledger, at: datetime, by: str, action: str, subject: str, detail: dict[str, Any]) -> None:
    ledger.add("audit_log", [{"at": at, "actor": f"person:{by}", "action": action, "subject": subject, "detail": detail}])


# ---- rulings

def unruled(ledger: Ledger, asked: str, at: datetime) -> dict[str, Any]:
    """The dispute of this id; raises DisputeRefused where there is none, or it was ruled on."""
    open_ = {row["dispute_id"]: row for row in ledger.disputes(at) if row["ruling"] is None}
    if asked not in open_:
        raise DisputeRefused(f"dispute {asked!r} is unknown or ruled on; waiting for a ruling: {known(open_) or 'none'}")
    return open_[asked]


def ruled(ledger: Ledger, dispute_id: str, ruling: str, because: str, by: str, at: datetime, **detail: Any) -> None:
    """The ruling is in the ledger and its log; the commit is the caller's."""
    ledger.add("rulings", [{"dispute_id": dispute_id, "ruling": ruling, "because": because, "ruled_by": by, "ruled_at": at}])
    logged(ledger, at, by, ruling, dispute_id, {"because": because, **detail})


def hit(ledger: Ledger, rule: Rule, as_of: date, known_at: datetime) -> list[dict[str, Any]]:
    """What stands of every delivery of every feed that was read and returned for this field and reason."""
    told = {row["delivery_id"]: row for row in ledger.rows(TOLD, as_of=as_of, known_at=known_at)
            if row["delivery_status"] == "received" and row["run_id"]}
    if rule[0] == WHOLE_FILE:
        return [row for row in told.values() if of_file(row) == rule[1]]
    same = {row["delivery_id"] for row in ledger.rows(REASONS, runs=sorted({row["run_id"] for row in told.values()}))
            if (row["field"], row["reason"]) == rule and told.get(row["delivery_id"], {}).get("run_id") == row["run_id"]}
    return [row for row in told.values() if row["delivery_id"] in same]


def corrected(ledger: Ledger, declarations: Declarations, code: str, rows: list[dict[str, Any]], rule: Rule) -> list[str]:
    """Those of these deliveries that would be read otherwise now: by other declarations, shared tables or code."""
    runs = {row["run_id"]: row for row in ledger.rows("""
        select run_id, code_version, declarations_digest from ledger.runs where run_id = any(:runs)""",
        runs=sorted({row["run_id"] for row in rows}))}
    watched = (*SHARED, *(OF_WHOLE_FILES if rule[0] == WHOLE_FILE else ()))
    changed = {run["declarations_digest"]: differs(ledger, declarations, run["declarations_digest"], watched)
               for run in runs.values()}
    return [row["delivery_id"] for row in rows
            if row["feed"] in declarations.feeds and (row["read_by"] != digest(declarations, row["feed"])
            or runs[row["run_id"]]["code_version"] != code or changed[runs[row["run_id"]]["declarations_digest"]])]


def differs(ledger: Ledger, declarations: Declarations, then: str, watched: tuple[str, ...]) -> bool:
    """Whether any of these files said something else then."""
    [row] = ledger.rows("select content from ledger.declarations where digest = :digest", digest=then)
    return any(row["content"].get(name) != declarations.content.get(name) for name in {*row["content"], *declarations.content}
               if any(part in name for part in watched))


def refuse_uncorrected(dispute_: dict[str, Any], rows: list[dict[str, Any]], declarations: Declarations) -> None:
    """Raises DisputeRefused, which says what to correct first."""
    field, reason = dispute_["field"], dispute_["reason"]
    feeds = sorted({row["feed"] for row in rows})
    categories = sorted({declarations.feeds[feed].category for feed in feeds if feed in declarations.feeds})
    cleaner = declarations.fields[field].cleaner if field in declarations.fields else None
    of_feed = "format, volume" if field == WHOLE_FILE else f"fields.{field}, lookups"
    where = [*(f"config/categories/{name}.yml (checks)" for name in categories),
             *(f"config/feeds/{name}.yml ({of_feed})" for name in feeds),
             *([f"config/fields.yml ({field})", f"its cleaner {cleaner} in jobs/values"] if cleaner else [])]
    raise DisputeRefused(f"{field} {reason}: {len(rows)} deliveries were returned for it and every one was read by the "
                         "declarations and code of today, so that nothing would change; correct the rule first: "
                         f"{'; '.join(where) or 'nothing was read'}")

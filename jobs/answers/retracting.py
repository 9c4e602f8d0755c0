"""A delivery that a person takes back, such as a file landed under the wrong feed: no night reads it from then on."""
from __future__ import annotations

from argparse import Namespace
from datetime import datetime
from typing import Any

from jobs.answers.arrived import arrived, listed
from jobs.declarations import DeclarationError
from jobs.declarations.settings import Settings
from jobs.stores import database
from jobs.stores.ledger import Ledger

READ = "select run_id, verdict from ledger.admissions where delivery_id = :id order by known_at desc, run_id desc limit 1"


def retract(settings: Settings, asked: Namespace, now: datetime) -> str:
    """What was taken back, and what becomes of the facts that a night has made of it."""
    if not (asked.because and asked.by):
        raise DeclarationError("--retract needs --because and --by: why it is taken back, and who does")
    if asked.files or asked.feed:
        raise DeclarationError("--retract names a delivery, no files and no feed: land the file under the right feed afterwards")
    database.up(settings)
    with database.engine(settings).begin() as connection:
        ledger = Ledger(connection)
        row = arrived(ledger, asked.retract)
        entered(ledger, row, asked.because, asked.by, now)
        return told(row, ledger.rows(READ, id=row["delivery_id"]))


def entered(ledger: Ledger, row: dict[str, Any], because: str, by: str, now: datetime) -> None:
    """The retraction is in the ledger and its log; raises DeclarationError where it was before."""
    said = {"delivery_id": row["delivery_id"], "because": because, "retracted_by": by, "retracted_at": now}
    if not ledger.add("retractions", [said], known=True):
        raise DeclarationError(f"delivery {listed([row])} is retracted already: python -m jobs explain {row['delivery_id']}")
    detail = {"because": because, "feed": row["feed"], "file": row["source_name"]}
    ledger.add("audit_log", [{"at": now, "actor": f"person:{by}", "action": "retract", "subject": row["delivery_id"],
                              "detail": detail}])


def told(row: dict[str, Any], read: list[dict[str, Any]]) -> str:
    what = f"retracted: {row['source_name']} ({row['feed']}, covers {row['covers']}, {row['rows_received']:,} rows)"
    if not read:
        return f"{what}\nno night has read it, and none will"
    return (f"{what}\n{read[0]['run_id']} {read[0]['verdict']} it: what came of it leaves with the next night: "
            "python -m jobs night\nwhat its rows withdrew stays withdrawn")

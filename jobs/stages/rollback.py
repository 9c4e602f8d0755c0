"""Rollback: what an earlier release said is served again, as a new release with its own sequence number and delta (law 8)."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobs.answers import releases
from jobs.answers.layout import counted
from jobs.answers.releases import UnknownRelease
from jobs.declarations import load
from jobs.declarations.settings import Settings
from jobs.stages.run import hashed
from jobs.stores import database
from jobs.stores.ledger import Ledger
from jobs.stores.serving import delta, files
from jobs.stores.serving.staging import Staging
from jobs.stores.serving.tables import served


@dataclass(frozen=True)
class Asked:
    """Which release is gone back to, by whom and why."""

    release: str
    because: str
    by: str


def rollback(settings: Settings, asked: Asked, now: datetime, say: Callable[[str], None]) -> str:
    """The new release that has the content of that one, and what it changed; withdrawals since then stay in force."""
    declared = load(settings.config)
    database.up(settings)
    with database.locked(settings) as connection:
        ledger = Ledger(connection)
        stands, back = releases.last_served(ledger), releases.found(ledger, asked.release)
        refuse_same(stands, back)
        staging = Staging(connection, hashed({"content_of": back["release_id"], "instead_of": stands["release_id"]}))
        say(f"rollback: from sequence {stands['sequence']} to the content of {back['sequence']} (as of {back['as_of']})")
        manifest = files.again(settings.home, staging.release_id, back)
        tables = [table for table in served(declared) if table.live and ledger.has(f"credit.{table.name}")]
        staging.open()
        files.load(staging, tables, settings.home)
        ledger.add("audit_log", [logged(asked, stands, back, staging.release_id, now)])
        inputs = {releases.CONTENT_OF: back["release_id"], "because": asked.because, "by": asked.by}
        made = delta.Release(staging.release_id, back["as_of"], back["known_at"], back["content_hash"],
                             manifest["manifest_sha256"], inputs, back["snapshots"], supersedes=stands["release_id"])
        changes = delta.publish(staging, tables, made.as_of, lambda: made, back=True)
        delta.analyze(staging, tables, changes)
        staging.close()
        return told(delta.published(connection, made.release_id) or {}, back, stands, changes)


def refuse_same(stands: dict[str, Any] | None, back: dict[str, Any]) -> None:
    if stands is None:
        raise UnknownRelease("nothing is served yet, so there is nothing to go back from")
    if back["release_id"] == stands["release_id"]:
        raise UnknownRelease(f"release {back['release_id'][:12]}… (sequence {back['sequence']}) is the one that is served now")


def logged(asked: Asked, stands: dict[str, Any], back: dict[str, Any], release_id: str, at: datetime) -> dict[str, Any]:
    detail = {"because": asked.because, releases.CONTENT_OF: back["release_id"], "instead_of": stands["release_id"]}
    return {"at": at, "actor": f"person:{asked.by}", "action": "rollback", "subject": release_id, "detail": detail}


def told(made: dict[str, Any], back: dict[str, Any], stands: dict[str, Any], changes: dict[str, dict[str, int]]) -> str:
    total = [(kind, sum(each[kind] for each in changes.values())) for kind in ("delete", "update", "insert")]
    return "\n".join([
        f"release       {made['release_id']}", f"sequence      {made['sequence']}  (served)",
        f"content of    {back['release_id']} (sequence {back['sequence']}, as of {back['as_of']})",
        f"supersedes    {stands['release_id']} (sequence {stands['sequence']}, as of {stands['as_of']})",
        f"changes       {counted(total)}", "",
        "What was withdrawn since then stays out of every view, and deliveries stay admitted: the next night of "
        f"{back['as_of']} or later", "that knows anything new is served again. So correct what was wrong first: a declaration, "
        "or a delivery (land --retract)."])

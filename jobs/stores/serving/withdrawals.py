"""Taking out at once: a withdrawal is one row that every view looks at, whatever gates say that night."""
from __future__ import annotations

import hashlib
import json
from datetime import date, datetime

import sqlalchemy as sa

CHANNELS = ("all", "open", "market", "government", "audit")


class WithdrawalRefused(Exception):
    """A withdrawal that names no event or no channel we have. Exit code 2."""


def withdrawal_id(event_key: str, channel: str, effective_on: date, document: str) -> str:
    """The same withdrawal said twice is one."""
    return hashlib.sha256(json.dumps([event_key, channel, str(effective_on), document]).encode()).hexdigest()[:32]


def withdraw(connection: sa.Connection, event_key: str, channel: str, effective_on: date, reason: str, document: str,
             known_at: datetime, origin: str) -> bool:
    """Whether this took something out that was not out already: one commit, seen by the next statement of every reader."""
    if not event_key.strip() or channel not in CHANNELS:
        raise WithdrawalRefused(f"withdraw {event_key!r} in channel {channel!r}: an event key is needed, "
                                f"and a channel of {', '.join(CHANNELS)}")
    row = {"withdrawal_id": withdrawal_id(event_key, channel, effective_on, document), "event_key": event_key, "channel": channel,
           "effective_on": effective_on, "reason": reason, "document": document, "known_at": known_at, "origin": origin}
    added = connection.execute(sa.text("""
        insert into ledger.withdrawals (withdrawal_id, event_key, channel, effective_on, reason, document, known_at, origin)
        values (:withdrawal_id, :event_key, :channel, :effective_on, :reason, :document, :known_at, :origin)
        on conflict (withdrawal_id) do nothing"""), row)
    connection.commit()
    return added.rowcount > 0


def served_events(connection: sa.Connection, event_key: str) -> int:
    """How many events of the last release bear the key; none before the first release."""
    if not connection.execute(sa.text("select to_regclass('credit.events') is not null")).scalar_one():
        return 0
    return connection.execute(
        sa.text("select count(*) from credit.events where event_key = :key"), {"key": event_key}
    ).scalar_one()

"""Taking out, as a person types it: what it did, and whether anything of the last release bears the key."""
from __future__ import annotations

from datetime import date, datetime

from jobs.declarations import DeclarationError
from jobs.declarations.settings import Settings
from jobs.stores import database
from jobs.stores.serving.withdrawals import WithdrawalRefused, served_events, withdraw


def withdrawn(settings: Settings, event_key: str, channel: str, effective_on: date, because: str, document: str,
              now: datetime, by: str) -> str:
    """What was done, in two lines; raises DeclarationError where the key or the channel is none."""
    database.up(settings)
    with database.engine(settings).connect() as connection:
        try:
            new = withdraw(connection, event_key, channel, effective_on, because, document, now, f"person:{by}")
        except WithdrawalRefused as error:
            raise DeclarationError(str(error)) from error
        events = served_events(connection, event_key)
    return "\n".join([
        "withdrawn" if new else "it was withdrawn already",
        f"{events} events of the last release bear this key" if events else
        "no event of the last release bears this key: was it mistyped? One that comes later will not be shown"])

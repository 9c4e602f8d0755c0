"""Waiting: the night of today waits for what feeds that declare `wait_until` owe it, and then goes without."""
from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime

from jobs.answers.owing import Due, awaited, of_ledger, waited_for
from jobs.declarations import Declarations
from jobs.declarations.settings import Settings
from jobs.declarations.transports import WaitUntil
from jobs.stores import database
from jobs.stores.ledger import Ledger

LOOKS_EVERY = 60.0  # seconds


def wait(settings: Settings, declared: Declarations, as_of: date, clock: Callable[[], datetime], say: Callable[[str], None],
         land: Callable[[str], object] | None, sleep: Callable[[float], None] = time.sleep) -> None:
    """Returns when all of it has come, or its time is over; `land` asks a feed's transport again."""
    if not any(isinstance(feed.if_late, WaitUntil) for feed in declared.feeds.values()):
        return
    database.up(settings)
    waits, _ = looked(settings, declared, as_of, clock())
    for one in waits:
        say(f"night: waits for {waited_for(one)}")
    while waits:
        sleep(max(min(LOOKS_EVERY, (max(one.waits_until for one in waits) - clock()).total_seconds()), 0.1))
        for feed in sorted({one.feed.feed for one in waits}) if land else []:
            land(feed)
        before, (waits, missing) = waits, looked(settings, declared, as_of, clock())
        for one in before:
            if one in missing and one not in waits:
                say(f"night: its time is over: goes without {one.feed.feed} of {one.covers}")


def looked(settings: Settings, declared: Declarations, as_of: date, now: datetime) -> tuple[list[Due], list[Due]]:
    """What is waited for, and whatever has not come."""
    with database.engine(settings).connect() as connection:
        all_ = of_ledger(Ledger(connection), declared, as_of, now)
    return awaited(all_, as_of, now), [one for one in all_ if one.received_at is None]

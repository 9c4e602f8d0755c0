"""What feeds owe and have not delivered, and what a night does about each: goes without, waits, or stops the release."""
from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from jobs.answers import nights
from jobs.answers.lateness import SHANGHAI, lateness
from jobs.answers.layout import shown, table
from jobs.declarations import Declarations
from jobs.declarations.feeds import Feed
from jobs.declarations.settings import Settings
from jobs.declarations.transports import WaitUntil
from jobs.stores import database
from jobs.stores.ledger import Ledger
from jobs.values.dates import Calendar

FEW, LAST = 8, 6  # feeds, and days of each, that a summary names


@dataclass(frozen=True)
class Due:
    """One day that a feed owes, and when it came, if it did; `due_at` is None in a year without a calendar."""

    feed: Feed
    covers: date
    due_at: datetime | None
    received_at: datetime | None

    @property
    def waits_until(self) -> datetime | None:
        """Up to when the night of the day it is due waits for it; nothing is waited for by a calendar that is not known."""
        rule = self.feed.if_late
        if self.due_at is None or not isinstance(rule, WaitUntil):
            return None
        return datetime.combine(self.due_at.astimezone(SHANGHAI).date(), time.fromisoformat(rule.wait_until), SHANGHAI)


def dues(declarations: Declarations, deliveries: Iterable[dict[str, Any]], as_of: date) -> list[Due]:
    """Every day owed by the end of `as_of`; of a full snapshot that missed one, the next that came brought what it lacked."""
    calendar = Calendar.load(declarations.folder / "codes" / "working_days.csv")
    told = [Due(declarations.feeds[row["feed"]], row["covers"], row["due_at"], row["received_at"])
            for row in lateness(declarations, deliveries, calendar, as_of)]
    newest: dict[str, date] = {}
    for one in told:
        if one.received_at and one.feed.snapshot == "full":
            newest[one.feed.feed] = max(one.covers, newest.get(one.feed.feed, one.covers))
    return [one for one in told if one.received_at or one.covers > newest.get(one.feed.feed, date.min)]


def owed(all_: Iterable[Due], known_at: datetime) -> list[Due]:
    """What was due by then and has not come; a day whose clock is provisional is owed by nobody."""
    return [one for one in all_ if one.received_at is None and one.due_at and one.due_at <= known_at]


def awaited(all_: Iterable[Due], as_of: date, now: datetime) -> list[Due]:
    """What the night of today waits for: due on that day, not come, its time not over. Older debts are waited for by nobody."""
    return [one for one in all_ if one.received_at is None and one.waits_until
            and one.waits_until.date() == as_of == now.astimezone(SHANGHAI).date() and now < one.waits_until]


def came(all_: Iterable[Due], as_of: date) -> datetime | None:
    """When the last of those came for which the night of the day waits: so much more it knows than its cut-off."""
    times = [one.received_at for one in all_ if one.received_at and (until := one.waits_until) and until.date() == as_of
             and one.received_at <= until]
    return max(times, default=None)


# ---- asked of the ledger

def of_ledger(ledger: Ledger, declarations: Declarations, as_of: date, known_at: datetime) -> list[Due]:
    return dues(declarations, nights.taken(ledger, as_of, known_at), as_of)


def stopping(ledger: Ledger, declarations: Declarations, as_of: date, known_at: datetime) -> list[Due]:
    """What is owed by feeds that declare `hold`; no calendar is asked where none does."""
    if not any(feed.if_late == "hold" for feed in declarations.feeds.values()):
        return []
    all_ = of_ledger(ledger, declarations, as_of, known_at)
    return [one for one in owed(all_, known_at) if one.feed.if_late == "hold"]


def of_night(night: nights.Night) -> list[str]:
    """What the night goes without: a line a feed, those first that declare more than to go without."""
    rows = owed(of_ledger(night.ledger, night.declarations, night.as_of, night.known_at), night.known_at)
    days: dict[str, list[Due]] = {}
    for one in rows:
        days.setdefault(one.feed.feed, []).append(one)
    order = sorted(days.values(), key=lambda feed: (feed[0].feed.if_late == "go_without", feed[0].feed.feed))
    lines = [f"{feed[0].feed.feed}: {', '.join(f'{one.covers:%m-%d}' for one in feed[-LAST:])}"
             f"{f' and {len(feed) - LAST} days before' if len(feed) > LAST else ''} ({mode(feed[0].feed)})" for feed in order]
    return lines if len(lines) <= FEW else [*lines[:FEW], f"and {len(lines) - FEW} feeds more: python -m jobs owed"]


def told(settings: Settings, declarations: Declarations, as_of: date, now: datetime, as_json: bool) -> str:
    """What is owed at this moment, and what the night of today waits for, as a person or a program reads it."""
    database.up(settings)
    with database.engine(settings).connect() as connection:
        all_ = of_ledger(Ledger(connection), declarations, as_of, now)
    rows, waits = owed(all_, now), awaited(all_, as_of, now)
    if as_json:
        return json.dumps({"owed": [named(one) for one in rows], "awaited": [named(one) for one in waits],
                           "came": came(all_, as_of)}, default=str, ensure_ascii=False)
    return "\n".join([*(listed(rows) or ["nothing is owed"]), *(f"the night waits for {waited_for(one)}" for one in waits)])


# ---- in words

def named(one: Due) -> dict[str, Any]:
    return {"feed": one.feed.feed, "covers": one.covers, "due_at": one.due_at, "if_late": mode(one.feed), "owner": one.feed.owner}


def waited_for(one: Due) -> str:
    return f"{one.feed.feed} of {one.covers} until {one.waits_until:%H:%M}, then goes without it; owner: {one.feed.owner}"


def mode(feed: Feed) -> str:
    return feed.if_late if isinstance(feed.if_late, str) else f"wait_until {feed.if_late.wait_until}"


def listed(rows: Iterable[Due]) -> list[str]:
    """One line each: the day, when it was due, and who can be asked."""
    told = [[one.feed.feed, one.covers, shown(one.due_at), mode(one.feed), one.feed.owner] for one in rows]
    return table(["feed", "covers", "due", "if_late", "owner"], told, longest=100) if told else []


def stopped(rows: Iterable[Due], as_of: date) -> str:
    """Why there is no release: each feed, the day it owes, and whom to ask."""
    lines = [f"  {one.feed.feed} owes {one.covers}, due {shown(one.due_at)} (Shanghai); owner: {one.feed.owner}" for one in rows]
    return "\n".join([f"no release of {as_of}: these feeds declare `if_late: hold`, and what they owe has not come:", *lines,
                      "  the last release stands, withdrawals take effect; land what is owed (`land --feed F --covers DAY FILE`) "
                      "and run the night again"])

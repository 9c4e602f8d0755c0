"""What every transport gives: one file on this machine, what is said of it, and how far its feed has been taken with it."""
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jobs.stores.transports.manifests import Said

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01])(?!\d)")


class TransportFailed(Exception):
    """What a feed's transport holds could not be fetched; the transports of the other feeds go on. Exit code 3."""


@dataclass(frozen=True)
class Mark:
    """Which file was taken, or how far a feed was read: kept in one transaction with the delivery, and only once a key."""

    key: str
    mark: dict[str, Any]


@dataclass(frozen=True)
class Handed:
    """Who handed a file over, and why."""

    by: str
    because: str


@dataclass(frozen=True)
class Arrival:
    """One file of one feed, as it lies on this machine, with the day it covers and when it reached us.

    A fetched file lies in the spool until the next arrival is asked for.
    """

    feed: str
    path: Path
    covers: date
    received_at: datetime
    said: Said | None = None
    mark: Mark | None = None
    handed: Handed | None = None


def day_in(name: str) -> date | None:
    found = DAY_IN_NAME.search(name)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def day_of(moment: datetime) -> date:
    """The day in Shanghai."""
    return moment.astimezone(SHANGHAI).date()

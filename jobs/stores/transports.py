"""How deliveries reach us: every transport gives arrivals; a folder is the first."""
from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatch
from pathlib import Path
from zoneinfo import ZoneInfo

from jobs.declarations import DeclarationError
from jobs.declarations.feeds import Feed
from jobs.declarations.settings import Settings

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True)
class Arrival:
    """One file of one feed, as it lies on this machine, with the day it covers and when it reached us."""

    feed: str
    path: Path
    covers: date
    received_at: datetime


def manifest(inbox: Path) -> dict[str, tuple[date, datetime]]:
    """What inbox/manifest.csv says of its files: path -> (day covered, arrival); empty where there is none."""
    path = inbox / "manifest.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        try:
            return {row["path"]: (date.fromisoformat(row["covers"]), datetime.fromisoformat(row["received_at"]))
                    for row in csv.DictReader(file)}
        except (KeyError, TypeError, ValueError) as error:
            raise DeclarationError(
                f"{path}: expected columns path, covers (YYYY-MM-DD), received_at (ISO with zone); {error}"
            ) from error


def day_in(name: str) -> date | None:
    found = DAY_IN_NAME.search(name)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def given(feed: Feed, files: list[Path], covers: date | None, received_at: datetime) -> Iterator[Arrival]:
    """The files that a person names; the day each covers is said, or stands in its name, or is the day it reached us."""
    for file in files:
        if not file.is_file():
            raise DeclarationError(f"{file}: no such file")
        yield Arrival(feed.feed, file, covers or day_in(file.name) or received_at.astimezone(SHANGHAI).date(), received_at)


def folder(settings: Settings, feed: Feed, now: datetime) -> Iterator[Arrival]:
    """The files of inbox/<feed>/ by name; a hidden or unfinished file (.part, .tmp) is left for the next time."""
    inbox = settings.home / "inbox"
    said = manifest(inbox)
    for path in sorted((inbox / feed.feed).glob("*")):
        if path.name.startswith(".") or path.suffix in (".part", ".tmp") or not fnmatch(path.name, feed.transport.pattern):
            continue
        covers, received_at = said.get(str(path.relative_to(inbox)), (day_in(path.name) or now.date(), now))
        if received_at <= now:
            yield Arrival(feed.feed, path, covers, received_at)


TRANSPORTS = {"folder": folder}


def arrivals(settings: Settings, feed: Feed, now: datetime) -> Iterator[Arrival]:
    """What the feed's transport holds now; what it says arrives later than `now` has not arrived."""
    return TRANSPORTS[feed.transport.kind](settings, feed, now)

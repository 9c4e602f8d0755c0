"""Files dropped into inbox/<feed>/ of the home; they stay there."""
from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from jobs.declarations import DeclarationError
from jobs.declarations.feeds import Feed
from jobs.declarations.settings import Settings
from jobs.declarations.transports import StableSize
from jobs.stores.transports.arrival import SHANGHAI, Arrival, TransportFailed, day_in, day_of
from jobs.stores.transports.complete import Seen, whole
from jobs.stores.transports.manifests import ManifestWrong


class Inbox:
    """One folder of the inbox."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def look(self) -> list[Seen]:
        found = [(path.name, path.stat()) for path in self.folder.glob("*") if path.is_file()]
        return [Seen(name, stat.st_size, str(stat.st_mtime_ns), stat.st_mtime) for name, stat in found]

    def read(self, seen: Seen) -> bytes:
        return (self.folder / seen.name).read_bytes()


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


def arrivals(settings: Settings, feed: Feed, now: datetime) -> Iterator[Arrival]:
    """The whole files of inbox/<feed>/ by name; what the inbox's manifest says arrives later has not arrived."""
    inbox, rule = settings.home / "inbox", feed.transport.complete
    said_of_inbox, place = manifest(inbox), Inbox(inbox / feed.feed)
    settled = now.timestamp() - (rule.seconds if isinstance(rule, StableSize) else 0)
    try:
        found = whole(place, feed.transport, lambda pairs: pairs, lambda seen: seen.modified >= settled)
    except ManifestWrong as error:
        raise TransportFailed(str(error)) from None
    for seen, said in found:
        path = place.folder / seen.name
        # An undated file covers the day it was written, not that of the look: lying there it is no new delivery every day.
        written = min(datetime.fromtimestamp(seen.modified, SHANGHAI), now)
        covers, received_at = said_of_inbox.get(str(path.relative_to(inbox)), (day_in(path.name) or day_of(written), now))
        if received_at <= now:
            yield Arrival(feed.feed, path, covers, received_at, said)

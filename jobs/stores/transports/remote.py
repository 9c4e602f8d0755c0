"""Files of a place that is not on this machine: each fetched once, whole, and gone from here when it is landed."""
from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from jobs.declarations.feeds import Feed
from jobs.declarations.settings import Settings
from jobs.stores.transports import marks
from jobs.stores.transports.arrival import Arrival, Mark, TransportFailed, day_in, day_of
from jobs.stores.transports.complete import Place, Seen, Whole, whole
from jobs.stores.transports.manifests import ManifestWrong, Said
from jobs.stores.transports.spool import empty, spool, until_landed, writing


class Remote(Place, Protocol):
    """A place from which files are fetched."""

    def fetch(self, seen: Seen, to: Path) -> None:
        """The file as it was seen; raises OSError where it is another by now or does not come whole."""


def key(seen: Seen, said: Said | None) -> str:
    """What makes a file the same as one taken: name, size, stamp, and what its manifest says of it."""
    told = "|".join([seen.name, str(seen.size), seen.stamp, said.digest if said else ""])
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def arrivals(settings: Settings, feed: Feed, now: datetime, place: Remote) -> Iterator[Arrival]:
    """What was not taken yet, by name."""
    def new(found: Whole) -> Whole:
        known = marks.taken(settings, feed, [key(*pair) for pair in found])
        return [pair for pair in found if key(*pair) not in known]

    with spool(settings, feed) as folder:
        empty(folder)
        try:
            found = whole(place, feed.transport, new)
        except ManifestWrong as error:
            raise TransportFailed(str(error)) from None
        for seen, said in found:
            with writing(folder / seen.name) as part:
                place.fetch(seen, part)
            with until_landed(folder / seen.name) as path:
                yield Arrival(feed.feed, path, day_in(seen.name) or day_of(now), now, said,
                              Mark(key(seen, said), {"file": seen.name, "bytes": seen.size, "stamp": seen.stamp}))


def same(before: Seen, after: Seen, fetched: Path) -> None:
    """What was fetched is what was listed; raises OSError where it changed meanwhile or came short."""
    size = fetched.stat().st_size
    if (before.size, before.stamp) != (after.size, after.stamp):
        raise OSError(f"{before.name} changed while it was fetched; it is taken when it has come to rest")
    if size != before.size:
        raise OSError(f"{before.name}: {size} of {before.size} bytes came")

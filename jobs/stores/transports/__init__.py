"""How deliveries reach us: one file a kind, each giving the arrivals of a feed."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from importlib import import_module
from pathlib import Path

from jobs.declarations import DeclarationError
from jobs.declarations.feeds import Feed
from jobs.declarations.settings import Settings
from jobs.stores.transports.arrival import Arrival, Handed, TransportFailed, day_in, day_of

__all__ = ["Arrival", "Handed", "TransportFailed", "arrivals", "day_in", "every", "given", "handed"]


def arrivals(settings: Settings, feed: Feed, now: datetime) -> Iterator[Arrival]:
    """What the feed's transport holds now and did not hold before, one after the other; raises TransportFailed.

    A kind is imported when a feed of it is asked for: who reads folders needs no client of a store.
    """
    return import_module(f"{__name__}.{feed.transport.kind}").arrivals(settings, feed, now)


def every(settings: Settings, feeds: list[Feed], clock: Callable[[], datetime], failed: list[str],
          say: Callable[[str], None]) -> Iterator[Arrival]:
    """What the transports of all these feeds hold; one that fails is said and noted, and the others go on."""
    for feed in feeds:
        try:
            yield from arrivals(settings, feed, clock())
        except (TransportFailed, OSError) as error:
            failed.append(f"{feed.feed}: {error}; owner: {feed.owner}")
            say(f"land: {feed.feed}: {error}")


def handed(by: str | None, because: str | None) -> Handed | None:
    """Who hands files over and why, both or neither."""
    if (by is None) != (because is None):
        raise DeclarationError("--by NAME and --because REASON are said together")
    return Handed(by, because) if by and because else None


def given(feed: Feed, files: list[Path], covers: date | None, received_at: datetime,
          by: Handed | None = None) -> Iterator[Arrival]:
    """The files that a person names; the day each covers is said, or stands in its name, or is the day it reached us."""
    if feed.transport.kind == "upload" and by is None:
        raise DeclarationError(f"{feed.feed} is handed over by people: say who and why with --by NAME --because REASON")
    for file in files:
        if not file.is_file():
            raise DeclarationError(f"{file}: no such file")
        yield Arrival(feed.feed, file, covers or day_in(file.name) or day_of(received_at), received_at, handed=by)

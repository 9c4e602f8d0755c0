"""Arriving: which files a person or a schedule wants landed."""
from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from jobs.declarations import DeclarationError, Declarations, among, known, load
from jobs.declarations.settings import Settings, settings
from jobs.stages.land import land
from jobs.stores import database
from jobs.stores.objects import objects
from jobs.stores.transports import Arrival, TransportFailed, day_in, every, given, handed


def take(asked: Namespace, clock: Callable[[], datetime], say: Callable[[str], None]) -> tuple[list[dict[str, Any]], list[str]]:
    """The deliveries taken, and what the transports that failed said."""
    failed: list[str] = []
    chosen, declared = settings(), load(settings().config)
    database.up(chosen)
    arrived = arriving(asked, chosen, declared, clock, failed, say)
    return land(arrived, declared, database.engine(chosen), objects(chosen), say), failed


def arriving(asked: Namespace, chosen: Settings, declared: Declarations, clock: Callable[[], datetime], failed: list[str],
             say: Callable[[str], None]) -> Iterator[Arrival]:
    """The files given, or what the transports of one feed or of all hold; what a transport that fails says is in `failed`."""
    received_at = asked.received_at or clock()
    if received_at > clock():
        raise DeclarationError(f"--received-at {received_at.isoformat()} is still to come")
    if asked.files and not asked.feed:
        raise DeclarationError(f"files were given without --feed; known feeds: {known(declared.feeds)}")
    if asked.feed and asked.feed not in declared.feeds:
        raise DeclarationError(f"--feed: {asked.feed!r} is unknown; {among(asked.feed, declared.feeds)}")
    if asked.files:
        for one in given(declared.feeds[asked.feed], asked.files, asked.covers, received_at, handed(asked.by, asked.because)):
            if asked.covers is None and day_in(one.path.name) is None:
                say(f"land: {one.feed}: {one.path.name} names no day: it is taken to cover {one.covers}, the day it reached us; "
                    "--covers YYYY-MM-DD says another")
            yield one
    else:
        feeds = [asked.feed] if asked.feed else sorted(declared.feeds)
        yield from every(chosen, [declared.feeds[feed] for feed in feeds], clock, failed, say)


def refuse_failed(failed: list[str]) -> None:
    """After all that could be taken was: the transports that failed end the command."""
    if failed:
        raise TransportFailed("\n".join(["what these transports hold was not taken, and will be the next time:", *failed]))

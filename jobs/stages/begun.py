"""A night as it was typed, on the one connection that holds the lock."""
from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from jobs.answers.declared import business_date, read_anew
from jobs.declarations import DeclarationError, load
from jobs.declarations.settings import settings
from jobs.stages.run import Night
from jobs.stores import database
from jobs.stores.ledger import Ledger


def known_at_of(arguments: Namespace, now: datetime) -> datetime:
    """What is known: now, or an earlier moment; a later one is refused (design law 4)."""
    given = arguments.known_at or now
    if given > now:
        raise DeclarationError(f"--known-at {given.isoformat()} is still to come; now is {now.isoformat()}")
    return given


@contextmanager
def begun(arguments: Namespace, clock: Callable[[], datetime], say: Callable[[str], None]) -> Iterator[Night]:
    """A night with its arguments; nobody else writes while it lasts."""
    chosen, known_at = settings(), known_at_of(arguments, clock())
    declared, as_of = load(chosen.config), business_date(arguments.as_of, known_at, clock())
    database.up(chosen)
    with database.locked(chosen) as connection:
        anew = read_anew(Ledger(connection), declared, getattr(arguments, "feed", None), getattr(arguments, "since", None))
        yield Night(as_of, known_at, chosen, declared, connection, clock=clock, say=say, anew=anew)

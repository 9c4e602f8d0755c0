"""A village, landed and released once, for all tests that ask about a release."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime

import sample
from jobs.answers.summary import of_night, of_stage
from jobs.declarations import Declarations
from jobs.declarations.settings import Settings
from jobs.stages.land import land
from jobs.stages.night import WORK, alone, night
from jobs.stages.run import STAGES, Night, perform
from jobs.stores import database
from jobs.stores.ledger import Ledger
from jobs.stores.objects import objects
from jobs.stores.transports import arrivals
from sample.schedule import BY_HAND

AS_OF, KNOWN_AT = date(2026, 11, 20), datetime(2026, 11, 20, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Released:
    """A home with one release and its closing summary; `planted` are the personal values in its files."""

    settings: Settings
    declarations: Declarations
    summary: str
    planted: list[str]

    def rows(self, sql: str, **given: object) -> list[dict]:
        with database.engine(self.settings).connect() as connection:
            return Ledger(connection).rows(sql, **given)


def clock() -> datetime:
    return KNOWN_AT


def quiet(_: str) -> None:
    """Says nothing."""


def tonight(settings: Settings, declarations: Declarations, as_of: date = AS_OF, known_at: datetime = KNOWN_AT) -> str:
    """The closing summary of a night, whatever of it stands already."""
    with database.locked(settings) as connection:
        return of_night(night(Night(as_of, known_at, settings, declarations, connection, lambda: known_at, say=quiet)))


def as_far_as(settings: Settings, declarations: Declarations, as_of: date = AS_OF, known_at: datetime = KNOWN_AT,
              stages: Collection[str] = STAGES[:3]) -> Night:
    """A night as far as these stages; without others, up to assemble."""
    with database.locked(settings) as connection:
        one, before = Night(as_of, known_at, settings, declarations, connection, lambda: known_at, say=quiet), ""
        for stage in stages:
            before = perform(one, stage, WORK[stage], before)
        return one


def read_anew(settings: Settings, declarations: Declarations, feed: str, since: date, known_at: datetime) -> str:
    """The summary of `standardise --feed F --since D`."""
    with database.locked(settings) as connection:
        anew = Ledger(connection).covering(feed, since)
        one = Night(AS_OF, known_at, settings, declarations, connection, lambda: known_at, say=quiet, anew=anew)
        return of_stage(alone(one, "standardise"), "standardise")


def landed(settings: Settings, declarations: Declarations, known_at: datetime = KNOWN_AT) -> list[dict]:
    """What was taken now of the files that had arrived in the home's inbox by then."""
    arrived = [one for feed in declarations.feeds.values() for one in arrivals(settings, feed, known_at)]
    return land(arrived, declarations, database.engine(settings), objects(settings), quiet)


def released(settings: Settings, declarations: Declarations, enterprises: int = 120, days: int = 2,
             only: Collection[str] = BY_HAND) -> Released:
    """The home after one night on a village of so many days; of the feeds made by hand, or of others, or of every one (none)."""
    sample.village(settings.home, enterprises=enterprises, days=days, plant=True, only=only)
    landed(settings, declarations)
    lines = (settings.home / "planted.txt").read_text(encoding="utf-8").splitlines()
    planted = [line.split("\t")[0] for line in lines]
    return Released(settings, declarations, tonight(settings, declarations), planted)

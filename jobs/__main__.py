"""Enterprise public credit: files as received become one release a night.

Exit codes: 0 done, 1 a gate stopped the release, 2 a declaration or an argument is wrong, 3 something outside failed.
"""
from __future__ import annotations

import argparse
import json
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from jobs.arguments import parser
from jobs.declarations import DeclarationError, known, load
from jobs.declarations.settings import settings

if TYPE_CHECKING:
    from jobs.declarations import Declarations
    from jobs.stages.run import Night

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    return datetime.now(UTC)


def say(line: str) -> None:
    """Progress, on the error stream, so that results can be piped."""
    print(f"{datetime.now(SHANGHAI):%H:%M:%S} {line}", file=sys.stderr, flush=True)


def known_at_of(arguments: argparse.Namespace) -> datetime:
    """What is known: now, or an earlier moment; a later one is refused (design law 4)."""
    given = arguments.known_at or now()
    if given > now():
        raise DeclarationError(f"--known-at {given.isoformat()} is still to come; now is {now().isoformat()}")
    return given


@contextmanager
def a_night(arguments: argparse.Namespace) -> Iterator[Night]:
    """A night with its arguments, on the one connection that holds the lock."""
    from jobs.stages.run import Night
    from jobs.stores import database

    chosen, known_at = settings(), known_at_of(arguments)
    declared = load(chosen.config)
    database.up(chosen)
    with database.locked(chosen) as connection:
        as_of = arguments.as_of or known_at.astimezone(SHANGHAI).date()
        yield Night(as_of, known_at, chosen, declared, connection, clock=now, say=say, anew=anew_of(arguments, declared))


def anew_of(arguments: argparse.Namespace, declared: Declarations) -> tuple[str, date] | None:
    """The feed whose past deliveries are read anew, and from which day on: both are said, or neither."""
    feed, since = getattr(arguments, "feed", None), getattr(arguments, "since", None)
    if (feed is None) != (since is None):
        raise DeclarationError("--feed and --since go together: which deliveries of which feed are read anew")
    if feed is not None and feed not in declared.feeds:
        raise DeclarationError(f"--feed: {feed!r} is unknown; known: {known(declared.feeds)}")
    return None if feed is None else (feed, since)


def up(arguments: argparse.Namespace) -> None:
    """Start the embedded services and bring the tables to the newest version."""
    from jobs.stores import database

    database.up(settings())
    print(f"database: {database.url(settings())}\nhome: {settings().home}")


def down(arguments: argparse.Namespace) -> None:
    """Stop the embedded services."""
    from jobs.stores import database

    print("stopped" if database.down(settings()) else "nothing of ours was running")


def status(arguments: argparse.Namespace) -> None:
    """What runs, the last release and the last runs."""
    from jobs.answers import summary

    print(summary.status(settings()))


def land(arguments: argparse.Namespace) -> None:
    """Take what the feeds' transports hold, or the files given."""
    from jobs.answers import summary

    taken, failed = take(arguments)
    print(json.dumps(taken, default=str, ensure_ascii=False) if arguments.json else summary.landed(taken, failed))
    refuse_failed(failed)


def take(arguments: argparse.Namespace) -> tuple[list[dict[str, Any]], list[str]]:
    """The deliveries taken, and what the transports that failed said."""
    from jobs.stages.arriving import arriving
    from jobs.stages.land import land as take
    from jobs.stores import database
    from jobs.stores.objects import objects

    failed: list[str] = []
    chosen, declared = settings(), load(settings().config)
    database.up(chosen)
    arrived = arriving(arguments, chosen, declared, now, failed, say)
    return take(arrived, declared, database.engine(chosen), objects(chosen), say), failed


def refuse_failed(failed: list[str]) -> None:
    from jobs.stores.transports import TransportFailed

    if failed:
        raise TransportFailed("\n".join(["what these transports hold was not taken, and will be the next time:", *failed]))


def stage(arguments: argparse.Namespace) -> None:
    """Run one stage, on what the stages before it made."""
    from jobs.answers import summary
    from jobs.stages.night import alone

    with a_night(arguments) as night:
        alone(night, arguments.command)
        print(summary.of_stage(night, arguments.command))


def night(arguments: argparse.Namespace) -> None:
    """Run all stages with their gates, with progress and a closing summary."""
    from jobs.answers import summary
    from jobs.stages.night import night as run
    from jobs.stages.waiting import wait

    def again(feed: str | None) -> list[str]:
        taken, failed = take(parser_of().parse_args(["land", *(["--feed", feed] if feed else [])]))
        print(summary.landed(taken, failed))
        return failed

    failed = again(None) if arguments.land else []
    if arguments.known_at is None:
        arguments.as_of = arguments.as_of or now().astimezone(SHANGHAI).date()
        wait(settings(), load(settings().config), arguments.as_of, now, say, again if arguments.land else None)
    with a_night(arguments) as one:
        try:
            run(one)
        finally:
            print(summary.of_night(one))
    refuse_failed(failed)


def owed(arguments: argparse.Namespace) -> None:
    """What feeds owe and have not delivered, and what the night does about each."""
    from jobs.answers import owing

    moment = now()
    as_of = arguments.as_of or moment.astimezone(SHANGHAI).date()
    print(owing.told(settings(), load(settings().config), as_of, moment, arguments.json))


def words(arguments: argparse.Namespace) -> None:
    """The words of all feeds that nobody declared, with how often, and where a line for each would go."""
    from jobs.answers.words import words as tell

    print(tell(settings(), arguments.json))


def scorecard(arguments: argparse.Namespace) -> None:
    """The figures of a feed or an organ in a month; without either, what is red or amber of all organs."""
    from jobs.answers.scorecard import told

    print(told(settings(), load(settings().config), arguments.feed, arguments.organ, arguments.month, arguments.json))


def withdraw(arguments: argparse.Namespace) -> None:
    """Take an event out of the channels at once, whatever the gates say tonight."""
    from jobs.answers.withdrawing import withdrawn

    effective_on = arguments.effective_on or now().astimezone(SHANGHAI).date()
    print(withdrawn(settings(), arguments.event_key, arguments.channel, effective_on, arguments.because, arguments.document,
                    now(), arguments.by))


def replay(arguments: argparse.Namespace) -> None:
    """Rebuild a release from its admitted facts and compare its hash."""
    from jobs.stages.replay import replay as rebuild

    print(rebuild(settings(), arguments.release, now, say))


def explain(arguments: argparse.Namespace) -> None:
    """Everything behind an id, back to file and row."""
    from jobs.answers.explain import explain as tell

    print(tell(settings(), arguments.id, arguments.json))


def sql(arguments: argparse.Namespace) -> None:
    """Query the serving tables, read only."""
    from jobs.answers.query import query

    print(query(settings(), arguments.statement, arguments.csv))


def describe(arguments: argparse.Namespace) -> None:
    """The declarations as a person reads them."""
    from jobs.answers.describe import describe as tell

    print(tell(load(settings().config), arguments.what, arguments.write, arguments.lists))


COMMANDS = (up, down, status, land, stage, night, owed, words, scorecard, withdraw, replay, explain, sql, describe)


def parser_of() -> argparse.ArgumentParser:
    return parser({function.__name__: function for function in COMMANDS}, __doc__)


def main(words: list[str] | None = None) -> int:
    """The exit code of one command."""
    arguments = parser_of().parse_args(words)
    try:
        arguments.function(arguments)
    except Exception as error:
        return refused(error)
    return 0


def refused(error: Exception) -> int:
    """Says what went wrong in one paragraph; a fault nobody foresaw keeps its traceback, and is no gate's doing."""
    from jobs.stages.failures import OUTSIDE, code_of

    code = code_of(error)
    if code is None:
        traceback.print_exception(error)
        return OUTSIDE
    print(f"\n{type(error).__name__}: {error}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())

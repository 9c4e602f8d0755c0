"""The door: one function a command, exit codes, and the only reader of the clock.

Exit codes: 0 done, 1 a gate stopped the release, 2 a declaration or an argument is wrong, 3 something outside failed.
"""
from __future__ import annotations

import argparse
import json
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from jobs.declarations import DeclarationError, known, load
from jobs.declarations.settings import Settings, settings

if TYPE_CHECKING:
    from jobs.stages.run import Night

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    return datetime.now(UTC)


def say(line: str) -> None:
    """Progress, on the error stream, so that results can be piped."""
    print(f"{datetime.now(SHANGHAI):%H:%M:%S} {line}", file=sys.stderr, flush=True)


def moment(text: str) -> datetime:
    """An ISO time with its zone."""
    given = datetime.fromisoformat(text)
    if given.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no zone; write for example {text}+08:00")
    return given


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
        yield Night(arguments.as_of or known_at.astimezone(SHANGHAI).date(), known_at, chosen, declared, connection, clock=now, say=say)


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
    from jobs.stages.land import land as take
    from jobs.stores import database
    from jobs.stores.objects import objects

    chosen = settings()
    declared = load(chosen.config)
    database.up(chosen)
    taken = take(arriving(arguments, chosen, declared), declared, database.engine(chosen), objects(chosen), say)
    print(json.dumps(taken, default=str, ensure_ascii=False) if arguments.json else summary.landed(taken))


def arriving(arguments: argparse.Namespace, chosen: Settings, declared: Any) -> Iterator[Any]:
    from jobs.stores.transports import Arrival, arrivals, day_in

    feeds = [arguments.feed] if arguments.feed else sorted(declared.feeds)
    if arguments.feed and arguments.feed not in declared.feeds:
        raise DeclarationError(f"--feed: {arguments.feed!r} is unknown; known: {known(declared.feeds)}")
    received_at = arguments.received_at or now()
    if received_at > now():
        raise DeclarationError(f"--received-at {received_at.isoformat()} is still to come")
    if arguments.files and not arguments.feed:
        raise DeclarationError(f"files were given without --feed; known feeds: {known(declared.feeds)}")
    for file in arguments.files:
        if not file.is_file():
            raise DeclarationError(f"{file}: no such file")
        yield Arrival(arguments.feed, file, arguments.covers or day_in(file.name) or received_at.astimezone(SHANGHAI).date(), received_at)
    if not arguments.files:
        for feed in feeds:
            yield from arrivals(chosen, declared.feeds[feed], now())


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

    if arguments.land:
        land(argparse.Namespace(feed=None, files=[], received_at=None, covers=None, json=False))
    with a_night(arguments) as one:
        try:
            run(one)
        finally:
            print(summary.of_night(one))


def withdraw(arguments: argparse.Namespace) -> None:
    """Take an event out of the channels at once, whatever the gates say tonight."""
    from jobs.stores import database
    from jobs.stores.serving.withdrawals import WithdrawalRefused
    from jobs.stores.serving.withdrawals import withdraw as take_out

    chosen = settings()
    database.up(chosen)
    with database.engine(chosen).connect() as connection:
        try:
            new = take_out(connection, arguments.event_key, arguments.channel, arguments.effective_on or now().astimezone(SHANGHAI).date(),
                           arguments.because, arguments.document, now(), f"person:{arguments.by}")
        except WithdrawalRefused as error:
            raise DeclarationError(str(error)) from error
    print("withdrawn" if new else "it was withdrawn already")


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

    print(tell(load(settings().config), arguments.what, arguments.write))


def parser() -> argparse.ArgumentParser:
    door = argparse.ArgumentParser(prog="python -m jobs", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = door.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, function: Any) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=function.__doc__, description=function.__doc__)
        added.set_defaults(function=function)
        return added

    for name, function in (("up", up), ("down", down), ("status", status)):
        command(name, function)
    taking = command("land", land)
    taking.add_argument("files", nargs="*", type=Path, metavar="FILE")
    taking.add_argument("--feed")
    taking.add_argument("--received-at", type=moment, help="when the files reached us (ISO with zone); default now")
    taking.add_argument("--covers", type=date.fromisoformat, help="the day the files cover; default the day in the file's name")
    taking.add_argument("--json", action="store_true")
    for name in ("standardise", "match", "assemble", "grade", "publish", "night"):
        running = command(name, night if name == "night" else stage)
        running.add_argument("--as-of", type=date.fromisoformat, help="business date; default the day of --known-at in Shanghai")
        running.add_argument("--known-at", type=moment, help="cut-off of what was known (ISO with zone); default now")
    running.add_argument("--land", action="store_true", help="first take what the transports of all feeds hold")
    taking_out = command("withdraw", withdraw)
    taking_out.add_argument("event_key")
    taking_out.add_argument("--because", required=True)
    taking_out.add_argument("--document", required=True, help="number of the document that orders it")
    taking_out.add_argument("--channel", default="all")
    taking_out.add_argument("--effective-on", type=date.fromisoformat)
    taking_out.add_argument("--by", default=os.environ.get("USER", "unknown"))
    command("replay", replay).add_argument("release")
    explaining = command("explain", explain)
    explaining.add_argument("id")
    explaining.add_argument("--json", action="store_true")
    asking = command("sql", sql)
    asking.add_argument("statement")
    asking.add_argument("--csv", action="store_true")
    telling = command("describe", describe)
    telling.add_argument("what", nargs="*", default=[], metavar="feed|field|rule|table NAME")
    telling.add_argument("--write", action="store_true", help="write docs/feeds.md and docs/tables.md")
    return door


def main(words: list[str] | None = None) -> int:
    """The exit code of one command."""
    arguments = parser().parse_args(words)
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

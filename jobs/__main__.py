"""Enterprise public credit: files as received become one release a night.

Exit codes: 0 done, 1 a gate stopped the release, 2 a declaration or an argument is wrong, 3 something outside failed.
"""
from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from jobs.answers.quality import quality
from jobs.arguments import parser
from jobs.declarations import load
from jobs.declarations.settings import settings

if TYPE_CHECKING:
    from jobs.stages.run import Night

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    return datetime.now(UTC)


def say(line: str) -> None:
    """Progress, on the error stream, so that results can be piped."""
    print(f"{datetime.now(SHANGHAI):%H:%M:%S} {line}", file=sys.stderr, flush=True)


def a_night(arguments: argparse.Namespace) -> AbstractContextManager[Night]:
    from jobs.stages.begun import begun

    return begun(arguments, now, say)


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
    """Take what the feeds' transports hold, or the files given; or take a delivery back."""
    from jobs.answers import summary
    from jobs.answers.retracting import retract
    from jobs.stages.arriving import refuse_failed, take

    if arguments.retract:
        print(retract(settings(), arguments, now()))
        return
    taken, failed = take(arguments, now, say)
    print(json.dumps(taken, default=str, ensure_ascii=False) if arguments.json else summary.landed(taken, failed))
    refuse_failed(failed)


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
    from jobs.stages.arriving import refuse_failed, take
    from jobs.stages.night import night as run
    from jobs.stages.waiting import wait

    def again(feed: str | None) -> list[str]:
        taken, failed = take(parser_of().parse_args(["land", *(["--feed", feed] if feed else [])]), now, say)
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


def slips(arguments: argparse.Namespace) -> None:
    """What is returned to organs, by when they must answer, and what became of it; with --to, as files for them."""
    from jobs.answers.returned import slips as tell

    print(tell(settings(), arguments, now(), say))


def dispute(arguments: argparse.Namespace) -> None:
    """Enter what an organ disputes of a slip; its lines count in no score until somebody rules."""
    from jobs.answers.disputes import enter

    print(enter(settings(), arguments, now()))


def rule(arguments: argparse.Namespace) -> None:
    """Rule on a dispute: upheld, or withdrawn with the rule, which reads anew whatever it hit."""
    from jobs.stages.ruling import rule as decide

    with a_night(arguments) as night:
        print(decide(night, arguments))


def decide(arguments: argparse.Namespace) -> None:
    """Decide whose record it is; take a file of decisions or an organ's answers; list them; withdraw one."""
    from jobs.answers.deciding import decide as enter

    print(enter(settings(), arguments, now()))


def scorecard(arguments: argparse.Namespace) -> None:
    """The figures of a feed or an organ in a month; without either, what is red or amber of all organs."""
    from jobs.answers.scorecard import told

    print(told(settings(), load(settings().config), arguments.feed, arguments.organ, arguments.month, arguments.json))


def bulletin(arguments: argparse.Namespace) -> None:
    """The bulletin of the last days, or that of a month, which is frozen: a page and its figures as a table."""
    from jobs.answers.bulletin import bulletin as tell

    print(tell(settings(), arguments, now()))


def withdraw(arguments: argparse.Namespace) -> None:
    """Take an event out of the channels at once, whatever the gates say tonight."""
    from jobs.answers.withdrawing import withdraw as take_out

    print(take_out(settings(), arguments, now()))


def rollback(arguments: argparse.Namespace) -> None:
    """Serve an earlier release again: a new release with its content and a delta of its own, instead of the one served now."""
    from jobs.stages.rollback import Asked
    from jobs.stages.rollback import rollback as go_back

    print(go_back(settings(), Asked(arguments.release, arguments.because, arguments.by), now(), say))


def train(arguments: argparse.Namespace) -> None:
    """Learn how names are written from the records that have a code, and freeze the frequencies of the index; for review."""
    from jobs.stages.train import run, told

    with a_night(arguments) as night:
        print(told(run(night, arguments.terms_only), night.declarations.folder))


def replay(arguments: argparse.Namespace) -> None:
    """Rebuild a release from its admitted facts and compare its hash."""
    from jobs.stages.replay import replay as rebuild

    print(rebuild(settings(), arguments.release, now, say))


def explain(arguments: argparse.Namespace) -> None:
    """Everything behind an id, back to file and row."""
    from jobs.answers.explain import explain as tell

    print(tell(settings(), arguments.id, arguments.json, arguments.html, arguments.lang))


def resolve(arguments: argparse.Namespace) -> None:
    """Who the rows of a list are, by the enterprise index of a release; what they did is told by nobody here."""
    from jobs.answers.resolve import resolve as tell

    print(tell(settings(), arguments, now), file=sys.stdout if arguments.out else sys.stderr)


def sql(arguments: argparse.Namespace) -> None:
    """Query the serving tables, read only."""
    from jobs.answers.query import query

    print(query(settings(), arguments.statement, arguments.csv))


def describe(arguments: argparse.Namespace) -> None:
    """The declarations as a person reads them."""
    from jobs.answers.describe import describe as tell

    print(tell(load(settings().config), arguments.what, arguments.write, arguments.lists))


def draft(arguments: argparse.Namespace) -> None:
    """Propose a feed's declaration from files, or its new version, and read them by it; the report goes to the error stream."""
    from jobs.answers.draft import propose

    said, report = propose(settings(), arguments, now())
    print(said)
    print(report, file=sys.stderr)


COMMANDS = (up, down, status, land, stage, night, owed, words, scorecard, bulletin, slips, dispute, rule, decide, withdraw,
            rollback, train, replay, explain, resolve, quality, sql, describe, draft)


def parser_of() -> argparse.ArgumentParser:
    return parser({function.__name__: function for function in COMMANDS}, __doc__)


def main(words: list[str] | None = None) -> int:
    """The exit code of one command."""
    arguments = parser_of().parse_args(words)
    try:
        arguments.function(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # who reads has read enough, as `head` does; nothing more is written, not even at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        from jobs.stages.failures import refused

        return refused(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Enterprise public credit: files as received become one release a night.

Exit codes: 0 done, 1 a gate stopped the release, 2 a declaration or an argument is wrong, 3 something outside failed.
"""
from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from jobs import door
from jobs.answers.quality import quality
from jobs.arguments import parser
from jobs.asking import bulletin, decide, describe, dispute, draft, explain, owed, resolve, scorecard, slips, sql, withdraw, words
from jobs.declarations import load
from jobs.declarations.settings import settings

if TYPE_CHECKING:
    from jobs.stages.run import Night

def a_night(arguments: argparse.Namespace) -> AbstractContextManager[Night]:
    from jobs.stages.begun import begun

    return begun(arguments, door.now, door.say)


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
        print(retract(settings(), arguments, door.now()))
        return
    taken, failed = take(arguments, door.now, door.say)
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
        taken, failed = take(parser_of().parse_args(["land", *(["--feed", feed] if feed else [])]), door.now, door.say)
        print(summary.landed(taken, failed))
        return failed

    failed = again(None) if arguments.land else []
    if arguments.known_at is None:
        arguments.as_of = arguments.as_of or door.now().astimezone(door.SHANGHAI).date()
        wait(settings(), load(settings().config), arguments.as_of, door.now, door.say, again if arguments.land else None)
    with a_night(arguments) as one:
        try:
            run(one)
        finally:
            print(summary.of_night(one))
    refuse_failed(failed)


def rule(arguments: argparse.Namespace) -> None:
    """Rule on a dispute: upheld, or withdrawn with the rule, which reads anew whatever it hit."""
    from jobs.stages.ruling import rule as decide

    with a_night(arguments) as night:
        print(decide(night, arguments))


def rollback(arguments: argparse.Namespace) -> None:
    """Serve an earlier release again: a new release with its content and a delta of its own, instead of the one served now."""
    from jobs.stages.rollback import Asked
    from jobs.stages.rollback import rollback as go_back

    print(go_back(settings(), Asked(arguments.release, arguments.because, arguments.by), door.now(), door.say))


def train(arguments: argparse.Namespace) -> None:
    """Learn how names are written from the records that have a code, and freeze the frequencies of the index; for review."""
    from jobs.stages.train import run, told

    with a_night(arguments) as night:
        print(told(run(night, arguments.terms_only), night.declarations.folder))


def replay(arguments: argparse.Namespace) -> None:
    """Rebuild a release from its admitted facts and compare its hash."""
    from jobs.stages.replay import replay as rebuild

    print(rebuild(settings(), arguments.release, door.now, door.say))


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

"""The commands that ask for something or enter what somebody said; none of them begins a stage."""
from __future__ import annotations

import argparse
import sys

from jobs import door
from jobs.declarations import load
from jobs.declarations.settings import settings


def owed(arguments: argparse.Namespace) -> None:
    """What feeds owe and have not delivered, and what the night does about each."""
    from jobs.answers import owing

    moment = door.now()
    as_of = arguments.as_of or moment.astimezone(door.SHANGHAI).date()
    print(owing.told(settings(), load(settings().config), as_of, moment, arguments.json))


def words(arguments: argparse.Namespace) -> None:
    """The words of all feeds that nobody declared, with how often, and where a line for each would go."""
    from jobs.answers.words import words as tell

    print(tell(settings(), arguments.json))


def slips(arguments: argparse.Namespace) -> None:
    """What is returned to organs, by when they must answer, and what became of it; with --to, as files for them."""
    from jobs.answers.returned import slips as tell

    print(tell(settings(), arguments, door.now()))


def dispute(arguments: argparse.Namespace) -> None:
    """Enter what an organ disputes of a slip; its lines count in no score until somebody rules."""
    from jobs.answers.disputes import enter

    print(enter(settings(), arguments, door.now()))


def decide(arguments: argparse.Namespace) -> None:
    """Decide whose record it is; take a file of decisions or an organ's answers; list them; withdraw one."""
    from jobs.answers.deciding import decide as enter

    print(enter(settings(), arguments, door.now()))


def scorecard(arguments: argparse.Namespace) -> None:
    """The figures of a feed or an organ in a month; without either, what is red or amber of all organs."""
    from jobs.answers.scorecard import told

    print(told(settings(), load(settings().config), arguments.feed, arguments.organ, arguments.month, arguments.json))


def bulletin(arguments: argparse.Namespace) -> None:
    """The bulletin of the last days, or that of a month, which is frozen: a page and its figures as a table."""
    from jobs.answers.bulletin import bulletin as tell

    print(tell(settings(), arguments, door.now()))


def withdraw(arguments: argparse.Namespace) -> None:
    """Take an event out of the channels at once, whatever the gates say tonight."""
    from jobs.answers.withdrawing import withdraw as take_out

    print(take_out(settings(), arguments, door.now()))


def explain(arguments: argparse.Namespace) -> None:
    """Everything behind an id, back to file and row."""
    from jobs.answers.explain import explain as tell

    print(tell(settings(), arguments.id, arguments.json, arguments.html, arguments.lang))


def resolve(arguments: argparse.Namespace) -> None:
    """Who the rows of a list are, by the enterprise index of a release; what they did is told by nobody here."""
    from jobs.answers.resolve import resolve as tell

    print(tell(settings(), arguments, door.now), file=sys.stdout if arguments.out else sys.stderr)


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

    said, report = propose(settings(), arguments, door.now())
    print(said)
    print(report, file=sys.stderr)

"""`resolve`: who the rows of a list are, by the index of a release; each query is logged before it is answered."""
from __future__ import annotations

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import sqlalchemy as sa

from jobs.answers.declared import known_until
from jobs.answers.draft import refuse_out
from jobs.answers.resolving import coverage, index, log, rows
from jobs.answers.resolving.answers import Answer, answers
from jobs.answers.resolving.coverage import in_words
from jobs.answers.resolving.lines import Lines
from jobs.answers.resolving.output import Told
from jobs.declarations import Declarations, load
from jobs.declarations.asking import Lists, lists
from jobs.declarations.settings import Settings
from jobs.stores import database
from jobs.stores.ledger import Ledger

STDIN = "-"


class Session:
    """One release's index, asked any number of times by one asker."""

    def __init__(self, settings: Settings, connection: sa.Connection, declared: Declarations, may: Lists, asker: log.Asker,
                 stays: bool, as_json: bool) -> None:
        self.ledger, self.asker, self.may = Ledger(connection), asker, may
        release = index.release_of(self.ledger, asker.known_at)
        self.lacking = coverage.not_covered(self.ledger, declared, release)
        self.release, self.told = release, Told(declared, may, release, self.lacking, as_json)
        self.index = index.whole(settings, self.ledger, declared, release, stays)
        connection.rollback()

    def ask(self, asked: rows.Rows, at: datetime, file: Path | None = None) -> list[Answer]:
        """The answers in input order; the log knows of them first."""
        found = list(answers(self.index, asked))
        log.logged(self.ledger, self.asker, self.release["release_id"], log.counts(found), at, file)
        self.ledger.connection.commit()
        return found


def resolve(settings: Settings, asked: Namespace, clock: Callable[[], datetime]) -> str:
    """What is told of the query beside its answers, which go to `--out`, or to the standard output."""
    declared, may = load(settings.config), lists(settings.config)
    log.refuse_unknown(may, asked.purpose)
    refuse_out(asked.out)
    known_until(asked.known_at, clock())
    asker = log.Asker(asked.by, asked.purpose, asked.known_at)
    list_ = None if asked.file == STDIN else rows.of_file(Path(asked.file), declared, may, clock())
    database.up(settings)
    with database.engine(settings).connect() as connection:
        session = Session(settings, connection, declared, may, asker, list_ is None, asked.json)
        if list_ is None:
            return one_by_one(session, Lines(declared, may, clock()), asked.out, clock)
        found = session.ask(list_, clock(), Path(asked.file))
    with written(asked.out) as out:
        out.writelines([*session.told.head(), *map(session.told.line, found)])
    return summary(session, log.counts(found))


def one_by_one(session: Session, lines: Lines, to: Path | None, clock: Callable[[], datetime]) -> str:
    """Answers each line of the standard input at once."""
    every: Counter[str] = Counter()
    with written(to) as out:
        out.writelines(session.told.head())
        for one in lines.rows(sys.stdin.buffer):
            found = session.ask(one, clock())
            out.writelines(map(session.told.line, found))
            out.flush()
            every += log.counts(found)
    return summary(session, every)


@contextmanager
def written(to: Path | None) -> Iterator[IO[str]]:
    """Where answers go: the standard output, or a file that bears its name once it is whole. A spreadsheet wants the mark."""
    if to is None:
        yield sys.stdout
        return
    part = to.with_name(f"{to.name}.part")
    with open(part, "w", encoding="utf-8-sig" if to.suffix == ".csv" else "utf-8", newline="") as out:
        yield out
    part.replace(to)


def summary(session: Session, counts: Counter[str]) -> str:
    """What was looked up, until when, how the rows were answered, and which feeds the release lacks."""
    release = session.release
    lines = [f"release {release['release_id']} as of {release['as_of']}, known until {release['known_at'].isoformat()}",
             f"looked up: {session.may.looked_up.en}", log.in_words(counts)]
    lacking = [f"  {in_words([one])}{' (of the index)' if one['of_index'] else ''}" for one in session.lacking]
    return "\n".join([*lines, "not covered: " + ("" if lacking else "nothing is owed, held or missing"), *lacking])

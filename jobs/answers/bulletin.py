"""The bulletin that is asked for, written into a folder: of the last days, or of a month as it was frozen."""
from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from jobs.answers.bulletin_figures import BulletinRefused, of_days, of_month
from jobs.answers.bulletin_frozen import changed, freeze, frozen, named, restate
from jobs.answers.bulletin_page import Page, rendered
from jobs.answers.bulletin_table import as_csv
from jobs.declarations import DeclarationError, Declarations, load
from jobs.declarations.settings import Settings
from jobs.stores import database
from jobs.stores.ledger import Ledger


def bulletin(settings: Settings, asked: Namespace, now: datetime) -> str:
    """The paths of what was written, one a line; raises BulletinRefused where no release tells what is asked for."""
    refuse_mixed(asked)
    database.up(settings)
    declared = load(settings.config)
    # One snapshot: a release that is published meanwhile changes nothing between two of the tables.
    with database.engine(settings).connect().execution_options(isolation_level="REPEATABLE READ") as connection, \
            connection.begin():
        if asked.month:
            return monthly(Ledger(connection), settings.home, declared, asked, now)
        figures = of_days(Ledger(connection), declared, asked.days, asked.until)
    stem = f"bulletin-{figures.since}-{figures.until}.{asked.lang}"
    page = rendered(Page(figures, declared, asked.lang, month=False))
    return written(asked.to, [(f"{stem}.html", page), (f"{stem}.csv", as_csv(figures, declared, asked.lang))])


def refuse_mixed(asked: Namespace) -> None:
    if asked.restate != (asked.because is not None) or (asked.restate and not asked.month):
        raise DeclarationError("--restate goes with --month and --because")
    if asked.until and not asked.days:
        raise DeclarationError("--until goes with --days")


def monthly(ledger: Ledger, home: Path, declared: Declarations, asked: Namespace, now: datetime) -> str:
    """The frozen bulletin of the month and what restates it, and whether the last release tells it otherwise by now."""
    if asked.restate:
        restate(ledger, home, of_month(ledger, declared, asked.month), declared, asked.because, now)
    elif not frozen(ledger, asked.month):
        freeze(ledger, home, of_month(ledger, declared, asked.month), declared, now)
    rows = frozen(ledger, asked.month)
    paths = written(asked.to, named(home, rows, asked.lang))
    told = (f"{'restatement' if row['restates'] else 'frozen'} {row['sha256']} of release {row['release_id']}" for row in rows)
    return "\n".join([paths, *told, *otherwise(ledger, home, declared, asked, rows[-1])])


def otherwise(ledger: Ledger, home: Path, declared: Declarations, asked: Namespace, last: dict) -> list[str]:
    """How many figures the last release gives otherwise; nothing where it does not tell that month any more."""
    try:
        found = changed(home, last, of_month(ledger, declared, asked.month))
    except BulletinRefused:
        return []
    return [f"the last release gives {len(found)} figures otherwise: --restate --because TEXT restates them"] if found else []


def written(folder: Path, files: Iterable[tuple[str, bytes]]) -> str:
    """Over those of an earlier run."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, told in files:
        (folder / name).write_bytes(told)
        paths.append(str(folder / name))
    return "\n".join(paths)

"""A scorecard as a person reads it: a line a figure, with both counts, the share and its band."""
from __future__ import annotations

import json
from datetime import date
from typing import Any

from jobs.answers.layout import table
from jobs.declarations import DeclarationError, Declarations, among
from jobs.declarations.organs import called
from jobs.declarations.settings import Settings
from jobs.stores import database
from jobs.stores.ledger import Ledger

ROWS = """
    select * from credit.scorecards where period_kind = 'month' and period = :month and scope = :scope
      and (name = :name or cast(:name as text) is null and band in ('red', 'amber'))
    order by name, array_position(cast(:order as text[]), figure)"""
LAST = """select to_regclass('credit.scorecards') is not null as there,
    (select as_of from credit.releases where release_status = 'served' order by sequence desc limit 1) as as_of"""
NOTHING = "no release tells scorecards yet: `python -m jobs night`"


def told(settings: Settings, declared: Declarations, feed: str | None, organ: str | None, month: date | None,
         as_json: bool) -> str:
    """The figures of the feed or the organ in the month, or of all organs those that are red or amber, by the last release."""
    scope, name = ("feed", feed_of(declared, feed)) if feed else ("organ", called(declared.organs, organ).code if organ else None)
    with database.engine(settings).connect() as connection:
        ledger = Ledger(connection)
        [last] = ledger.rows(LAST)
        if not last["there"] or last["as_of"] is None:
            return "[]" if as_json else NOTHING
        month = month or last["as_of"].replace(day=1)
        rows = ledger.rows(ROWS, scope=scope, name=name, month=month, order=list(declared.scorecards.figures))
    if as_json:
        return json.dumps([plain(row) for row in rows], ensure_ascii=False, indent=1)
    title = f"{scope} {named(declared, scope, name)} · {month:%Y-%m} · release of {last['as_of']}"
    return "\n".join([title, "", *(lines(declared, rows, scope, name) or [nothing(name)])])


def feed_of(declared: Declarations, feed: str) -> str:
    if feed not in declared.feeds:
        raise DeclarationError(f"--feed: {feed!r} is unknown; {among(feed, declared.feeds)}")
    return feed


def named(declared: Declarations, scope: str, name: str | None) -> str:
    """Its name as people say it."""
    if name is None:
        return "figures that are red or amber"
    if scope == "feed":
        return f"{name} {declared.feeds[name].zh}" if name in declared.feeds else name
    return next((f"{key} {one.zh}" for key, one in declared.organs.items() if one.code == name), name)


def nothing(name: str | None) -> str:
    return "nothing is red or amber" if name is None else "nothing is told of that month: scorecards go back as far as " \
        "config/scorecards.yml says, and begin with the first delivery"


def lines(declared: Declarations, rows: list[dict[str, Any]], scope: str, name: str | None) -> list[str]:
    """A line a figure; whose it is stands first where several are told."""
    whose = [[] if name else [named(declared, scope, row["name"])] for row in rows]
    cells = [[*who, row["figure"], zh(declared, row["figure"]), row["numerator"], row["denominator"], percent(row["share"]),
              row["band"], "provisional" if row["provisional"] else None] for who, row in zip(whose, rows, strict=True)]
    head = ["figure", "", "counted", "of", "share", "band", ""]
    return table(head if name else [scope, *head], cells) if rows else []


def zh(declared: Declarations, figure: str) -> str:
    return declared.scorecards.figures[figure].zh if figure in declared.scorecards.figures else ""


def percent(share: Any) -> str | None:
    return None if share is None else f"{share * 100:.2f} %"


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """The row for programs: dates and shares as text, so that no digit is lost."""
    told = {name: value for name, value in row.items() if name not in ("row_key", "row_hash")}
    return {**told, "period": str(row["period"]), "share": None if row["share"] is None else str(row["share"])}

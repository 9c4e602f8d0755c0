"""The slips of the last release, as a person, a program or an organ reads them."""
from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jobs.answers import question_files, questions, slip_files
from jobs.answers.arrived import SHORT, arrived
from jobs.answers.layout import table
from jobs.answers.slip_files import STATUS
from jobs.answers.slip_lines import lines
from jobs.answers.slips import Slip
from jobs.answers.slips import slips as of_night
from jobs.declarations import DeclarationError, Declarations, among, load
from jobs.declarations.settings import Settings
from jobs.stores import database
from jobs.stores.ledger import Ledger

HEAD = ("delivery", "feed", "covers", "organ", "rejected", "doubtful", "disputed", "status", "reply by", "closed by")
NOTHING = "no slip: nothing was released yet, or nothing in the last release is for an organ to correct"


def slips(settings: Settings, asked: Namespace, now: datetime, say: Callable[[str], None]) -> str:
    """The slips that are asked for, and their files where a folder is named."""
    database.up(settings)
    declarations = load(settings.config)
    with database.engine(settings).connect() as connection:
        ledger = Ledger(connection)
        found = chosen(ledger, of_release(ledger, declarations, now), asked.feed, asked.delivery, asked.overdue, declarations)
        whole = not (asked.feed or asked.delivery or asked.overdue)  # questions are by organ, not by delivery
        for path in to_files(ledger, declarations, found, asked.to) if asked.to else ():
            say(f"slips: {path}")
        for path in ask(ledger, declarations, asked.to, now) if asked.to and whole else ():
            say(f"slips: {path}")
        if asked.json:
            return as_json(ledger, declarations, found)
        return "\n".join([told(found), *(questions.section(ledger, declarations, questions.today(now)) if whole else [])])


def ask(ledger: Ledger, declarations: Declarations, folder: Path, now: datetime) -> list[Path]:
    """The questions of each organ as a workbook and a CSV."""
    by_organ: dict[str, list[questions.Question]] = {}
    for one in questions.questions(ledger, now):
        by_organ.setdefault(one.asked_organ_code, []).append(one)
    organs = {organ.code: organ for organ in declarations.organs.values()}
    return [path for code, mine in sorted(by_organ.items()) if code in organs
            for path in question_files.write(folder, organs[code], mine, declarations)]


def of_release(ledger: Ledger, declarations: Declarations, now: datetime) -> list[Slip]:
    """The slips that the last release tells, with what is disputed by now."""
    last = ledger.rows("""select as_of, known_at from credit.releases where release_status = 'served'
                          order by sequence desc limit 1""")
    return of_night(ledger, declarations, **last[0], disputes=ledger.disputes(now)) if last else []


def chosen(ledger: Ledger, all_: list[Slip], feed: str | None, delivery: str | None, overdue: bool,
           declarations: Declarations) -> list[Slip]:
    """Those that are asked for; raises DeclarationError where feed or delivery is unknown."""
    if feed is not None and feed not in declarations.feeds:
        raise DeclarationError(f"--feed: {feed!r} is unknown; {among(feed, declarations.feeds)}")
    kept = of_delivery(ledger, all_, delivery) if delivery else all_
    return [slip for slip in kept if feed in (None, slip.delivery["feed"]) and (not overdue or slip.status == "overdue")]


def of_delivery(ledger: Ledger, all_: list[Slip], asked: str) -> list[Slip]:
    """The slip of the delivery whose id begins so, none where it has none; raises UnknownDelivery where it never arrived."""
    meant = arrived(ledger, asked)["delivery_id"]
    return [slip for slip in all_ if slip.delivery_id == meant]


def told(found: list[Slip]) -> str:
    """One line a slip, those to answer first."""
    order = sorted(found, key=lambda slip: (list(STATUS).index(slip.status) if slip.status != "overdue" else -1))
    return "\n".join(table(HEAD, [shown(slip) for slip in order], longest=40)) if found else NOTHING


def shown(slip: Slip) -> list[Any]:
    return [slip.delivery_id[:SHORT], slip.delivery["feed"], slip.delivery["covers"], slip.organ.zh if slip.organ else None,
            slip.lines("reject"), slip.lines("doubt"), slip.disputed, slip.status,
            slip.reply_by or "provisional", slip.closed_by and slip.closed_by[:SHORT]]


def as_json(ledger: Ledger, declarations: Declarations, found: list[Slip]) -> str:
    """Every slip with its lines, for programs."""
    by_delivery = lines(ledger, declarations, found)
    whole = [{**slip.row, "organ": slip.organ and slip.organ.zh, "source_name": slip.delivery["source_name"],
              "lines": [asdict(line) for line in by_delivery[slip.delivery_id]]} for slip in found]
    return json.dumps(whole, default=written, ensure_ascii=False, indent=1)


def written(value: date) -> str:
    return value.isoformat()


def to_files(ledger: Ledger, declarations: Declarations, found: list[Slip], folder: Path) -> list[Path]:
    """A workbook and a CSV for every slip that is not closed."""
    kept = [slip for slip in found if slip.status != "closed"]
    by_delivery = lines(ledger, declarations, kept)
    return [path for slip in kept for path in slip_files.write(folder, slip, by_delivery[slip.delivery_id], declarations)]

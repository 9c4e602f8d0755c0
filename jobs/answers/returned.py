"""The slips of the last release, as a person, a program or an organ reads them."""
from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from jobs.answers import questions
from jobs.answers.arrived import SHORT, arrived
from jobs.answers.handed_over import hand_over
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


def slips(settings: Settings, asked: Namespace, now: datetime) -> str:
    """The slips that are asked for, one by one; where a folder is named, their files in it and what each organ is to have."""
    database.up(settings)
    declarations = load(settings.config)
    with database.engine(settings).connect() as connection:
        ledger = Ledger(connection)
        found = chosen(ledger, of_release(ledger, declarations, now), asked.feed, asked.delivery, asked.overdue, declarations)
        whole = not (asked.feed or asked.delivery or asked.overdue)  # questions are by organ, not by delivery
        open_ = questions.questions(ledger, now) if whole and asked.to else []
        handed = hand_over(ledger, declarations, found, open_, asked.to) if asked.to else []
        if asked.json:
            return as_json(ledger, declarations, found)
        waiting = questions.with_unit(ledger, declarations, now) if whole else []
        return "\n".join([*(handed or [told(found)]), *waiting])


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

"""Ten business days of a hamlet, over holidays or the end of a year: what was delivered, released, and told in bulletins."""
from __future__ import annotations

import csv
import io
import json
from argparse import Namespace
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import sample
from jobs.answers.bulletin import bulletin
from jobs.declarations import Declarations
from jobs.declarations.settings import Settings
from jobs.stages.land import land
from jobs.stores import database
from jobs.stores.objects import objects
from jobs.stores.transports import given
from sample.schedule import BY_HAND
from tests.recount.known import Known
from tests.released import landed, quiet, tonight
from tests.standing import asked

# Beside those by hand a feed that owes every day, also a Saturday that is worked, and one that enterprises declare themselves.
FEEDS = {*BY_HAND, "court_debtors", "province_voluntary_declarations"}
HELD = "province_penalties"
SERVED = """select scope, name, period_kind, period, figure, numerator, denominator, share, band, provisional
            from credit.scorecards"""
Table = dict[str, set[tuple[str, ...]]]  # by file name the lines of a bulletin, as far as its figures go


def evening(day: date) -> datetime:
    return datetime.combine(day, time(15), UTC)


@dataclass
class Window:
    """A home whose feeds delivered for ten business days; what the sample says of their files, and what came after them."""

    home: Settings
    declared: Declarations
    nights: list[tuple[date, datetime]] = field(default_factory=list)
    more: list[dict[str, Any]] = field(default_factory=list)

    @property
    def inbox(self) -> Path:
        return self.home.home / "inbox"

    def night(self, day: date) -> Known:
        """The release of the day, and what is true of all that it knows."""
        landed(self.home, self.declared, evening(day))
        tonight(self.home, self.declared, day, evening(day))
        self.nights.append((day, evening(day)))
        return Known(self.declared, self.home.home, [*self.truth(), *self.more], self.nights.copy())

    def truth(self) -> list[dict[str, Any]]:
        """A line a file, with when it came."""
        with (self.inbox / "manifest.csv").open(encoding="utf-8", newline="") as file:
            came = {line["path"]: datetime.fromisoformat(line["received_at"]) for line in csv.DictReader(file)}
        told = map(json.loads, (self.home.home / "truth.jsonl").read_text(encoding="utf-8").splitlines())
        return [{**one, "covers": date.fromisoformat(one["covers"]), "received_at": came[one["path"]]}
                for one in told if one["path"] in came]

    def sends(self, file: Path, like: str, covers: date, received_at: datetime) -> None:
        """A file more; its rows are about the same as those of another in the truth."""
        feed = like.split("/")[0]
        arrived = list(given(self.declared.feeds[feed], [file], covers, received_at))
        land(arrived, self.declared, database.engine(self.home), objects(self.home), quiet)
        self.more.append({"path": str(file), "file": file, "rows_of": like, "feed": feed, "covers": covers,
                          "delivery_status": "received", "received_at": received_at})

    def served(self) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        """What the scorecards say: by scope, name, kind and first day of the period, and figure."""
        return {tuple(row.values())[:5]: tuple(row.values())[5:] for row in asked(self.home, SERVED)}

    def bulletin(self, now: datetime, to: Path, **asking: Any) -> Table:
        """The figures of the tables that the bulletin wrote."""
        usual = {"days": None, "month": None, "until": None, "to": to, "lang": "en", "restate": False, "because": None}
        bulletin(self.home, Namespace(**{**usual, **asking}), now)
        read = {path.name: csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))) for path in to.glob("*.csv")}
        return {name: {tuple(line[:9]) for line in list(lines)[1:] if line[0] != "release"} for name, lines in read.items()}


def window(home: Settings, declared: Declarations, last_day: date) -> Window:
    sample.village(home.home, enterprises=60, days=10, last_day=last_day, only=FEEDS, renaming=(HELD,))
    return Window(home, declared)

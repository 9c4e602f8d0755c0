"""The figures of a bulletin, all of one release: of each feed and day, of each feed and organ, of reasons, slips and coverage."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from jobs.answers.scorecards import answering, judged, month_before, next_month
from jobs.declarations import DeclarationError, Declarations
from jobs.stores.ledger import Ledger

RELEASE = """
    select release_id, sequence, as_of, known_at, content_hash from credit.releases where release_status = 'served'
    order by sequence desc limit 1"""
TOLD = "select to_regclass('credit.scorecards') is not null as there"
DAYS = """
    select scope, name, period, figure, numerator, denominator, provisional from credit.scorecards
    where period_kind = 'day' and period between :since and :until"""
MONTH = """
    select scope, name, figure, numerator, denominator, share, band, provisional from credit.scorecards
    where period_kind = 'month' and period = :month"""
REASONS = """
    select r.reason, count(*) as lines from credit.rejects r join ledger.deliveries d using (delivery_id)
    where d.covers between :since and :until group by r.reason"""
SLIPS = """
    select organ_code, slip_status, count(*) as slips from credit.return_slips
    where covers <= :until and slip_status <> 'closed' group by organ_code, slip_status"""
NOBODY = "(nobody)"  # the organ is gone, and no successor is declared
ALL = "(all)"
OF_DAY = ("rows", "compliance", "personal")


class BulletinRefused(DeclarationError):
    """No release tells what is asked for, or it is frozen already. Exit code 2."""


@dataclass(frozen=True)
class Line:
    """One figure. Of a feed's day `state` is what became of it, the numbers its files admitted and come; else `provisional`."""

    part: str
    code: str
    figure: str
    day: date | None = None
    numerator: int | None = None
    denominator: int | None = None
    share: Decimal | None = None
    band: str | None = None
    state: str = ""


@dataclass(frozen=True)
class Figures:
    """Every figure of the days from `since` to `until`, as one release tells them."""

    since: date
    until: date
    release: dict[str, Any]
    lines: tuple[Line, ...]


def last_release(ledger: Ledger) -> dict[str, Any]:
    """The release that is served; raises BulletinRefused where none tells scorecards."""
    found = ledger.rows(RELEASE) if ledger.rows(TOLD)[0]["there"] else []
    if not found:
        raise BulletinRefused("no release tells scorecards yet: `python -m jobs night`")
    return found[0]


def of_days(ledger: Ledger, declared: Declarations, count: int, until: date | None) -> Figures:
    """Of the last days up to the date, that of the release unless it is said; a figure of theirs is the sum of its days."""
    release = last_release(ledger)
    last = until or release["as_of"]
    since = last - timedelta(days=count - 1)
    refuse_untold(declared, release, since, last)
    days = ledger.rows(DAYS, since=since, until=last)
    return made(ledger, declared, release, since, last, days, summed(declared, days))


def of_month(ledger: Ledger, declared: Declarations, month: date) -> Figures:
    """Of a month that is over; its figures are those of its scorecards."""
    release, last = last_release(ledger), next_month(month) - timedelta(days=1)
    refuse_untold(declared, release, month, last)
    days = ledger.rows(DAYS, since=month, until=last)
    return made(ledger, declared, release, month, last, days, ledger.rows(MONTH, month=month))


def refuse_untold(declared: Declarations, release: dict[str, Any], since: date, until: date) -> None:
    """Raises BulletinRefused where the release does not tell all of these days."""
    first = month_before(release["as_of"], declared.scorecards.shown.months_of_days - 1)
    if since > until:
        raise BulletinRefused("--days: at least 1")
    if until > release["as_of"] or since < first:
        raise BulletinRefused(f"{since} to {until}: the last release tells the days from {first} to {release['as_of']} "
                              "(config/scorecards.yml, shown)")


def made(ledger: Ledger, declared: Declarations, release: dict[str, Any], since: date, until: date, days: list[dict[str, Any]],
         scores: list[dict[str, Any]]) -> Figures:
    lines = [*arrivals(declared, days, since, until), *scored(declared, scores), *daily(declared, days),
             *coverage(declared, days, until)]
    for row in ledger.rows(REASONS, since=since, until=until):
        lines.append(Line("reason", row["reason"], "rejects", numerator=row["lines"]))
    for row in ledger.rows(SLIPS, until=until):
        lines.append(Line("slips", row["organ_code"] or NOBODY, row["slip_status"], numerator=row["slips"]))
    return Figures(since, until, release, tuple(sorted(lines, key=place)))


def place(line: Line) -> tuple[str, str, str, date]:
    return line.part, line.code, line.figure, line.day or date.min


# ---- what came

def arrivals(declared: Declarations, days: list[dict[str, Any]], since: date, until: date) -> Iterator[Line]:
    """A line for every feed and day, also where nothing was owed and nothing came."""
    told: dict[tuple[str, date], dict[str, Any]] = defaultdict(dict)
    for row in days:
        if row["scope"] == "feed":
            told[row["name"], row["period"]][row["figure"]] = row
    for feed in declared.feeds:
        for day in (since + timedelta(days=n) for n in range((until - since).days + 1)):
            came = told[feed, day].get("admitted", {})
            yield Line("day", feed, "arrival", day, came.get("numerator"), came.get("denominator"), state=state(told[feed, day]))


def state(figures: dict[str, dict[str, Any]]) -> str:
    """What became of a day owed, by the scorecard's own counts; of a day not owed, or not due yet, that there is a gap."""
    on_time, missing = figures.get("on_time", {}), figures.get("missing", {})
    if not on_time.get("denominator"):
        return "provisional" if on_time.get("provisional") else "gap"
    return "on_time" if on_time["numerator"] else "missing" if missing.get("numerator") else "late"


def coverage(declared: Declarations, days: list[dict[str, Any]], until: date) -> Iterator[Line]:
    """Of each source, which is an organ, and category: the feeds that delivered in these days, of those declared."""
    came = {row["name"] for row in days if (row["scope"], row["figure"]) == ("feed", "deliveries") and row["numerator"]}
    found: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for name, feed in declared.feeds.items():
        found[answering(declared, name, until).name, feed.category].append(name in came)
    for (organ, category), told in found.items():
        yield Line("coverage", organ, category, numerator=sum(told), denominator=len(told))


# ---- how it was

def summed(declared: Declarations, days: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each figure over all the days: counts are added, shares never averaged."""
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in days:
        found[row["scope"], row["name"], row["figure"]].append(row)
    for (scope, name, figure), rows in found.items():
        if figure in declared.scorecards.figures:
            sums = judged(declared.scorecards.figures[figure], total(rows, "numerator"), total(rows, "denominator"))
            yield {"scope": scope, "name": name, "figure": figure, **sums, "provisional": any(row["provisional"] for row in rows)}


def daily(declared: Declarations, days: list[dict[str, Any]]) -> Iterator[Line]:
    """The rows of all feeds, by the day they cover."""
    for day in sorted({row["period"] for row in days}):
        of_day = [row for row in days if (row["period"], row["scope"]) == (day, "feed") and row["figure"] in OF_DAY]
        together = scored(declared, ({**row, "share": None, "band": None} for row in of_day))
        yield from (replace(line, day=day) for line in together if line.part == "all" and line.numerator is not None)


def total(rows: Iterable[dict[str, Any]], key: str) -> int | None:
    """The sum of what was counted; None where nothing was."""
    found = [row[key] for row in rows if row[key] is not None]
    return sum(found) if found else None


def scored(declared: Declarations, scores: Iterable[dict[str, Any]]) -> Iterator[Line]:
    """The figures of every feed and organ, and of all feeds together."""
    scores = list(scores)
    together = summed(declared, ({**row, "scope": "all", "name": ALL} for row in scores if row["scope"] == "feed"))
    for row in (*scores, *together):
        told = {key: row[key] for key in ("numerator", "denominator", "share", "band")}
        line = Line(row["scope"], row["name"], row["figure"], state="provisional" if row["provisional"] else "", **told)
        yield line
        if row["figure"] == "compliance" and line.denominator is not None:
            yield Line(line.part, line.code, "rejected", numerator=line.denominator - (line.numerator or 0))

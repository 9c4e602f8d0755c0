"""Scorecards: from counts by feed and day to every figure of a feed and of an organ, by day and by month, with share and band."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, NamedTuple

import pyarrow as pa

from jobs.answers.counts import NO_CALENDAR, NO_CLOCK, Days, add, counted
from jobs.declarations import Declarations
from jobs.declarations.organs import successor_on
from jobs.declarations.scorecards import ARRIVAL, CLOCKED, Figure, Share, terms_of
from jobs.stores.ledger import Ledger
from jobs.stores.serving.staging import Staging

SCHEMA = pa.schema({
    "scope": pa.string(), "name": pa.string(), "period_kind": pa.string(), "period": pa.date32(), "figure": pa.string(),
    "numerator": pa.int64(), "denominator": pa.int64(), "share": pa.decimal128(7, 4), "band": pa.string(),
    "provisional": pa.bool_()}.items())
PLACES = Decimal("0.0001")


class Whose(NamedTuple):
    """A feed by its name, or an organ by the code of who answers."""

    scope: str
    name: str


@dataclass
class Card:
    """The counts of one feed or organ."""

    days: dict[date, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    months: dict[date, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def before(self, figure: Figure, first: date) -> Share | None:
        """The two sums over the days that a drift is measured against, up to the day before; None without any."""
        if figure.drift is None:
            return None
        days = (first - timedelta(days=n) for n in range(1, figure.drift.days + 1))
        sums = [(summed(figure.numerator, self.days[day]), summed(figure.denominator, self.days[day])) for day in days
                if day in self.days]
        told = [(over, under) for over, under in sums if over is not None and under is not None]
        return (sum(over for over, _ in told), sum(under for _, under in told)) if told else None


def table(declarations: Declarations, ledger: Ledger, staging: Staging | None, as_of: date, known_at: datetime) -> pa.Table:
    """The scorecards of a release: of its last months every figure, a gap as null; of its last days what there is of them."""
    shown = declarations.scorecards.shown
    since, days_since = month_before(as_of, shown.months - 1), month_before(as_of, shown.months_of_days - 1)
    days = counted(declarations, ledger, staging, since - looked_back(declarations), as_of, known_at)
    return pa.Table.from_pylist(list(rows(declarations, days, since, days_since, as_of)), SCHEMA)


def rows(declarations: Declarations, days: Days, since: date, days_since: date, as_of: date) -> Iterator[dict[str, Any]]:
    """Every row, of the months since the first that has anything; no month is told that begins after the date."""
    first = max(since, min((day for told in days.values() for day in told), default=as_of).replace(day=1))
    for whose, card in sorted(cards(declarations, days, first, as_of).items()):
        for month, counts in sorted(card.months.items()):
            if month >= first:
                yield from figures(declarations, whose, "month", month, counts, card)
        for day, counts in sorted(card.days.items()):
            if day >= days_since:
                yield from (row for row in figures(declarations, whose, "day", day, counts, card)
                            if row["numerator"] is not None or row["provisional"])


def looked_back(declarations: Declarations) -> timedelta:
    """How long before the first month a drift looks for what it is measured against."""
    return timedelta(days=max((one.drift.days for one in declarations.scorecards.figures.values() if one.drift), default=0))


def cards(declarations: Declarations, days: Days, first: date, as_of: date) -> dict[Whose, Card]:
    """Feeds, and the organs that answered for them on each day: an organ sums the counts of its feeds, a month those of days."""
    found: dict[Whose, Card] = defaultdict(Card)
    for name in declarations.feeds:
        told = days.get(name, {})
        for day, counts in told.items():
            for whose in (Whose("feed", name), answering(declarations, name, day)):
                add(found[whose].days[day], counts)
                add(found[whose].months[day.replace(day=1)], counts)
        for month in months(first, as_of):
            came = any(counts.get("deliveries") for day, counts in told.items() if day.replace(day=1) == month)
            last = min(as_of, next_month(month) - timedelta(days=1))
            for whose in (Whose("feed", name), answering(declarations, name, last)):
                add(found[whose].months[month], {"feeds": 1, "feeds_delivered": int(came)})
    return found


def answering(declarations: Declarations, feed: str, day: date) -> Whose:
    """Who answers for the feed on that day; its own organ, gone or not, where nobody took over."""
    own = declarations.feeds[feed].organ
    return Whose("organ", (successor_on(declarations.organs, own, day) or declarations.organs[own]).code)


# ---- one figure

def figures(declarations: Declarations, whose: Whose, kind: str, period: date,
            counts: Mapping[str, int], card: Card) -> Iterator[dict[str, Any]]:
    for name, figure in declarations.scorecards.figures.items():
        yield {**whose._asdict(), "period_kind": kind, "period": period, "figure": name,
               **shared(figure, counts, card.before(figure, period)), "provisional": provisional(figure, counts)}


def shared(figure: Figure, counts: Mapping[str, int], before: Share | None = None) -> dict[str, Any]:
    """Numerator, denominator, share and band; what was not counted, and a share of nothing, is null and in no band."""
    return judged(figure, summed(figure.numerator, counts), summed(figure.denominator, counts), before)


def judged(figure: Figure, over: int | None, under: int | None, before: Share | None = None) -> dict[str, Any]:
    """What `shared` says of two sums that are made already."""
    if over is None or not under or under < 0:
        return {"numerator": over, "denominator": under, "share": None, "band": None}
    share = (Decimal(over) / Decimal(under)).quantize(PLACES, ROUND_HALF_EVEN)
    return {"numerator": over, "denominator": under, "share": share, "band": figure.band(over, under, before)}


def summed(text: str | None, counts: Mapping[str, int]) -> int | None:
    """The sum of the counts that the text names; None where one of them was not made."""
    terms = terms_of(text)
    if not terms or any(name not in counts for _, name in terms):
        return None
    return sum(sign * counts[name] for sign, name in terms)


def provisional(figure: Figure, counts: Mapping[str, int]) -> bool:
    """Whether a year without a calendar leaves some of it open."""
    of_arrival = figure.counts & set(ARRIVAL) and counts.get(NO_CLOCK)
    return bool(of_arrival or (figure.counts & CLOCKED and counts.get(NO_CALENDAR)))


# ---- months

def month_before(day: date, count: int) -> date:
    """The first day of the month so many months before that of the day."""
    number = day.year * 12 + day.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)


def next_month(month: date) -> date:
    return month_before(month, -1)


def months(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = next_month(first)

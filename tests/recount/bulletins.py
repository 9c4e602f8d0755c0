"""Every line that a bulletin's table should have, from tallies: what came, how it was, gaps, reasons and slips."""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.recount.cards import Said, add, cards, figures, organ_of
from tests.recount.clock import DAY
from tests.recount.known import Known, Tally
from tests.recount.slips import Slip

OF_DAY = ("rows", "compliance", "personal")
Line = tuple[str, ...]  # part, code, figure, day, counted, denominator, share, band, state: as the table writes them


def lines(known: Known, found: dict[tuple[str, date], Tally], slips: list[Slip], since: date, until: date,
          month: bool = False) -> set[Line]:
    """Of the days from the first to the last; of a month also the figures of which there is nothing."""
    days = [since + DAY * n for n in range((until - since).days + 1)]
    within = {key: tally for key, tally in found.items() if key[1] in days}
    return {*arrivals(known, within, days), *scored(known, found, days, month), *daily(known, within, days),
            *covered(known, within), *refused(known, days), *returned(known, slips, until)}


def line(part: str, code: str, figure: str, day: date | str, *said: Any) -> Line:
    told = ["" if one is None else str(one) for one in said]
    return part, code, figure, str(day), *told, *[""] * (5 - len(told))


def arrivals(known: Known, within: dict[tuple[str, date], Tally], days: list[date]) -> Iterator[Line]:
    for feed in known.declared.feeds:
        for day in days:
            tally = within.get((feed, day), {})
            came = tally.get("files", {})
            numbers = (came.get("received", 0), came["deliveries"]) if came else (None, None)
            yield line("day", feed, "arrival", day, *numbers, None, None, state(tally))


def state(tally: Tally) -> str:
    if "arrival" not in tally:
        return "provisional" if "open" in tally and tally["open"]["arrival"] else "gap"
    return next(one for one in ("on_time", "missing", "late") if tally["arrival"][one])


def scored(known: Known, found: dict[tuple[str, date], Tally], days: list[date], month: bool) -> Iterator[Line]:
    """Of feeds and organs, those of a month as its cards say them; and of all feeds together."""
    if month:
        for (scope, name, kind, first, figure), said in cards(known, found).items():
            if (kind, first) == ("month", days[0]):
                yield from with_rejected(scope, name, figure, "", said)
    for (part, code), tally in summed(known, found, days, month).items():
        for figure, said in figures(known, tally):
            if month or said[0] is not None or said[4]:
                yield from with_rejected(part, code, figure, "", said)


def summed(known: Known, found: dict[tuple[str, date], Tally], days: list[date], month: bool) -> dict[tuple[str, str], Tally]:
    sums: dict[tuple[str, str], Tally] = defaultdict(lambda: defaultdict(Counter))
    for feed in known.declared.feeds:
        mine = [found[feed, day] for day in days if (feed, day) in found]
        for whose in (("all", "(all)"), *(() if month else (("feed", feed), ("organ", organ_of(known, feed))))):
            for tally in mine:
                add(sums[whose], tally)
            if month:
                sums[whose]["month"].update(feeds=1, delivered=int(any("files" in tally for tally in mine)))
    return sums


def with_rejected(part: str, code: str, figure: str, day: date | str, said: Said) -> Iterator[Line]:
    yield line(part, code, figure, day, *said[:4], "provisional" if said[4] else "")
    if figure == "compliance" and said[1] is not None:
        yield line(part, code, "rejected", day, said[1] - said[0])


def daily(known: Known, within: dict[tuple[str, date], Tally], days: list[date]) -> Iterator[Line]:
    for day in days:
        whole: Tally = defaultdict(Counter)
        for (_, covered_), tally in within.items():
            if covered_ == day:
                add(whole, tally)
        for figure, said in figures(known, whole):
            if figure in OF_DAY and said[0] is not None:
                yield from with_rejected("all", "(all)", figure, day, (*said[:4], False))


def covered(known: Known, within: dict[tuple[str, date], Tally]) -> Iterator[Line]:
    """Of each organ and category the feeds that delivered, of those declared."""
    came = {feed for (feed, _), tally in within.items() if "files" in tally}
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, feed in known.declared.feeds.items():
        found[organ_of(known, name), feed.category].append(name)
    for (organ, category), names in found.items():
        yield line("coverage", organ, category, "", len(came & set(names)), len(names))


def refused(known: Known, days: list[date]) -> Iterator[Line]:
    """How often which reason turned a row away."""
    found = Counter(mark["reason"] for one in known.admitted if one["covers"] in days for row in known.rows[one["path"]]
                    for mark in row.marks if mark["becomes"] == "reject")
    return (line("reason", reason, "rejects", "", count) for reason, count in found.items())


def returned(known: Known, slips: list[Slip], until: date) -> Iterator[Line]:
    asked = [slip for slip in slips if slip.covers <= until and slip.status != "closed"]
    found = Counter((organ_of(known, slip.feed), slip.status) for slip in asked)
    return (line("slips", organ, status, "", count) for (organ, status), count in found.items())

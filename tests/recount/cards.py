"""Every row that scorecards should have, from tallies: of feeds and organs, by day and month, with share and band."""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from jobs.declarations.scorecards import Figure
from tests.recount.clock import DAY
from tests.recount.known import Known, Tally

# Of what, and the sums that the share is of; each over all the words that are named.
FIGURES: dict[str, tuple[str, str, str | None]] = {
    "coverage": ("month", "delivered", "feeds"),
    "deliveries": ("files", "deliveries", None),
    "on_time": ("arrival", "on_time", "owed"),
    "missing": ("arrival", "missing", "owed"),
    "admitted": ("files", "received", "deliveries"),
    "late_rate": ("rows", "late", "dated"),
    "delay_hand_over": ("rows", "waited -way", "waited release"),
    "delay_above": ("rows", "above", "waited release"),
    "delay_receipt": ("rows", "way -above", "waited release"),
    "delay_release": ("rows", "release", "waited release"),
    "rows": ("rows", "rows", None),
    "stored": ("rows", "facts", None),
    "personal": ("rows", "personal", "rows"),
    "compliance": ("rows", "fact duplicate", "rows -personal"),
    "completeness": ("rows", "values", "given"),
    "validity": ("rows", "values", "values flaws"),
    "uniqueness": ("rows", "rows -duplicate", "rows"),
    "consistency": ("rows", "checked -inconsistent", "checked"),
    "disagreement": ("acts", "disagreeing", "shared"),
    "one_tier": ("acts", "one_tier", "tiered"),
    "adverse": ("acts", "adverse", "acts"),
    "voluntary": ("acts", "declared", "acts"),
    "slips_open": ("slips", "open", "slips"),
}
OPEN = {"arrival": ("on_time", "missing"), "clock": (
    "late_rate", "delay_hand_over", "delay_above", "delay_receipt", "delay_release")}
Key = tuple[str, str, str, date, str]  # scope, name, kind and first day of the period, figure
Said = tuple[int | None, int | None, Decimal | None, str | None, bool]


def organ_of(known: Known, feed: str) -> str:
    """The code of the organ that answers for it; of those that deliver here none is gone."""
    organ = known.declared.organs[known.declared.feeds[feed].organ]
    assert organ.valid_to is None
    return organ.code


def cards(known: Known, found: dict[tuple[str, date], Tally]) -> dict[Key, Said]:
    """Of every month all figures; of a day what there is."""
    sums: dict[tuple[str, str, str, date], Tally] = defaultdict(lambda: defaultdict(Counter))
    for feed in known.declared.feeds:
        for (name, day), tally in found.items():
            for whose in (("feed", feed), ("organ", organ_of(known, feed))) if name == feed else ():
                for period in (("day", day), ("month", day.replace(day=1))):
                    add(sums[*whose, *period], tally)
        for month in sorted({day.replace(day=1) for _, day in found} | {known.as_of.replace(day=1)}):
            came = any(name == feed and "files" in tally for (name, day), tally in found.items() if day.replace(day=1) == month)
            for whose in (("feed", feed), ("organ", organ_of(known, feed))):
                sums[*whose, "month", month]["month"].update(feeds=1, delivered=int(came))
    return {(*period, figure): said for period, tally in sums.items()
            for figure, said in figures(known, tally, before(sums, *period))
            if period[2] == "month" or said[0] is not None or said[4]}


def before(sums: dict[tuple[str, str, str, date], Tally], scope: str, name: str, kind: str, first: date) -> Tally:
    """What was told of the ninety days before the period."""
    found: Tally = defaultdict(Counter)
    for day in (first - DAY * n for n in range(1, 91)):
        add(found, sums.get((scope, name, "day", day), {}))
    return found


def add(total: Tally, tally: Tally) -> None:
    for of, counts in tally.items():
        total[of].update(counts)


def figures(known: Known, tally: Tally, before: Tally | None = None) -> Iterator[tuple[str, Said]]:
    for figure, (of, over, under) in FIGURES.items():
        open_ = any(tally["open"][what] for what, ones in OPEN.items() if figure in ones) if "open" in tally else False
        then = (added(before, of, over), added(before, of, under)) if before and of in before else None
        yield figure, (*judged(known, figure, added(tally, of, over), added(tally, of, under), then), open_)


def added(tally: Tally, of: str, words: str | None) -> int | None:
    if words is None or of not in tally:
        return None
    return sum(-tally[of][word[1:]] if word.startswith("-") else tally[of][word] for word in words.split())


def judged(known: Known, figure: str, over: int | None, under: int | None, before: tuple[int, int] | None) -> tuple[Any, ...]:
    """The two sums with the share to four places and its band; nothing is shared by nothing."""
    if over is None or not under:
        return over, under, None, None
    return over, under, (Decimal(over) / under).quantize(Decimal("0.0001"), ROUND_HALF_EVEN), \
        band(known.declared.scorecards.figures[figure], Fraction(over, under), under, before)


def band(declared: Figure, share: Fraction, under: int, before: tuple[int, int] | None) -> str | None:
    """The best band whose bound the exact share reaches; of a mix, whose distance to the mix before is no more."""
    if declared.drift:
        least = declared.drift.least
        if before is None or min(under, before[1]) < least:
            return None
        short, bounds = abs(share - Fraction(*before)), declared.drift
        return next((name for name in ("green", "amber") if short <= Fraction(getattr(bounds, name))), "red")
    if declared.bands is None:
        return None
    sign = 1 if declared.better == "high" else -1
    return next((name for name in ("green", "amber") if sign * (share - Fraction(getattr(declared.bands, name))) >= 0), "red")

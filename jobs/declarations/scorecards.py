"""Models of config/scorecards.yml: the figures of a scorecard, the counts they are made of, and the clocks that acts run by."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from jobs.declarations.feeds import Category, Declared
from jobs.declarations.files import among
from jobs.declarations.regimes import Dated, Mark, Sourced

Band = Literal["green", "amber", "red"]
Sum = list[tuple[int, str]]
Share = tuple[int, int]  # numerator, denominator

# Every count there is, by where it comes from. A delivery counts on the day it covers; its rows and facts only once admitted.
ARRIVAL = {
    "owed": "days owed whose clock is known", "on_time": "of these, come by the deadline", "late": "come after it",
    "missing": "not come"}
LEDGER = {
    "deliveries": "files that came", "deliveries_admitted": "of these, admitted", "deliveries_held": "held by a gate",
    "deliveries_quarantined": "not readable", "deliveries_refused": "not taken",
    "rows_received": "rows", "rows_facts": "rows that became facts", "rows_rejected": "rejected rows",
    "rows_duplicate": "rows told again within their delivery", "rows_personal": "rows of households and natural persons",
    "facts": "facts", "flaws": "flaws of facts"}
DISPUTED = {
    "rows_disputed": "of the rejected rows, those an organ disputes and nobody ruled on",
    "flaws_disputed": "likewise of the flaws", "rows_inconsistent_disputed": "likewise of the inconsistent rows"}
MADE = {
    "values_given": "facts times the columns that their feed always has", "values_there": "of these, with a value",
    "rows_checked": "rows of legal entities in categories with cross-field checks",
    "rows_inconsistent": "of these, breaking one", "acts_dated": "facts whose clock is known",
    "acts_late": "of these, received after its last day", "days_waited": "working days from act to receipt, of late ones",
    "days_receipt": "of these, after the day covered: the way to us",
    "days_above": "of these, on the way from a platform above ours",
    "days_release": "working days from receipt to the night that took them, of late acts"}
STAGED = {
    "acts": "facts that are reports of acts", "acts_adverse": "of these, adverse by category",
    "acts_declared": "of these, said by the enterprise itself", "acts_shared": "of these, of acts that several feeds tell",
    "acts_disagreeing": "of the shared, with a value that was not believed",
    "acts_tiered": "of categories that several levels tell", "acts_one_tier": "of the tiered, known at one level only",
    "slips": "return slips", "slips_open": "of these, open or overdue"}
MONTHLY = {"feeds": "feeds declared", "feeds_delivered": "of these, with a delivery in the month"}
COUNTS = ARRIVAL | LEDGER | DISPUTED | MADE | STAGED | MONTHLY
# By the calendar, as all of ARRIVAL.
CLOCKED = {"acts_dated", "acts_late", "days_waited", "days_receipt", "days_above", "days_release"}

SUM = re.compile(r"[a-z_]+( [+-] [a-z_]+)*")


def terms_of(text: str | None) -> Sum:
    """The counts that a sum names, each with its sign; none of no sum."""
    if text is None:
        return []
    signs = [1, *(1 if sign == "+" else -1 for sign in re.findall(r" ([+-]) ", text))]
    return list(zip(signs, re.findall(r"[a-z_]+", text), strict=True))


class Bands(Declared):
    """The shares from which (or, where low is better, up to which) a figure is green, and amber; beyond is red."""

    green: Decimal = Field(ge=0, le=1)
    amber: Decimal = Field(ge=0, le=1)
    because: str


class Drift(Bands):
    """By how much a share may differ, up or down, from that of the days before the period, in parts of one; beyond is red.

    Where the denominator of either is below the least, or nothing went before, nothing is said.
    """

    days: int = Field(ge=1)
    least: int = Field(ge=1)


class Figure(Declared):
    """A share of two sums of counts, or a sum alone."""

    zh: str
    en: str
    numerator: str
    denominator: str | None = None
    better: Literal["high", "low"] | None = None
    bands: Bands | None = None
    drift: Drift | None = Field(default=None, description="in place of bands: no side is better, a change is asked about")
    source: str | None = None

    @model_validator(mode="after")
    def bands_fit(self) -> Figure:
        for key in ("numerator", "denominator"):
            if (text := getattr(self, key)) is not None and not SUM.fullmatch(text):
                raise ValueError(f"{key}: {text!r} is no sum such as `rows_facts + rows_duplicate`")
        if self.bands and (self.better is None or self.denominator is None):
            raise ValueError("bands: only of a share of which is said whether high or low is better")
        if self.bands:
            green, amber = self.bands.green, self.bands.amber
            if green < amber if self.better == "high" else green > amber:
                raise ValueError(f"bands: green {green} is worse than amber {amber}, as {self.better} is better")
        return self

    @model_validator(mode="after")
    def drift_fits(self) -> Figure:
        if self.drift and (self.bands or self.denominator is None):
            raise ValueError("drift: only of a share without bands")
        if self.drift and self.drift.green > self.drift.amber:
            raise ValueError(f"drift: green {self.drift.green} is more than amber {self.drift.amber}")
        return self

    @property
    def counts(self) -> set[str]:
        """Every count that it is made of."""
        return {name for text in (self.numerator, self.denominator) for _, name in terms_of(text)}

    def band(self, numerator: int, denominator: int, before: Share | None = None) -> Band | None:
        """By the exact share, before it is rounded; a share on a bound is in the better band. Of drift, by that of before."""
        if self.drift:
            return drifted(self.drift, (numerator, denominator), before)
        if self.bands is None:
            return None
        for name, bound in (("green", self.bands.green), ("amber", self.bands.amber)):
            reached = bound * denominator
            if numerator >= reached if self.better == "high" else numerator <= reached:
                return name  # type: ignore[return-value]
        return "red"


def drifted(drift: Drift, now: Share, before: Share | None) -> Band | None:
    """The band of the distance between two shares; None where one of them rests on too little."""
    if before is None or min(now[1], before[1]) < drift.least:
        return None
    moved, whole = abs(now[0] * before[1] - before[0] * now[1]), now[1] * before[1]
    return "green" if moved <= drift.green * whole else "amber" if moved <= drift.amber * whole else "red"


class Clock(Sourced, Dated):
    """How many working days after the act a report of it may reach us; in force by the day of the act, which is day 0."""

    clock: str
    categories: list[str] = Field(min_length=1)
    working_days: int = Field(ge=0)
    mark: Mark
    because: str


class Shown(Declared):
    """How far back of its date a release tells scorecards, its own month included."""

    months: int = Field(ge=1)
    months_of_days: int = Field(ge=1)
    because: str


class Scorecards(Declared):
    shown: Shown
    clocks: list[Clock]
    figures: dict[str, Figure] = Field(min_length=1)

    def clocks_of(self, category: str) -> list[Clock]:
        return [clock for clock in self.clocks if category in clock.categories]


# ---- what must hold

def scorecard_faults(declared: Scorecards, categories: Mapping[str, Category]) -> Iterator[str]:
    """Each fault of the scorecards as one line with file and key."""
    for name, figure in declared.figures.items():
        for key in ("numerator", "denominator"):
            for count in sorted({count for _, count in terms_of(getattr(figure, key))} - set(COUNTS)):
                yield f"scorecards.yml: figures.{name}.{key}: {count!r} is no count; {among(count, COUNTS)}"
    for clock in declared.clocks:
        where = f"scorecards.yml: clocks.{clock.clock}"
        for category in clock.categories:
            if category not in categories:
                yield f"{where}.categories: {category!r} is unknown; {among(category, categories)}"
            elif categories[category].event_date is None:
                yield f"{where}.categories: {category!r} has no event_date to count from"
            elif other := overlapping(clock, declared.clocks_of(category)):
                yield f"{where}.categories: {category!r} runs by {other} at the same time"


def overlapping(clock: Clock, others: list[Clock]) -> str | None:
    ends = clock.in_force_to or date.max
    return next((other.clock for other in others if other is not clock and other.in_force_from <= ends
                 and clock.in_force_from <= (other.in_force_to or date.max)), None)

"""Models of dated regime tables: how long an act of an organ is shown, shared, used and kept."""
from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from pydantic import Field, model_validator

from jobs.declarations.expressions import Expression
from jobs.declarations.feeds import Declared

# verified: seen in a copy of the text; from_memory: to be checked before anyone relies on it; ours: a decision of the platform
Mark = Literal["verified", "from_memory", "ours"]
Severity = Literal["minor", "moderate", "serious"]


class Sourced(Declared):
    """The act that says so, and where its text was looked up."""

    basis: str
    source: str


class Dated(Declared):
    """In force from the first day to the last, both included; null means until further notice."""

    in_force_from: date
    in_force_to: date | None = None

    def in_force(self, on: date) -> bool:
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)


class Period(Declared):
    """Months from the day of the act until each end; null means that time alone does not bring it."""

    mark: Mark
    because: str
    publicity_months: int | None = Field(default=None, ge=0)
    sharing_months: int | None = Field(default=None, ge=0)
    use_months: int | None = Field(default=None, ge=0)
    retention_months: int | None = Field(default=None, ge=1)


class Classing(Declared):
    """A severity class, and when an act that its organ did not class falls into it."""

    severity: Severity
    when: Expression
    because: str
    mark: Mark


class RegimeVersion(Sourced, Dated):
    """What one act says; `periods` by severity class, with `unknown` for acts of no known class, or `any` alone."""

    version: str
    periods: dict[Severity | Literal["unknown", "any"], Period]
    crosswalk: list[Classing] = Field(default=[], description="the first that holds; none: the class is unknown")

    @model_validator(mode="after")
    def doubt_never_punishes(self) -> RegimeVersion:
        """An act of unknown class is never shown longest (design law 3)."""
        if "any" in self.periods:
            if len(self.periods) > 1:
                raise ValueError("periods: `any` stands alone")
            return self
        if "unknown" not in self.periods:
            raise ValueError("periods: `unknown` is missing: what is of no known class must end as well")
        for end in ("publicity_months", "sharing_months", "use_months"):
            months = {name: getattr(period, end) for name, period in self.periods.items()}
            unknown = months.pop("unknown")
            longest = max(float("inf") if one is None else one for one in months.values())
            if unknown is None or unknown >= longest:
                raise ValueError(f"periods.unknown.{end}: {unknown} is the longest period; doubt never punishes")
        return self


class Closing(Declared):
    """A date of the fact's own that ends it: on that day, or on the day after when the date is the last day of effect."""

    field: str
    reason: str
    last_day: bool = False
    because: str


class Regime(Declared):
    """How long acts of these classes live: `life` goes by a category's publicity class, `retention` by its retention class."""

    regime: str
    zh: str
    en: str
    governs: Literal["life", "retention"]
    classes: list[str] = Field(min_length=1)
    closings: list[Closing] = []
    versions: list[RegimeVersion] = []

    @model_validator(mode="after")
    def versions_follow(self) -> Regime:
        for before, after in pairwise(self.versions):
            if before.in_force_to is None or before.in_force_to + timedelta(days=1) != after.in_force_from:
                raise ValueError(f"versions: {after.version} must begin the day after {before.version} ends")
        return self

    def version_on(self, day: date) -> RegimeVersion | None:
        """The version in force; before the first the first, which also governed what was shown already when it came."""
        held = [one for one in self.versions if one.in_force_from <= day]
        return held[-1] if held else next(iter(self.versions), None)

"""Models of what the platform concludes with: survivorship, regimes, rules, schemes, expectation suites."""
from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field, model_validator

from jobs.declarations.expressions import Expression, names_in
from jobs.declarations.feeds import Declared, Feed, Level
from jobs.declarations.regimes import Dated, Mark


class Expectation(Declared):
    """One Great Expectations expectation by its snake_case name, and why it stands."""

    expectation: str
    arguments: dict[str, Any] = {}
    severity: Literal["fail", "warn"]
    because: str


class Suite(Declared):
    """The expectations over one table, checked right after the stage that wrote it."""

    suite: str
    stage: Literal["standardise", "match", "assemble", "grade", "publish"]
    table: str
    engine: Literal["spark", "postgres", "metrics"]
    key: list[str] = Field(min_length=1)
    expectations: list[Expectation] = Field(min_length=1)


# ---- survivorship

DEFAULT = "nearest"  # the preference of a category that names none

class Preference(Declared):
    """Feeds in the order in which they are believed; one that is not named comes after all that are."""

    feeds: list[str] = []
    levels: list[Level] = Field(default=[], description="behind the feeds named, by the level of government they come from")
    because: str

    def rank(self, feed: Feed) -> int:
        if feed.feed in self.feeds:
            return self.feeds.index(feed.feed)
        behind = self.levels.index(feed.level) if feed.level in self.levels else len(self.levels)
        return len(self.feeds) + behind


class HeaderField(Declared):
    """A field of the enterprise header, and the fields that are only worth something from the same fact."""

    of: str | None = Field(default=None, description="the field of registration facts, when it bears another name there")
    believe: str = Field(default="registry", description="name of the preference")
    together: list[str] = []


class Survivorship(Declared):
    preferences: dict[str, Preference]
    header: dict[str, HeaderField]
    events: dict[str, str] = Field(default={}, description="category -> preference, for the report that stands for the act")
    not_compared: dict[str, str] = Field(default={}, description="fields in which reports of one act differ by nature, and why")

    def of_category(self, category: str) -> Preference:
        return self.preferences[self.events.get(category, DEFAULT)]

    @model_validator(mode="after")
    def preferences_known(self) -> Survivorship:
        for name in [DEFAULT, *self.events.values(), *(field.believe for field in self.header.values())]:
            if name not in self.preferences:
                raise ValueError(f"preference {name!r} is unknown; known: {', '.join(sorted(self.preferences))}")
        return self


# ---- indicators, rules, schemes

class Indicator(Declared):
    """A figure about an enterprise: over its acts of some categories that are active as of the date, or over its header."""

    zh: str
    en: str
    over: list[str] = Field(min_length=1, description="categories, or `header` alone")
    where: Expression = "true"
    value: Expression = "count(1)"


class Effect(Declared):
    """What a finding does: takes points, or lets the grade be no better than a band, or proposes the internal watch list."""

    points: Decimal | None = Field(default=None, gt=0)
    at_best: str | None = None
    watch: bool = False

    @model_validator(mode="after")
    def one(self) -> Effect:
        if sum((self.points is not None, self.at_best is not None, self.watch)) != 1:
            raise ValueError("exactly one of points, at_best, watch")
        return self

    @property
    def name(self) -> str:
        return "watch" if self.watch else f"at_best:{self.at_best}" if self.at_best else "points"


class RuleExample(Declared):
    """Indicator values (what is not given is unknown), and whether the rule finds."""

    given: dict[str, Decimal | None]
    finds: bool


class Rule(Dated):
    rule: str
    version: str
    scheme: str
    zh: str
    en: str
    legal_basis: str
    article: str
    mark: Mark
    because: str
    condition: Expression
    evidence: list[str] = Field(min_length=1, description="the indicators whose facts the finding rests on")
    effect: Effect
    examples: list[RuleExample] = Field(min_length=2)

    @model_validator(mode="after")
    def examples_fit(self) -> Rule:
        if {example.finds for example in self.examples} != {True, False}:
            raise ValueError("examples: one that the rule finds and one that it does not")
        for example in self.examples:
            if unknown := set(example.given) - names_in(self.condition):
                raise ValueError(f"examples: {', '.join(sorted(unknown))} is not in the condition")
        return self


class Band(Declared):
    band: str
    from_score: Decimal = Field(ge=0)
    means: str


class Scheme(Declared):
    """A grading scheme. The status is preview: only an owner's adoption puts a grade in force, and that is not declared here."""

    scheme: str
    version: str
    zh: str
    en: str
    legal_basis: str
    article: str
    because: str
    grade_status: Literal["preview"]
    base_score: Decimal = Field(gt=0)
    bands: list[Band] = Field(min_length=2, description="best first")
    indicators: dict[str, dict[str, Indicator]] = Field(description="group -> indicator")

    @model_validator(mode="after")
    def bands_fall(self) -> Scheme:
        scores = [band.from_score for band in self.bands]
        if scores != sorted(scores, reverse=True) or scores[-1] != 0 or scores[0] > self.base_score:
            raise ValueError("bands: best first, each from a lower score, the last from 0")
        return self

    @property
    def measured(self) -> dict[str, Indicator]:
        """Every indicator of the tree by its name."""
        return {name: indicator for group in self.indicators.values() for name, indicator in group.items()}

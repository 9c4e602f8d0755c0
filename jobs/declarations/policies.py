"""Models of what the platform concludes with: survivorship, regimes, rules, schemes, expectation suites."""
from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from jobs.declarations.feeds import Declared


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

"""The reasons of config/reasons.yml, whose fault each is, and how long an organ has to answer for it (config/slips.yml)."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import Field

from jobs.declarations.feeds import Category, Declared
from jobs.declarations.files import among
from jobs.declarations.regimes import Dated, Mark, Sourced

OF_ROWS = ("ragged_row", "missing")
OF_FILES = ("header_unknown", "held", "manifest_disagrees", "not_in_catalogue")  # beside what readers refuse a file for
FILE = "file_"  # before the reason of a whole file: `too_large` is said of amounts too


class Reason(Declared):
    """Why a row, a value or a file was turned away; without sentences where the cleaner that gives it has them."""

    kind: Literal["fault", "note"] = Field(description="whether the sender is asked to correct it")
    basis: str = Field(min_length=4, description="the standard or rule behind it; none where there is none")
    zh: str | None = None
    en: str | None = None


class ReplyClock(Sourced, Dated):
    """How many working days an organ has to answer a slip of that time."""

    version: str
    mark: Mark
    working_days: int = Field(ge=1)


class Slips(Declared):
    reply: list[ReplyClock] = Field(min_length=1)

    def clock(self, issued_on: date) -> ReplyClock:
        """The newest in force on the day; before the first, the first."""
        return next((one for one in reversed(self.reply) if one.in_force_from <= issued_on), self.reply[0])


def reason_faults(all_: Any) -> Iterator[str]:
    """Each reason that nobody explains, or that two explain, as one line with file and key."""
    from jobs.values import REASONS  # as cleaners are: by name, when declarations are checked

    declared: Mapping[str, Reason] = all_.reasons
    for category in all_.categories.values():
        yield from category_faults(category, declared)
    for feed in (version for each in all_.feeds.values() for version in each.versions):
        for number, when in enumerate(feed.reject_when):
            yield from unsaid(f"feeds/{feed.feed}.yml: reject_when.{number}.reason", when.reason, declared)
    for reason in (*OF_ROWS, *file_reasons()):
        yield from unsaid("reasons.yml", reason, declared)
    for reason in REASONS:
        if reason not in declared:
            yield f"reasons.yml: {reason!r} is missing: a cleaner of jobs/values gives it; say its kind and basis"
        elif declared[reason].zh or declared[reason].en:
            yield f"reasons.yml: {reason}: zh and en stand in REASONS of jobs/values; say them once"


def file_reasons() -> list[str]:
    """Every reason that a file as a whole is held, quarantined or refused for, as reasons.yml names it."""
    from jobs.readers.reading import ADVICE

    return [f"{FILE}{reason}" for reason in (*OF_FILES, *sorted(ADVICE))]


def category_faults(category: Category, declared: Mapping[str, Reason]) -> Iterator[str]:
    where = f"categories/{category.category}.yml"
    for number, check in enumerate(category.checks):
        yield from unsaid(f"{where}: checks.{number}.reason", check.reason, declared)
    for name, field in category.fields.items():
        if field.missing == "flaw":
            yield from unsaid(f"{where}: fields.{name}.missing", f"{name}_missing", declared)


def unsaid(where: str, reason: str, declared: Mapping[str, Reason]) -> Iterator[str]:
    """A reason that is not in the file, or without its sentences, which no cleaner gives."""
    if reason not in declared:
        yield f"{where}: {reason!r} is explained nowhere in reasons.yml; {among(reason, declared)}"
    elif not (declared[reason].zh and declared[reason].en) and not from_cleaner(reason):
        yield f"reasons.yml: {reason}: zh and en are missing, and no cleaner says them"


def from_cleaner(reason: str) -> bool:
    from jobs.values import REASONS

    return reason in REASONS

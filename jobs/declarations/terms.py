"""Organs and items are there for a time: who is there when, by code and by name."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from jobs.declarations.feeds import Declared
from jobs.values.raw import normalised


class Termed(Declared):
    """Something that is there from its first day to its last, both included; null means until further notice."""

    zh: str
    en: str
    valid_from: date
    valid_to: date | None = None
    aliases: list[str] = []

    def on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def meets(self, other: Termed) -> bool:
        """Whether there is a day on which both are there."""
        return self.valid_from <= (other.valid_to or date.max) and other.valid_from <= (self.valid_to or date.max)

    @property
    def names(self) -> set[str]:
        """Every name it goes by, as names are compared."""
        return {normalised(name) for name in (self.zh, *self.aliases)}


@dataclass(frozen=True)
class Terms:
    """Of organs or of items: the first and the last day of each code, and who bears a name from when to when."""

    days: dict[str, tuple[date, date]]
    bearers: dict[str, list[tuple[date, date, str]]]

    def bearer(self, name: str, day: date | None) -> str | None:
        """The code of who bears the name: on that day, where several bore it one after the other."""
        there = self.bearers.get(normalised(name), [])
        if len(there) == 1:
            return there[0][2]
        return next((code for first, last, code in there if day and first <= day <= last), None)

    @property
    def ambiguous(self) -> bool:
        return any(len(there) > 1 for there in self.bearers.values())


def terms(by_code: Mapping[str, Termed]) -> Terms:
    """Who is there when, by code and by name."""
    days = {code: (one.valid_from, one.valid_to or date.max) for code, one in by_code.items()}
    bearers: dict[str, list[tuple[date, date, str]]] = {}
    for code, one in by_code.items():
        for name in one.names:
            bearers.setdefault(name, []).append((*days[code], code))
    return Terms(days, bearers)


def same_names(file: str, named: Mapping[str, Termed]) -> Iterator[str]:
    """Names and aliases that two bear on one day, so that nobody could say who is meant."""
    bearers: dict[str, list[str]] = {}
    for key, one in named.items():
        for name in sorted(one.names):
            for other in bearers.setdefault(name, []):
                if one.meets(named[other]):
                    yield f"{file}: {key}: the name {name!r} is borne by {other} at the same time"
            bearers[name].append(key)

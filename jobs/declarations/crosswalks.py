"""The dated crosswalk of config/crosswalks/list_terms.yml: what older words for lists mean today, or that they stay legacy."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from pydantic import Field

from jobs.declarations.feeds import Declared
from jobs.declarations.regimes import Mark
from jobs.values.raw import normalised

LEGACY = "legacy"


class Meaning(Declared):
    """What a term meant for entries from the first day to the last, both included."""

    kind: str = Field(description="the list of today, or legacy where no rule in force says which")
    valid_from: date | None = None
    valid_to: date | None = None
    source: str
    mark: Mark
    because: str

    def on(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


class Term(Declared):
    aliases: list[str] = []
    meanings: list[Meaning] = Field(min_length=1)


Spelt = dict[str, list[Meaning]]


def by_spelling(terms: Mapping[str, Term]) -> Spelt:
    """The meanings of each term by every way it is written."""
    return {normalised(word): term.meanings for name, term in terms.items() for word in (name, *term.aliases)}


def list_kind(term: str, day: date | None, spelt: Spelt) -> tuple[str | None, str | None]:
    """The list of today that the term meant on that day, or null with a reason; without a day only where it always meant one."""
    meanings = spelt.get(normalised(term), [])
    if not meanings:
        return None, "unknown_list_term"
    kinds = {meaning.kind for meaning in meanings if day is None or meaning.on(day)}
    if len(kinds) == 1:
        return kinds.pop(), None
    return None, "list_term_undated" if day is None else "list_term_of_another_time"


def crosswalk_faults(terms: Mapping[str, Term], fields: Mapping[str, Any]) -> Iterator[str]:
    """Each fault as one line with file and key: unknown lists, meanings that overlap, words of two terms."""
    choices = fields["list_kind"].options["choices"] if "list_kind" in fields else []
    owners: dict[str, str] = {}
    for name, term in terms.items():
        where = f"crosswalks/list_terms.yml: {name}"
        for meaning in term.meanings:
            if meaning.kind not in choices:
                yield f"{where}: kind {meaning.kind!r} is unknown; known: {', '.join(choices)}"
        dated = sorted(term.meanings, key=lambda one: one.valid_from or date.min)
        for before, after in pairwise(dated):
            if (before.valid_to or date.max) >= (after.valid_from or date.min):
                yield f"{where}: the meanings {before.kind} and {after.kind} overlap on {after.valid_from}"
        for word in (name, *term.aliases):
            if owners.setdefault(normalised(word), name) != name:
                yield f"{where}: {word!r} is also written for {owners[normalised(word)]}"

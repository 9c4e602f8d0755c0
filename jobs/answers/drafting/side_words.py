"""The coded words of old and new columns side by side: how often each is said, its code, and what nobody knows."""
from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from jobs.answers.drafting.columns import Column
from jobs.answers.drafting.dictionary import Dictionary
from jobs.answers.drafting.drift import Drift
from jobs.answers.drafting.evidence import CHOICES, Words, words_of
from jobs.declarations import Declarations
from jobs.declarations.feeds import ColumnSource
from jobs.values import text
from jobs.values.raw import narrow


@dataclass(frozen=True)
class Word:
    """A word of a field: how often it was said and is now; the code it has, the one others give it, or those to choose from."""

    field: str
    word: str  # masked where nobody knows it
    old: int
    new: int
    code: str | None
    proposed: str | None
    codes: tuple[str, ...]

    @property
    def open(self) -> bool:
        return self.code is None and self.proposed is None


def words(found: Drift, known: Dictionary, declared: Declarations) -> list[Word]:
    """Every distinct word of the fields that are read by a lookup, by field, the most frequent new ones first."""
    told = [word for name, source in found.version.fields.items() if source.lookup and is_worded(name, declared)
            for word in of_field(name, source, found, known, declared)]
    fresh = {name: line.new for line in found.lines if line.label in found.added and found.added[line.label][0] == "field"
             for name in found.added[line.label][1] if is_worded(name, declared) and line.new}
    return told + [word for name, column in fresh.items() for word in of_added(name, column, known, declared)]


def is_worded(name: str, declared: Declarations) -> bool:
    """The field is read by a lookup of words."""
    return declared.fields[name].cleaner.startswith(CHOICES)


def of_added(name: str, column: Column, known: Dictionary, declared: Declarations) -> list[Word]:
    """The words of a field that no column gave before, each with the code that everybody who knows it gives it, or open."""
    told = words_of(column, declared.fields[name], known.words[name])
    sure = [Word(name, one, 0, told.counts[one], None, code, ()) for one, code in told.lookup.items()]
    return sure + [Word(name, one, 0, many, None, None, tuple(codes)) for one, many, codes in told.open]


def of_field(name: str, source: ColumnSource, found: Drift, known: Dictionary, declared: Declarations) -> list[Word]:
    own = found.version.lookups[source.lookup or ""]
    said = {**known.words[name], **{narrow(word): {code} for word, code in own.items()}}
    columns = [within(found.column(source, side), source) for side in ("old", "new")]
    own = own | taken_wide(own, columns)
    told = [words_of(column, declared.fields[name], said) for column in columns]
    old, new = map(counted, told)
    codes = {**dict.fromkeys(old | new, ()), **{word: tuple(codes) for words in told for word, _, codes in words.open}}
    made = [word(name, one, old[one], new[one], own, said, codes[one]) for one in codes]
    return sorted(made, key=lambda one: (-one.new, -one.old, one.word))


def taken_wide(own: dict[str, str], columns: list[Column]) -> dict[str, str]:
    """By their narrow form the declared words that are written wide, where every cell that says one is written so as well."""
    refused = {narrow(value) for column in columns for value in column.values if text.choice(value, own)[0] is None}
    return {narrow(word): code for word, code in own.items() if narrow(word) not in refused}


def within(column: Column | None, source: ColumnSource) -> Column:
    """The column's values, of a field that is read out of them only what its pattern finds."""
    one = column or Column("")
    if not source.extract:
        return one
    values: Counter[str] = Counter()
    for value, many in one.values.items():
        if match := re.search(source.extract, value, re.S):
            values[match[1]] += many
    return replace(one, values=values)


def counted(words: Words) -> Counter[str]:
    return Counter(words.counts) + Counter({word: many for word, many, _ in words.open})


def word(name: str, one: str, old: int, new: int, own: dict[str, str], said: dict[str, set[str]],
         codes: tuple[str, ...]) -> Word:
    """What is open by the dictionary may be declared here: a number is, or a word that others read otherwise."""
    code = text.choice(one, own)[0]
    others = sorted(said.get(one, ()))
    proposed = others[0] if code is None and not codes and len(others) == 1 and not one.isdecimal() else None
    return Word(name, one, old, new, code, proposed, codes or tuple(others))

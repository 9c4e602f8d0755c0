"""What the values of a column say of it: whether a field's cleaner accepts them, the order of dates, units, coded words."""
from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from jobs.answers.drafting.columns import Column
from jobs.declarations import Declarations
from jobs.declarations.feeds import FieldDeclaration
from jobs.facts.columns import cleaning
from jobs.facts.columns import options as told_options
from jobs.facts.plan import with_table
from jobs.values import raw, text
from jobs.values.names import is_probably_person
from jobs.values.personal import mask

TRIED = 2_000  # distinct values of a column, the most frequent ones
# These cleaners turn away what is not of their kind; one of text takes anything.
STRICT = ("codes.credit_code", "codes.organisation_code", "codes.registration_number", "codes.tax_number", "dates.", "money.",
          "regions.")
DATES, MONEY, CHOICES = "dates.", "money.amount", "text.choice"
_PARTS = re.compile(r"\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*\d{4}(?:\s.*)?")
_SERIAL, _EPOCH = re.compile(r"[2-5]\d{4}(?:\.\d+)?"), re.compile(r"1\d{12}|\d{12}")
_UNITS = {"wan": re.compile("万元|万"), "yi": re.compile("亿元"), "yuan": re.compile("(?<![万亿])元")}
_SAYS_UNIT = re.compile("[万亿元]")


@dataclass(frozen=True)
class Reading:
    """How a column is read as a field: options, why, and what stays unsure; the share of distinct values that are accepted."""

    accepted: float | None
    options: dict[str, Any] = field(default_factory=dict)
    because: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)


def strict(declared: FieldDeclaration) -> bool:
    return declared.cleaner.startswith(STRICT)


def read_as(column: Column, name: str, declared: Declarations, lookup: dict[str, str] | None = None) -> Reading:
    """The column as this field, by the field's own cleaner."""
    one = declared.fields[name]
    options, because, unsure = options_of(column, one)
    return Reading(accepted(column, with_table(one, declared), options, lookup), options, because, unsure)


def accepted(column: Column, one: FieldDeclaration, options: dict[str, Any], lookup: dict[str, str] | None) -> float | None:
    """The share of the column's distinct values of which the cleaner makes a value; None where there are none."""
    values = [value for value, _ in column.values.most_common(TRIED)]
    if not values:
        return None
    said = {**json.loads(told_options(one, None, lookup)), **options}
    run = cleaning(one.cleaner, json.dumps(said))
    return sum(good(*run(value)) for value in values) / len(values)


def good(value: Any, reason: str | None) -> bool:
    return value is not None or reason == "open_ended"


def options_of(column: Column, one: FieldDeclaration) -> tuple[dict[str, Any], list[str], list[str]]:
    if one.cleaner.startswith(DATES):
        return date_options(column, ends=one.cleaner in ("dates.term_start", "dates.term_end"))
    if one.cleaner == MONEY and one.unit == "yuan":
        return unit_of(column)
    return {}, [], []


def date_options(column: Column, ends: bool) -> tuple[dict[str, Any], list[str], list[str]]:
    """The order of days and months with what shows it, and numbers that stand for days."""
    parts = [tuple(map(int, found.groups())) for value in column.values if (found := _PARTS.fullmatch(value))]
    first, second = sum(day > 12 for day, _ in parts), sum(day > 12 for _, day in parts)
    if parts and first and second:
        return {}, [], [f"order: {first} values have a first part above 12 and {second} a second one: no order reads them all"]
    if parts and (first or second):
        order, which, many = ("dmy", "first", first) if first else ("mdy", "second", second)
        return {"order": order}, [f"{many} of {len(parts)} distinct values have a {which} part above 12: {order}"], []
    if parts:
        return {}, [], [f"order: {len(parts)} distinct values with the year last are each both dmy and mdy; "
                        "until it is said they are flaws"]
    return ({}, [], []) if ends else numbers_of(column)


def numbers_of(column: Column) -> tuple[dict[str, Any], list[str], list[str]]:
    for key, shape, what in (("serial", _SERIAL, "days of a spreadsheet"), ("epoch", _EPOCH, "milliseconds since 1970")):
        many = sum(bool(shape.fullmatch(value)) for value in column.values)
        if many and many == len(column.values):
            return {key: True}, [f"all {many} distinct values are numbers that are {what}"], []
        if many:
            return {}, [], [f"{key}: {many} of {len(column.values)} distinct values look like {what}"]
    return {}, [], []


def unit_of(column: Column) -> tuple[dict[str, Any], list[str], list[str]]:
    """The unit of amounts, as the label or every value says it; where nobody does, that is unsure."""
    label = raw.narrow(column.label)
    said = next((unit for unit, pattern in _UNITS.items() if pattern.search(label)), None)
    if said:
        return {"unit": said}, [f"the label says {said}"], []
    if column.values and all(map(_SAYS_UNIT.search, column.values)):
        return {}, ["every value says its own unit"], []
    return {}, [], ["unit: neither the label nor the values say 元 or 万元; read as yuan until it is said"]


@dataclass(frozen=True)
class Words:
    """The coded words of a column: what a lookup would hold, and the words left open with their counts and codes, masked."""

    lookup: dict[str, str]
    counts: dict[str, int]
    open: list[tuple[str, int, list[str]]]


def words_of(column: Column, one: FieldDeclaration, known: dict[str, set[str]]) -> Words:
    """The distinct words with counts, each with its code where everybody who knows it gives it the same.

    A number is left open: a 1 means valid in one template and revoked in another.
    """
    counts: Counter[str] = Counter()
    several = one.cleaner == "text.choices"
    for value, many in column.values.items():
        whole = raw.narrow(value)
        for word in filter(None, re.split(r"[、,;；|\s]+", whole)) if several and whole not in known else [whole]:
            counts[word] += many
    plain = set(one.options.get("choices", []))
    lookup: dict[str, str] = {}
    left: list[tuple[str, int, list[str]]] = []
    for word, many in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        codes = known.get(word) or ({word} if word in plain else set())
        if len(codes) == 1 and not word.isdecimal():
            lookup[word] = next(iter(codes))
        elif word:
            left.append((text.mask_words(word, dict.fromkeys(known, "")), many, sorted(codes)))
    return Words(lookup, {word: counts[word] for word in lookup}, left)


def looks_personal(column: Column) -> str | None:
    """Why the values look like persons' data; None where they do not."""
    values = [value for value, _ in column.values.most_common(TRIED)]
    if not values:
        return None
    numbers = sum(mask(value) != value for value in values) / len(values)
    named = sum(map(is_probably_person, values)) / len(values)
    if numbers >= 0.5:
        return f"{numbers:.0%} of the distinct values hold a personal number or address"
    return f"{named:.0%} of the distinct values look like names of persons" if named >= 0.8 else None

"""What an act names that is declared elsewhere: its organ, the item it is under, the list of today; as of the day of the act."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from jobs.declarations.crosswalks import Spelt, list_kind
from jobs.declarations.feeds import Category
from jobs.declarations.terms import Terms
from jobs.facts.columns import Cleaned
from jobs.facts.plan import Plan

REASONS = {
    "organ_not_yet": (
        "The organ that is said to have decided was not in office yet on the day of the act.",
        "所称决定机关在该行为作出之日尚未设立。",
    ),
    "organ_no_longer": (
        "The organ that is said to have decided was no longer in office on the day of the act; its successor acts since.",
        "所称决定机关在该行为作出之日已不存续，其职权已由承继机关行使。",
    ),
    "unknown_item": ("The item code is not in the list of items.", "事项编码不在事项清单中。"),
    "unknown_list_term": ("The crosswalk of list terms does not know this name of a list.", "名单名称对照表中没有该名称。"),
    "list_term_undated": (
        "The name of the list meant different lists at different times, and the entry has no date.",
        "该名单名称在不同时期含义不同，而该条目没有日期。",
    ),
    "list_term_of_another_time": (
        "The name of the list is not known to have meant a list on the day of the entry.",
        "该名单名称在列入之日没有对应的名单。",
    ),
}
OUT_OF_OFFICE = ("organ_not_yet", "organ_no_longer")
ORGANS = ("organ", "target_organ")  # pairs <organ>_name, <organ>_code
NOTHING = pa.scalar(None, pa.string())
Fields = dict[str, Cleaned]


def referred(plan: Plan, fields: Fields) -> Fields:
    """The fields of a batch with organs and items resolved and dated, the list of today, and what should have been said."""
    category = plan.category
    day = fields[category.event_date].values if category.event_date else None
    found = dict(fields)
    for organ in ORGANS:
        if {f"{organ}_code", f"{organ}_name"} <= found.keys():
            on = day if organ == "organ" else target_day(category, fields)
            found[f"{organ}_code"] = by_name(plan.organs, found[f"{organ}_code"], found[f"{organ}_name"], on)
    if "organ_code" in found and day is not None:
        found["organ_code"] = in_office(plan.organs, found["organ_code"], day)
    if "item_code" in found:
        found["item_code"] = item(plan.items, found, day)
    if {"list_term", "list_kind"} <= found.keys():
        found["list_kind"] = list_of_today(plan.list_terms, found["list_term"], found["list_kind"], day)
    return missing_told(category, found)


def target_day(category: Category, fields: Fields) -> pa.Array | None:
    """The day of the act that is named as target, where the category says which field holds it."""
    days = [fields[name].values for name in category.target_key if name in fields and pa.types.is_date(fields[name].values.type)]
    return days[0] if days else None


def by_name(known: Terms, code: Cleaned, name: Cleaned, day: pa.Array | None) -> Cleaned:
    """The code as given, else that of who bears the name on the day."""
    found = over_pairs(name.values, day if known.ambiguous else None, known.bearer)
    return replace(code, values=pc.coalesce(code.values, found))


def over_pairs(words: pa.Array, day: pa.Array | None, function: Callable[[str, date | None], str | None]) -> pa.Array:
    """The function over the distinct pairs of word and day; null for no word."""
    day = pa.nulls(len(words), pa.date32()) if day is None else day
    shown = pc.fill_null(pc.cast(day, pa.string()), "")
    encoded = pc.binary_join_element_wise(shown, words, "|").dictionary_encode()
    pairs = [pair.split("|", 1) for pair in encoded.dictionary.to_pylist()]
    told = [function(word, date.fromisoformat(on) if on else None) for on, word in pairs]
    return pa.array(told, pa.string()).take(encoded.indices)


def in_office(known: Terms, code: Cleaned, day: pa.Array) -> Cleaned:
    """The codes, flagged where the organ is known and was not in office on the day; what is not known is no fault."""
    encoded = code.values.dictionary_encode()
    days = [known.days.get(one, (None, None)) for one in encoded.dictionary.to_pylist()]
    first, last = (pa.array([pair[end] for pair in days], pa.date32()).take(encoded.indices) for end in (0, 1))
    early, late = (pc.fill_null(hit, False) for hit in (pc.less(day, first), pc.greater(day, last)))
    reason = pc.if_else(early, OUT_OF_OFFICE[0], pc.if_else(late, OUT_OF_OFFICE[1], NOTHING))
    return replace(code, reasons=pc.coalesce(reason, code.reasons))


def item(known: Terms, fields: Fields, day: pa.Array | None) -> Cleaned:
    """The item's code where items.yml has it, else that of its name; a code that is not there is a flaw, whatever its name."""
    code = fields["item_code"]
    there = pc.is_in(code.values, value_set=pa.array(list(known.days), pa.string()))
    unknown = pc.and_(pc.is_valid(code.values), pc.invert(there))
    reasons = pc.if_else(unknown, "unknown_item", code.reasons)
    named = by_name(known, code, fields["item_name"], day) if "item_name" in fields else code
    return Cleaned(pc.if_else(unknown, NOTHING, named.values), reasons, code.received)


def list_of_today(known: Spelt, term: Cleaned, kind: Cleaned, day: pa.Array | None) -> Cleaned:
    """The kind as given, else that which the term meant on the day of the entry."""
    values, reasons = (over_pairs(term.values, day, lambda word, on, end=end: list_kind(word, on, known)[end]) for end in (0, 1))
    given = pc.is_valid(kind.values)
    return Cleaned(pc.coalesce(kind.values, values), pc.coalesce(kind.reasons, pc.if_else(given, NOTHING, reasons)),
                   pc.coalesce(kind.received, term.received))


def missing_told(category: Category, fields: Fields) -> Fields:
    """The fields whose absence counts, flagged where nothing was said."""
    told = dict(fields)
    for name in (name for name, one in category.fields.items() if one.missing == "flaw" and name in fields):
        field = fields[name]
        nothing = pc.and_(pc.is_null(field.values), pc.is_null(field.reasons))
        told[name] = replace(field, reasons=pc.if_else(nothing, f"{name}_missing", field.reasons))
    return told

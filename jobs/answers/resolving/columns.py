"""The rows of a list are read as rows of a feed are: by its header, with the cleaners of the dictionary."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jobs.declarations import DeclarationError, Declarations, known
from jobs.declarations.asking import Lists
from jobs.declarations.crosswalks import by_spelling
from jobs.declarations.feeds import Category, CategoryField, ColumnSource, Feed
from jobs.declarations.terms import terms
from jobs.facts.plan import Plan, with_table
from jobs.values.raw import normalised
from jobs.values.text import mask_words

SAID_ENOUGH = ["subject_name", "credit_code", "organisation_code", "registration_number", "tax_number"]


class ListRefused(DeclarationError):
    """A list without a header that is known, or without a row. Exit code 2."""


def plan_of(declared: Declarations, asked: Lists, header: Sequence[str], named: str, at: datetime) -> Plan:
    """What each row of a list with this header is read by; raises ListRefused. `named` is the list, for its messages."""
    found = placed(asked, header, named)
    sources = {field: ColumnSource(label=header[place], lookup="kinds" if field == "subject_kind" else None)
               for field, place in found.items()}
    fields = dict.fromkeys(asked.columns, CategoryField())
    # Neither is declared: nothing of a list is kept, so it has no organ, no clock, no table and no retention.
    feed = Feed.model_construct(feed="resolve", category="resolve", fields=sources, lookups={"kinds": asked.kinds})
    category = Category.model_construct(category="resolve", fields=fields, required_any=[SAID_ENOUGH], event_key=["subject_name"],
                                        event_date="decision_date")
    dictionary = {name: with_table(field, declared) for name, field in declared.fields.items() if name in fields}
    return Plan("", "", at, feed, category, None, dictionary, terms({}), terms({}), by_spelling({}),
                {header[place]: place for place in found.values()}, len(header), [], [])


def placed(asked: Lists, header: Sequence[str], named: str) -> dict[str, int]:
    """Where each field stands in the header; raises ListRefused, which shows of a strange label only what names nobody."""
    fields = {normalised(label): field for field, labels in asked.columns.items() for label in labels}
    every = [label for labels in asked.columns.values() for label in labels]
    found: dict[str, int] = {}
    for place, label in enumerate(header):
        if not label.strip():  # a spreadsheet's empty column
            continue
        field = fields.get(normalised(label))
        if field is None:
            shown = mask_words(label, every)
            raise ListRefused(f"{named}: header, column {place + 1}: {shown!r} is unknown; known: {told(asked)}")
        if field in found:
            raise ListRefused(f"{named}: header, columns {found[field] + 1} and {place + 1}: both are {field}; leave one")
        found[field] = place
    if not set(SAID_ENOUGH) & found.keys():
        raise ListRefused(f"{named}: header: neither a name nor a number among {known(header)}; known: {told(asked)}")
    return found


def told(asked: Lists) -> str:
    """The columns that a list may have, each by its first label in English and in Chinese."""
    return "; ".join("/".join(labels[:2]) for labels in asked.columns.values())

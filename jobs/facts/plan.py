"""What a delivery's rows are read by: its header matched against the labels its feed declares."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from jobs.declarations import Declarations, known
from jobs.declarations.catalogue import not_collected
from jobs.declarations.crosswalks import Spelt, by_spelling
from jobs.declarations.feeds import Category, Feed, FieldDeclaration
from jobs.declarations.terms import Terms, terms
from jobs.values import persons
from jobs.values.raw import normalised


class HeaderUnknown(Exception):
    """A delivery whose header is not the declared one; it is held, and the message says which labels differ."""

    def __init__(self, message: str, missing: list[str], unknown: list[str]) -> None:
        super().__init__(message)
        self.missing, self.unknown = missing, unknown


@dataclass(frozen=True)
class Plan:
    """All that one batch of a delivery needs to become facts; plain values, so that it travels to Spark's workers."""

    delivery_id: str
    run_id: str
    received_at: datetime
    feed: Feed
    category: Category
    target: Category | None
    fields: dict[str, FieldDeclaration]
    organs: Terms
    items: Terms
    list_terms: Spelt
    positions: dict[str, int]
    width: int
    unknown: list[str]
    not_collected: list[str]
    person_key: persons.Key | None = None


def positions(feed: Feed, header: list[str], every: Feed | None = None,
              sheet: str | None = None) -> tuple[dict[str, int], list[str]]:
    """Where each declared label stands in the header, and the labels nobody declared; raises HeaderUnknown, which names the
    sheet of a workbook, and the versions of `every` that the header would be one of: by the day it covers the delivery is read by
    none of them."""
    spelt = [normalised(label) for label in header]
    seen = {label: place for place, label in enumerate(spelt)}
    found = {label: seen[normalised(label)] for label in feed.labels if normalised(label) in seen}
    missing, place = lacking(feed, header), f"the header of sheet {sheet!r}" if sheet else "the header"
    unknown = [label for label in header if label.strip() and normalised(label) not in set(map(normalised, feed.labels))]
    if twice := [label for label in found if spelt.count(normalised(label)) > 1]:
        raise HeaderUnknown(f"config/feeds/{feed.feed}.yml: labels that stand in {place} twice but for their spelling: "
                            f"{known(twice)}; which column is meant nobody can say", [], twice)
    if missing:
        raise HeaderUnknown(f"config/feeds/{feed.feed}.yml: labels not found in {place}: {known(missing)}; "
                            f"labels seen and not declared: {known(unknown) or 'none'}; all seen: {', '.join(header)[:400]}"
                            f"{''.join(of_another_time(every, header)) if every else ''}", missing, unknown)
    return found, unknown


def lacking(feed: Feed, header: list[str]) -> list[str]:
    """The labels that the feed must have and the header has not."""
    seen = set(map(normalised, header))
    return [label for label in feed.labels if normalised(label) not in seen and label not in feed.optional_labels]


def of_another_time(every: Feed, header: list[str]) -> Iterator[str]:
    """The versions of a feed that have all they need in the header, and when each holds."""
    times = [f"earlier[{number}], until {one.until}" for number, one in enumerate(every.earlier)]
    for version, time in zip(every.versions, [*times, "what holds now"], strict=True):
        if not lacking(version, header):
            yield f"; it is a header of another time: {time}"


def with_table(field: FieldDeclaration, declarations: Declarations) -> FieldDeclaration:
    """The field, with the code table its options name as a file of the configuration folder."""
    if "table" not in field.options:
        return field
    return field.model_copy(update={"options": {**field.options, "table": str(declarations.folder / field.options["table"])}})


def collected(feed: Feed, without: set[str]) -> Feed:
    """The feed as it is read: without the fields that no line of the catalogue allows."""
    fields = {name: source for name, source in feed.fields.items() if name not in without}
    constants = {name: value for name, value in feed.constants.items() if name not in without}
    return feed.model_copy(update={"fields": fields, "constants": constants})


def plan(declarations: Declarations, delivery: dict, run_id: str, person_key: persons.Key | None = None) -> Plan:
    """The plan of one delivery (a row of ledger.deliveries); without the key no person has a token. Raises HeaderUnknown."""
    every = declarations.feeds[delivery["feed"]]
    version, category = every.on(delivery["covers"]), declarations.categories[every.category]
    found, unknown = positions(version, delivery["header"], every, delivery.get("sheet"))
    feed = collected(version, not_collected(declarations.catalogue, category, delivery["received_at"]))
    read = {label: place for label, place in found.items() if label in feed.labels}
    return Plan(delivery["delivery_id"], run_id, delivery["received_at"], feed, category,
                declarations.categories.get(category.targets or ""),
                {name: with_table(field, declarations) for name, field in declarations.fields.items() if name in category.fields},
                terms({organ.code: organ for organ in declarations.organs.values()}), terms(declarations.items),
                by_spelling(declarations.list_terms), read, len(delivery["header"]), unknown,
                [label for label in found if label not in read], person_key)

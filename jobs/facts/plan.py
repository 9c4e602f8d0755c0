"""What a delivery's rows are read by: its header matched against the labels its feed declares."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jobs.declarations import Declarations, known
from jobs.declarations.catalogue import not_collected
from jobs.declarations.crosswalks import Spelt, by_spelling
from jobs.declarations.feeds import Category, Feed, FieldDeclaration
from jobs.declarations.terms import Terms, terms
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


def positions(feed: Feed, header: list[str]) -> tuple[dict[str, int], list[str]]:
    """Where each declared label stands in the header, and the labels nobody declared; raises HeaderUnknown."""
    seen = {normalised(label): place for place, label in enumerate(header)}
    found = {label: seen[normalised(label)] for label in feed.labels if normalised(label) in seen}
    missing = [label for label in feed.labels if label not in found and label not in feed.optional_labels]
    unknown = [label for label in header if label.strip() and normalised(label) not in set(map(normalised, feed.labels))]
    if missing:
        raise HeaderUnknown(f"config/feeds/{feed.feed}.yml: labels not found in the header: {known(missing)}; "
                            f"labels seen and not declared: {known(unknown) or 'none'}; all seen: {', '.join(header)[:400]}",
                            missing, unknown)
    return found, unknown


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


def plan(declarations: Declarations, delivery: dict, run_id: str) -> Plan:
    """The plan of one delivery (a row of ledger.deliveries); raises HeaderUnknown."""
    declared = declarations.feeds[delivery["feed"]]
    category = declarations.categories[declared.category]
    found, unknown = positions(declared, delivery["header"])
    feed = collected(declared, not_collected(declarations.catalogue, category, delivery["received_at"]))
    read = {label: place for label, place in found.items() if label in feed.labels}
    return Plan(delivery["delivery_id"], run_id, delivery["received_at"], feed, category,
                declarations.categories.get(category.targets or ""),
                {name: with_table(field, declarations) for name, field in declarations.fields.items() if name in category.fields},
                terms({organ.code: organ for organ in declarations.organs.values()}), terms(declarations.items),
                by_spelling(declarations.list_terms), read, len(delivery["header"]), unknown,
                [label for label in found if label not in read])

"""What a delivery's rows are read by: its header matched against the labels its feed declares."""
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from jobs.declarations import Declarations, known
from jobs.declarations.feeds import Category, Feed, FieldDeclaration

NOT_LETTERS = re.compile(r"[\W_]+")
ORGANS = ("organ", "target_organ")  # pairs <organ>_name, <organ>_code that are resolved through organs.yml


class HeaderUnknown(Exception):
    """A delivery whose header is not the declared one; it is held, and the message says which labels differ."""


def normalised(label: str) -> str:
    """A label without width, case, brackets, spaces, underscores and colons, in which templates differ."""
    return NOT_LETTERS.sub("", unicodedata.normalize("NFKC", label)).lower()


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
    organs: dict[str, str]
    positions: dict[str, int]
    width: int
    unknown: list[str]


def positions(feed: Feed, header: list[str]) -> tuple[dict[str, int], list[str]]:
    """Where each declared label stands in the header, and the labels nobody declared; raises HeaderUnknown."""
    seen = {normalised(label): place for place, label in enumerate(header)}
    found = {label: seen[normalised(label)] for label in feed.labels if normalised(label) in seen}
    missing = [label for label in feed.labels if label not in found and label not in feed.optional_labels]
    unknown = [label for label in header if label.strip() and normalised(label) not in set(map(normalised, feed.labels))]
    if missing:
        raise HeaderUnknown(f"config/feeds/{feed.feed}.yml: labels not found in the header: {known(missing)}; "
                            f"labels seen and not declared: {known(unknown) or 'none'}; all seen: {', '.join(header)[:400]}")
    return found, unknown


def organs_by_name(declarations: Declarations) -> dict[str, str]:
    """The credit code of each organ by every name and alias it goes by."""
    return {normalised(name): organ.code for organ in declarations.organs.values() for name in (organ.zh, *organ.aliases)}


def with_table(field: FieldDeclaration, declarations: Declarations) -> FieldDeclaration:
    """The field, with the code table its options name as a file of the configuration folder."""
    if "table" not in field.options:
        return field
    return field.model_copy(update={"options": {**field.options, "table": str(declarations.folder / field.options["table"])}})


def plan(declarations: Declarations, delivery: dict, run_id: str) -> Plan:
    """The plan of one delivery (a row of ledger.deliveries); raises HeaderUnknown."""
    feed = declarations.feeds[delivery["feed"]]
    category = declarations.categories[feed.category]
    found, unknown = positions(feed, delivery["header"])
    return Plan(delivery["delivery_id"], run_id, delivery["received_at"], feed, category,
                declarations.categories.get(category.targets or ""),
                {name: with_table(field, declarations) for name, field in declarations.fields.items() if name in category.fields},
                organs_by_name(declarations), found, len(delivery["header"]), unknown)

"""The row in which a word stands, short and without anything personal."""
from __future__ import annotations

from collections import defaultdict
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from jobs.answers.layout import clipped
from jobs.declarations import Declarations
from jobs.declarations.feeds import Feed
from jobs.declarations.settings import Settings
from jobs.facts.columns import cleaning, options
from jobs.facts.plan import with_table
from jobs.facts.rows import persons_of
from jobs.stores.ledger import Ledger
from jobs.stores.objects import objects, rows
from jobs.values.names import is_probably_person
from jobs.values.personal import MASK, mask
from jobs.values.raw import is_blank, normalised
from jobs.values.text import mask_value

MOST_CELLS, LONGEST = 6, 28
# No names and numbers of whoever a row is about, who may be a person or a household, and no texts that may name anybody.
SHOWN = ("text.choice", "dates.", "money.", "regions.", "codes.document_number")
Cells = dict[str, str]


def example_rows(settings: Settings, declared: Declarations, ledger: Ledger, asked: list[dict[str, Any]]) -> list[Cells]:
    """For each word the first cells of its example row, masked, by their labels; empty where the row is not kept any more."""
    places: dict[str, set[int]] = defaultdict(set)
    for row in asked:
        if place := place_of(row):
            places[place[0]].add(place[1])
    found: dict[tuple[str, int], list[str]] = {}
    deliveries = {one["delivery_id"]: one for one in ledger.deliveries(sorted(places))}
    for name, one in deliveries.items():
        found |= {(name, number): cells for number, cells in cells_of(settings, one, places[name]).items()}
    return [shown(row, deliveries, found, declared) for row in asked]


def place_of(row: dict[str, Any]) -> tuple[str, int] | None:
    """Delivery and number of the example; an act that names an unknown organ is its own example."""
    delivery, _, number = str(row["for_example"]).partition(" row ")
    return (delivery, int(number)) if number else None


def cells_of(settings: Settings, delivery: dict[str, Any], numbers: set[int]) -> dict[int, list[str]]:
    key = delivery["rows_object"]
    if key is None or not objects(settings).has(key):
        return {}
    told: dict[int, list[str]] = {}
    for batch in rows(settings, key, 0, 1):
        wanted = pa.array(sorted(numbers), batch.schema.field("row_no").type)
        some = batch.filter(pc.is_in(batch.column("row_no"), value_set=wanted))
        told |= dict(zip(some.column("row_no").to_pylist(), some.column("cells").to_pylist(), strict=True))
    return told


def shown(row: dict[str, Any], deliveries: dict[str, dict[str, Any]], found: dict[tuple[str, int], list[str]],
          declared: Declarations) -> Cells:
    place, feed = place_of(row), declared.feeds.get(row["feed"])
    if feed is None or place not in found:
        return {}
    header = deliveries[place[0]]["header"]
    if len(header) != len(found[place]):
        return {}
    return short(feed.on(deliveries[place[0]]["covers"]), dict(zip(header, found[place], strict=True)), row, declared)


def short(feed: Feed, cells: Cells, row: dict[str, Any], declared: Declarations) -> Cells:
    """The word as it is listed, then cells of other fields that are about no person, without what the personal ones say."""
    spelt = {normalised(label): cell for label, cell in cells.items()}
    personal = [spelt.get(normalised(label), "") for label in (*feed.personal, *feed.person_if_filled)]
    if any(spelt.get(normalised(label), "").strip() for label in feed.person_if_filled):
        return {}
    told: Cells = {}
    for name in sorted(feed.fields, key=lambda name: name != row["field"]):
        label = "/".join(feed.fields[name].labels)
        cell = "/".join(filter(None, (spelt.get(normalised(one), "") for one in feed.fields[name].labels)))
        if name == row["field"]:
            told[label] = clipped(row["word"] or "", LONGEST)
        elif told_of(name, declared) and not is_blank(cell) and len(told) < MOST_CELLS:
            seen = cell if good(name, cell, feed, declared) else mask_value(cell)
            told.setdefault(label, clipped(without(seen, personal), LONGEST))
    return told


def told_of(name: str, declared: Declarations) -> bool:
    return name == "organ_name" or declared.fields[name].cleaner.startswith(SHOWN)


def good(name: str, cell: str, feed: Feed, declared: Declarations) -> bool:
    """The field's cleaner takes the cell: a bad one may hold anything."""
    source, one = feed.fields[name], with_table(declared.fields[name], declared)
    said = options(one, source, feed.lookups[source.lookup] if source.lookup else None)
    return not source.extract and cleaning(source.cleaner or one.cleaner, said)(cell)[0] is not None


def without(cell: str, personal: list[str]) -> str:
    """The cell without what the row's personal cells hold; one that may be a name shows its length alone."""
    for person in persons_of("\x1f".join(personal)):
        cell = cell.replace(person, MASK)
    masked = mask(cell)
    return mask_value(masked) if is_probably_person(masked) else masked

"""The way back from a fact: its row in the lake, its delivery, and the cells of the row as received."""
from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from jobs.declarations import Declarations
from jobs.declarations.feeds import ColumnSource, Feed
from jobs.declarations.settings import Settings
from jobs.facts.plan import HeaderUnknown, positions
from jobs.stores.ledger import Ledger
from jobs.stores.objects import objects
from jobs.values import names, text
from jobs.values.personal import MASK, mask

if TYPE_CHECKING:
    from jobs.stores.lake import Lake

MANY = 200  # facts whose rows are looked up for one answer
RECEIVED = {"subject_name": "subject_name_received", "credit_code": "credit_code_received"}  # kept in the fact itself, masked


class Evidence:
    """Looks up facts as the release's admissions have them; the lake is opened at the first question only."""

    def __init__(self, settings: Settings, ledger: Ledger, declarations: Declarations, release: dict[str, Any]) -> None:
        self.settings, self.ledger, self.declarations, self.release = settings, ledger, declarations, release

    @cached_property
    def lake(self) -> Lake:
        from jobs.stores.lake import opened

        return opened(self.settings)

    @cached_property
    def admissions(self) -> list[dict[str, Any]]:
        return self.ledger.admitted(self.release["as_of"], self.release["known_at"])

    def facts(self, links: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The lake's rows of these facts, every delivery that brought them, in the order they came."""
        found = []
        for category in sorted({link["category"] for link in links}):
            ids = [link["fact_id"] for link in links if link["category"] == category]
            visible = [(row["delivery_id"], row["run_id"]) for row in self.admissions if row["category"] == category]
            rows = self.lake.admitted(f"facts.{category}", visible)
            found += [row.asDict() for row in rows.where(rows.fact_id.isin(ids)).collect()]
        return sorted(found, key=lambda row: (row["received_at"], row["delivery_id"], row["row_no"], row["part"]))

    def deliveries(self, facts: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        return {row["delivery_id"]: row for row in self.ledger.deliveries(sorted({fact["delivery_id"] for fact in facts}))}

    def places(self, links: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """One line a fact and delivery: how it was linked and why, and its file and row."""
        facts = self.facts(links[:MANY])
        deliveries, linked = self.deliveries(facts), {link["fact_id"]: link for link in links}
        return [{"fact_id": fact["fact_id"], "category": linked[fact["fact_id"]]["category"], "feed": fact["feed"],
                 "tier": linked[fact["fact_id"]]["tier"], "reason": linked[fact["fact_id"]]["reason"],
                 "file": deliveries[fact["delivery_id"]]["source_name"],
                 "row": fact["row_no"], "received_at": fact["received_at"], "delivery_id": fact["delivery_id"]} for fact in facts]

    def received(self, links: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each fact's delivery and row, and its kept cells as received beside what became of them."""
        facts = self.facts(links[:MANY])
        deliveries = self.deliveries(facts)
        return [self.row(fact, deliveries[fact["delivery_id"]]) for fact in facts]

    def row(self, fact: dict[str, Any], delivery: dict[str, Any]) -> dict[str, Any]:
        place = {"fact_id": fact["fact_id"], "feed": fact["feed"], "file": delivery["source_name"], "row": fact["row_no"],
                 "part": fact["part"], "covers": delivery["covers"], "received_at": delivery["received_at"],
                 "delivery_id": fact["delivery_id"], "run_id": fact["run_id"], "object_sha256": delivery["object_sha256"]}
        return {**place, "cells": self.cells(fact, delivery)}

    def cells(self, fact: dict[str, Any], delivery: dict[str, Any]) -> list[dict[str, Any]]:
        """Field, label, cell as received (masked), value, flaw: of the labels that feed a field, and of no other."""
        feed = self.declarations.feeds.get(fact["feed"])
        if feed is None:
            return [{"field": "(row)", "received": f"feed {fact['feed']} is not declared any more"}]
        feed = feed.on(delivery["covers"])
        try:
            cells = self.labelled(feed, fact, delivery)
        except HeaderUnknown as error:
            return [{"field": "(row)", "received": f"the labels were declared otherwise when it came: {error}"}]
        flaws = {row["field"]: row["reason"] for row in self.ledger.rows("""
            select field, reason from credit.flaws where delivery_id = :delivery_id and row_no = :row_no and part = :part""",
            delivery_id=fact["delivery_id"], row_no=fact["row_no"], part=fact["part"])}
        return [{"field": name, "label": "/".join(source.labels), "received": shown(name, source, fact, cells, name in flaws),
                 "value": fact.get(name), "flaw": flaws.get(name)} for name, source in feed.fields.items() if self.told(name)]

    def told(self, name: str) -> bool:
        """Whether anybody is ever told the field."""
        return name not in self.declarations.fields or self.declarations.fields[name].sensitivity != "never"

    def labelled(self, feed: Feed, fact: dict[str, Any], delivery: dict[str, Any]) -> dict[str, str]:
        """The row's cells by label, without what its personal columns hold, wherever that stands; raises HeaderUnknown."""
        places, _ = positions(feed, delivery["header"])
        with objects(self.settings).open(delivery["rows_object"]) as file:
            cells = pq.read_table(file, columns=["cells"], filters=[("row_no", "=", fact["row_no"])])["cells"][0].as_py()
        persons = {cells[places[label]] for label in feed.personal if label in places}
        persons |= {part for cell in persons for part in names.split_names(cell)}
        kept = {label: cells[place] for label, place in places.items() if label not in (*feed.personal, *feed.person_if_filled)}
        for person in sorted((one.strip() for one in persons if len(one.strip()) > 1), key=len, reverse=True):
            kept = {label: cell.replace(person, MASK) for label, cell in kept.items()}
        return kept


def shown(name: str, source: ColumnSource, fact: dict[str, Any], cells: dict[str, str], flawed: bool) -> str | None:
    """The cell a field was read from; one that its cleaner found bad may hold anything, so only its shape is shown, also where
    the value is known from elsewhere, as an organ's code is from its name."""
    if name in RECEIVED:
        return fact[RECEIVED[name]]
    cell = "/".join(cells[label] for label in source.labels if label in cells)
    return text.mask_value(cell) if flawed else mask(cell)

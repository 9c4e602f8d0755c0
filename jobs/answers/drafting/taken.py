"""The deliveries from which a new version of a feed is drawn: the one that was held, and those admitted last before it."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from jobs.answers.arrived import arrived
from jobs.answers.drafting.columns import Column, Table
from jobs.declarations import DeclarationError
from jobs.declarations.settings import Settings
from jobs.stores.ledger import Ledger
from jobs.stores.objects import rows

BEFORE = 3  # admitted deliveries that stand beside the held one
HEADER = "header_unknown"
TAKEN = """
    select d.*, newest.verdict, newest.reason as decided_because from ledger.standing(now()) d
    left join lateral (select * from ledger.admissions a where a.delivery_id = d.delivery_id
                       order by a.known_at desc, a.run_id desc limit 1) newest on true
    where d.feed = :feed and d.delivery_status = 'received' order by d.received_at, d.covers, d.delivery_id"""


@dataclass(frozen=True)
class Taken:
    """What is compared: one delivery, whether its header held it, and those admitted before it, the newest first."""

    one: dict[str, Any]
    held: bool
    before: list[dict[str, Any]]


def taken(ledger: Ledger, feed: str, asked: str | None) -> Taken:
    """The delivery that was asked for, else the newest one held for its header, else the last one that could be read."""
    every = ledger.rows(TAKEN, feed=feed)
    last = next((row for row in reversed(every) if by_header(row)), every[-1] if every else None)
    one = of_id(ledger, every, feed, asked) if asked else last
    if one is None:
        raise DeclarationError(f"--feed {feed}: no delivery of it could be read; draft it from files: python -m jobs draft FILE…")
    before = [row for row in reversed(every) if row["verdict"] == "admitted" and row is not one
              and row["received_at"] <= one["received_at"]]
    return Taken(one, by_header(one), before[:BEFORE])


def by_header(row: dict[str, Any]) -> bool:
    return row["verdict"] == "held" and str(row["decided_because"]).startswith(HEADER)


def of_id(ledger: Ledger, every: list[dict[str, Any]], feed: str, asked: str) -> dict[str, Any]:
    row = arrived(ledger, asked, feed)
    found = next((one for one in every if one["delivery_id"] == row["delivery_id"]), None)
    if found is None:
        raise DeclarationError(f"--delivery {asked!r}: it was {row['delivery_status']}, so that its columns are not known: "
                               f"{row['message'] or row['reason']}")
    return found


def batches(settings: Settings, row: dict[str, Any]) -> Iterator[pa.RecordBatch]:
    """The rows of a delivery as they were received."""
    return rows(settings, row["rows_object"], 0, 1)


def columns(settings: Settings, deliveries: Iterable[dict[str, Any]]) -> list[Column]:
    """The columns that the deliveries have together, in the order they are met."""
    table = Table()
    for row in deliveries:
        receive = table.of(row["header"])
        for batch in batches(settings, row):
            receive(batch)
    return [column for column in table.columns.values() if column.label]

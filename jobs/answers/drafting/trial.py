"""The examples read by the proposed declaration, through the real readers and cleaners, with what became of every row."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from jobs.declarations import Declarations
from jobs.declarations.feeds import Feed
from jobs.facts.plan import HeaderUnknown, Plan, plan
from jobs.facts.rows import cleaned_rows
from jobs.readers import ROWS_SCHEMA, Limits, read
from jobs.readers.reading import ACCOUNT

OUTCOMES = ("fact", "reject", "household", "natural_person")


@dataclass
class Account:
    """What became of the records of the examples; counts of rejects and flaws by field and reason."""

    read: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    rejects: Counter[tuple[str, str]] = field(default_factory=Counter)
    flaws: Counter[tuple[str, str]] = field(default_factory=Counter)
    held: dict[str, str] = field(default_factory=dict)

    def add(self, batch: pa.RecordBatch) -> None:
        told, best = batch.select(["outcome", "reject_field", "reject_reason", "flaws", "row_no", "part"]), {}
        for row in told.to_pylist():
            # A row of several parts counts once, as the best that became of any of them (facts/cleaning.py).
            best[row["row_no"]] = min(best.get(row["row_no"], row["outcome"]), row["outcome"], key=OUTCOMES.index)
            if row["outcome"] == "reject":
                self.rejects[row["reject_field"], row["reject_reason"]] += 1
            for flaw in (row["flaws"] or ()) if row["outcome"] == "fact" else ():
                self.flaws[flaw["field"], flaw["reason"]] += 1
        self.rows.update(best.values())

    @property
    def balances(self) -> bool:
        """Every record is of one kind, and every row of a file that is not held has one outcome."""
        of_kinds = sum(self.read[kind] for kind in ("rows", "blank", "title", "footer", "hidden"))
        return self.read["physical"] == of_kinds and self.rows.total() == self.read["rows"]


def with_feed(declared: Declarations, feed: Feed) -> Declarations:
    return replace(declared, feeds={**declared.feeds, feed.feed: feed})


def planned(declared: Declarations, feed: Feed, header: Sequence[str], at: datetime, sheet: str | None = None) -> Plan:
    delivery = {"delivery_id": "draft", "feed": feed.feed, "covers": at.date(), "received_at": at, "sheet": sheet,
                "header": list(header)}
    return plan(with_feed(declared, feed), delivery, "draft")


def tried(feed: Feed, files: Sequence[Path], declared: Declarations, limits: Limits, at: datetime) -> Account:
    """The account of all files, as if they had been received at that moment."""
    told = Account()
    for path in files:
        if not feed.fields:
            told.held[path.name] = "no column is known to give a field; say the category, or what the columns are"
            continue
        reading = read(path, feed.format, lambda batch: None, limits)
        try:
            by = planned(declared, feed, reading.header, at, reading.sheet)
        except HeaderUnknown as error:
            told.held[path.name] = str(error)
            continue
        reading = read(path, feed.format, receiver(by, told), limits)
        told.read.update({kind: getattr(reading, kind) for kind in ACCOUNT})
    return told


def tried_again(feed: Feed, delivery: dict[str, Any], batches: Iterable[pa.RecordBatch], declared: Declarations) -> Account:
    """The account of a delivery that was taken before, read by the version of the feed that is of its day."""
    told = Account()
    told.read.update({kind: delivery["rows_received" if kind == "rows" else f"rows_{kind}"] for kind in ACCOUNT})
    try:
        by = plan(with_feed(declared, feed), delivery, "draft")
    except HeaderUnknown as error:
        of_us = ", ".join(error.missing)  # and no label of the file's: an unknown header may be a row of data
        told.held[delivery["delivery_id"]] = f"labels not found: {of_us or 'none'}; not declared: {len(error.unknown)}"
        return told
    receive = receiver(by, told)
    for batch in batches:
        receive(batch)
    return told


def receiver(by: Plan, told: Account) -> Any:
    def receive(batch: pa.RecordBatch) -> None:
        for cleaned in cleaned_rows(by, batch):
            told.add(cleaned)

    return receive


def one_row(feed: Feed, row: dict[str, str], declared: Declarations, at: datetime) -> dict[str, Any]:
    """What becomes of one row."""
    by = planned(declared, feed, list(row), at)
    batch = pa.RecordBatch.from_arrays([pa.array([1], pa.int32()), pa.array([list(row.values())], pa.list_(pa.string()))],
                                       schema=ROWS_SCHEMA)
    return next(outcome for cleaned in cleaned_rows(by, batch) for outcome in cleaned.to_pylist())

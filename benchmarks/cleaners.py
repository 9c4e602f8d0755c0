"""How many distinct values a second each cleaner takes, on the cells that the sample's own files hold for it.

Each value is cleaned anew: what a night remembers of values that come again is not counted.
"""
from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from jobs.declarations import Declarations, cleaner
from jobs.facts.columns import cells, extracted, options, received
from jobs.facts.plan import HeaderUnknown, Plan, plan
from jobs.readers import Limits, Unreadable, read

AT_LEAST_SECONDS = 0.2
MOST_VALUES = 20_000  # of each cleaner
Values = dict[tuple[str, str], dict[str, None]]  # by cleaner and its options as JSON


def rates(inbox: Path, declared: Declarations) -> dict[str, dict[str, int]]:
    """By cleaner: how many distinct values the files hold for it, and how many of them it takes a second of CPU."""
    values: Values = defaultdict(dict)
    for chosen, batches in deliveries(inbox, declared):
        for batch in batches:
            gather(chosen, batch, values)
    by_name: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for (name, given), seen in values.items():
        by_name[name].append((len(seen), seconds(name, given, list(seen))))
    return {name: {"values": sum(count for count, _ in told),
                   "per_second": round(sum(count for count, _ in told) / sum(took for _, took in told))}
            for name, told in sorted(by_name.items())}


def deliveries(inbox: Path, declared: Declarations) -> Iterator[tuple[Plan, list[pa.RecordBatch]]]:
    for path in sorted(inbox.glob("*/*")):
        feed, batches = path.parent.name, []
        try:
            now = datetime.now(UTC)
            reading = read(path, declared.feeds[feed].format, batches.append, Limits())
            delivery = {"feed": feed, "delivery_id": path.name, "header": list(reading.header), "covers": now.date(),
                        "received_at": now}
            yield plan(declared, delivery, "bench"), batches
        except (Unreadable, HeaderUnknown):
            continue  # the sample has files that nobody can read


def gather(chosen: Plan, batch: pa.RecordBatch, values: Values) -> None:
    """The distinct cells of the batch's regular rows, each with the cleaner and options its field names."""
    regular = batch.filter(pc.equal(pc.list_value_length(batch.column("cells")), chosen.width))
    labels = cells(chosen, regular)
    for name, field in chosen.fields.items():
        source = chosen.feed.fields.get(chosen.category.fields[name].of or name)
        column = received(chosen, source, labels) if source else None
        if column is None:
            continue
        column = extracted(column, source.extract) if source.extract else column
        own = source if name in chosen.feed.fields else None
        lookup = chosen.feed.lookups[own.lookup] if own and own.lookup else None
        seen = values[(own and own.cleaner) or field.cleaner, options(field, own, lookup)]
        for cell in column.unique().drop_null().to_pylist():
            if len(seen) < MOST_VALUES:
                seen[cell] = None


def seconds(name: str, given: str, values: list[str]) -> float:
    """CPU seconds for one pass over the values, of as many passes as can be measured; the first, which loads tables, apart."""
    clean, keywords = cleaner(name), json.loads(given)
    for value in values[:1]:
        clean(value, **keywords)
    started, passes = time.process_time(), 0
    while not passes or time.process_time() - started < AT_LEAST_SECONDS:
        for value in values:
            clean(value, **keywords)
        passes += 1
    return (time.process_time() - started) / passes


def told(rates: dict[str, dict[str, int]]) -> list[str]:
    return [f"{'cleaner':<28} {'values':>9} {'values/s':>11}",
            *(f"{name:<28} {one['values']:>9,} {one['per_second']:>11,}" for name, one in rates.items())]

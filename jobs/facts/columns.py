"""One field over a batch: the cells of its labels, each distinct value cleaned once, spread back over the rows."""
from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from jobs.declarations import cleaner
from jobs.declarations.feeds import ColumnSource, FieldDeclaration
from jobs.facts.plan import Plan
from jobs.values.names import former_names_behind, split_names
from jobs.values.persons import KEYED

TYPES = {
    "string": pa.string(), "date": pa.date32(), "timestamp": pa.timestamp("us", tz="UTC"), "decimal": pa.decimal128(20, 2),
    "integer": pa.int64(), "boolean": pa.bool_(), "strings": pa.list_(pa.string()),
}
REMEMBERED = 2**15  # values of each cleaner: the enterprises of a district come again in every batch
NOT_FLAWS = ("open_ended",)  # a cleaner's remark on a good value: no fixed end


@dataclass(frozen=True)
class Cleaned:
    """A field over the rows of a batch: typed values, the reasons of those that are bad or flagged, the cells as received."""

    values: pa.Array
    reasons: pa.Array
    received: pa.Array


def cells(plan: Plan, batch: pa.RecordBatch) -> dict[str, pa.Array]:
    """Each declared label's cells; every row of the batch has as many cells as the header."""
    flat = batch.column("cells").flatten()
    starts = pa.array(range(0, len(flat), plan.width), pa.int64())
    return {label: pc.take(flat, pc.add(starts, place)) for label, place in plan.positions.items()}


def without_nulls(column: pa.Array, nulls: list[str]) -> pa.Array:
    """The cells with the feed's null spellings, and blanks, made null."""
    trimmed = pc.utf8_trim_whitespace(column)
    spelt = pc.is_in(trimmed, value_set=pa.array(["", *nulls], pa.string()))
    return pc.if_else(spelt, pa.scalar(None, pa.string()), column)


def received(plan: Plan, source: ColumnSource, labels: dict[str, pa.Array]) -> pa.Array | None:
    """The cells of a field: of its label, or of its labels joined by `/`; None where the delivery has none of them."""
    nulls = [*plan.feed.nulls, *source.nulls]
    there = [without_nulls(labels[label], nulls) for label in source.labels if label in labels]
    if len(there) < 2:
        return there[0] if there else None
    joined = pc.binary_join_element_wise(*(pc.fill_null(column, "") for column in there), "/")
    nothing = pc.equal(pc.utf8_trim(joined, "/ "), "")
    return pc.if_else(nothing, pa.scalar(None, pa.string()), joined)


@lru_cache(maxsize=512)
def cleaning(name: str, options: str) -> Callable[[str], tuple[Any, str | None]]:
    """The cleaner with its options, which are JSON so that it is built once in a process, and remembers what it said."""
    return lru_cache(maxsize=REMEMBERED)(partial(cleaner(name), **json.loads(options)))


def options(field: FieldDeclaration, source: ColumnSource | None, lookup: dict[str, str] | None) -> str:
    """The dictionary's options, overridden by the feed's and by its lookup; a cleaner of the feed's own has the feed's alone."""
    said = {**({} if source and source.cleaner else field.options), **(source.options if source else {})}
    return json.dumps({**said, "choices": lookup} if lookup is not None else said)


def clean(column: pa.Array, field: FieldDeclaration, run: Callable[[str], tuple[Any, str | None]]) -> Cleaned:
    """The field's values by its cleaner, called once for each distinct cell."""
    encoded = column.dictionary_encode()
    outcomes = [run(value) for value in encoded.dictionary.to_pylist()]
    values = pa.array([value for value, _ in outcomes], TYPES[field.type])
    reasons = pa.array([None if reason in NOT_FLAWS else reason for _, reason in outcomes], pa.string())
    return Cleaned(values.take(encoded.indices), reasons.take(encoded.indices), column)


def constant(value: str, field: FieldDeclaration, rows: int) -> Cleaned:
    """A field that the feed implies: the same value on every row, nothing received."""
    cleaned, reason = cleaning(field.cleaner, options(field, None, None))(value)
    if cleaned is None:
        raise ValueError(f"constant {value!r} is refused by {field.cleaner}: {reason}")
    return Cleaned(
        pa.repeat(pa.scalar(cleaned, TYPES[field.type]), rows), pa.nulls(rows, pa.string()), pa.nulls(rows, pa.string())
    )


def nothing(field: FieldDeclaration, rows: int) -> Cleaned:
    return Cleaned(pa.nulls(rows, TYPES[field.type]), pa.nulls(rows, pa.string()), pa.nulls(rows, pa.string()))


def one(plan: Plan, name: str, labels: dict[str, pa.Array], rows: int) -> Cleaned:
    """One field of the category over the batch."""
    field, feed = plan.fields[name], plan.feed
    if name in feed.constants:
        return constant(feed.constants[name], field, rows)
    if name not in feed.fields:
        return nothing(field, rows)
    source = feed.fields[name]
    column = received(plan, source, labels)
    if column is None:
        return nothing(field, rows)
    if source.extract:
        column = extracted(column, source.extract)
    lookup = feed.lookups[source.lookup] if source.lookup else None
    run = cleaning(source.cleaner or field.cleaner, options(field, source, lookup))
    return clean(column, field, partial(run, key=plan.person_key) if field.cleaner in KEYED else run)


def extracted(column: pa.Array, pattern: str) -> pa.Array:
    """The first group of the pattern in each cell, null where it is not found."""
    found = re.compile(pattern, re.S)
    encoded = column.dictionary_encode()
    values = [match[1] if (match := found.search(cell)) else None for cell in encoded.dictionary.to_pylist()]
    return pa.array(values, pa.string()).take(encoded.indices)


def derived(plan: Plan, name: str, cell: pa.Array) -> Cleaned:
    """A field that its own cleaner reads from the cell of another one."""
    field = plan.fields[name]
    return clean(cell, field, cleaning(field.cleaner, options(field, None, None)))


def dated(plan: Plan, name: str, cleaned: dict[str, Cleaned]) -> Cleaned:
    """A field whose values are of the year that another field of the row says; as it was where that says none."""
    field, source, column = plan.fields[name], plan.feed.fields.get(name), cleaned[name].received
    year = pc.cast(pc.year(cleaned[plan.category.fields[name].dated_by].values), pa.string())

    def run(year_and_cell: str) -> tuple[Any, str | None]:
        year, _, cell = year_and_cell.partition("|")
        return cleaning(field.cleaner, json.dumps({**json.loads(options(field, source, None)), "year": int(year)}))(cell)

    then = clean(pc.binary_join_element_wise(year, column, "|"), field, run)
    columns = ((then.values, cleaned[name].values), (then.reasons, cleaned[name].reasons))
    return Cleaned(*(pc.if_else(pc.is_valid(year), new, before) for new, before in columns), column)


def all_fields(plan: Plan, labels: dict[str, pa.Array], rows: int) -> dict[str, Cleaned]:
    """Every field of the category, in dictionary order; derived and dated ones by the others."""
    of = {name: field.of for name, field in plan.category.fields.items() if field.of}
    cleaned = {name: one(plan, name, labels, rows) for name in plan.fields if name not in of}
    cleaned = {name: derived(plan, name, cleaned[of[name]].received) if name in of else cleaned[name] for name in plan.fields}
    for name in plan.fields:
        if plan.category.fields[name].dated_by:
            cleaned[name] = dated(plan, name, cleaned)
    return former_names_kept(cleaned)


def former_names_kept(fields: dict[str, Cleaned]) -> dict[str, Cleaned]:
    """The fields, where a former name that stood behind the subject's name is one of its former names, and so is not lost."""
    name, former = fields["subject_name"], fields.get("former_name")
    cut = pc.fill_null(pc.equal(name.reasons, "former_name_cut"), False)
    if former is None or not pc.any(cut).as_py():
        return fields
    cells = name.received.filter(cut)
    behind = [former_names_behind(cell) for cell in cells.to_pylist()]
    told = [one for one, _ in behind]
    known = former.values.filter(cut).to_pylist()
    lists = [split_names("；".join(filter(None, pair))) for pair in zip(known, told, strict=True)]
    values = pa.array(["、".join(dict.fromkeys(one)) or None for one in lists], pa.string())
    reasons = pc.coalesce(former.reasons.filter(cut), pa.array([why for _, why in behind], pa.string()))
    received = pc.coalesce(former.received.filter(cut), cells)
    kept = Cleaned(*(pc.replace_with_mask(column, cut, new) for column, new in
                     ((former.values, values), (former.reasons, reasons), (former.received, received))))
    nothing = pa.scalar(None, pa.string())
    without = replace(name, reasons=pc.if_else(cut, nothing, name.reasons))
    return {**fields, "subject_name": without, "former_name": kept}

"""A batch of rows as received becomes facts, rejects, flaws and dropped rows; each row has exactly one outcome."""
from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.declarations.feeds import Category
from jobs.facts.columns import REMEMBERED, TYPES, Cleaned, all_fields, cells
from jobs.facts.numbers import in_their_places
from jobs.facts.outcomes import NOTHING, Verdict, shows, verdict
from jobs.facts.plan import Plan
from jobs.facts.references import referred
from jobs.values import names, text
from jobs.values.misread import damaged, suggestion
from jobs.values.personal import MASK, mask

FLAW = pa.struct([("field", pa.string()), ("value", pa.string()), ("reason", pa.string())])
ENVELOPE = [
    ("outcome", pa.string()), ("reject_field", pa.string()), ("reject_value", pa.string()), ("reject_reason", pa.string()),
    ("flaws", pa.list_(FLAW)), ("fact_id", pa.string()), ("event_key", pa.string()), ("target_event_key", pa.string()),
    ("replaces_event_key", pa.string()), ("held_because", pa.string()),
    ("feed", pa.string()), ("delivery_id", pa.string()), ("run_id", pa.string()), ("row_no", pa.int32()), ("part", pa.int32()),
    ("received_at", pa.timestamp("us", tz="UTC")), ("event_date", pa.date32()),
    ("subject_name_received", pa.string()), ("credit_code_received", pa.string()), ("name_key", pa.string()),
    ("credit_code_flag", pa.string()), ("credit_code_suggestion", pa.string()), ("credit_code_damaged", pa.string()),
]


def schema(category: Category, types: dict[str, str]) -> pa.Schema:
    """The columns of a cleaned batch of this category: envelope, then its fields by `types` (field -> dictionary type)."""
    return pa.schema(ENVELOPE + [(name, TYPES[types[name]]) for name in types if name in category.fields])


def cleaned_rows(plan: Plan, batch: pa.RecordBatch) -> list[pa.RecordBatch]:
    """The outcomes of a batch of (row_no, cells): whole facts, and of every other row its place and reason only."""
    regular = pc.equal(pc.list_value_length(batch.column("cells")), plan.width)
    ragged = batch.filter(pc.invert(regular))
    return [facts_and_others(plan, batch.filter(regular)), ragged_rows(plan, ragged)]


def ragged_rows(plan: Plan, batch: pa.RecordBatch) -> pa.RecordBatch:
    """Rows with more or fewer cells than the header has; no cell of theirs is kept, as nobody knows which is which."""
    rows = len(batch)
    known = {"outcome": ["reject"] * rows, "reject_field": ["(row)"] * rows, "reject_reason": ["ragged_row"] * rows,
             "reject_value": [f"{count} cells, header has {plan.width}"
                              for count in pc.list_value_length(batch.column("cells")).to_pylist()],
             "row_no": batch.column("row_no"), "part": [0] * rows}
    return placed(plan, known, rows)


def placed(plan: Plan, known: dict, rows: int) -> pa.RecordBatch:
    """A batch with the known columns, where each row came from, and null in every other column."""
    shape = schema(plan.category, {name: field.type for name, field in plan.fields.items()})
    same = {"feed": plan.feed.feed, "delivery_id": plan.delivery_id, "run_id": plan.run_id, "received_at": plan.received_at}
    columns = []
    for column in shape:
        if column.name in known:
            columns.append(pa.array(known[column.name], column.type) if isinstance(known[column.name], list)
                           else known[column.name].cast(column.type))
        elif column.name in same:
            columns.append(pa.repeat(pa.scalar(same[column.name], column.type), rows))
        else:
            columns.append(pa.nulls(rows, column.type))
    return pa.RecordBatch.from_arrays(columns, schema=shape)


def facts_and_others(plan: Plan, batch: pa.RecordBatch) -> pa.RecordBatch:
    labels, row_no, part = split(plan, cells(plan, batch), batch.column("row_no"))
    rows = len(row_no)
    fields = in_their_places(referred(plan, all_fields(plan, labels, rows)))
    fields = without_persons(plan, fields, labels)
    said = verdict(plan, fields, labels, rows)
    facts = pc.equal(said.outcome, "fact")
    whole = {**envelope(plan, fields, labels, said), **{name: field.values for name, field in fields.items()}}
    kept = {name: column if column.null_count == rows else pc.if_else(facts, column, pa.scalar(None, column.type))
            for name, column in whole.items()}
    return placed(plan, {**kept, **said.columns(), "row_no": row_no, "part": part}, rows)


def split(plan: Plan, labels: dict[str, pa.Array], row_no: pa.Array) -> tuple[dict[str, pa.Array], pa.Array, pa.Array]:
    """A row whose declared cell names several subjects, once for each of them."""
    rule = plan.feed.split
    if rule is None:
        return labels, row_no, pa.array([0] * len(row_no), pa.int32())
    label = plan.feed.fields[rule.field].labels[0]
    parts = [[part for part in cell.split(rule.on) if part.strip()] or [cell] for cell in labels[label].to_pylist()]
    repeated = pa.array([row for row, names_ in enumerate(parts) for _ in names_], pa.int64())
    numbers = pa.array([number if len(names_) > 1 else 0 for names_ in parts for number in range(1, len(names_) + 1)], pa.int32())
    spread = {name: column.take(repeated) for name, column in labels.items()}
    spread[label] = pa.array([name for names_ in parts for name in names_], pa.string())
    return spread, row_no.take(repeated), numbers


def without_persons(plan: Plan, fields: dict[str, Cleaned], labels: dict[str, pa.Array]) -> dict[str, Cleaned]:
    """What a row's own personal columns hold is masked wherever else it stands in the row's texts."""
    persons = [labels[label] for label in plan.feed.personal if label in labels]
    if not persons:
        return fields
    cells = joined([pc.fill_null(column, "") for column in persons], "\x1f").dictionary_encode()
    told = list(map(persons_of, cells.dictionary.to_pylist()))
    found = [told[place] for place in cells.indices.to_pylist()]
    texts = [name for name, field in plan.fields.items() if field.cleaner.startswith("text.") and field.type == "string"]
    return {**fields, **{name: masked(fields[name], found) for name in texts}}


def persons_of(cells: str) -> list[str]:
    """The names that a row's personal cells, joined by a separator, hold: each cell whole, and each of a list in it.

    Longest first, so that of a name which begins with another one nothing stays.
    """
    row = cells.split("\x1f")
    found = {value for value in (*names.split_names(" ".join(row)), *row) if len(value) > 1}
    return sorted(found, key=lambda name: (-len(name), name))


def masked(field: Cleaned, persons: list[list[str]]) -> Cleaned:
    if field.values.null_count == len(field.values):
        return field
    values, hit = field.values.to_pylist(), False
    for row, value in enumerate(values):
        for person in persons[row] if value else ():
            if person in value:
                values[row] = value = value.replace(person, MASK)
                hit = True
    return Cleaned(pa.array(values, pa.string()), field.reasons, field.received) if hit else field


def joined(columns: list[pa.Array], by: str) -> pa.Array:
    return pc.binary_join_element_wise(*columns, by)


def fact_ids(plan: Plan, labels: dict[str, pa.Array]) -> pa.Array:
    """The hash of feed, category and the sorted label and raw value pairs of the columns the declaration keeps; never of a
    personal one, whose value could be guessed back."""
    fed = {label for source in plan.feed.fields.values() for label in source.labels if label in labels}
    kept = sorted(fed.difference(plan.feed.personal))
    said = joined([pc.binary_join_element_wise(label, labels[label], "\x1f") for label in kept], "\x1e")
    head = hashlib.sha256(f"{plan.feed.feed}\x1e{plan.category.category}\x1e".encode())
    ids = []
    for pairs in said.cast(pa.binary()).to_pylist():
        one = head.copy()
        one.update(pairs)
        ids.append(one.hexdigest()[:32])
    return pa.array(ids, pa.string())


def event_key(category: str, parts: list[str], fields: dict[str, Cleaned], also: Sequence[str] = ()) -> pa.Array:
    """`category|part|part|…` where every part is there, else null; behind it those of `also` that are there."""
    spelt = [pc.cast(fields[name].values, pa.string()) for name in parts]
    key = pc.binary_join_element_wise(pa.repeat(pa.scalar(category), len(spelt[0])), *spelt, "|")
    more = [pc.cast(fields[name].values, pa.string()) for name in also]
    apart = pc.binary_join_element_wise(pc.fill_null(key, ""), *more, "|", null_handling="skip")
    return pc.if_else(pc.is_valid(key), apart, NOTHING)


def envelope(plan: Plan, fields: dict[str, Cleaned], labels: dict[str, pa.Array], said: Verdict) -> dict[str, pa.Array]:
    """The columns every category has beside its own fields."""
    rows, category = len(said.outcome), plan.category
    ids = fact_ids(plan, labels)
    alone = pc.binary_join_element_wise(f"{category.category}|fact", ids, "|")
    targets = plan.target and category.target_key
    own = event_key(category.category, category.event_key, fields, category.event_key_also)
    return {
        "flaws": flaws(plan, fields, said), "fact_id": ids, "event_key": pc.coalesce(own, alone),
        "replaces_event_key": prior(category, fields, own), "held_because": held_because(plan, fields, rows),
        "target_event_key": event_key(category.targets, category.target_key, fields) if targets else pa.nulls(rows, pa.string()),
        "event_date": fields[category.event_date].values if category.event_date else pa.nulls(rows, pa.date32()),
        "subject_name_received": shown(fields["subject_name"]), "credit_code_received": shown_code(fields["credit_code"]),
        "name_key": by_value(fields["subject_name"].values, NAME_KEY),
        "credit_code_flag": pc.if_else(pc.is_valid(fields["credit_code"].values), fields["credit_code"].reasons, NOTHING),
        "credit_code_suggestion": of_bad(fields["credit_code"], suggestion),
        "credit_code_damaged": of_bad(fields["credit_code"], damaged),
    }


def held_because(plan: Plan, fields: dict[str, Cleaned], rows: int) -> pa.Array:
    """Of each row the first field with an unknown word that its feed wants a person to look at; null where there is none."""
    why = pa.nulls(rows, pa.string())
    for name, field in fields.items():
        if name in plan.feed.fields and plan.feed.fields[name].unknown_words == "hold":
            unknown = pc.fill_null(pc.equal(field.reasons, "unknown_code"), False)
            why = pc.coalesce(why, pc.if_else(unknown, f"unknown_word {name}", NOTHING))
    return why


def prior(category: Category, fields: dict[str, Cleaned], own: pa.Array) -> pa.Array:
    """The key of the act that this one replaces; none replaces itself."""
    if not category.prior_key:
        return pa.nulls(len(own), pa.string())
    key = event_key(category.category, category.prior_key, fields)
    return pc.if_else(pc.fill_null(pc.equal(key, own), False), NOTHING, key)


NAME_KEY, MASKED = lru_cache(REMEMBERED)(names.name_key), lru_cache(REMEMBERED)(mask)


def of_bad(code: Cleaned, told: Callable[[str], str | None]) -> pa.Array:
    """What is told of a bad code: the one code that it may have been, or what of it can be compared; for matching alone."""
    if code.reasons.null_count == len(code.reasons):
        return pa.nulls(len(code.reasons), pa.string())
    bad = pc.and_(pc.is_valid(code.reasons), pc.is_null(code.values))
    return by_value(pc.if_else(bad, code.received, NOTHING), told)


def by_value(column: pa.Array, function: Callable[[str], str | None]) -> pa.Array:
    """The function over the distinct values of a column of strings; null stays null."""
    encoded = column.dictionary_encode()
    return pa.array([function(value) for value in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def shown(field: Cleaned) -> pa.Array:
    """The cells as received, without personal data; where the cleaner found them bad, masked, as a bad cell may hold anything."""
    bad = pc.and_(pc.is_valid(field.reasons), pc.is_null(field.values))
    hidden = by_value(pc.if_else(bad, field.received, NOTHING), text.mask_value)
    return pc.coalesce(hidden, by_value(pc.if_else(bad, NOTHING, field.received), MASKED))


def shown_code(field: Cleaned) -> pa.Array:
    """The cells of a code as received: a good one is nobody's number, as it stands."""
    good = pc.equal(field.values, field.received)
    others = pc.if_else(pc.fill_null(good, False), NOTHING, field.received)
    return pc.coalesce(pc.if_else(good, field.received, NOTHING), shown(Cleaned(field.values, field.reasons, others)))


def flaws(plan: Plan, fields: dict[str, Cleaned], said: Verdict) -> pa.Array:
    """For each row, its fields that are bad or flagged, with the value masked and the reason, in dictionary order."""
    rows, told = len(said.outcome), [pa.table({"row": pa.array([], pa.int64()), "flaw": pa.array([], FLAW)})]
    for name, field in fields.items():
        if field.reasons.null_count == len(field.reasons):
            continue
        bad = pc.indices_nonzero(pc.is_valid(field.reasons))
        value = by_value(field.received.take(bad), shows(plan, name))
        told_of = [pa.repeat(pa.scalar(name), len(bad)), value, field.reasons.take(bad)]
        flaw = pa.StructArray.from_arrays(told_of, fields=list(FLAW))
        told.append(pa.table({"row": bad.cast(pa.int64()), "flaw": flaw}))
    every = pa.concat_tables(told).combine_chunks()
    order = np.argsort(every["row"].to_numpy(), kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(every["row"].to_numpy(), minlength=rows))])
    return pa.ListArray.from_arrays(pa.array(starts, pa.int32()), every["flaw"].take(pa.array(order)).combine_chunks())

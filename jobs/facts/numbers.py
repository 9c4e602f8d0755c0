"""Numbers of the subject that stand in each other's columns, moved to where they belong, with a note."""
from __future__ import annotations

from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from jobs.facts.columns import REMEMBERED, Cleaned
from jobs.facts.outcomes import IDENTIFIERS
from jobs.values import codes, misread

KIND = lru_cache(REMEMBERED)(misread.kind_of)


def in_their_places(fields: dict[str, Cleaned]) -> dict[str, Cleaned]:
    """The fields, where a number that its own column cannot hold, and whose checks say which it is, stands in the empty column
    of its kind. A credit code in the tax number's column is in its place and stays there too (三证合一)."""
    for giver in IDENTIFIERS:
        for kind, rows in misplaced(fields, giver).items():
            mask = marked(rows, len(fields[giver].values))
            fields = {**fields, kind: taken(fields[kind], fields[giver], giver, mask)}
            if (giver, kind) != ("tax_number", "credit_code"):
                fields = {**fields, giver: emptied(fields[giver], mask)}
    return fields


def misplaced(fields: dict[str, Cleaned], giver: str) -> dict[str, list[int]]:
    """The rows of the column whose cell is another number, by its kind, where that number's own column is empty."""
    field, alone = fields[giver], giver != "tax_number" or fields["credit_code"].values.null_count == 0
    if alone and field.reasons.null_count == len(field.reasons):
        return {}
    nonstandard = pc.fill_null(pc.equal(field.reasons, "nonstandard"), False)
    suspect = pc.or_(nonstandard, pc.and_(pc.is_valid(field.reasons), pc.is_null(field.values)))
    if not alone:
        alike = pc.fill_null(pc.equal(pc.utf8_length(field.values), 18), False)
        suspect = pc.or_(suspect, pc.and_(alike, empty(fields["credit_code"])))
    rows = pc.indices_nonzero(suspect)
    found: dict[str, list[int]] = {}
    for row, cell in zip(rows.to_pylist(), field.received.take(rows).to_pylist(), strict=True):
        kind = KIND(cell)
        if kind and kind != giver and empty(fields[kind])[row].as_py():
            found.setdefault(kind, []).append(row)
    return found


def empty(field: Cleaned) -> pa.Array:
    """Nothing was said: neither a value nor a bad one."""
    return pc.and_(pc.is_null(field.values), pc.is_null(field.reasons))


def marked(rows: list[int], size: int) -> pa.Array:
    places = set(rows)
    return pa.array([row in places for row in range(size)], pa.bool_())


def taken(field: Cleaned, giver: Cleaned, name: str, mask: pa.Array) -> Cleaned:
    cells = giver.received.filter(mask)
    numbers = pa.array([codes.bare(cell)[0] for cell in cells.to_pylist()], pa.string())
    note = pa.repeat(pa.scalar(f"moved_from_{name}"), len(cells))
    return Cleaned(*(pc.replace_with_mask(column, mask, new) for column, new in
                     ((field.values, numbers), (field.reasons, note), (field.received, cells))))


def emptied(field: Cleaned, mask: pa.Array) -> Cleaned:
    nothing = pa.scalar(None, pa.string())
    return Cleaned(pc.if_else(mask, nothing, field.values), pc.if_else(mask, nothing, field.reasons), field.received)

"""The rows of a list, cleaned: what is asked of the index for each, why nothing can be, or that it is out of scope.

Of a row about a person or a household nothing is kept but its number (design law 7).
"""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import reduce
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from jobs.answers.resolving.columns import ListRefused, plan_of
from jobs.declarations import Declarations
from jobs.declarations.asking import Lists
from jobs.enterprises.exact import SUBJECT
from jobs.facts.plan import Plan
from jobs.facts.rows import cleaned_rows
from jobs.readers import FormatSpec, Limits, Reading, Unreadable, read
from jobs.readers.inspect import looks_like
from jobs.readers.reading import ADVICE
from jobs.readers.records import blank_records

ASKED = pa.schema([("row", pa.int32()), *((name, pa.string()) for name in SUBJECT), ("event_date", pa.date32())])
OUT_OF_SCOPE, EMPTY = "out_of_scope", "missing"
KINDS = {"a zip archive": "xlsx", "a compound file of an old Office program": "xls"}


class Rows(NamedTuple):
    """Each row of a list once: those to ask about, and the others by number with the reason that answers them."""

    asked: pa.Table
    others: dict[int, str]
    not_used: dict[int, str] = {}  # of rows that are asked, the cells that say nothing that can be used

    @classmethod
    def of(cls, others: dict[int, str]) -> Rows:
        """Rows none of which asks anything."""
        return cls(ASKED.empty_table(), others)

    @property
    def count(self) -> int:
        return len(self.asked) + len(self.others)

    @property
    def out_of_scope(self) -> int:
        return sum(reason == OUT_OF_SCOPE for reason in self.others.values())


def of_file(path: Path, declared: Declarations, asked: Lists, at: datetime) -> Rows:
    """The rows of a CSV file or a workbook; raises ListRefused where it is none, or has no row."""
    if not path.is_file():
        raise ListRefused(f"{path}: there is no such file")
    batches: list[pa.RecordBatch] = []
    reading = laid_out(path, batches)
    plan = plan_of(declared, asked, reading.header, reading.header_of(str(path)), at)
    rows = cleaned(plan, asked, batches)
    if not rows.count:
        raise ListRefused(f"{path}: holds no row under its header")
    return rows


def laid_out(path: Path, batches: list[pa.RecordBatch]) -> Reading:
    """The account of the file, whose rows are in `batches` then. Of text with one column no delimiter can be seen."""
    kind = KINDS.get(looks_like(path))
    specs = [FormatSpec(kind=kind or "csv", blank_rows="keep", **told)
             for told in ([{}] if kind else [{"delimiter": sign} for sign in ("detect", "\t")])]
    fault: Unreadable | None = None
    for spec in specs:
        batches.clear()
        try:
            return read(path, spec, batches.append, Limits())
        except Unreadable as error:
            fault = fault or error
            if error.reason != "delimiter_undecided":
                break
    seen = f"{fault.seen}: " if kind else ""  # of text it may show a cell, and so may the cause
    raise ListRefused(f"{path}: cannot be read: {seen}{fault.reason}; {ADVICE[fault.reason]}") from None


def of_cells(cells: Sequence[str], plan: Plan, asked: Lists, row: int) -> Rows:
    """The one row of these cells."""
    batch = pa.RecordBatch.from_arrays([pa.array([row], pa.int32()), pa.array([list(cells)], pa.list_(pa.string()))],
                                       names=["row_no", "cells"])
    return cleaned(plan, asked, [batch])


def cleaned(plan: Plan, asked: Lists, batches: Sequence[pa.RecordBatch]) -> Rows:
    """What each row asks, or why it asks nothing."""
    tables, others, not_used = [ASKED.empty_table()], {}, {}
    for batch in (one for each in batches for one in cleaned_rows(plan, each) if len(one)):
        household = says_household(batch.column("subject_name"), asked)
        facts = pc.and_(pc.equal(batch.column("outcome"), "fact"), pc.invert(household))
        others |= dict(unasked(batch.filter(pc.invert(facts))))
        tables.append(questions(batch.filter(facts)))
        not_used |= dict(flawed(batch.filter(facts)))
    others |= {row: EMPTY for each in batches for row in each["row_no"].filter(blank_records(each["cells"])).to_pylist()}
    return Rows(pa.concat_tables(tables), others, not_used)


def flawed(batch: pa.RecordBatch) -> Iterator[tuple[int, str]]:
    """Of each row with a cell that is not used, which and why."""
    for row, flaws in zip(batch.column("row_no").to_pylist(), batch.column("flaws").to_pylist(), strict=True):
        if flaws:
            yield row, "; ".join(f"{flaw['field']}: {flaw['reason']}" for flaw in flaws)


def says_household(name: pa.Array, asked: Lists) -> pa.Array:
    """Whether the name itself says that it is a household's."""
    found = (pc.fill_null(pc.match_substring(name, word), False) for word in asked.households)
    return reduce(pc.or_, found, pa.array([False] * len(name), pa.bool_()))


def unasked(batch: pa.RecordBatch) -> Iterator[tuple[int, str]]:
    """Of each row that asks nothing its number and why; of persons and households no more than that they are out of scope."""
    columns = (batch.column(name).to_pylist() for name in ("row_no", "outcome", "reject_reason"))
    for row, outcome, reason in zip(*columns, strict=True):
        yield row, reason if outcome == "reject" else OUT_OF_SCOPE


def questions(batch: pa.RecordBatch) -> pa.Table:
    """The rows as the engine is asked: the columns of ASKED."""
    nothing = pa.nulls(len(batch), pa.string())
    damaged = pc.if_else(pc.is_null(batch.column("credit_code")), batch.column("credit_code_received"), nothing)
    of = {"row": "row_no", "suggestion": "credit_code_suggestion", "region": "registered_region", "address": "registered_address"}
    said = {"damaged_code": damaged, "person": nothing}
    return pa.table([said[name] if name in said else batch.column(of.get(name, name)) for name in ASKED.names], schema=ASKED)

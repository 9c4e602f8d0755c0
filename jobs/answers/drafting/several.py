"""Cells that name several subjects: what stands between the names, how many cells hold them, and whether each may be a row."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.answers.drafting.columns import Column
from jobs.answers.drafting.content import OWN
from jobs.answers.drafting.found import Proposed
from jobs.values.names import ends_as_organisation

BETWEEN = ("、", "；", ";", "|", "，", ",")
SURE = 0.8  # of the cells that hold the sign those whose every part is a name: the sign stands in names as well


@dataclass(frozen=True)
class Several:
    """A column of subjects' names whose cells hold several, and why it is not sure that each is a row of its own."""

    label: str
    on: str
    because: str
    unsure: str = ""


def several_in(found: Sequence[Proposed]) -> Several | None:
    """The sign at which the subjects' names are split; none where no cell holds several."""
    named = [one for one in found if one.role == "field" and "subject_name" in one.fields]
    if len(named) != 1:
        return None
    column = named[0].column
    on, cells, parts, others = max((counted(column, sign) for sign in BETWEEN), key=lambda told: told[1])
    if not cells:
        return None
    because = f"{cells:,} of {column.filled:,} cells hold {parts:,} names, each of which ends as organisations' names do"
    return Several(column.label, on, because, doubt(found, cells, others))


def counted(column: Column, on: str) -> tuple[str, int, int, int]:
    """The cells whose every part is a name, the names in them, and the other cells that hold the sign."""
    cells = parts = others = 0
    for value, many in column.values.items():
        names = [part.strip() for part in value.split(on) if part.strip()]
        if len(names) > 1 and all(map(ends_as_organisation, names)):
            cells, parts = cells + many, parts + many * len(names)
        elif on in value:
            others += many
    return on, cells, parts, others


def doubt(found: Sequence[Proposed], cells: int, others: int) -> str:
    """Why the split is left to a person: a number cannot be of several subjects, or the sign stands in names."""
    numbers = [one.label for one in found if one.role == "field" and set(one.fields) & {*OWN, "tax_number"} and one.column.filled]
    if numbers:
        return f"{', '.join(numbers)} would be given to each of them"
    return f"in {others:,} further cells a part is no such name" if others > (1 / SURE - 1) * cells else ""

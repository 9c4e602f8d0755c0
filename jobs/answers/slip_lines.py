"""The lines of a slip in the organ's own words: its column, what stood there, why it was returned and by which rule."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jobs.answers.reasons import explained, notes
from jobs.answers.slips import WHOLE_FILE, Slip
from jobs.declarations import Declarations
from jobs.declarations.feeds import Feed
from jobs.declarations.reasons import FILE
from jobs.facts.plan import HeaderUnknown, positions
from jobs.stores.ledger import Ledger
from jobs.values.text import shape_in_chinese

WHOLE = {WHOLE_FILE: "（整个文件）", "(row)": "（整行）"}
# A field that is told by the column of another one, where the feed has no column of its own for it.
TOLD_BY = {"organ_code": "organ_name", "target_organ_code": "target_organ_name", "item_code": "item_name",
           "list_kind": "list_term"}
RAGGED = re.compile(r"([0-9]+) cells, header has ([0-9]+)")  # as jobs/facts counts the cells of a row
LINES = """
    select * from (
      select delivery_id, row_no, part, 'reject' as kind, field, value, reason from credit.rejects
      union all
      select delivery_id, row_no, part, 'doubt', field, value, reason from credit.flaws) told
    where delivery_id = any(:ids) and reason <> all(:notes)
    order by delivery_id, row_no, part, kind desc, field, reason"""


@dataclass(frozen=True)
class Line:
    """One thing returned; `value` is masked as it is stored, `row_no` is null of a file as a whole."""

    row_no: int | None
    part: int
    kind: str
    field: str
    label: str
    value: str | None
    reason: str
    because: str
    basis: str
    state: str


def lines(ledger: Ledger, declarations: Declarations, slips: list[Slip]) -> dict[str, list[Line]]:
    """The lines of each of these slips by delivery, as the last release serves them, in the order of the file."""
    by_id = {slip.delivery_id: slip for slip in slips}
    told: dict[str, list[Line]] = {slip.delivery_id: list(of_file(slip, declarations)) for slip in slips}
    for row in ledger.rows(LINES, ids=list(by_id), notes=notes(declarations)):
        delivery_id = row.pop("delivery_id")
        told[delivery_id].append(line(by_id[delivery_id], row, declarations))
    return told


def line(slip: Slip, row: dict[str, Any], declarations: Declarations) -> Line:
    said, value = explained(declarations, row["reason"]), row["value"] and in_chinese(row["value"])
    return Line(**{**row, "value": value},
                label=label(slip.feed, row["field"], row["reason"], declarations), because=said.zh, basis=said.basis,
                state=slip.state(row["field"], row["reason"], row["row_no"]))


def in_chinese(value: str) -> str:
    """What is kept of a bad value or a ragged row, in the organ's language."""
    return RAGGED.sub(r"本行\1列，表头\2列", shape_in_chinese(value))


def of_file(slip: Slip, declarations: Declarations) -> Iterator[Line]:
    """What is said of the file as a whole: figures and labels of ours, for an unknown header may hold a row of data."""
    for kind, field, reason in slip.counts:
        if field == WHOLE_FILE:
            row = {"row_no": None, "part": 0, "kind": kind, "field": field, "value": seen(slip, reason), "reason": reason}
            yield line(slip, row, declarations)


def seen(slip: Slip, reason: str) -> str | None:
    delivery = slip.delivery
    if reason == f"{FILE}held":
        return f"收到 {delivery['rows_received']} 行，拒收 {delivery['rows_rejected']} 行"
    if reason != f"{FILE}header_unknown" or slip.feed is None:
        return None
    try:
        positions(slip.feed, delivery["header"])
    except HeaderUnknown as error:
        sheet = f"工作表“{delivery['sheet']}”：" if delivery["sheet"] else ""
        return f"{sheet}缺少列：{'、'.join(error.missing)}；未约定的列：{len(error.unknown)} 个"
    return None


def label(feed: Feed | None, field: str, reason: str, declarations: Declarations) -> str:
    """The column as the organ's file names it; the field in Chinese where the feed has no column for it."""
    if field in WHOLE:
        return WHOLE[field]
    if feed is not None:
        for when in feed.reject_when:
            if (when.field, when.reason) == (field, reason):
                return when.label
        of = declarations.categories[feed.category].fields
        for name in (field, of[field].of if field in of else None, TOLD_BY.get(field)):
            if name in feed.fields:
                return "/".join(feed.fields[name].labels)
    return declarations.fields[field].zh if field in declarations.fields else field

"""Which records of a table are titles, header and footer, told from the records themselves."""
from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from jobs.readers.records import joined_labels
from jobs.values.personal import mask

Row = list[str]
LOOKED_AT = 30  # records from the top: titles and header stand there
LONGEST_LABEL = 60
FILLED = 0.6  # of the widest record: a header names most columns
_NO_LABEL = re.compile(r"[\d.,:/\\%¥\s-]+|.*\d{6}.*|.*\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}.*|https?://.*|.*[。；!！]", re.S)
_FOOT = re.compile(r"(合计|总计|小计|共计|制表\w*|填报\w*|填表\w*|审核\w*|审批\w*|复核\w*|报送\w*|打印\w*"
                   r"|单位(?:负责人)?(?=[:：])|负责人(?=[:：])|联系\w*(?=[:：])|日期(?=[:：])|备注(?=[:：])|说明(?=[:：])|注(?=[:：]))")


@dataclass(frozen=True)
class Heading:
    """How many records come before the header, of how many it is, its labels, and the patterns of the records at the foot."""

    above: int
    header_rows: int
    labels: list[str]
    footer: list[str]
    titles: list[str]
    unsure: dict[str, str] = field(default_factory=dict)


def heading_of(first: Sequence[Row], last: Sequence[Row], knows: Callable[[str], bool]) -> Heading | None:
    """The heading of a table by its first and last records, blank ones left out; None where no record can be a header."""
    width = max((filled(row) for row in first), default=0)
    found = [(place, lines) for place in range(min(len(first), 10)) if (lines := header_lines(first, place, width))]
    if not found:
        return None
    labels = {place: joined_labels(*first[place : place + lines]) for place, lines in found}
    # Of a header of two lines the lower cell alone may be known.
    known = {place: max(sum(map(knows, labels[place])), sum(map(knows, first[place + lines - 1]))) for place, lines in found}
    place, lines = max(found, key=lambda one: (known[one[0]], -one[0]))
    unsure = {} if known[place] else {"header_rows": "no label of it is known: is this the header?"}
    footer, maybe = footer_of(last, width) if len(first) > place + lines else ([], "")
    titles = [cell.strip() for row in first[:place] for cell in row if cell.strip()]
    return Heading(place, lines, labels[place], footer, titles, {**unsure, **({"footer": maybe} if maybe else {})})


def filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row)


def is_label(cell: str) -> bool:
    text = cell.strip()
    return len(text) <= LONGEST_LABEL and not _NO_LABEL.fullmatch(text) and mask(text) == text


def of_labels(row: Row) -> bool:
    cells = [cell for cell in row if cell.strip()]
    return len(cells) > 1 and all(map(is_label, cells))


def distinct(labels: Sequence[str]) -> bool:
    named = [label.strip() for label in labels if label.strip()]
    return len(set(named)) == len(named)


def header_lines(rows: Sequence[Row], place: int, width: int) -> int:
    """Of how many records the header is that begins here; 0 where none does."""
    here = rows[place]
    if not of_labels(here):
        return 0
    if place + 1 < len(rows) and two_lines(here, rows[place + 1], width):
        return 2
    return 1 if filled(here) >= FILLED * width and distinct(here) else 0


def two_lines(upper: Row, lower: Row, width: int) -> bool:
    """An upper line whose merged cells leave gaps, and a lower one that names what is in them and cannot stand alone."""
    gaps = [place for place, cell in enumerate(lower) if cell.strip() and not (upper + [""] * len(lower))[place].strip()]
    covers = all(place < len(lower) and lower[place].strip() for place, cell in enumerate(upper) if cell.strip())
    alone = covers and filled(lower) >= 0.95 * width and distinct(lower)
    joined = joined_labels(upper, lower)
    return bool(gaps) and of_labels(lower) and not alone and distinct(joined) and filled(joined) >= 0.9 * width


def footer_of(rows: Sequence[Row], width: int) -> tuple[list[str], str]:
    """The patterns of the records at the foot, and what makes one doubtful."""
    patterns: list[str] = []
    for row in reversed(rows):
        first = next(cell.strip() for cell in row if cell.strip())
        found = _FOOT.match(first)
        if not found or filled(row) > max(2, width / 2):
            thin = width >= 5 and filled(row) <= 2 and not patterns
            return patterns[::-1], f"the last record fills {filled(row)} of {width} columns: is it of the foot?" if thin else ""
        patterns.append(f"^{re.escape(found[1])}")
    return list(dict.fromkeys(patterns[::-1])), ""

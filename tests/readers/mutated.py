"""Files of a few feeds as they may arrive, and which of their cells were lost without a word."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from jobs.declarations import Declarations, cleaner
from jobs.declarations.feeds import ColumnSource
from jobs.facts.columns import NOT_FLAWS, options
from jobs.facts.plan import Plan
from jobs.values.persons import KEYED
from jobs.values.raw import is_blank
from tests.readers.biff import Sheet, Styled, workbook
from tests.readers.specimens import Row, Specimen, delimited, harm, specimens, spoilt, swapped

LISTED, PENALTIES, HOUSING_FUND = "abnormal_list", "province_penalties", "city_housing_fund_payments"
FILLER = re.compile(r"(.)\1*")  # who must fill a column for a number types 0, or 0000
PAID, SERIAL = "汇缴日期", 46335  # 2026-11-09


@dataclass(frozen=True)
class Case:
    """Rows of a feed, how they become a file, and whether their cells are harmed beside the file's bytes."""

    feed: str
    table: list[Row]
    specimen: Specimen
    cells: bool = False


def table_of(declared: Declarations, feed: str, most: int) -> list[Row]:
    """The feed's labels and its examples, twice."""
    labels = declared.feeds[feed].labels
    examples = [[example.row.get(label, "") for label in labels] for example in declared.feeds[feed].examples]
    return [labels, *examples, *examples][:most]


def serial_dates(table: list[Row]) -> list[list[object]]:
    """The rows with their day of payment as workbooks hold it: under a format for dates, or a bare number."""
    place = table[0].index(PAID)
    dated = [Styled(SERIAL, "yyyy/m/d"), SERIAL, Styled(SERIAL + 0.5, "yyyy-mm-dd hh:mm")]
    return [table[0], *([*row[:place], dated[number % 4] if number % 4 < 3 else row[place], *row[place + 1:]]
                        for number, row in enumerate(table[1:]))]


def old_workbook(rows: list[list[object]]) -> bytes:
    return workbook(Sheet([["单位按时缴存住房公积金信息"], ["2026年10月"], *rows, ["合计", len(rows) - 1]]))


def cases(declared: Declarations) -> dict[str, Case]:
    """One feed in every format; and two in their own, with money, enumerations and several dates, and with serial dates."""
    listed = table_of(declared, LISTED, 8)
    told = {name: Case(LISTED, listed, specimen) for name, specimen in specimens(listed).items()}
    own = {feed: declared.feeds[feed].format.model_dump(exclude_defaults=True) for feed in (PENALTIES, HOUSING_FUND)}
    penalties = Specimen(partial(delimited, encoding="gb18030"), own[PENALTIES])
    return told | {
        PENALTIES: Case(PENALTIES, table_of(declared, PENALTIES, 20), penalties, cells=True),
        HOUSING_FUND: Case(HOUSING_FUND, serial_dates(table_of(declared, HOUSING_FUND, 12)),
                           Specimen(old_workbook, own[HOUSING_FUND]), cells=True),
    }


def mutated(case: Case, rng: random.Random) -> bytes:
    table = swapped(case.table, rng) if rng.random() < 0.3 else case.table
    data = case.specimen.write(spoilt(table, rng) if case.cells else table)
    return case.specimen.wrap(harm(data, rng) if rng.random() < (0.4 if case.cells else 0.95) else data)


def silent(planned: Plan, cells: list[str], row: dict[str, object]) -> Iterator[str]:
    """The fields of a fact that are null although their cell says something, and of which no flaw says why; of a token nothing
    may ever be said (persons.person_token)."""
    reasons = {flaw["field"]: flaw["reason"] for flaw in row["flaws"]}
    for name, source in planned.feed.fields.items():
        if planned.fields[name].cleaner in KEYED:
            continue
        said = [cells[planned.positions[label]] for label in source.labels if label in planned.positions]
        if row[name] is None and name not in reasons and f"moved_from_{name}" not in reasons.values() and not all(
                nothing(planned, name, source, cell) for cell in said):
            yield name


def nothing(planned: Plan, name: str, source: ColumnSource, cell: str) -> bool:
    """The cell is blank, one of the feed's words for nothing, a number of one digit only, or says that there is no end."""
    if cell.strip() in {*planned.feed.nulls, *source.nulls} or is_blank(cell):
        return True
    if source.extract:  # of such a cell the feed declares that it wants a part alone
        return re.search(source.extract, cell, re.DOTALL) is None
    field, lookup = planned.fields[name], planned.feed.lookups[source.lookup] if source.lookup else None
    by = source.cleaner or field.cleaner
    if by.startswith("codes."):
        return FILLER.fullmatch(cell.strip()) is not None
    return cleaner(by)(cell, **json.loads(options(field, source, lookup)))[1] in NOT_FLAWS

"""What workbooks of either kind have in common: which sheets are read, and their rows as records."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
import pyarrow as pa
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import from_excel

from jobs.readers.parts import Sink, together
from jobs.readers.reading import ROWS_SCHEMA, Reading, Unreadable
from jobs.readers.records import BATCH_ROWS, Records
from jobs.readers.spec import FormatSpec

# Below this a double holds every integer of a spreadsheet's 15 digits; from it on, a code has lost its last digits.
EXACT_BELOW = 1e15
# ECMA-376 part 1, 18.8.30: date formats of Chinese Excel that have no format code in the file, and none in openpyxl.
CHINESE_DATE_FORMATS = frozenset({*range(27, 37), *range(50, 59)})

# The cells of a row, and whether the sheet hides it.
Row = tuple[list[str], bool]


class AnySheet(Protocol):
    """A worksheet: its title, and whether it is shown."""

    title: str
    visible: bool


SheetType = TypeVar("SheetType", bound=AnySheet)


def read_sheets(
    path: Path,
    spec: FormatSpec,
    sheets: Iterable[SheetType],
    count: Callable[[SheetType], int],
    read_sheet: Callable[[SheetType, Sink], Reading],
    batches_to: Sink,
) -> Reading:
    """The account of the sheets that are declared, read as one; of all sheets those without any row are passed over."""
    chosen = _chosen(path, spec, list(sheets))
    with_rows = [sheet for sheet in chosen if len(chosen) == 1 or count(sheet)] or chosen[:1]
    parts = ((f"sheet {sheet.title!r}", partial(_read_named, path, sheet, read_sheet)) for sheet in with_rows)
    return together(path, parts, batches_to)


def _read_named(path: Path, sheet: SheetType, read_sheet: Callable[[SheetType, Sink], Reading], sink: Sink) -> Reading:
    """The account of one sheet; Unreadable names it, for a workbook shows several."""
    try:
        return read_sheet(sheet, sink)
    except Unreadable as error:
        raise Unreadable(error.reason, path, f"sheet {sheet.title!r}: {error.seen}") from error


def _chosen(path: Path, spec: FormatSpec, sheets: list[SheetType]) -> list[SheetType]:
    fitting = [sheet for sheet in sheets if (sheet.visible if spec.sheet is None else sheet.title == spec.sheet)]
    if fitting:
        return fitting if spec.sheets == "all" else fitting[:1]
    wanted = "a visible sheet" if spec.sheet is None else f"sheet {spec.sheet!r}"
    there = ", ".join(sheet.title for sheet in sheets) or "none"
    raise Unreadable("no_such_sheet", path, f"has not {wanted}, it has {there}")


def take_all(records: Records, rows: Iterator[Row], broken: tuple[type[Exception], ...]) -> None:
    """Gives `records` the rows of a sheet; Unreadable, with the place, where reading on raises one of `broken`."""
    level, read_so_far = _level(rows, records.spec), 0
    while True:
        try:
            batch = list(islice(level, BATCH_ROWS))
        except broken as error:
            what = f"cannot be read in the {BATCH_ROWS} rows after row {read_so_far} ({type(error).__name__})"
            raise Unreadable("damaged", records.path, what) from error
        if not batch:
            return
        read_so_far += len(batch)
        hidden = np.array([is_hidden for _, is_hidden in batch])
        cells = pa.array([cells for cells, _ in batch], ROWS_SCHEMA.field("cells").type)
        records.take(cells, hidden if hidden.any() else None)


def _level(rows: Iterable[Row], spec: FormatSpec) -> Iterator[Row]:
    """Rows without trailing empty cells, filled up to the header's width: a spreadsheet does not store empty cells."""
    width, last_head = 1, spec.title_rows + max(spec.header_rows, 1) - 1
    for index, (cells, hidden) in enumerate(rows):
        while cells and not cells[-1]:
            cells.pop()
        if spec.title_rows <= index <= last_head:
            width = max(len(cells), width)
        yield cells + [""] * (width - len(cells)), hidden


def format_codes(own: dict[int, str]) -> dict[int, str]:
    """The format code of every number format: those every workbook knows, and its own."""
    return BUILTIN_FORMATS | dict.fromkeys(CHINESE_DATE_FORMATS, "yyyy-mm-dd") | own


def serial_text(value: str, epoch: datetime, is_duration: bool) -> str:
    """A number under a date format as text."""
    try:
        return date_text(from_excel(float(value), epoch, timedelta=is_duration))
    except (OverflowError, ValueError):
        # A number under a date format that is no date, say 20240229: the number is what was received.
        return number_text(value)


def number_text(value: str) -> str:
    """A stored number as text: integers as digits, others as the shortest float, which a code past 15 digits stays."""
    if value.removeprefix("-").isdecimal():
        return value
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < EXACT_BELOW else repr(number)


def date_text(value: date | time | timedelta) -> str:
    """A date, time or duration in ISO 8601; midnight is a date alone."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return str(value)

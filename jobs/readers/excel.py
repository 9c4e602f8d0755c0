"""XLSX workbooks, one sheet of each, as the strings a person would have received."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

import pyarrow as pa
from openpyxl import Workbook, load_workbook
from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.escape import unescape

from jobs.readers import archive
from jobs.readers.reading import ROWS_SCHEMA, Reading, Unreadable
from jobs.readers.records import Records
from jobs.readers.spec import FormatSpec, Limits

BATCH_ROWS = 20_000
# Below this a double holds every integer of a spreadsheet's 15 digits; from it on, a code has lost its last digits.
EXACT_BELOW = 1e15
# ECMA-376 part 1, 18.8.30: date formats of Chinese Excel that have no format code in the file, and none in openpyxl.
CHINESE_DATE_FORMATS = frozenset({*range(27, 37), *range(50, 59)})


def read(path: Path, spec: FormatSpec, batches_to: Callable[[pa.RecordBatch], None], limits: Limits) -> Reading:
    """The account of one sheet whose rows have gone to `batches_to`; Unreadable when it is not as declared."""
    archive.check(path, limits)
    records = Records(path, spec, limits, batches_to)
    with warnings.catch_warnings():
        # openpyxl warns of formatting that it does not keep; only values are read here.
        warnings.simplefilter("ignore", UserWarning)
        with path.open("rb") as file, closing(_opened(path, file)) as workbook:
            sheet = _sheet(path, workbook, spec.sheet)
            # Not public in openpyxl, but the count must look at the very part that is read.
            count = archive.SheetCount(path, sheet._worksheet_path)
            for cells in _batches(path, sheet, spec):
                records.take(cells)
    return records.reading(count.physical, None, None, sheet.title)


def _opened(path: Path, file: BinaryIO) -> Workbook:
    """The workbook in an open file: given a path, openpyxl would go by the ending of its name."""
    try:
        workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (KeyError, ValueError, TypeError, ParseError) as error:
        raise Unreadable("damaged", path, f"no workbook can be opened in it ({type(error).__name__})") from error
    # Left alone, openpyxl makes "#VALUE!" of a number that is no date under a date format.
    workbook._date_formats.clear()
    return workbook


def _sheet(path: Path, workbook: Workbook, name: str | None):
    sheets = {sheet.title: sheet for sheet in workbook.worksheets}
    visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    if name is None and visible:
        return visible[0]
    if name in sheets:
        return sheets[name]
    wanted = "a visible sheet" if name is None else f"sheet {name!r}"
    raise Unreadable("no_such_sheet", path, f"has not {wanted}, it has {', '.join(sheets) or 'none'}")


def _batches(path: Path, sheet, spec: FormatSpec) -> Iterator[pa.ListArray]:
    # The dimension a program wrote down is often wrong, and openpyxl would cut the rows to it.
    sheet.reset_dimensions()
    rows, read_so_far = _rows(sheet, spec), 0
    while True:
        try:
            batch = list(islice(rows, BATCH_ROWS))
        except (KeyError, ValueError, IndexError, TypeError, ParseError) as error:
            what = f"sheet {sheet.title!r} cannot be read in the {BATCH_ROWS} rows after row {read_so_far}"
            raise Unreadable("damaged", path, f"{what} ({type(error).__name__})") from error
        if not batch:
            return
        read_so_far += len(batch)
        yield pa.array(batch, ROWS_SCHEMA.field("cells").type)


def _rows(sheet, spec: FormatSpec) -> Iterator[list[str]]:
    """Rows without trailing empty cells, filled up to the header's width: a spreadsheet does not store empty cells."""
    width = 1
    for index, row in enumerate(sheet.rows):
        cells = [_cell(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if index == spec.title_rows:
            width = max(len(cells), 1)
        yield cells + [""] * (width - len(cells))


def _cell(cell) -> str:
    if cell.data_type != "n" or cell.value is None or not _dated(cell.style_array.numFmtId, cell.number_format):
        return as_received(cell.value)
    try:
        timed = is_timedelta_format(cell.number_format)
        return as_received(from_excel(cell.value, cell.parent.parent.epoch, timedelta=timed))
    except (OverflowError, ValueError):
        # A number under a date format that is no date, say 20240229: the number is what was received.
        return as_received(cell.value)


@cache
def _dated(number: int, number_format: str) -> bool:
    return number in CHINESE_DATE_FORMATS or is_date_format(number_format)


def as_received(value: str | bool | float | date | time | timedelta | None) -> str:
    """A cell's value as text: dates in ISO 8601, integers as digits, and floats that can lose digits left as floats."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case str():
            # ECMA-376 part 1, 22.9.2.19: control characters are written _xHHHH_.
            return unescape(value) if "_x" in value else value
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < EXACT_BELOW else repr(value)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
    return str(value)

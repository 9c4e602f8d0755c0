"""XLSX workbooks, one sheet of each, as the strings a person would have received."""

import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

import pyarrow as pa

from jobs.readers.archive import check, count_rows
from jobs.readers.reading import ROWS_SCHEMA, Reading, Unreadable
from jobs.readers.records import BATCH_ROWS, Records
from jobs.readers.sheet import SheetRows
from jobs.readers.spec import FormatSpec, Limits
from jobs.readers.workbook import Sheet, Workbook, opened

BROKEN = (KeyError, ValueError, IndexError, ParseError, ExpatError)


def read(path: Path, spec: FormatSpec, batches_to: Callable[[pa.RecordBatch], None], limits: Limits) -> Reading:
    """The account of one sheet whose rows have gone to `batches_to`; Unreadable when it is not as declared."""
    check(path, limits)
    records = Records(path, spec, limits, batches_to)
    with zipfile.ZipFile(path) as archive:
        workbook = _workbook(path, archive)
        sheet = _sheet(path, workbook, spec.sheet)
        for cells in _batches(path, _level(SheetRows(path, archive, workbook, sheet.member), spec)):
            records.take(cells)
        return records.reading(count_rows(archive, sheet.member), None, None, sheet.title)


def _workbook(path: Path, archive: zipfile.ZipFile) -> Workbook:
    try:
        return opened(archive)
    except BROKEN as error:
        raise Unreadable("damaged", path, f"no workbook can be opened in it ({type(error).__name__})") from error


def _sheet(path: Path, workbook: Workbook, name: str | None) -> Sheet:
    fitting = [sheet for sheet in workbook.sheets if (sheet.visible if name is None else sheet.title == name)]
    if fitting:
        return fitting[0]
    wanted = "a visible sheet" if name is None else f"sheet {name!r}"
    there = ", ".join(sheet.title for sheet in workbook.sheets) or "none"
    raise Unreadable("no_such_sheet", path, f"has not {wanted}, it has {there}")


def _batches(path: Path, rows: Iterator[list[str]]) -> Iterator[pa.ListArray]:
    read_so_far = 0
    while True:
        try:
            batch = list(islice(rows, BATCH_ROWS))
        except BROKEN as error:
            what = f"cannot be read in the {BATCH_ROWS} rows after row {read_so_far} ({type(error).__name__})"
            raise Unreadable("damaged", path, what) from error
        if not batch:
            return
        read_so_far += len(batch)
        yield pa.array(batch, ROWS_SCHEMA.field("cells").type)


def _level(rows: Iterable[list[str]], spec: FormatSpec) -> Iterator[list[str]]:
    """Rows without trailing empty cells, filled up to the header's width: a spreadsheet does not store empty cells."""
    width = 1
    for index, cells in enumerate(rows):
        while cells and not cells[-1]:
            cells.pop()
        if index == spec.title_rows:
            width = max(len(cells), 1)
        yield cells + [""] * (width - len(cells))

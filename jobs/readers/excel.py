"""XLSX workbooks, their sheets as the strings a person would have received."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

import pyarrow as pa

from jobs.readers.archive import check, count_rows
from jobs.readers.reading import Reading, Unreadable
from jobs.readers.records import Records
from jobs.readers.sheet import SheetRows
from jobs.readers.sheets import read_sheets, take_all
from jobs.readers.spec import FormatSpec, Limits
from jobs.readers.workbook import Sheet, Workbook, opened

BROKEN = (KeyError, ValueError, IndexError, ParseError, ExpatError)


def read(path: Path, spec: FormatSpec, batches_to: Callable[[pa.RecordBatch], None], limits: Limits) -> Reading:
    """The account of the declared sheets whose rows have gone to `batches_to`; Unreadable when they are not as declared."""
    check(path, limits)
    with zipfile.ZipFile(path) as archive:
        workbook = _workbook(path, archive)

        def count(sheet: Sheet) -> int:
            return count_rows(archive, sheet.member)

        def read_sheet(sheet: Sheet, sink: Callable[[pa.RecordBatch], None]) -> Reading:
            records = Records(path, spec, limits, sink)
            take_all(records, iter(SheetRows(path, archive, workbook, sheet.member)), BROKEN)
            return records.reading(count(sheet), None, None, sheet.title)

        return read_sheets(path, spec, workbook.sheets, count, read_sheet, batches_to)


def _workbook(path: Path, archive: zipfile.ZipFile) -> Workbook:
    try:
        return opened(archive)
    except BROKEN as error:
        raise Unreadable("damaged", path, f"no workbook can be opened in it ({type(error).__name__})") from error

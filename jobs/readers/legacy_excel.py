"""XLS workbooks through xlrd, their sheets as the strings a person would have received."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import xlrd
from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from jobs.readers.inspect import looks_like
from jobs.readers.legacy_count import count_rows
from jobs.readers.reading import Reading, Unreadable
from jobs.readers.records import Records
from jobs.readers.sheets import Row, format_codes, number_text, read_sheets, serial_text, take_all
from jobs.readers.spec import FormatSpec, Limits

# Excel 5; what is older has one sheet and another layout.
OLDEST = 50
ENCRYPTED = "Workbook is encrypted"


@dataclass(frozen=True)
class Sheet:
    """A worksheet: its title, whether it is shown, and its number."""

    title: str
    visible: bool
    number: int


def read(path: Path, spec: FormatSpec, batches_to: Callable[[pa.RecordBatch], None], limits: Limits) -> Reading:
    """The account of the declared sheets whose rows have gone to `batches_to`; Unreadable when they are not as declared."""
    _workbook_or_unreadable(path, limits)
    with _opened(path) as book:
        stream = bytes(book.mem[book.base : book.base + book.stream_len])
        formats = Formats(book)

        def count(sheet: Sheet) -> int:
            return count_rows(stream, sheet.number)

        def read_sheet(sheet: Sheet, sink: Callable[[pa.RecordBatch], None]) -> Reading:
            records = Records(path, spec, limits, sink)
            # xlrd meets a broken record with whatever error comes of it.
            take_all(records, _rows(book, sheet, formats), (Exception,))
            return records.reading(count(sheet), None, None, sheet.title)

        return read_sheets(path, spec, list(_sheets(book)), count, read_sheet, batches_to)


def _workbook_or_unreadable(path: Path, limits: Limits) -> None:
    seen = looks_like(path)
    if seen == "empty":
        raise Unreadable("empty_file", path, "zero bytes")
    if not seen.startswith("a compound file"):
        raise Unreadable("not_an_xls", path, f"looks like {seen}, declared as xls")
    if path.stat().st_size > limits.max_whole_bytes:
        what = f"an XLS workbook of {path.stat().st_size} bytes, at most {limits.max_whole_bytes}"
        raise Unreadable("too_large", path, what)


def _opened(path: Path) -> xlrd.book.Book:
    try:
        book = xlrd.open_workbook(path, logfile=io.StringIO(), formatting_info=True, on_demand=True, ragged_rows=True)
    except Exception as error:  # xlrd meets a broken record with whatever error comes of it
        raise _unopened(path, error) from error
    if book.biff_version < OLDEST:
        raise Unreadable("not_an_xls", path, "a workbook of a program older than Excel 5")
    return book


def _unopened(path: Path, error: Exception) -> Unreadable:
    said = str(error)
    if said.startswith(ENCRYPTED):
        return Unreadable("encrypted", path, "a workbook under a password")
    if said.startswith("Can't find workbook in OLE2"):
        with path.open("rb") as file:
            # MS-OFFCRYPTO: an encrypted XLSX is a compound file with a stream of this name.
            if "EncryptedPackage".encode("utf-16-le") in file.read():
                return Unreadable("encrypted", path, "a workbook under a password")
        return Unreadable("not_an_xls", path, "a compound file without a workbook")
    return Unreadable("damaged", path, f"no workbook can be opened in it ({type(error).__name__})")


def _sheets(book: xlrd.book.Book) -> Iterator[Sheet]:
    for number, title in enumerate(book.sheet_names()):
        yield Sheet(title, book._sheet_visibility[number] == 0, number)


class Formats:
    """The number formats of a workbook: which cell styles are of dates, and which of those of durations."""

    def __init__(self, book: xlrd.book.Book):
        codes = format_codes({key: form.format_str for key, form in book.format_map.items() if form.format_str})
        by_style = [codes.get(style.format_key, "General") for style in book.xf_list]
        self.dated = {number for number, code in enumerate(by_style) if is_date_format(code)}
        self.timed = {number for number, code in enumerate(by_style) if is_timedelta_format(code)}
        self.epoch: datetime = CALENDAR_MAC_1904 if book.datemode else CALENDAR_WINDOWS_1900


def _rows(book: xlrd.book.Book, sheet: Sheet, formats: Formats) -> Iterator[Row]:
    stored = book.sheet_by_index(sheet.number)
    hidden = {number for number, info in stored.rowinfo_map.items() if info.hidden}
    for number in range(stored.nrows):
        cells = stored.row_values(number)
        for column, kind in enumerate(stored.row_types(number)):
            if kind != xlrd.XL_CELL_TEXT:
                cells[column] = _text(stored.cell(number, column), formats)
        yield cells, number in hidden
    book.unload_sheet(sheet.number)


def _text(cell: xlrd.sheet.Cell, formats: Formats) -> str:
    match cell.ctype:
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE if cell.xf_index in formats.dated:
            return serial_text(repr(cell.value), formats.epoch, cell.xf_index in formats.timed)
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            return number_text(repr(cell.value))
        case xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if cell.value else "FALSE"
        case xlrd.XL_CELL_ERROR:
            return xlrd.error_text_from_code[cell.value]
    return ""

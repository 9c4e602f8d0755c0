"""Files as organs send them, written row by row and byte for byte the same: CSV in any encoding, and XLSX workbooks."""

import csv
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

_EPOCH = (2026, 1, 1, 0, 0, 0)  # a workbook's time of writing would make two equal files differ
_SERIAL_ZERO = date(1899, 12, 30)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def _override(part: str, kind: str) -> str:
    return f'<Override PartName="/xl/{part}.xml" ContentType="{_TYPES}officedocument.spreadsheetml.{kind}+xml"/>'


def _relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'


_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="{_TYPES}package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + _override("workbook", "sheet.main") + _override("worksheets/sheet1", "worksheet") + _override("styles", "styles")
    + "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'{_relation(1, "officeDocument", "xl/workbook.xml")}</Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'{_relation(1, "worksheet", "worksheets/sheet1.xml")}{_relation(2, "styles", "styles.xml")}</Relationships>',
    # Style 1 is the built-in date format 14.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="2">'
    '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
}  # fmt: skip


def delimited(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]], encoding: str, quote_all: bool = False) -> None:
    """A CSV file; quotes inside a cell are doubled, line ends are those of the organs' systems."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)


def workbook(path: Path, title: str, header: Sequence[str], rows: Iterable[Sequence[Any]], footer: Sequence[str] = ()) -> None:
    """A workbook of one sheet: title, header, rows (str as text, float as number, date as a date cell), footer."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as sheet:
        sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>')
        sheet.writelines(map(_row, _lines(title, header, rows, footer)))
        sheet.write("</sheetData></worksheet>")
        sheet.flush()
        sheet.seek(0)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            for name, text in _PARTS.items():
                archive.writestr(_member(name), _HEAD + text)
            with archive.open(_member("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as member:
                shutil.copyfileobj(sheet.buffer, member, 1 << 20)


def _lines(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]], footer: Sequence[str]) -> Iterable[Sequence[Any]]:
    yield (title,)
    yield header
    yield from rows
    yield from ((line,) for line in footer)


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _row(values: Sequence[Any]) -> str:
    return f"<row>{''.join(map(_cell, values))}</row>"


def _cell(value: Any) -> str:
    if isinstance(value, date):
        return f'<c s="1"><v>{(value - _SERIAL_ZERO).days}</v></c>'
    if isinstance(value, float):
        return f"<c><v>{value!r}</v></c>"
    if not value:
        return "<c/>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


_DATES = ("decision_date", "valid_from_date", "publicity_end_date", "listed_date")
_AMOUNTS = ("fine_amount_yuan", "confiscated_amount_yuan")


def typed(cells: dict[str, Any]) -> dict[str, Any]:
    """The cells with dates and amounts as a spreadsheet keeps them, where they are such."""
    changed = {key: _as_date(cells[key]) for key in _DATES if key in cells}
    changed |= {key: float(cells[key]) for key in _AMOUNTS if cells.get(key, "").replace(".", "", 1).isdecimal()}
    return cells | changed


def _as_date(text: str) -> date | str:
    parts = text.replace("/", "-").split("-")
    return date(*map(int, parts)) if len(parts) == 3 and all(map(str.isdecimal, parts)) and int(parts[2]) < 29 else text

"""XLSX workbooks, written row by row and byte for byte the same."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape

EPOCH = (2026, 1, 1, 0, 0, 0)  # a time of writing would make two equal files differ
_SERIAL_ZERO = date(1899, 12, 30)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Style 1 is the built-in date format 14.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="2">'
    '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)

Sheet = tuple[str, Iterable[Sequence[Any]]]


def workbook(path: Path, sheets: Sequence[Sheet], merged: Sequence[str] = ()) -> None:
    """A workbook of these sheets: rows of str as text, float as number, date as a date cell; of `merged` ranges of cells."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name, text in _parts([name for name, _ in sheets]).items():
            archive.writestr(member(name), _HEAD + text)
        for number, (_, rows) in enumerate(sheets, start=1):
            with tempfile.TemporaryFile("w+", encoding="utf-8") as sheet:
                _write(sheet, rows, merged)
                with archive.open(member(f"xl/worksheets/sheet{number}.xml"), "w", force_zip64=True) as stream:
                    shutil.copyfileobj(sheet.buffer, stream, 1 << 20)


def member(name: str) -> zipfile.ZipInfo:
    """A member of an archive that does not say when it was written."""
    info = zipfile.ZipInfo(name, EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def merged_header(groups: Sequence[tuple[str, str]], row: int) -> list[str]:
    """The ranges of a header of two lines: upper cells over their group, and over the lower line where that says nothing."""
    ranges, start = [], 0
    for column in range(1, len(groups) + 1):
        if column < len(groups) and not groups[column][0]:
            continue
        if not groups[start][1]:
            ranges.append(f"{_letters(start)}{row}:{_letters(start)}{row + 1}")
        elif column - start > 1:
            ranges.append(f"{_letters(start)}{row}:{_letters(column - 1)}{row}")
        start = column
    return ranges


def _letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _parts(names: Sequence[str]) -> dict[str, str]:
    numbers = range(1, len(names) + 1)
    sheets = "".join(_override(f"worksheets/sheet{number}", "worksheet") for number in numbers)
    related = "".join(_relation(number, "worksheet", f"worksheets/sheet{number}.xml") for number in numbers)
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )  # fmt: skip
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="{_TYPES}package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'{_override("workbook", "sheet.main")}{sheets}{_override("styles", "styles")}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'{_relation(1, "officeDocument", "xl/workbook.xml")}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'{related}{_relation(len(names) + 1, "styles", "styles.xml")}</Relationships>',
        "xl/styles.xml": _STYLES,
    }


def _override(part: str, kind: str) -> str:
    return f'<Override PartName="/xl/{part}.xml" ContentType="{_TYPES}officedocument.spreadsheetml.{kind}+xml"/>'


def _relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'


def _write(sheet: IO[str], rows: Iterable[Sequence[Any]], merged: Sequence[str]) -> None:
    sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>')
    sheet.writelines(f"<row>{''.join(map(_cell, values))}</row>" for values in rows)
    cells = "".join(f'<mergeCell ref="{cells}"/>' for cells in merged)
    sheet.write(f'</sheetData>{f"<mergeCells>{cells}</mergeCells>" if cells else ""}</worksheet>')
    sheet.flush()
    sheet.seek(0)


def _cell(value: Any) -> str:
    if isinstance(value, date):
        return f'<c s="1"><v>{(value - _SERIAL_ZERO).days}</v></c>'
    if isinstance(value, float):
        return f"<c><v>{value!r}</v></c>"
    if not value:
        return "<c/>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'

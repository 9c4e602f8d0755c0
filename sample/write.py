"""Files as organs send them, in the format that a feed declares, written row by row and byte for byte the same."""

import csv
import gzip
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fnmatch import fnmatch
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from jobs.readers.spec import FormatSpec
from sample import legacy, trees, workbooks

FIRST_SHEET = 5  # rows on the first sheet of several


class Look(NamedTuple):
    """How a file looks beyond what its format says."""

    title: str
    owner: str
    encoding: str
    delimiter: str = ","
    quote_all: bool = False


def file(path: Path, form: FormatSpec, look: Look, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The file, in its container where it has one."""
    if form.container == "none":
        return _bare(path, form, look, header, rows)
    with tempfile.TemporaryDirectory() as folder:
        inner = Path(folder) / "inner"
        _bare(inner, form, look, header, rows)
        return (_gzipped if form.container == "gzip" else _zipped)(path, inner, form)


def _bare(path: Path, form: FormatSpec, look: Look, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    if form.kind in ("json", "jsonl", "xml"):
        writer = {"json": trees.json_file, "jsonl": trees.json_lines, "xml": trees.xml_file}[form.kind]
        return writer(path, form.records or "[]", header, rows, look.encoding)
    lines = _lines(form, look, header, rows)
    if form.kind == "html":
        return trees.page(path, form, look.title, lines, look.encoding)
    if form.kind in ("xlsx", "xls"):
        return _workbook(path, form, header, lines)
    return delimited(path, lines, look.encoding, look.delimiter, form.quoting, look.quote_all)


def delimited(
    path: Path, lines: Iterable[Sequence[Any]], encoding: str, delimiter: str = ",", quote: str | None = '"',
    quote_all: bool = False,
) -> None:  # fmt: skip
    """Lines of cells; quotes inside a cell are doubled, line ends are those of the organs' systems.

    Where nothing is quoted, a cell holds neither delimiter nor line end.
    """
    with path.open("w", encoding=encoding, newline="") as out:
        if quote is None:
            out.writelines(delimiter.join(_in_one_piece(cell, delimiter) for cell in line) + "\r\n" for line in lines)
        else:
            quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
            csv.writer(out, quoting=quoting, lineterminator="\r\n", delimiter=delimiter, quotechar=quote).writerows(lines)


def _in_one_piece(cell: str, delimiter: str) -> str:
    return re.sub(r"[\r\n]+", "", cell).replace(delimiter, "")


def _workbook(path: Path, form: FormatSpec, header: Sequence[str], lines: Iterator[Sequence[Any]]) -> None:
    heads = form.title_rows + form.header_rows
    if form.sheets == "all":
        top = list(islice(lines, heads))
        sheets = [("表一", [*top, *islice(lines, FIRST_SHEET)]), ("表二", chain(top, lines))]
    else:
        sheets = [(form.sheet or "Sheet1", lines)]
    if form.kind == "xls":
        return legacy.workbook(path, sheets)
    merged = workbooks.merged_header(groups(header), form.title_rows + 1) if form.header_rows == 2 else []
    return workbooks.workbook(path, sheets, merged)


def _lines(form: FormatSpec, look: Look, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Titles, header, rows and footer."""
    titles = (look.title, f"填报单位：{look.owner}（合成数据）")
    yield from ((titles[min(number, 1)],) for number in range(form.title_rows))
    if form.header_rows:
        yield from [header] if form.header_rows == 1 else zip(*groups(header), strict=True)
    count = 0
    for row in rows:
        count += 1
        yield row
    foot = (
        ("合计", f"{count}条"), ("总计", f"{count}条"), (f"共{count}条记录",), (f"填报单位：{look.owner}（合成数据）",),
        ("填报人：合成数据",), ("填表人：合成数据",), ("制表人：合成数据",), ("审核人：合成数据",), ("填报日期：见系统",),
        ("制表日期：见系统",), ("填表日期：见系统",), ("注：本表为合成数据",), ("备注：本表为合成数据",),
        ("说明：本表为合成数据",),
    )  # fmt: skip
    yield from (line for line in foot if any(re.search(pattern, line[0]) for pattern in form.footer))


def groups(header: Sequence[str]) -> list[tuple[str, str]]:
    """The labels as a header of two lines: `upper/lower` below each other, an upper one said once for all beside it."""
    pairs: list[tuple[str, str]] = []
    above = ""
    for label in header:
        upper, _, lower = label.rpartition("/") if "/" in label else (label, "", "")
        pairs.append(("" if lower and upper == above else upper, lower))
        above = upper if lower else ""
    return pairs


def _gzipped(path: Path, inner: Path, form: FormatSpec) -> None:
    with path.open("wb") as out, gzip.GzipFile("", "wb", 6, out, mtime=0) as stream, inner.open("rb") as source:
        shutil.copyfileobj(source, stream, 1 << 20)


def _zipped(path: Path, inner: Path, form: FormatSpec) -> None:
    """The file as the member that the format looks for, and beside it one that it does not."""
    ending = "txt" if form.kind == "text" else form.kind
    name = form.members.replace("*", path.stem) if form.members != "*" else f"{path.stem}.{ending}"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        if not fnmatch("说明.txt", form.members):
            archive.writestr(workbooks.member("说明.txt"), "本目录为合成数据。\r\n")
        with archive.open(workbooks.member(name), "w", force_zip64=True) as stream, inner.open("rb") as source:
            shutil.copyfileobj(source, stream, 1 << 20)


def typed(cells: dict[str, Any], dates: Iterable[str], amounts: Iterable[str]) -> dict[str, Any]:
    """The cells with dates and amounts as a spreadsheet keeps them, where they are such."""
    changed = {key: _as_date(cells[key]) for key in dates if key in cells}
    changed |= {key: float(cells[key]) for key in amounts if cells.get(key, "").replace(".", "", 1).isdecimal()}
    return cells | changed


def _as_date(text: str) -> date | str:
    parts = text.replace("/", "-").split("-")
    whole = len(parts) == 3 and all(map(str.isdecimal, parts)) and len(parts[0]) == 4
    return date(*map(int, parts)) if whole and int(parts[2]) < 29 else text

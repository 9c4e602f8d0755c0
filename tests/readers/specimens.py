"""The same few rows of a feed, written in every format a feed may declare, and what may befall a file on its way."""

import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from html import escape
from xml.sax.saxutils import escape as escape_xml

import openpyxl

from tests.readers.biff import Sheet, workbook

Row = list[str]
WIDE = str.maketrans({chr(sign): chr(sign + 0xFEE0) for sign in range(0x21, 0x7F)})


@dataclass(frozen=True)
class Specimen:
    """How a table becomes the bytes of a file, and how such a file is declared."""

    write: Callable[[list[Row]], bytes]
    spec: dict[str, object] = field(default_factory=dict)
    # Around the bytes that are harmed, for harm to what is inside a container.
    wrap: Callable[[bytes], bytes] = bytes


def delimited(rows: list[Row], delimiter: str = ",", encoding: str = "utf-8", around: tuple[str, str] = ("", "")) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return (around[0] + buffer.getvalue() + around[1]).encode(encoding)


def plain(rows: list[Row]) -> bytes:
    return "".join("|".join(row) + "\r\n" for row in rows).encode("gb18030")


def xlsx(rows: list[Row]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["行政处罚"])
    for row in rows:
        book.active.append(row)
    book.active.row_dimensions[4].hidden = True
    book.save(buffer := io.BytesIO())
    return buffer.getvalue()


def sheet_of(rows: list[Row]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(xlsx(rows))) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


def around_sheet(sheet: bytes, rows: list[Row]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(xlsx(rows))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped(parts | {"xl/worksheets/sheet1.xml": sheet})


def xls(rows: list[Row]) -> bytes:
    first, second = Sheet(rows[:3], hidden=[2]), Sheet([rows[0], *rows[3:]], title="续", merged=[(1, 2, 0, 0)])
    return workbook(first, second)


def objects(rows: list[Row]) -> list[dict[str, str]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def json_page(rows: list[Row]) -> bytes:
    return json.dumps({"code": 200, "data": {"total": len(rows), "list": objects(rows)}}, ensure_ascii=False).encode()


def json_lines(rows: list[Row]) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects(rows)).encode()


def json_nested(rows: list[Row]) -> bytes:
    units = [{"unit": f"局{n % 3}", "acts": objects(rows)[n::2]} for n in range(2)]
    return json.dumps({"data": {"units": units}}, indent=1).encode()


def xml(rows: list[Row], encoding: str) -> bytes:
    body = "".join(
        "<row>" + "".join(f"<c{n}>{escape_xml(cell)}</c{n}>" for n, cell in enumerate(row)) + "</row>\n" for row in rows[1:]
    )
    return f'<?xml version="1.0" encoding="{encoding}"?>\n<rows>\n{body}</rows>'.encode(encoding)


def html(rows: list[Row]) -> bytes:
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in rows)
    around = "<html><meta charset=gbk><table><tr><td>菜单</table><table border=1>{}</table><p>页脚</p></html>"
    return around.format(body).encode("gb18030")


def zipped(parts: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(buffer := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def two_members(rows: list[Row]) -> bytes:
    return zipped({"一.csv": delimited(rows[:3]), "二.csv": delimited([rows[0], *rows[3:]], encoding="gb18030")})


def specimens(rows: list[Row]) -> dict[str, Specimen]:
    """A specimen of every format, by its name."""
    in_zip = {"kind": "csv", "container": "zip", "members": "*.csv"}
    around = ("处罚信息公示表\n", "合计,3\n填报人：,\n")
    return {
        "csv": Specimen(delimited, {"kind": "csv"}),
        "csv with title and footer": Specimen(
            partial(delimited, encoding="gb18030", around=around),
            {"kind": "csv", "title_rows": 1, "footer": ["^合计", "^填报人"], "encoding": "gb18030"},
        ),
        "csv, delimiter detected": Specimen(partial(delimited, delimiter=";"), {"kind": "csv", "delimiter": "detect"}),
        "csv in UTF-16": Specimen(partial(delimited, delimiter="\t", encoding="utf-16"), {"kind": "csv", "delimiter": "\t"}),
        "text": Specimen(plain, {"kind": "text", "delimiter": "|"}),
        "xlsx": Specimen(xlsx, {"kind": "xlsx", "title_rows": 1, "hidden_rows": "skip"}),
        "sheet of an xlsx": Specimen(sheet_of, {"kind": "xlsx", "title_rows": 1}, partial(around_sheet, rows=rows)),
        "xls": Specimen(xls, {"kind": "xls", "sheets": "all", "hidden_rows": "skip"}),
        "json": Specimen(json_page, {"kind": "json", "records": "data.list[]"}),
        "json, nested": Specimen(json_nested, {"kind": "json", "records": "data.units[].acts[]"}),
        "json lines": Specimen(json_lines, {"kind": "jsonl"}),
        "xml": Specimen(partial(xml, encoding="utf-8"), {"kind": "xml", "records": "row"}),
        "xml in GBK": Specimen(partial(xml, encoding="gbk"), {"kind": "xml", "records": "row"}),
        "html": Specimen(html, {"kind": "html", "records": "2"}),
        "gzip": Specimen(lambda rows: gzip.compress(delimited(rows), mtime=0), {"kind": "csv", "container": "gzip"}),
        "csv in a gzip": Specimen(delimited, {"kind": "csv", "container": "gzip"}, partial(gzip.compress, mtime=0)),
        "zip": Specimen(two_members, in_zip),
        "csv in a zip": Specimen(delimited, in_zip, lambda data: zipped({"a.csv": data, "b.txt": b""})),
    }


def swapped(rows: list[Row], rng: random.Random) -> list[Row]:
    """The table with two columns changed over, in all rows or in some."""
    one, other = rng.randrange(len(rows[0])), rng.randrange(len(rows[0]))
    harmed = [list(row) for row in rows]
    for row in harmed if rng.random() < 0.5 else rng.sample(harmed, 2):
        row[one], row[other] = row[other], row[one]
    return harmed


def spoilt(rows: list[Row], rng: random.Random) -> list[Row]:
    """The table with a few cells of each row harmed as people and programs harm them; the header as it was."""
    return [rows[0], *([spoilt_cell(cell, row, rng) if rng.random() < 0.2 else cell for cell in row] for row in rows[1:])]


def spoilt_cell(cell: object, row: Row, rng: random.Random) -> object:
    if not isinstance(cell, str) or not cell:
        return rng.choice(["?", "0", "见附件", 0, 1e9, 46335.25]) if rng.random() < 0.5 else cell
    at = rng.randrange(len(cell))
    return rng.choice([
        lambda: cell[:at] + cell[at + 1:], lambda: cell[:at], lambda: cell + cell, lambda: f" {cell}\u3000",
        lambda: cell[:at] + rng.choice("?□０9oＯl元%（/-。") + cell[at:], lambda: cell.translate(WIDE),
        lambda: cell.encode().decode("latin-1"), lambda: cell.encode("gbk", "replace").decode("utf-8", "replace"),
        lambda: next(other for other in rng.sample(row, len(row)) if isinstance(other, str)),
        lambda: f"{cell}等", lambda: cell[::-1], lambda: rng.choice(["无", "不详", "长期", "2026年第三季度", "叁万元整"]),
    ])()


def harm(data: bytes, rng: random.Random) -> bytes:
    """The bytes as they may arrive: flipped, cut, doubled, lost, read in one encoding and written in another."""
    for _ in range(rng.choice([1, 1, 1, 2, 5])):
        data = rng.choice(list(harms(data, rng)))() or data
    return data


def harms(data: bytes, rng: random.Random) -> Iterator[Callable[[], bytes]]:
    at, to = sorted((rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
    near = min(to, at + rng.choice([1, 2, 8, 100]))
    signs = rng.choice([bytes([sign]) for sign in b'"\n\r,\0<>{]&\\\xff\x80;\t|'])
    yield lambda: data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :] if at < len(data) else data
    yield lambda: data[:at] + rng.randbytes(near - at) + data[near:]
    yield lambda: data[:to]
    yield lambda: data[at:]
    yield lambda: data[:at] + data[near:]
    yield lambda: data[:near] + data[at:near] + data[near:]
    yield lambda: data + data
    yield lambda: data[:at] + signs + data[at:]
    yield lambda: data.replace(signs, b"", 1)
    encodings = ["utf-8", "gb18030", "latin-1", "utf-16", "big5", "utf-8-sig"]
    yield lambda: data.decode(rng.choice(encodings), "replace").encode(rng.choice(encodings), "replace")

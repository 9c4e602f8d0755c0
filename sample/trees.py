"""JSON, XML and HTML files, written record by record."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape

from jobs.readers.spec import FormatSpec

Rows = Iterable[Sequence[Any]]
Record = dict[str, Any]


def json_file(path: Path, records: str, header: Sequence[str], rows: Rows, encoding: str) -> None:
    """Objects under the path of `records`, nested by the dots of their labels, beside what a service says of itself."""
    outer, _, array = records.removesuffix("[]").rpartition(".")
    steps = [step for step in outer.split(".") if step]
    with path.open("w", encoding=encoding, newline="") as out:
        out.write("".join(f'{{"code": "0", {_text(step)}: ' for step in steps))
        out.write(f'{{"message": "合成数据", {_text(array)}: [' if array else "[")
        _joined(out, (_text(nested(header, row)) for row in rows))
        out.write("]" + "}" * (len(steps) + bool(array)) + "\n")


def json_lines(path: Path, records: str, header: Sequence[str], rows: Rows, encoding: str) -> None:
    """One object a line."""
    with path.open("w", encoding=encoding, newline="") as out:
        out.writelines(_text(nested(header, row)) + "\n" for row in rows)


def xml_file(path: Path, tag: str, header: Sequence[str], rows: Rows, encoding: str) -> None:
    """One element a row, in it one for each label, nested by the dots of the labels."""
    with path.open("w", encoding=encoding, newline="") as out:
        out.write(f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig").upper()}"?>\n<data>\n')
        for row in rows:
            out.write(f"<{tag}>{''.join(_elements(nested(header, row)))}</{tag}>\n")
        out.write("</data>\n")


def page(path: Path, form: FormatSpec, title: str, lines: Rows, encoding: str) -> None:
    """A page of a public web site: navigation, the table, and what stands below such tables."""
    number = int(form.records) if form.records and form.records.isdecimal() else 0
    caption = f"<caption>{escape(form.records or '')}</caption>" if not number else ""
    with path.open("w", encoding=encoding, newline="") as out:
        charset = encoding.removesuffix("-sig")
        out.write(f'<!DOCTYPE html>\n<html>\n<head>\n<meta charset="{charset}">\n<title>{escape(title)}</title>\n</head>\n')
        out.write('<body>\n<div class="nav"><a href="/">首页</a> &gt; <a href="/xxgk">信息公开</a></div>\n')
        out.writelines("<table><tr><td>首页</td><td>信息公开</td></tr></table>\n" for _ in range(number - 1))
        out.write(f"<h1>{escape(title)}</h1>\n<table border=1>{caption}\n")
        for index, line in enumerate(lines):
            tag = "th" if index < form.title_rows + form.header_rows else "td"
            out.write(f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in line)}</tr>\n")
        out.write('</table>\n<p class="foot">主办单位：合成数据&nbsp;&copy;&nbsp;网站地图</p>\n</body>\n</html>\n')


def nested(header: Sequence[str], row: Sequence[Any]) -> Record:
    """The row as an object; a label with dots is the path of its value."""
    record: Record = {}
    for label, value in zip(header, row, strict=True):
        *steps, last = label.split(".")
        place = record
        for step in steps:
            place = place.setdefault(step, {})
        place[last] = value.isoformat() if isinstance(value, date) else value
    return record


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _joined(out: IO[str], texts: Iterator[str]) -> None:
    before = "\n"
    for text in texts:
        out.write(before + text)
        before = ",\n"
    out.write("\n")


def _elements(record: Record) -> Iterator[str]:
    for name, value in record.items():
        inside = "".join(_elements(value)) if isinstance(value, dict) else escape(value)
        yield f"<{name}>{inside}</{name}>"

"""The files of the sample as anybody reads them, and beside each row what the truth says of it."""
from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from jobs.declarations.feeds import Feed

BEST = ("fact", "duplicate", "reject", "household", "natural_person")  # a row of several subjects is the best of them
Cells = dict[str, str]


@dataclass(frozen=True)
class Told:
    """One row: its cells by label, and a mark for each of its subjects."""

    cells: Cells
    marks: list[dict[str, str]]

    @property
    def becomes(self) -> str:
        return min((mark["becomes"] for mark in self.marks), key=BEST.index)

    @property
    def facts(self) -> list[dict[str, str]]:
        return [mark for mark in self.marks if mark["becomes"] == "fact"]


def rows(folder: Path, feeds: dict[str, Feed], admitted: list[dict[str, Any]]) -> dict[str, list[Told]]:
    """The rows of these deliveries by path; one that is not the sample's own has the rows of another, some changed."""
    marks: dict[str, dict[int, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            marks[line["path"]][int(line["row_no"])].append(line)
    found = {}
    for one in admitted:
        cells = list(records(one.get("file", folder / "inbox" / one["path"]), feeds[one["feed"]]))
        said = marks[one.get("rows_of", one["path"])]
        found[one["path"]] = [Told(cells[number - 1], told) for number, told in sorted(said.items())]
    return found


def records(path: Path, feed: Feed) -> Iterator[Cells]:
    if path.suffix == ".json":
        return (flat(one) for one in json.loads(path.read_text(encoding="utf-8-sig")))
    lines = sheet(path, feed) if path.suffix == ".xlsx" else delimited(path.read_bytes(), feed)
    header, *rest = lines
    return (dict(zip(header, line, strict=False)) for line in rest)


def flat(record: dict[str, Any], above: str = "") -> Cells:
    """The leaves of a record by their path."""
    found: Cells = {}
    for name, value in record.items():
        found |= flat(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}": text(value)}
    return found


def sheet(path: Path, feed: Feed) -> list[list[str]]:
    lines = load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True, min_row=feed.format.title_rows + 1)
    return [[text(cell) for cell in line] for line in lines]


def text(cell: Any) -> str:
    return "" if cell is None else str(cell.date() if isinstance(cell, datetime) else cell)


def delimited(data: bytes, feed: Feed) -> list[list[str]]:
    """By the delimiter that finds most of the declared labels."""
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        content = data.decode("gb18030")
    tried = [list(csv.reader(io.StringIO(content, newline=""), delimiter=one)) for one in ",;\t|"]
    return max(tried, key=lambda lines: len(set(lines[0]) & set(feed.labels)))


def day_in(cell: str, order: str = "ymd") -> date | None:
    """The day that a cell says with three numbers."""
    numbers = [int(one) for one in re.findall(r"\d+", cell)[:3]]
    return date(*(numbers if order == "ymd" else numbers[::-1])) if len(numbers) == 3 else None

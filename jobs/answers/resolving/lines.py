"""Rows that come one by one on the standard input: under a CSV header, or each a JSON record of labels and values."""
from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache

from jobs.answers.resolving.columns import ListRefused, plan_of
from jobs.answers.resolving.rows import EMPTY, Rows, of_cells
from jobs.declarations import Declarations
from jobs.declarations.asking import Lists

NAMED = "standard input"
UNREADABLE = "line_unreadable"


class Lines:
    """Reads line by line; a bad line is answered as such, and the next one is read."""

    def __init__(self, declared: Declarations, asked: Lists, at: datetime) -> None:
        self.asked = asked
        self.plan = lru_cache(64)(lambda header: plan_of(declared, asked, header, NAMED, at))

    def rows(self, lines: Iterable[bytes]) -> Iterator[Rows]:
        """One row a line; raises ListRefused where the header is not known."""
        header: Sequence[str] | None = None
        number = 0
        for raw in lines:
            text = decoded(raw)
            if header is None and text is not None and not text.strip() and not number:
                continue
            if header is None and text is not None and not text.lstrip().startswith("{"):
                header = tuple(next(csv.reader([text])))
                self.plan(header)
                continue
            number += 1
            yield self.row(text, header, number)

    def row(self, text: str | None, header: Sequence[str] | None, number: int) -> Rows:
        if text is not None and not text.strip():
            return Rows.of({number: EMPTY})
        cells = cells_of(text, header) if text is not None else None
        try:
            return of_cells(cells[1], self.plan(cells[0]), self.asked, number) if cells else Rows.of({number: UNREADABLE})
        except ListRefused:
            return Rows.of({number: UNREADABLE})


def decoded(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        return None


def cells_of(text: str, header: Sequence[str] | None) -> tuple[tuple[str, ...], list[str]] | None:
    """The header and the cells of a line; None where it is neither a record of texts nor under a header."""
    if not text.lstrip().startswith("{"):
        return (tuple(header), next(csv.reader([text]))) if header else None
    try:
        record = json.loads(text)
    except json.JSONDecodeError:
        return None
    known = {label: value for label, value in record.items() if value is not None}
    if not known or not all(isinstance(value, str) for value in known.values()):
        return None
    return tuple(known), list(known.values())

"""The rows of one sheet of an XLSX workbook, each cell as the text a person would have received."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from openpyxl.utils import column_index_from_string

from jobs.readers.reading import Unreadable
from jobs.readers.sheets import Row, number_text, serial_text
from jobs.readers.workbook import Runs, Workbook, events, unescaped

# ECMA-376: the rows of a worksheet.
LAST_ROW = 1_048_576


class SheetRows:
    """The rows of one sheet from the first on, block by block of its XML; a row that is not stored comes empty."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, workbook: Workbook, member: str):
        self.path, self.archive, self.workbook, self.member = path, archive, workbook, member
        self.done: list[Row] = []
        self.row = 0
        self.cells: list[str] = []
        self.hidden = False
        self.columns: dict[str, int] = {}
        self.attributes: dict[str, str] = {}
        self.value: str | None = None
        self.formula = False
        self.inline = Runs()
        self.begins = self.inline.begins | {"row": self._begin_row, "c": self._begin_cell, "f": self._begin_formula}
        self.ends = self.inline.ends | {"row": self._end_row, "c": self._end_cell, "v": self._end_value}

    def __iter__(self) -> Iterator[Row]:
        for _ in events(self.archive, self.member, self.begins, self.ends):
            done, self.done = self.done, []
            yield from done

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self.row + 1))
        if number > LAST_ROW:
            raise Unreadable("bomb", self.path, f"{self.member} numbers a row {number}, a sheet has {LAST_ROW}")
        self.done += [([], False)] * (number - self.row - 1)
        self.row = max(number, self.row)
        self.cells = []
        self.hidden = attributes.get("hidden") in ("1", "true")

    def _end_row(self, characters: str) -> None:
        self.done.append((self.cells, self.hidden))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self.attributes, self.value, self.formula = attributes, None, False

    def _begin_formula(self, attributes: dict[str, str]) -> None:
        self.formula = True

    def _end_value(self, characters: str) -> None:
        self.value = characters

    def _end_cell(self, characters: str) -> None:
        column = self._column()
        if column <= len(self.cells):
            raise ValueError("a cell before the one it follows")
        # A formula may well give an empty text.
        if self.formula and (self.value is None or (self.value == "" and self.attributes.get("t") != "str")):
            what = f"{self.member} row {self.row} column {column} has a formula and no value"
            raise Unreadable("formula_without_value", self.path, what)
        self.cells += [""] * (column - 1 - len(self.cells))
        self.cells.append(self._text(self.attributes.get("t", "n"), self.value or ""))

    def _column(self) -> int:
        letters = self.attributes.get("r", "").rstrip("0123456789")
        if not letters:
            return len(self.cells) + 1
        if letters not in self.columns:
            self.columns[letters] = column_index_from_string(letters)
        return self.columns[letters]

    def _text(self, kind: str, value: str) -> str:
        match kind:
            case "inlineStr":
                return self.inline.taken()
            case "s" if value:
                return self.workbook.strings[int(value)]
            case "n" if value:
                return self._number(value, int(self.attributes.get("s", 0)))
            case "b" if value:
                return "TRUE" if value in ("1", "true") else "FALSE"
        return unescaped(value)

    def _number(self, value: str, style: int) -> str:
        if style in self.workbook.dated:
            return serial_text(value, self.workbook.epoch, style in self.workbook.timed)
        return number_text(value)

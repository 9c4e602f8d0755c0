"""The columns of example files: how often each is filled, with which values, and what stands for nothing."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from jobs.readers import FormatSpec, Limits, Reading, read
from jobs.values.raw import is_blank, normalised

MOST_VALUES = 50_000  # distinct ones of a column that are remembered; the counts of rows are of all


@dataclass
class Column:
    """One column over all rows of the examples: rows, rows with a value, its values and its spellings of nothing with counts."""

    label: str
    rows: int = 0
    filled: int = 0
    values: Counter[str] = field(default_factory=Counter)
    nothings: Counter[str] = field(default_factory=Counter)

    @property
    def fill_rate(self) -> float:
        return self.filled / self.rows if self.rows else 0.0

    def add(self, cells: pa.Array) -> None:
        self.rows += len(cells)
        for one in pc.value_counts(pc.utf8_trim_whitespace(cells)).to_pylist():
            if is_blank(one["values"]):
                self.nothings[one["values"]] += one["counts"]
                continue
            self.filled += one["counts"]
            if one["values"] in self.values or len(self.values) < MOST_VALUES:
                self.values[one["values"]] += one["counts"]


class Table:
    """Receives the rows of files of one layout, whose columns are told apart by their labels."""

    def __init__(self) -> None:
        self.columns: dict[str, Column] = {}

    def of(self, header: Sequence[str]) -> Receiver:
        keys = [normalised(label) or f"\0{place}" for place, label in enumerate(header)]
        return Receiver([self.columns.setdefault(key, Column(label.strip())) for key, label in zip(keys, header, strict=True)])


class Receiver:
    """Adds the regular rows of one file to its columns."""

    def __init__(self, columns: list[Column]):
        self.columns = columns

    def __call__(self, batch: pa.RecordBatch) -> None:
        cells = batch.column("cells")
        regular = cells.filter(pc.equal(pc.list_value_length(cells), len(self.columns)))
        for place, column in enumerate(self.columns) if len(regular) else ():
            column.add(pc.list_element(regular, place))


def columns_of(files: Sequence[Path], spec: FormatSpec, limits: Limits) -> tuple[list[Column], list[Reading]]:
    """The columns that the examples have together, in the order they are met, and the account of each file."""
    table, readings = Table(), []
    for path in files:
        header = read(path, spec, lambda batch: None, limits).header
        readings.append(read(path, spec, table.of(header), limits))
    return [column for column in table.columns.values() if column.label], readings

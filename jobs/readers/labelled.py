"""Records that carry their own labels, as those of JSON and XML do: one row each under the union of all labels."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.readers.reading import ROWS_SCHEMA, Reading, Unreadable
from jobs.readers.records import BATCH_ROWS, Records
from jobs.readers.spec import FormatSpec, Limits

MANY = "、"
BATCH_SIZE = 8 * 1024**2
IN_MEMORY = 64 * 1024**2
SPOOLED = pa.schema([ROWS_SCHEMA.field("cells")])


class Labelled:
    """Takes records in order and holds their cells, on disk past some size, until the last label is known."""

    def __init__(self, path: Path, spec: FormatSpec, limits: Limits, batches_to: Callable[[pa.RecordBatch], None]):
        self.path, self.limits = path, limits
        self.records = Records(path, spec, limits, batches_to)
        self.labels: dict[str, None] = {}
        # None before the first record, which may have no label.
        self.order: tuple[str, ...] | None = None
        self.waiting: list[list[str]] = []
        self.size = 0
        self.file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by `reading`
        self.writer = pa.ipc.new_stream(pa.PythonFile(self.file, "w"), SPOOLED)

    def add(self, record: Mapping[str, str | None], size: int) -> None:
        """Adds a record of labels and texts, None for null, that took so many characters of the file."""
        cells = list(record.values())
        # Most records have the labels of the one before, in their order, and no null.
        if tuple(record) != self.order or None in cells:
            cells = self._cells(record)
        self.waiting.append(cells)
        self.size += size
        if len(self.waiting) >= BATCH_ROWS or self.size >= BATCH_SIZE:
            self._hold()

    def _cells(self, record: Mapping[str, str | None]) -> list[str]:
        if not self.labels.keys() >= record.keys():
            self._learn(record)
        return [record.get(label) or "" for label in self.labels] or [""]

    def _learn(self, record: Mapping[str, str | None]) -> None:
        new = [label for label in record if label not in self.labels]
        if len(self.labels) + len(new) > self.limits.max_columns:
            raise Unreadable("too_many_columns", self.path, f"more than {self.limits.max_columns} different labels")
        self._hold()
        self._as_cells([new])
        self.labels |= dict.fromkeys(new)
        self.order = tuple(self.labels)

    def _hold(self) -> None:
        """Writes what waits: rows of one width."""
        if not self.waiting:
            return
        cells = self._as_cells(self.waiting)
        self.writer.write_batch(pa.RecordBatch.from_arrays([cells], schema=SPOOLED))
        self.waiting, self.size = [], 0

    def _as_cells(self, rows: list[list[str]]) -> pa.ListArray:
        try:
            return pa.array(rows, SPOOLED.field("cells").type)
        except UnicodeEncodeError as error:
            raise Unreadable("wrong_encoding", self.path, "half of a pair of surrogates (\\ud800 to \\udfff)") from error

    def reading(self, physical: int, encoding: str | None) -> Reading:
        """The account of the file, once all records are taken; `physical` is counted by other means."""
        self._hold()
        self.writer.close()
        with self.file:
            absent = self._absent_objects()
            labels = [label for label in self.labels if label not in absent]
            columns = [number for number, label in enumerate(self.labels) if label not in absent]
            self.records.labelled(labels)
            for cells in self._held():
                self.records.take(under(cells, columns))
        return self.records.reading(physical, encoding, None, None)

    def _held(self) -> Iterator[pa.ListArray]:
        self.file.seek(0)
        for batch in pa.ipc.open_stream(pa.PythonFile(self.file, "r")):
            yield batch["cells"]

    def _absent_objects(self) -> set[str]:
        """`subject: null` where other records have `subject: {name: ...}` makes no column of its own."""
        objects = {label[:end] for label in self.labels for end, sign in enumerate(label) if sign == "."}
        suspects = {label: number for number, label in enumerate(self.labels) if label in objects}
        for cells in self._held() if suspects else ():
            width = len(cells[0])
            filled = [label for label, number in suspects.items()
                      if number < width and pc.any(pc.not_equal(pc.list_element(cells, number), "")).as_py()]
            for label in filled:
                del suspects[label]
        return set(suspects)


def under(cells: pa.ListArray, columns: list[int]) -> pa.ListArray:
    """The cells of rows of one width in these columns; a column past their width is empty."""
    rows, width = len(cells), len(cells[0])
    if columns == list(range(width)):
        return cells
    wanted = np.array(columns or [width])
    places = np.arange(rows)[:, None] * width + wanted
    absent = np.broadcast_to(wanted >= width, places.shape)
    values = cells.flatten().take(pa.array(places.ravel(), mask=absent.ravel()))
    offsets = pa.array(np.arange(rows + 1, dtype=np.int32) * len(wanted))
    return pa.ListArray.from_arrays(offsets, pc.fill_null(values, ""))

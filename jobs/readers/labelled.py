"""Records that carry their own labels, as those of JSON and XML do: one row each under the union of all labels."""

import tempfile
from collections.abc import Callable, Mapping
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
        self.never_filled: set[str] = set()
        self.waiting: list[list[str]] = []
        self.size = 0
        self.file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by `reading`
        self.writer = pa.ipc.new_stream(pa.PythonFile(self.file, "w"), SPOOLED)

    def add(self, record: Mapping[str, str | None], size: int) -> None:
        """Adds a record of labels and texts, None for null, that took so many characters of the file."""
        if not self.labels.keys() >= record.keys():
            self._learn(record)
        if self.never_filled:
            self.never_filled -= {label for label in self.never_filled if record.get(label) is not None}
        get = record.get
        self.waiting.append([get(label) or "" for label in self.labels] or [""])
        self.size += size
        if len(self.waiting) >= BATCH_ROWS or self.size >= BATCH_SIZE:
            self._hold()

    def _learn(self, record: Mapping[str, str | None]) -> None:
        new = [label for label in record if label not in self.labels]
        if len(self.labels) + len(new) > self.limits.max_columns:
            raise Unreadable("too_many_columns", self.path, f"more than {self.limits.max_columns} different labels")
        self._hold()
        self._as_cells([new])
        self.labels |= dict.fromkeys(new)
        self.never_filled |= {label for label in new if record[label] is None}

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
        labels = list(self.labels)
        columns = [number for number, label in enumerate(labels) if not self._is_an_absent_object(label)]
        self.records.labelled([labels[number] for number in columns])
        with self.file:
            self.file.seek(0)
            for batch in pa.ipc.open_stream(pa.PythonFile(self.file, "r")):
                self.records.take(under(batch["cells"], columns))
        return self.records.reading(physical, encoding, None, None)

    def _is_an_absent_object(self, label: str) -> bool:
        """`subject: null` where other records have `subject: {name: ...}` is no column of its own."""
        return label in self.never_filled and any(other.startswith(f"{label}.") for other in self.labels)


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

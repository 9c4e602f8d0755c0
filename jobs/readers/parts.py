"""The members of an archive or the sheets of a workbook, read one after another as one file."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from jobs.readers.reading import ACCOUNT, ROWS_SCHEMA, Reading, Unreadable

Sink = Callable[[pa.RecordBatch], None]


def together(path: Path, parts: Iterable[tuple[str, Callable[[Sink], Reading]]], batches_to: Sink) -> Reading:
    """The account of all parts, each with its name, whose rows have gone on numbered through; their headers are the same."""
    readings: list[Reading] = []
    for name, read_to in parts:
        reading = read_to(numbered_from(sum(one.rows for one in readings), batches_to))
        with_header = next((one for one in readings if one.header), reading)
        if reading.header and labels(reading) != labels(with_header):
            raise Unreadable("headers_differ", path, f"{name} has another header than what was read before it")
        readings.append(reading)
    return added(readings)


def labels(reading: Reading) -> list[str]:
    return [label.strip() for label in reading.header]


def numbered_from(rows: int, batches_to: Sink) -> Sink:
    """A receiver of batches that numbers their rows on after so many rows."""

    def receive(batch: pa.RecordBatch) -> None:
        row_no = pa.array(np.asarray(batch["row_no"]) + np.int32(rows))
        batches_to(pa.RecordBatch.from_arrays([row_no, batch["cells"]], schema=ROWS_SCHEMA))

    return receive if rows else batches_to


def added(readings: list[Reading]) -> Reading:
    """One account of several: counts are added, what differs in words is named once each."""
    if len(readings) == 1:
        return readings[0]
    counts = {name: sum(getattr(reading, name) for reading in readings) for name in ACCOUNT}
    header = next((reading.header for reading in readings if reading.header), ())
    words = {name: ", ".join(dict.fromkeys(_given(readings, name))) or None for name in ("encoding", "delimiter", "sheet")}
    return Reading(header=header, **words, **counts)


def _given(readings: list[Reading], name: str) -> Iterator[str]:
    yield from filter(None, (getattr(reading, name) for reading in readings))

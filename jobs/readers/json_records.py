"""JSON and JSON lines: the objects at a path as rows, every number as it is written."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from jobs.readers.inspect import decide_encoding, text_or_unreadable
from jobs.readers.json_count import RecordCount
from jobs.readers.json_flat import NotARecordError, TwiceError, an_object, flat, records_of, steps_of
from jobs.readers.json_text import JsonText
from jobs.readers.labelled import Labelled
from jobs.readers.quoting import PhysicalCount
from jobs.readers.reading import Reading, Unreadable
from jobs.readers.spec import FormatSpec, Limits


def read(path: Path, spec: FormatSpec, batches_to: Callable[[pa.RecordBatch], None], limits: Limits) -> Reading:
    """The account of a file whose records have gone to `batches_to`; Unreadable when they are not where declared."""
    text_or_unreadable(path, spec, "text")
    encoding = decide_encoding(path, spec.encoding)
    where = spec.records or "[]"
    count = PhysicalCount(None) if where == "[]" and spec.kind == "jsonl" else RecordCount(where, lines=spec.kind == "jsonl")
    labelled = Labelled(path, spec, limits, batches_to)
    text = JsonText(path, encoding, limits, count.add)
    steps = steps_of(where)
    one_array = where.count("[]") == 1
    for number, (value, size) in enumerate(_units(text, spec, steps), start=1):
        try:
            if one_array:
                labelled.add(flat(an_object(value)), size)
            else:
                for record in records_of(value, steps):
                    labelled.add(record, sum(len(text or "") for text in record.values()))
        except (NotARecordError, TwiceError, RecursionError) as error:
            raise _unreadable(path, number, error) from error
    return labelled.reading(count.total(), encoding.name)


def _unreadable(path: Path, number: int, error: Exception) -> Unreadable:
    reasons = {NotARecordError: "not_a_record", TwiceError: "duplicate_key", RecursionError: "damaged"}
    what = "nested too deep" if isinstance(error, RecursionError) else str(error)
    return Unreadable(reasons[type(error)], path, f"element {number} of the outermost array: {what}")


def _units(text: JsonText, spec: FormatSpec, steps: list[tuple[str, bool]]) -> Iterator[tuple[object, int]]:
    return text.lines() if spec.kind == "jsonl" else text.elements(steps)

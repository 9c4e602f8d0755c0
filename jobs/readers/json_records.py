"""JSON and JSON lines: the objects at a path as rows, every number as it is written."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from jobs.readers.inspect import decide_encoding, text_or_unreadable
from jobs.readers.json_count import RecordCount
from jobs.readers.json_flat import NotARecordError, TwiceError, records_of, steps_of
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
    for number, (value, size) in enumerate(_units(text, spec, steps), start=1):
        try:
            for record in records_of(value, steps):
                labelled.add(record, size if len(steps) == 1 else sum(len(text or "") for text in record.values()))
        except NotARecordError as error:
            raise Unreadable("not_a_record", path, f"element {number} of the outermost array: {error}") from error
        except RecursionError as error:
            raise Unreadable("damaged", path, f"element {number} of the outermost array: nested too deep") from error
        except TwiceError as error:
            raise Unreadable("duplicate_key", path, f"element {number} of the outermost array: {error}") from error
    return labelled.reading(count.total(), encoding.name)


def _units(text: JsonText, spec: FormatSpec, steps: list[tuple[str, bool]]) -> Iterator[tuple[object, int]]:
    return text.lines() if spec.kind == "jsonl" else text.elements(steps)

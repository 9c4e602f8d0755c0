"""Files as received, read once into rows of strings, in bounded memory."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from jobs.readers.reading import READER_VERSION, ROWS_SCHEMA, Reading, Unreadable
from jobs.readers.spec import FormatSpec, Limits

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["READER_VERSION", "ROWS_SCHEMA", "FormatSpec", "Limits", "Reading", "Unreadable", "read"]


def read(path: Path, spec: FormatSpec, batches_to: "Callable[[pa.RecordBatch], None]", limits: Limits) -> Reading:
    """The account of a file whose rows, as received and numbered from 1, have gone to `batches_to` in file order.

    Unreadable may come after batches have gone out: who receives them keeps them only when a Reading is returned.
    """
    # Declarations import this room for its FormatSpec, and so does every DAG file: the readers themselves wait.
    if spec.kind == "xlsx":
        from jobs.readers import excel as reader
    else:
        from jobs.readers import delimited as reader
    return reader.read(path, spec, batches_to, limits)

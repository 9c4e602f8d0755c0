"""Files as received, read once into rows of strings, in bounded memory."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from jobs.readers.reading import ACCOUNT, READER_VERSION, ROWS_SCHEMA, Reading, Unreadable
from jobs.readers.spec import FormatSpec, Limits

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["ACCOUNT", "READER_VERSION", "ROWS_SCHEMA", "FormatSpec", "Limits", "Reading", "Unreadable", "read"]

READER_OF = {
    "csv": "delimited",
    "text": "delimited",
    "xlsx": "excel",
    "xls": "legacy_excel",
    "json": "json_records",
    "jsonl": "json_records",
    "xml": "xml_records",
    "html": "html_tables",
}


def read(path: Path, spec: FormatSpec, batches_to: "Callable[[pa.RecordBatch], None]", limits: Limits) -> Reading:
    """The account of a file whose rows, as received and numbered from 1, have gone to `batches_to` in file order.

    Unreadable may come after batches have gone out: who receives them keeps them only when a Reading is returned.
    """
    # Declarations import this room for its FormatSpec, and so does every DAG file: the readers themselves wait.
    if spec.container != "none":
        from jobs.readers import containers

        return containers.read(path, spec, batches_to, limits, read_file=read)
    return import_module(f"jobs.readers.{READER_OF[spec.kind]}").read(path, spec, batches_to, limits)

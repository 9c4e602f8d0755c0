"""A delivery: its id, its bytes and rows as they are kept, and its row in the ledger."""
from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from jobs.declarations import Declarations
from jobs.declarations.catalogue import NotCollected, check_collected
from jobs.readers import ACCOUNT, READER_VERSION, ROWS_SCHEMA, Limits, Reading, Unreadable, read
from jobs.readers.inspect import Inspection, inspect
from jobs.readers.spec import FormatSpec
from jobs.stores.objects import Objects, raw_key, rows_key
from jobs.stores.transports import Arrival
from jobs.stores.transports.manifests import ManifestDisagrees, refuse_bytes, refuse_rows

COUNTED = {"rows_received": "rows"} | {f"rows_{name}": name for name in ACCOUNT if name != "rows"}
REFUSED = dict.fromkeys(("too_large", "not_in_catalogue"), "refused")  # not even kept, as quarantined files are


class StillWritten(Exception):
    """A file that was not whole yet when it was read: nothing of it is taken, and it is there at the next look."""


def take(arrival: Arrival, inspected: Inspection, declarations: Declarations, objects: Objects) -> dict[str, Any]:
    """The ledger row of one arrival, its bytes and rows kept where it could be read."""
    delivery = {"feed": arrival.feed, "covers": arrival.covers, "received_at": arrival.received_at, **counts(None),
                **dict.fromkeys(("reason", "message", "rows_object", "encoding", "sheet", "header")),
                "source_name": arrival.path.name, "object_sha256": inspected.sha256, "bytes": inspected.size,
                "delivery_id": delivery_id(arrival, inspected.sha256)}
    try:
        check_collected(declarations, arrival.feed, arrival.received_at)
        refuse_bytes(arrival.said, arrival.path, inspected.size, inspected.sha256)
        inspect(arrival.path, Limits())
        feed = declarations.feeds[arrival.feed].on(arrival.covers)
        reading, key = rows_of(arrival, inspected.sha256, feed.format, objects)
    except ManifestDisagrees as error:
        delivery |= {"delivery_status": "quarantined", "reason": error.reason, "message": str(error),
                     "delivery_id": quarantined_id(arrival, inspected.sha256)}
    except (NotCollected, Unreadable) as error:
        delivery |= {"delivery_status": REFUSED.get(error.reason, "quarantined"), "reason": error.reason, "message": str(error)}
    else:
        delivery |= {"delivery_status": "received", "rows_object": key, "encoding": reading.encoding, "sheet": reading.sheet,
                     "header": list(reading.header), **counts(reading)}
    if arrival.path.stat().st_size != inspected.size:
        raise StillWritten(f"{arrival.path.name} grew while it was read")
    if delivery["delivery_status"] != "refused" and not objects.has(raw_key(inspected.sha256)):
        objects.put(arrival.path, raw_key(inspected.sha256))
    return delivery


def counts(reading: Reading | None) -> dict[str, int]:
    return {name: getattr(reading, of) if reading else 0 for name, of in COUNTED.items()}


def delivery_id(arrival: Arrival, sha256: str) -> str:
    """Feed, date covered and bytes: the same bytes for the same date are the same delivery, under whatever file name."""
    return hashlib.sha256(f"{arrival.feed}|{arrival.covers}|{sha256}".encode()).hexdigest()[:32]


def quarantined_id(arrival: Arrival, sha256: str) -> str:
    """The id of a delivery that disagrees with its manifest: with a right one the same bytes are a delivery of their own."""
    if arrival.said is None:
        return delivery_id(arrival, sha256)
    return hashlib.sha256(f"{arrival.feed}|{arrival.covers}|{sha256}|{arrival.said.digest}".encode()).hexdigest()[:32]


def rows_of(arrival: Arrival, sha256: str, spec: FormatSpec, objects: Objects) -> tuple[Reading, str]:
    """The account of the file and the key its rows are kept under; raises Unreadable and ManifestDisagrees."""
    recipe = hashlib.sha256(f"{READER_VERSION}|{spec.model_dump_json()}".encode()).hexdigest()[:12]
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.parquet"
        with pq.ParquetWriter(rows, ROWS_SCHEMA, compression="zstd") as writer:
            reading = read(arrival.path, spec, writer.write_batch, Limits())
        refuse_rows(arrival.said, arrival.path.name, reading.header, reading.rows, rows)
        objects.put(rows, rows_key(sha256, recipe))
    return reading, rows_key(sha256, recipe)


def hidden(delivery: dict[str, Any]) -> list[str]:
    """How many rows the sheets of a workbook hide, and whether they were read (`format.hidden_rows`)."""
    counted = {"not read": delivery["rows_hidden"], "read": delivery["rows_hidden_kept"]}
    return [f"{rows} rows hidden in the sheet, {done}" for done, rows in counted.items() if rows]

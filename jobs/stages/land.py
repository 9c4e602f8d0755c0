"""Land: a file as received is kept, read once into rows of strings, counted, and entered in the delivery ledger."""
from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import sqlalchemy as sa

from jobs.declarations import Declarations
from jobs.declarations.catalogue import NotCollected, check_collected
from jobs.readers import ACCOUNT, READER_VERSION, ROWS_SCHEMA, Limits, Reading, Unreadable, read
from jobs.readers.inspect import Inspection, inspect
from jobs.readers.spec import FormatSpec
from jobs.stores.ledger import Ledger
from jobs.stores.objects import Objects, raw_key, rows_key
from jobs.stores.transports import Arrival

COUNTED = {"rows_received": "rows"} | {f"rows_{name}": name for name in ACCOUNT if name != "rows"}
REFUSED = dict.fromkeys(("too_large", "not_in_catalogue"), "refused")  # not even kept, as quarantined files are


def land(arrivals: Iterable[Arrival], declarations: Declarations, engine: sa.Engine, objects: Objects,
         say: Callable[[str], None]) -> list[dict[str, Any]]:
    """The ledger rows of the deliveries taken now; a delivery taken before is left as it is."""
    taken = []
    for arrival in arrivals:
        inspected = inspect(arrival.path, Limits(max_bytes=sys.maxsize))
        with engine.begin() as connection:
            ledger = Ledger(connection)
            if ledger.deliveries([delivery_id(arrival, inspected.sha256)]):
                continue
            delivery = take(arrival, inspected, declarations, objects)
            ledger.add("deliveries", [delivery], known=True)  # another land may have been quicker
        taken.append(delivery)
        say(f"land: {arrival.feed}: {arrival.path.name}: {delivery['message'] or str(delivery['rows_received']) + ' rows'}")
    return taken


def take(arrival: Arrival, inspected: Inspection, declarations: Declarations, objects: Objects) -> dict[str, Any]:
    """The ledger row of one arrival, its bytes and rows kept where it could be read."""
    delivery = {"feed": arrival.feed, "covers": arrival.covers, "received_at": arrival.received_at, **counts(None),
                "source_name": arrival.path.name, **dict.fromkeys(("reason", "message", "rows_object", "encoding", "header")),
                "object_sha256": inspected.sha256, "bytes": inspected.size, "delivery_id": delivery_id(arrival, inspected.sha256)}
    try:
        check_collected(declarations, arrival.feed, arrival.received_at)
        inspect(arrival.path, Limits())
        reading, key = rows_of(arrival.path, inspected.sha256, declarations.feeds[arrival.feed].format, objects)
    except (NotCollected, Unreadable) as error:
        delivery |= {"delivery_status": REFUSED.get(error.reason, "quarantined"), "reason": error.reason, "message": str(error)}
    else:
        delivery |= {"delivery_status": "received", "rows_object": key, "encoding": reading.encoding,
                     "header": list(reading.header), **counts(reading)}
    if delivery["delivery_status"] != "refused" and not objects.has(raw_key(inspected.sha256)):
        objects.put(arrival.path, raw_key(inspected.sha256))
    return delivery


def counts(reading: Reading | None) -> dict[str, int]:
    return {name: getattr(reading, of) if reading else 0 for name, of in COUNTED.items()}


def delivery_id(arrival: Arrival, sha256: str) -> str:
    """Feed, date covered and bytes: the same bytes for the same date are the same delivery, under whatever file name."""
    return hashlib.sha256(f"{arrival.feed}|{arrival.covers}|{sha256}".encode()).hexdigest()[:32]


def rows_of(path: Path, sha256: str, spec: FormatSpec, objects: Objects) -> tuple[Reading, str]:
    """The account of the file and the key its rows are kept under; raises Unreadable."""
    recipe = hashlib.sha256(f"{READER_VERSION}|{spec.model_dump_json()}".encode()).hexdigest()[:12]
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.parquet"
        with pq.ParquetWriter(rows, ROWS_SCHEMA, compression="zstd") as writer:
            reading = read(path, spec, writer.write_batch, Limits())
        objects.put(rows, rows_key(sha256, recipe))
    return reading, rows_key(sha256, recipe)

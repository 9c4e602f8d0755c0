"""The Parquet files of the matching world."""

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sample.matching.enterprises import Enterprise, World
from sample.matching.records import COLUMNS, records

_BATCH = 50_000
_PRIME = 15_485_863  # records stand in the file in an order that tells nothing
_TEXT = ("truth_id", "credit_code", "organisation_code", "registration_number", "tax_number", "subject_name", "former_name",
         "registered_region", "registered_address", "legal_representative")  # fmt: skip
INDEX = pa.schema([*((name, pa.string()) for name in _TEXT), ("founding_date", pa.date32()), ("approval_date", pa.date32())])
_KINDS = {"event_date": pa.date32(), "kinds": pa.list_(pa.string())}
_RECORDS = pa.schema([(name, _KINDS.get(name, pa.string())) for name in COLUMNS])


def write_index(known: Sequence[Enterprise], path: Path) -> None:
    """What the registry knows of each, one row an enterprise."""
    rows = [
        (one.truth_id, one.credit_code, one.organisation_code, one.registration_number or None, one.tax_number or None,
         str(one.name), "、".join(map(str, one.former)) or None if one.former_known else None, one.registered_region,
         one.address, one.representative, one.founded, one.approved) for one in known
    ]  # fmt: skip
    columns = [pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), INDEX, strict=True)]
    pq.write_table(pa.table(columns, schema=INDEX), path)


def write_records(world: World, first: int, night: int, known: Collection[str], to: Path, mark: str) -> None:
    """The records of the night and, apart from them, whom each is about; `truth_id` is null where the index does not know."""
    count = first if night == 1 else first // 10
    table = pa.Table.from_batches(_batches(world, count, night), _RECORDS)
    table = table.take(pa.array(np.arange(count, dtype=np.int64) * _PRIME % count))
    ids = pa.array([f"R{number:09d}" for number in range(first if night == 2 else 0, (first if night == 2 else 0) + count)])
    about = table["about"]
    truth = pc.if_else(pc.is_in(about, pa.array(sorted(known))), about, pa.scalar(None, pa.string()))
    table = table.add_column(0, "record_id", ids).append_column("truth_id", truth)
    pq.write_table(table.drop(["truth_id", "about", "kinds"]), to / f"records{mark}.parquet", row_group_size=_BATCH)
    pq.write_table(table.select(["record_id", "truth_id", "about", "kinds"]), to / f"truth{mark}.parquet")


def _batches(world: World, count: int, night: int) -> Iterator[pa.RecordBatch]:
    rows = records(world, count, night)
    while part := list(islice(rows, _BATCH)):
        columns = zip(zip(*part, strict=True), _RECORDS, strict=True)
        yield pa.record_batch([pa.array(column, field.type) for column, field in columns], schema=_RECORDS)

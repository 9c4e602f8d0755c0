"""Rows into PostgreSQL by COPY: Arrow types as columns, Arrow batches as CSV that tells null from the empty string."""
from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

ZONE = "-c timezone=UTC -c datestyle=ISO"


class UnservedType(Exception):
    """A column of a type that is not served, floating point above all: its text is not the same everywhere. Exit code 2."""


def column_type(table: str, column: pa.Field) -> str:
    """The PostgreSQL type of an Arrow column; no float, no nested type but lists and maps of strings."""
    kind = column.type
    if pa.types.is_decimal(kind):
        return f"numeric({kind.precision},{kind.scale})"
    for fits, name in ((pa.types.is_string, "text"), (pa.types.is_boolean, "boolean"), (pa.types.is_date32, "date"),
                       (pa.types.is_int64, "bigint"), (pa.types.is_integer, "integer"), (is_instant, "timestamp with time zone"),
                       (is_strings, "text[]"), (is_string_map, "jsonb")):
        if fits(kind):
            return name
    raise UnservedType(f"table {table}: column {column.name} is {kind}, which is not served; "
                       "known: string, boolean, date, timestamp, integer, long, decimal, array<string>, map<string,string>")


def is_instant(kind: pa.DataType) -> bool:
    return pa.types.is_timestamp(kind) and kind.tz is not None


def is_strings(kind: pa.DataType) -> bool:
    return pa.types.is_list(kind) and pa.types.is_string(kind.value_type)


def is_string_map(kind: pa.DataType) -> bool:
    return pa.types.is_map(kind) and pa.types.is_string(kind.key_type) and pa.types.is_string(kind.item_type)


def array_literals(column: pa.ListArray) -> pa.Array:
    """Each list as PostgreSQL writes an array: {"a","b"}."""
    lengths = pc.fill_null(pc.list_value_length(column), 0)
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths).cast(pa.int32())])
    escaped = pc.replace_substring(pc.replace_substring(column.flatten(), "\\", "\\\\"), '"', '\\"')
    quoted = pc.fill_null(pc.binary_join_element_wise('"', escaped, '"', ""), "NULL")
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, quoted), ",")
    return pc.if_else(column.is_valid(), pc.binary_join_element_wise("{", joined, "}", ""), pa.scalar(None, pa.string()))


def json_objects(column: pa.MapArray) -> pa.Array:
    """Each map as a JSON object with sorted keys."""
    objects = (None if pairs is None else json.dumps(dict(pairs), ensure_ascii=False, sort_keys=True)
               for pairs in column.to_pylist())
    return pa.array(objects, pa.string())


def as_text(column: pa.Array) -> pa.Array:
    if pa.types.is_list(column.type):
        return array_literals(column)
    return json_objects(column) if pa.types.is_map(column.type) else column


def as_csv(batch: pa.RecordBatch) -> bytes:
    """The batch as CSV: strings quoted, null written as nothing at all."""
    plain = pa.RecordBatch.from_arrays([as_text(column) for column in batch.columns], names=batch.schema.names)
    sink = BytesIO()
    csv.write_csv(plain, sink, csv.WriteOptions(include_header=False, quoting_style="needed"))
    return sink.getvalue()


def copy(batches: Iterable[pa.RecordBatch], address: str, table: str) -> int:
    """The number of rows sent to `table` in one transaction of a connection of its own."""
    rows = 0
    statement = f"copy {table} from stdin (format csv)"
    with psycopg.connect(address, options=ZONE) as connection, connection.cursor() as cursor, cursor.copy(statement) as sink:
        for batch in batches:
            sink.write(as_csv(batch))
            rows += batch.num_rows
    return rows


def copy_partitions(frame: DataFrame, address: str, table: str) -> int:
    """Every partition of the frame through a connection of its own; the number of rows sent."""

    def send(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        yield pa.RecordBatch.from_pydict({"rows": [copy(batches, address, table)]})

    return sum(row.rows for row in frame.mapInArrow(send, "rows long").collect())


def schema_of(frame: DataFrame) -> pa.Schema:
    """The Arrow schema in which Spark will hand the frame's rows over."""
    from pyspark.sql.pandas.types import to_arrow_schema

    return to_arrow_schema(frame.schema)

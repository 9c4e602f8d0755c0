"""The files of a release: each staged table as Parquet in key order, and a manifest with the hashes of rows and files."""
from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv
from pyarrow import json as arrow_json

from jobs.stores.serving import copying
from jobs.stores.serving.shape import columns
from jobs.stores.serving.staging import Staging
from jobs.stores.serving.tables import Served

BLOCK = 16 << 20  # bytes of CSV held at a time

ARROW = {"text": pa.string(), "boolean": pa.bool_(), "date": pa.date32(), "integer": pa.int32(), "bigint": pa.int64(),
         "timestamp with time zone": pa.timestamp("us", "UTC"), "text[]": pa.list_(pa.string()), "jsonb": pa.string()}


class FilesDiffer(Exception):
    """The files of a release are gone or are not those that were published. Exit code 3."""


class CopyStream(io.RawIOBase):
    """What COPY TO sends, as a file to read from."""

    def __init__(self, copy: psycopg.Copy) -> None:
        self.blocks = iter(copy)
        self.rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any) -> int:
        while not self.rest:
            block = next(self.blocks, None)
            if block is None:
                return 0
            self.rest = bytes(block)
        size = min(len(target), len(self.rest))
        target[:size], self.rest = self.rest[:size], self.rest[size:]
        return size


def write(staging: Staging, tables: list[Served], home: Path, as_of: object) -> dict[str, Any]:
    """The release's folder, whole or not there at all; its manifest, with `manifest_sha256` added."""
    with made(home, staging.release_id) as partial:
        described = staging.each((table for table in tables if table.staged), lambda own, table: write_table(own, table, partial))
        return with_manifest(partial, {"release_id": staging.release_id, "as_of": str(as_of),
                                       "content_hash": content_hash(described), "tables": described})


@contextmanager
def made(home: Path, release_id: str) -> Iterator[Path]:
    """A folder that becomes the release's when it is filled."""
    final = home / "releases" / release_id
    partial = final.with_name(f".{release_id}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    yield partial
    if final.exists():  # of a night that died before its release row: nobody was told of it
        shutil.rmtree(final)
    partial.rename(final)


def with_manifest(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    (folder / "manifest.json").write_bytes(text)
    return {**manifest, "manifest_sha256": hashlib.sha256(text).hexdigest()}


# ---- the content of an earlier release, again

def again(home: Path, release_id: str, of: dict[str, Any]) -> dict[str, Any]:
    """The folder of a release with the very files of an earlier one, and its manifest; raises FilesDiffer where they are not
    what was published."""
    folder = home / "releases" / of["release_id"]
    path = folder / "manifest.json"
    if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != of["manifest_sha256"]:
        raise FilesDiffer(f"{path} is gone, or not what was published")
    manifest = json.loads(path.read_bytes())
    with made(home, release_id) as partial:
        for table in manifest["tables"].values():
            file = folder / table["file"]
            if not file.exists() or file_hash(file) != table["sha256"]:
                raise FilesDiffer(f"{file} is gone, or not what was published")
            os.link(file, partial / table["file"])
        return with_manifest(partial, {**manifest, "release_id": release_id, "content_of": of["release_id"]})


def load(staging: Staging, tables: list[Served], home: Path) -> None:
    """Staging as the files of its release say; a table or column that they do not have yet is empty."""
    folder = home / "releases" / staging.release_id
    for table in tables:
        staging.run(f"create unlogged table {staging.schema}.{table.name} (like credit.{table.name})")
    staging.connection.commit()
    address = staging.connection.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    for table in tables:
        if (path := folder / f"{table.name}.parquet").exists():
            live = columns(staging.connection, staging.schema, table.name)
            file = pq.ParquetFile(path)
            has = [name for name in file.schema_arrow.names if name in live]
            named = ", ".join(f'"{name}"' for name in has)
            copying.copy(file.iter_batches(columns=has), address, f"{staging.schema}.{table.name} ({named})")
    staging.connection.commit()


# ---- one table

def content_hash(described: dict[str, dict[str, Any]]) -> str:
    """sha256 over the sorted (table, hash) pairs: nothing of a run, a clock or a release is in it."""
    pairs = sorted((name, table["content_hash"]) for name, table in described.items())
    return hashlib.sha256(json.dumps(pairs).encode()).hexdigest()


def write_table(staging: Staging, table: Served, folder: Path) -> dict[str, Any]:
    """One table's file, and sha256 over its (key, row hash) lines in key order."""
    kinds = {name: arrow_type(kind) for name, kind in columns(staging.connection, staging.schema, table.name).items()}
    path = folder / f"{table.name}.parquet"
    digest, rows = hashlib.sha256(), 0
    with pq.ParquetWriter(path, pa.schema(kinds.items()), compression="zstd") as writer:
        for batch in batches(staging, table.name, kinds):
            digest.update(text_of(pc.binary_join_element_wise(batch["row_key"], "\t", batch["row_hash"], "\n", "")))
            writer.write_batch(batch)
            rows += batch.num_rows
    return {"rows": rows, "key": list(table.key), "columns": list(table.columns), "content_hash": digest.hexdigest(),
            "file": path.name, "bytes": path.stat().st_size, "sha256": file_hash(path)}


def file_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def text_of(column: pa.StringArray) -> pa.Buffer:
    """All strings of a column just computed, one after the other, without a copy."""
    _, offsets, text = column.buffers()
    return text.slice(0, memoryview(offsets).cast("i")[len(column)])


def batches(staging: Staging, table: str, kinds: dict[str, pa.DataType]) -> Iterator[pa.RecordBatch]:
    """The staged rows in key order, a block at a time."""
    selected = ", ".join(f'to_json("{name}")' if pa.types.is_list(kind) else f'"{name}"' for name, kind in kinds.items())
    query = f"copy (select {selected} from {staging.schema}.{table} order by row_key) to stdout (format csv)"
    received = {name: pa.string() if pa.types.is_list(kind) else kind for name, kind in kinds.items()}
    raw: psycopg.Connection = staging.connection.connection.driver_connection  # type: ignore[assignment]
    with raw.cursor() as cursor, cursor.copy(query) as copy:
        stream = io.BufferedReader(CopyStream(copy), BLOCK)
        if not stream.peek(1):
            return
        reader = csv.open_csv(
            stream, csv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=list(received)),
            csv.ParseOptions(newlines_in_values=True),
            csv.ConvertOptions(column_types=received, null_values=[""], strings_can_be_null=True,
                               quoted_strings_can_be_null=False, true_values=["t"], false_values=["f"]))
        for batch in reader:
            restored = [as_sent(column, kind) for column, kind in zip(batch.columns, kinds.values(), strict=True)]
            yield pa.RecordBatch.from_arrays(restored, schema=pa.schema(kinds.items()))


def as_sent(column: pa.Array, kind: pa.DataType) -> pa.Array:
    """A list column from its JSON texts; every other column as it is."""
    if not pa.types.is_list(kind):
        return column
    documents = text_of(pc.binary_join_element_wise('{"list":', pc.fill_null(column, "null"), "}\n", ""))
    options = arrow_json.ReadOptions(use_threads=False, block_size=max(len(documents), 1))
    schema = arrow_json.ParseOptions(explicit_schema=pa.schema({"list": kind}))
    return arrow_json.read_json(pa.BufferReader(documents), options, schema)["list"].combine_chunks()


def arrow_type(kind: str) -> pa.DataType:
    if kind.startswith("numeric("):
        precision, scale = kind.removeprefix("numeric(").removesuffix(")").split(",")
        return pa.decimal128(int(precision), int(scale))
    return ARROW[kind]

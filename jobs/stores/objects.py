"""Raw objects and their rows, content-addressed, in a folder of the home or in a bucket."""
from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from jobs.declarations.settings import ObjectSettings, Settings

if TYPE_CHECKING:
    from pyarrow.fs import S3FileSystem

BATCH_ROWS = 50_000


class Objects(Protocol):
    """Where bytes are kept by key; a key, once there, never changes."""

    def has(self, key: str) -> bool: ...

    def put(self, source: Path, key: str) -> None:
        """The file's bytes are kept under `key`, whole or not at all."""

    def open(self, key: str) -> pa.NativeFile:
        """The bytes of `key`, to be read from any place in them."""


class Folder:
    """Objects in a folder, readable by its owner only (design law 7: raw bytes hold personal data)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def has(self, key: str) -> bool:
        return (self.root / key).exists()

    def put(self, source: Path, key: str) -> None:
        target = self.root / key
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f".{target.name}.{uuid4().hex}")
        shutil.copyfile(source, unfinished)
        os.replace(unfinished, target)

    def open(self, key: str) -> pa.NativeFile:
        return pa.OSFile(str(self.root / key))


class Bucket:
    """Objects in a bucket of MinIO or any S3, read from there in parts."""

    def __init__(self, settings: Settings) -> None:
        from minio import Minio

        self.where = where = settings.objects
        self.bucket = where.bucket
        self.client = Minio(where.endpoint, access_key=where.access_key.get_secret_value(), region=where.region,
                            secret_key=where.secret_key.get_secret_value(), secure=where.secure)
        if not self.client.bucket_exists(bucket_name=self.bucket):
            self.make()

    def make(self) -> None:
        """The bucket is there; forty feeds that start together may all want to make it."""
        from minio.error import S3Error

        try:
            self.client.make_bucket(bucket_name=self.bucket)
        except S3Error as error:
            if error.code != "BucketAlreadyOwnedByYou":
                raise

    def has(self, key: str) -> bool:
        return any(found.object_name == key for found in self.client.list_objects(bucket_name=self.bucket, prefix=key))

    def put(self, source: Path, key: str) -> None:
        self.client.fput_object(bucket_name=self.bucket, object_name=key, file_path=str(source))

    def open(self, key: str) -> pa.NativeFile:
        return bucket_files(self.where).open_input_file(f"{self.bucket}/{key}")


@lru_cache(maxsize=8)
def bucket_files(where: ObjectSettings) -> S3FileSystem:
    """Any part of an object, without the whole of it; one to a process, as each keeps threads of its own."""
    from pyarrow.fs import S3FileSystem

    return S3FileSystem(access_key=where.access_key.get_secret_value(), secret_key=where.secret_key.get_secret_value(),
                        region=where.region, endpoint_override=where.endpoint, scheme="https" if where.secure else "http")


def objects(settings: Settings) -> Objects:
    """The store that the settings name."""
    return Folder(settings.home / "objects") if settings.objects.kind == "folder" else Bucket(settings)


def rows(settings: Settings, key: str, number: int, of: int) -> Iterator[pa.RecordBatch]:
    """The rows (row_no, cells) of every `of`-th row group of a rows object, from the `number`-th on."""
    with objects(settings).open(key) as file:
        read = pq.ParquetFile(file)
        groups = list(range(read.num_row_groups))[number::of]
        yield from read.iter_batches(BATCH_ROWS, row_groups=groups, use_threads=False)


def raw_key(sha256: str) -> str:
    return f"raw/{sha256[:2]}/{sha256}"


def document_key(sha256: str) -> str:
    """What an organ or a person handed over to explain a claim."""
    return f"documents/{sha256[:2]}/{sha256}"


def rows_key(sha256: str, recipe: str) -> str:
    """Rows are named by the object's bytes and by what read them: the reader's version and the declared format."""
    return f"rows/{sha256[:2]}/{sha256}-{recipe}.parquet"

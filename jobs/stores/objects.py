"""Raw objects and their rows, content-addressed, in a folder of the home or in a bucket."""
from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from jobs.declarations.settings import Settings


class Objects(Protocol):
    """Where bytes are kept by key; a key, once there, never changes."""

    def has(self, key: str) -> bool: ...

    def put(self, source: Path, key: str) -> None:
        """The file's bytes are kept under `key`, whole or not at all."""

    def fetch(self, key: str) -> Path:
        """A local file with the bytes of `key`."""

    def address(self, key: str) -> str:
        """What Spark reads `key` by."""


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

    def fetch(self, key: str) -> Path:
        return self.root / key

    def address(self, key: str) -> str:
        return str(self.root / key)


class Bucket:
    """Objects in a bucket of MinIO or any S3, which Spark reads as s3a://."""

    def __init__(self, settings: Settings) -> None:
        from minio import Minio

        where = settings.objects
        self.bucket, self.cache = where.bucket, settings.home / "cache"
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

    def fetch(self, key: str) -> Path:
        target = self.cache / key
        if not target.exists():
            self.cache.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryDirectory(dir=self.cache) as folder:
                part = Path(folder) / "part"
                self.client.fget_object(bucket_name=self.bucket, object_name=key, file_path=str(part))
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(part, target)
        return target

    def address(self, key: str) -> str:
        return f"s3a://{self.bucket}/{key}"


def objects(settings: Settings) -> Objects:
    """The store that the settings name."""
    return Folder(settings.home / "objects") if settings.objects.kind == "folder" else Bucket(settings)


def raw_key(sha256: str) -> str:
    return f"raw/{sha256[:2]}/{sha256}"


def rows_key(sha256: str, recipe: str) -> str:
    """Rows are named by the object's bytes and by what read them: the reader's version and the declared format."""
    return f"rows/{sha256[:2]}/{sha256}-{recipe}.parquet"

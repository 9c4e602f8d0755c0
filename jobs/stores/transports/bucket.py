"""Objects of a bucket of MinIO or any S3, through its own client."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import urllib3
from minio import Minio
from minio.error import MinioException

from jobs.declarations.feeds import Feed
from jobs.declarations.settings import Settings
from jobs.declarations.transports import BucketTransport
from jobs.stores.transports import remote
from jobs.stores.transports.arrival import Arrival
from jobs.stores.transports.complete import Seen
from jobs.stores.transports.connections import Connection, connection, reaching

FAULTS = (MinioException, urllib3.exceptions.HTTPError, OSError, ValueError)
WAIT = urllib3.Timeout(connect=10, read=60)
AGAIN = urllib3.Retry(total=2, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504])
BLOCK = 1 << 20


class Prefix:
    """The objects directly under one prefix of a bucket."""

    def __init__(self, where: Connection, declared: BucketTransport) -> None:
        self.declared = declared
        port = f":{where.port}" if where.port else ""
        self.client = Minio(
            f"{where.host}{port}", access_key=where.user, secret_key=where.password, secure=where.scheme == "https",
            region=where.options.get("region", "us-east-1"), http_client=urllib3.PoolManager(timeout=WAIT, retries=AGAIN))

    def key(self, name: str) -> str:
        return self.declared.prefix + name

    def look(self) -> list[Seen]:
        found = self.client.list_objects(bucket_name=self.declared.bucket, prefix=self.declared.prefix)
        return [Seen(one.object_name.removeprefix(self.declared.prefix), one.size, one.etag, one.last_modified.timestamp())
                for one in found if not one.is_dir and one.object_name != self.declared.prefix]

    def read(self, seen: Seen) -> bytes:
        return b"".join(self.blocks(seen))

    def blocks(self, seen: Seen) -> Iterator[bytes]:
        """The bytes of exactly the object that was seen: the store refuses where another one is there by now."""
        answer = self.client.get_object(bucket_name=self.declared.bucket, object_name=self.key(seen.name),
                                        request_headers={"If-Match": f'"{seen.stamp}"'})
        try:
            yield from answer.stream(BLOCK)
        finally:
            answer.close()
            answer.release_conn()

    def fetch(self, seen: Seen, to: Path) -> None:
        with to.open("wb") as file:
            for block in self.blocks(seen):
                file.write(block)
        remote.same(seen, seen, to)


def arrivals(settings: Settings, feed: Feed, now: datetime) -> Iterator[Arrival]:
    where = connection(feed.transport.connection, "http", "https")
    with reaching(where, *FAULTS):
        yield from remote.arrivals(settings, feed, now, Prefix(where, feed.transport))

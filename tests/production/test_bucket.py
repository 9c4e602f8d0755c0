"""Objects in a bucket of a real MinIO: whole or not at all, in both directions."""
from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from minio.error import S3Error
from urllib3.exceptions import HTTPError

import sample
from jobs.declarations import Declarations
from jobs.declarations.settings import Settings, settings
from jobs.stages.land import land
from jobs.stores import database
from jobs.stores.objects import Bucket, objects
from jobs.stores.transports import arrivals
from tests.production.conftest import Store
from tests.production.wire import breaking
from tests.released import KNOWN_AT, quiet

NUMBERS = itertools.count(1)
MEBIBYTE = 1 << 20


@pytest.fixture
def chosen(minio: Store, tmp_path: Path) -> Settings:
    """Settings of an empty home whose objects lie in a bucket that nobody made yet."""
    return settings(home=tmp_path / "home", objects=minio.bucket(f"objects-{next(NUMBERS)}"))


def through(chosen: Settings, endpoint: str) -> Bucket:
    """The same bucket, reached by another way, on which nothing is tried again: its client would for half a minute."""
    bucket = Bucket(chosen.model_copy(update={"objects": chosen.objects.model_copy(update={"endpoint": endpoint})}))
    bucket.client._http.connection_pool_kw["retries"] = 0
    bucket.client._http.clear()
    return bucket


def file(folder: Path, content: bytes) -> Path:
    path = folder / "source"
    path.write_bytes(content)
    return path


def keys(bucket: Bucket) -> list[str]:
    return [one.object_name for one in bucket.client.list_objects(bucket_name=bucket.bucket, recursive=True)]


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_was_put_is_there_under_its_key_and_under_no_beginning_of_it(chosen: Settings, tmp_path: Path) -> None:
    bucket = objects(chosen)
    bucket.put(file(tmp_path, b"one"), "raw/ab/abc")
    bucket.put(file(tmp_path, b"another"), "raw/ab/abcd")
    assert {key: bucket.has(key) for key in ("raw/ab/abc", "raw/ab/abcd", "raw/ab/ab", "raw/ab", "raw")} == {
        "raw/ab/abc": True, "raw/ab/abcd": True, "raw/ab/ab": False, "raw/ab": False, "raw": False}
    assert bucket.fetch("raw/ab/abc").read_bytes() == b"one"
    assert bucket.address("raw/ab/abc") == f"s3a://{chosen.objects.bucket}/raw/ab/abc"


def test_a_bucket_that_many_make_at_once_is_made(chosen: Settings) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: Bucket(chosen), range(8)))
    made[0].make()  # as one does that did not see it a moment before
    assert keys(made[7]) == []


def test_a_fetched_object_is_kept_for_its_owner_alone(chosen: Settings, tmp_path: Path) -> None:
    bucket = objects(chosen)
    bucket.put(file(tmp_path, b"one"), "rows/ab/abc.parquet")
    path = bucket.fetch("rows/ab/abc.parquet")
    bucket.client.remove_object(bucket_name=bucket.bucket, object_name="rows/ab/abc.parquet")
    assert bucket.fetch("rows/ab/abc.parquet") == path
    assert path.read_bytes() == b"one"
    assert (chosen.home / "cache").stat().st_mode & 0o077 == 0
    assert files(chosen.home) == [path]


def test_what_is_not_there_is_said_and_leaves_no_file(chosen: Settings) -> None:
    with pytest.raises(S3Error, match="NoSuchKey"):
        objects(chosen).fetch("raw/ab/abc")
    assert files(chosen.home) == []


@pytest.mark.parametrize("size", [2 * MEBIBYTE, 6 * MEBIBYTE], ids=["in one piece", "in parts"])
def test_a_put_that_breaks_off_leaves_nothing(chosen: Settings, minio: Store, tmp_path: Path, size: int) -> None:
    with breaking(minio.endpoint, after=MEBIBYTE) as endpoint, pytest.raises(HTTPError):
        through(chosen, endpoint).put(file(tmp_path, bytes(size)), "raw/ab/abc")
    bucket = objects(chosen)
    assert not bucket.has("raw/ab/abc")
    assert keys(bucket) == []
    bucket.put(file(tmp_path, bytes(size)), "raw/ab/abc")
    assert bucket.fetch("raw/ab/abc").stat().st_size == size


def test_a_fetch_that_breaks_off_leaves_no_half_file(chosen: Settings, minio: Store, tmp_path: Path) -> None:
    content = bytes(range(256)) * 8192
    objects(chosen).put(file(tmp_path, content), "raw/ab/abc")
    with breaking(minio.endpoint, after=MEBIBYTE) as endpoint, pytest.raises(HTTPError):
        through(chosen, endpoint).fetch("raw/ab/abc")
    assert files(chosen.home) == []
    assert objects(chosen).fetch("raw/ab/abc").read_bytes() == content


def test_a_delivery_lands_in_the_bucket(minio: Store, new_home: Callable[..., Settings], declared: Declarations) -> None:
    home = new_home(objects=minio.bucket("landed"))
    sample.village(home.home, enterprises=20, days=1)
    feed = declared.feeds["city_penalties"]
    arrival, *_ = arrivals(home, feed, KNOWN_AT)
    [taken] = land([arrival], declared, database.engine(home), objects(home), quiet)
    bucket = objects(home)
    assert keys(bucket) == [f"raw/{taken['object_sha256'][:2]}/{taken['object_sha256']}", taken["rows_object"]]
    assert bucket.fetch(keys(bucket)[0]).read_bytes() == arrival.path.read_bytes()
    assert pq.read_metadata(bucket.fetch(taken["rows_object"])).num_rows == taken["rows_received"] > 0
    assert not (home.home / "objects").exists()
    assert land([arrival], declared, database.engine(home), bucket, quiet) == []

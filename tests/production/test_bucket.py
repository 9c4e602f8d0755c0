"""Objects in a bucket of a real MinIO: whole or not at all, in both directions."""
from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from urllib3.exceptions import HTTPError

import sample
from jobs.declarations import Declarations
from jobs.declarations.settings import Settings, settings
from jobs.stages.land import land
from jobs.stores import database
from jobs.stores.objects import Bucket, objects, rows
from jobs.stores.transports import arrivals
from sample.schedule import BY_HAND
from tests.object_store import Store
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


def content(bucket: Bucket, key: str) -> bytes:
    with bucket.open(key) as opened:
        return opened.read()


def test_what_was_put_is_there_under_its_key_and_under_no_beginning_of_it(chosen: Settings, tmp_path: Path) -> None:
    bucket = objects(chosen)
    bucket.put(file(tmp_path, b"one"), "raw/ab/abc")
    bucket.put(file(tmp_path, b"another"), "raw/ab/abcd")
    assert {key: bucket.has(key) for key in ("raw/ab/abc", "raw/ab/abcd", "raw/ab/ab", "raw/ab", "raw")} == {
        "raw/ab/abc": True, "raw/ab/abcd": True, "raw/ab/ab": False, "raw/ab": False, "raw": False}
    assert content(bucket, "raw/ab/abc") == b"one"


def test_a_bucket_that_many_make_at_once_is_made(chosen: Settings) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: Bucket(chosen), range(8)))
    made[0].make()  # as one does that did not see it a moment before
    assert keys(made[7]) == []


def test_what_is_not_there_is_said(chosen: Settings) -> None:
    with pytest.raises(FileNotFoundError, match="raw/ab/abc"):
        objects(chosen).open("raw/ab/abc")


def test_a_part_is_read_without_the_rest_and_leaves_no_file(chosen: Settings, tmp_path: Path) -> None:
    bucket = objects(chosen)
    bucket.put(file(tmp_path, b"head" + bytes(3 * MEBIBYTE) + b"tail"), "raw/ab/abc")
    with bucket.open("raw/ab/abc") as opened:
        opened.seek(3 * MEBIBYTE + 4)
        assert opened.read() == b"tail"
    assert not chosen.home.exists()


@pytest.mark.parametrize("size", [2 * MEBIBYTE, 6 * MEBIBYTE], ids=["in one piece", "in parts"])
def test_a_put_that_breaks_off_leaves_nothing(chosen: Settings, minio: Store, tmp_path: Path, size: int) -> None:
    with breaking(minio.endpoint, after=MEBIBYTE) as endpoint, pytest.raises(HTTPError):
        through(chosen, endpoint).put(file(tmp_path, bytes(size)), "raw/ab/abc")
    bucket = objects(chosen)
    assert not bucket.has("raw/ab/abc")
    assert keys(bucket) == []
    bucket.put(file(tmp_path, bytes(size)), "raw/ab/abc")
    assert content(bucket, "raw/ab/abc") == bytes(size)


def test_a_delivery_lands_in_the_bucket(minio: Store, new_home: Callable[..., Settings], declared: Declarations) -> None:
    home = new_home(objects=minio.bucket("landed"))
    sample.village(home.home, enterprises=20, days=1, only=BY_HAND)
    feed = declared.feeds["city_penalties"]
    arrival, *_ = arrivals(home, feed, KNOWN_AT)
    [taken] = land([arrival], declared, database.engine(home), objects(home), quiet)
    bucket = objects(home)
    assert keys(bucket) == [f"raw/{taken['object_sha256'][:2]}/{taken['object_sha256']}", taken["rows_object"]]
    assert content(bucket, keys(bucket)[0]) == arrival.path.read_bytes()
    assert sum(len(batch) for batch in rows(home, taken["rows_object"], 0, 1)) == taken["rows_received"] > 0
    assert not (home.home / "objects").exists()
    assert land([arrival], declared, database.engine(home), bucket, quiet) == []

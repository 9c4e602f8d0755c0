"""Objects of a bucket of a real MinIO."""
from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
import urllib3
from minio import Minio

from jobs.stores.embedded import free_port
from jobs.stores.transports import TransportFailed, bucket
from jobs.stores.transports.complete import Seen
from tests.object_store import Store
from tests.production.wire import breaking
from tests.transports.conftest import LATER, Bureau

ROWS = b"document_no,amount\n1,20\n"
BUCKETS = itertools.count(1)


class Sender:
    """One bucket of the store, as its owner fills it."""

    def __init__(self, store: Store, name: str) -> None:
        self.store, self.name = store, name
        self.client = Minio(store.endpoint, store.user, store.password, secure=False, region="us-east-1")
        self.client.make_bucket(bucket_name=name)

    def put(self, key: str, content: bytes = ROWS) -> None:
        self.client.put_object(bucket_name=self.name, object_name=key, data=io.BytesIO(content), length=len(content))

    def address(self, endpoint: str | None = None, password: str | None = None) -> str:
        secret = quote(password or self.store.password, safe="")
        return f"http://{self.store.user}:{secret}@{endpoint or self.store.endpoint}/?region=us-east-1"


@pytest.fixture
def sender(minio: Store) -> Sender:
    return Sender(minio, f"sender-{next(BUCKETS)}")


@pytest.fixture
def declare(bureau: Bureau, sender: Sender, known: Callable[[str], str]) -> Callable[..., Any]:
    """Declares the feed, its connection at this address."""
    def made(address: str = "", **given: Any) -> Any:
        transport = {"kind": "bucket", "connection": known(address or sender.address()), "bucket": sender.name, **given}
        return bureau.feed({"prefix": "penalties/", "pattern": "*.csv", **transport})
    return made


def test_each_object_under_the_prefix_is_fetched_once_and_leaves_nothing(bureau: Bureau, sender: Sender, declare) -> None:
    for key in ("penalties/a_20261119.csv", "penalties/b.txt", "penalties/old/c.csv", "permits/d.csv", "penalties/.e.csv"):
        sender.put(key)
    feed = declare()
    [taken] = bureau.land(feed)
    assert (taken["source_name"], str(taken["covers"]), taken["rows_received"]) == ("a_20261119.csv", "2026-11-19", 1)
    assert bureau.content(taken) == ROWS
    assert bureau.spooled() == []
    assert (bureau.home.home / "spool" / bureau.name).stat().st_mode & 0o077 == 0
    sender.client.remove_object(bucket_name=sender.name, object_name="penalties/a_20261119.csv")
    sender.put("penalties/a_20261120.csv")
    assert [row["source_name"] for row in bureau.land(feed)] == ["a_20261120.csv"]


def test_what_was_taken_is_not_fetched_again(bureau: Bureau, sender: Sender, declare, monkeypatch: pytest.MonkeyPatch) -> None:
    sender.put("penalties/a.csv")
    feed = declare()
    assert len(bureau.land(feed)) == 1
    fetched: list[Seen] = []
    monkeypatch.setattr(bucket.Prefix, "fetch", lambda self, seen, to: fetched.append(seen))
    assert bureau.land(feed, now=LATER) == []
    assert fetched == []


def test_the_same_bytes_under_another_name_are_one_delivery(bureau: Bureau, sender: Sender, declare) -> None:
    sender.put("penalties/a_20261119.csv")
    feed = declare()
    assert len(bureau.land(feed)) == 1
    sender.put("penalties/again_20261119.csv")
    assert bureau.land(feed) == []
    assert bureau.listed() == [("a_20261119.csv", "received")]


def test_an_object_is_taken_with_its_marker_only(bureau: Bureau, sender: Sender, declare) -> None:
    feed = declare(complete={"by": "marker"})
    sender.put("penalties/a.csv")
    assert bureau.land(feed) == []
    sender.put("penalties/a.csv.ok", b"")
    assert [row["source_name"] for row in bureau.land(feed)] == ["a.csv"]


def test_a_manifest_that_disagrees_quarantines(bureau: Bureau, sender: Sender, declare) -> None:
    feed = declare(complete={"by": "manifest"})
    sender.put("penalties/a.csv")
    sender.put("penalties/a.manifest.csv", b"file,sha256,rows\na.csv," + b"0" * 64 + b",1\n")
    [taken] = bureau.land(feed)
    assert (taken["delivery_status"], taken["reason"]) == ("quarantined", "manifest_disagrees")
    assert bureau.land(feed, now=LATER) == []


def test_an_object_that_changes_while_it_is_fetched_is_left(bureau: Bureau, sender: Sender, declare,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    sender.put("penalties/a.csv")
    look = bucket.Prefix.look

    def then_changed(self: bucket.Prefix) -> list[Seen]:
        found = look(self)
        sender.put("penalties/a.csv", ROWS + b"2,30\n")
        return found

    feed = declare()
    with monkeypatch.context() as patched:
        patched.setattr(bucket.Prefix, "look", then_changed)
        assert "PreconditionFailed" in bureau.fails(feed)
    assert bureau.spooled() == []
    assert [row["rows_received"] for row in bureau.land(feed)] == [2]
    assert bureau.spooled() == []


def test_a_transfer_that_breaks_off_is_no_delivery(bureau: Bureau, sender: Sender, declare, monkeypatch) -> None:
    monkeypatch.setattr(bucket, "AGAIN", urllib3.Retry(total=0))
    content = b"n\n" + b"1\n" * 2_000_000
    sender.put("penalties/a.csv", content)
    name = declare().transport.connection
    with breaking(sender.store.endpoint, after=1 << 20) as endpoint:
        monkeypatch.setenv(f"CREDIT_CONNECTION_{name.upper()}", sender.address(endpoint))
        feed = bureau.declared.feeds[bureau.name]
        with pytest.raises(TransportFailed):
            bureau.land(feed)
    assert bureau.listed() == []
    monkeypatch.setenv(f"CREDIT_CONNECTION_{name.upper()}", sender.address())
    assert [row["bytes"] for row in bureau.land(feed)] == [len(content)]


def test_wrong_keys_and_a_server_that_is_down_are_told_without_them(bureau: Bureau, sender: Sender, declare,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket, "AGAIN", urllib3.Retry(total=0))
    told = bureau.fails(declare(sender.address(password="another-secret-of-ours")))
    assert "SignatureDoesNotMatch" in told
    assert "another-secret-of-ours" not in told
    told = bureau.fails(declare(sender.address(endpoint=f"127.0.0.1:{free_port()}")))
    assert "onnection refused" in told
    assert sender.store.password not in told
    assert "NoSuchBucket" in bureau.fails(declare(bucket="no-such-bucket"))

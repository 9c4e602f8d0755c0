"""Files of the inbox that are still being written, or disagree with what came with them."""
from __future__ import annotations

import hashlib
import threading
import time
from pathlib import Path

import pytest

from jobs.stores.transports import TransportFailed, arrivals, folder
from jobs.stores.transports.complete import Seen
from tests.transports.conftest import LATER, NOW, Bureau, touch

HEADER = "document_no,amount\n"
ROWS = HEADER + "1号,\"1,000.50\"\n2号,20\n"
AT = NOW.timestamp() - 100


def names(bureau: Bureau, feed) -> list[str]:
    return [one.path.name for one in arrivals(bureau.home, feed, NOW)]


def test_an_undated_file_that_lies_there_is_one_delivery(bureau: Bureau, inbox: Path) -> None:
    feed = bureau.feed({"kind": "folder"})
    touch(inbox / "a.csv", ROWS, NOW.timestamp())
    assert [str(one["covers"]) for one in bureau.land(feed)] == ["2026-11-20"]
    assert bureau.land(feed, now=LATER) == []


def test_without_a_rule_hidden_and_unfinished_names_are_left(bureau: Bureau, inbox: Path) -> None:
    for name in ("a.csv", ".b.csv", "c.csv.part", "d.csv.tmp", "e.txt"):
        touch(inbox / name, ROWS)
    assert names(bureau, bureau.feed({"kind": "folder", "pattern": "*.csv*"})) == ["a.csv"]


def test_a_file_is_taken_with_its_marker_only_and_the_marker_is_none(bureau: Bureau, inbox: Path) -> None:
    feed = bureau.feed({"kind": "folder", "complete": {"by": "marker", "suffix": ".ok"}})
    touch(inbox / "a.csv", ROWS, AT)
    touch(inbox / "b.csv", ROWS, AT)
    assert names(bureau, feed) == []
    touch(inbox / "a.csv.ok", at=AT)
    assert names(bureau, feed) == ["a.csv"]


def test_a_marker_older_than_its_file_is_that_of_the_file_before(bureau: Bureau, inbox: Path) -> None:
    feed = bureau.feed({"kind": "folder", "complete": {"by": "marker"}})
    touch(inbox / "a.csv", "half", AT)
    touch(inbox / "a.csv.ok", at=AT - 1)
    assert names(bureau, feed) == []


def test_a_file_that_grows_between_two_looks_is_left(bureau: Bureau, inbox: Path) -> None:
    feed = bureau.feed({"kind": "folder", "complete": {"by": "stable_size", "seconds": 1}})
    touch(inbox / "grows.csv", HEADER, NOW.timestamp())
    touch(inbox / "rests.csv", ROWS, NOW.timestamp())
    writer = threading.Timer(0.3, touch, [inbox / "grows.csv", ROWS])
    writer.start()
    assert names(bureau, feed) == ["rests.csv"]
    writer.join()


def test_nobody_waits_for_files_that_came_to_rest_long_ago(bureau: Bureau, inbox: Path) -> None:
    feed = bureau.feed({"kind": "folder", "complete": {"by": "stable_size", "seconds": 600}})
    touch(inbox / "a.csv", ROWS, NOW.timestamp() - 601)
    began = time.monotonic()
    assert names(bureau, feed) == ["a.csv"]
    assert time.monotonic() - began < 5


def test_a_folder_that_cannot_be_read_fails_its_feed_only(bureau: Bureau, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, whole = bureau.feed({"kind": "folder"}), bureau.feed({"kind": "folder"}, also="_whole")
    touch(inbox.with_name(whole.feed) / "a.csv", ROWS)
    look = folder.Inbox.look

    def refused(self: folder.Inbox) -> list[Seen]:
        if self.folder == inbox:
            raise PermissionError(13, "Permission denied", str(inbox))
        return look(self)

    monkeypatch.setattr(folder.Inbox, "look", refused)
    with pytest.raises(TransportFailed, match=f"{broken.feed}: .*Permission denied"):
        bureau.land(broken, whole)
    assert any(line == f"land: {whole.feed}: a.csv: 2 rows" for line in bureau.said)


# ---- manifests

def manifest(inbox: Path, **said: object) -> None:
    right = {"file": "a.csv", "sha256": hashlib.sha256(ROWS.encode()).hexdigest(), "md5": hashlib.md5(ROWS.encode()).hexdigest(),
             "bytes": len(ROWS.encode()), "rows": 2, "total:amount": "1020.50"}
    line = {**right, **{name.replace("_", ":"): value for name, value in said.items()}}
    touch(inbox / "a.manifest.csv", ",".join(line) + "\n" + ",".join(map(str, line.values())) + "\n")


@pytest.fixture
def counted(bureau: Bureau, inbox: Path):
    touch(inbox / "a.csv", ROWS, AT)
    return bureau.feed({"kind": "folder", "pattern": "*.csv", "complete": {"by": "manifest"}})


def test_a_file_no_manifest_names_is_left(bureau: Bureau, inbox: Path, counted) -> None:
    assert bureau.land(counted) == []
    manifest(inbox)
    [taken] = bureau.land(counted)
    assert (taken["source_name"], taken["delivery_status"], taken["rows_received"]) == ("a.csv", "received", 2)


@pytest.mark.parametrize(("said", "told"), [
    pytest.param({"sha256": "0" * 64}, "sha256 " + "0" * 64 + " said, ", id="sha256"),
    pytest.param({"sha256": "", "md5": "0" * 32}, "md5 " + "0" * 32 + " said, ", id="md5"),
    pytest.param({"bytes": 7}, f"bytes 7 said, {len(ROWS.encode())} found", id="bytes"),
    pytest.param({"rows": 3}, "rows 3 said, 2 found", id="rows"),
    pytest.param({"total_amount": "1020"}, "total of amount 1020 said, 1020.50 found", id="control total"),
    pytest.param({"total_fine": "1"}, "total of fine 1 said, no such column found", id="a column it lacks"),
    pytest.param({"total_document_no": "1"}, "total of document:no 1 said, no such column found", id="no column"),
])
def test_a_manifest_that_disagrees_quarantines_the_delivery(bureau: Bureau, inbox: Path, counted, said: dict, told: str) -> None:
    manifest(inbox, **said)
    [taken] = bureau.land(counted)
    assert (taken["delivery_status"], taken["reason"]) == ("quarantined", "manifest_disagrees")
    assert told in taken["message"]
    assert "a.csv: a.manifest.csv disagrees: " in taken["message"]
    assert bureau.content(taken) == ROWS.encode()
    assert taken["rows_object"] is None


def test_cells_that_are_no_number_are_counted_and_not_told(bureau: Bureau, inbox: Path, counted) -> None:
    touch(inbox / "b.csv", "n\n5\n张三\n")
    digest = hashlib.sha256((inbox / "b.csv").read_bytes()).hexdigest()
    touch(inbox / "b.manifest.csv", f"file,sha256,total:n\nb.csv,{digest},5\n")
    [taken] = bureau.land(counted)
    assert "total of n 5 said, 5 and 1 cells that are no number found" in taken["message"]
    assert "张三" not in taken["message"]


def test_the_same_file_is_taken_when_the_manifest_is_corrected(bureau: Bureau, inbox: Path, counted) -> None:
    manifest(inbox, rows=3)
    assert len(bureau.land(counted)) == 1
    assert bureau.land(counted) == []  # told once
    manifest(inbox)
    [taken] = bureau.land(counted)
    assert taken["delivery_status"] == "received"
    assert bureau.listed() == [("a.csv", "quarantined"), ("a.csv", "received")]


@pytest.mark.parametrize(("text", "told"), [
    ("name,size\n", "expected columns file, sha256 or md5"), ("file,sha256\na.csv,\n", "line 2: has no checksum"),
    ("file,sha256,rows\na.csv,00,many\n", "line 2: invalid literal"),
    ("file,sha256\na.csv\n", "line 2: has another number of cells"),
])
def test_a_manifest_that_says_nothing_fails_its_feed(bureau: Bureau, inbox: Path, counted, text: str, told: str) -> None:
    touch(inbox / "a.manifest.csv", text)
    with pytest.raises(TransportFailed, match=told):
        bureau.land(counted)
    assert bureau.listed() == []

"""Files of a real SFTP server."""
from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncssh
import paramiko
import pytest

from jobs.stores.embedded import free_port
from jobs.stores.transports import TransportFailed, sftp
from tests.transports.conftest import LATER, NUMBERS, SECRET, Bureau, touch
from tests.transports.files import FileServer

ROWS = "document_no,amount\n1,20\n"


@pytest.fixture
def out(sftp_server: FileServer) -> Path:
    """The folder that the sender fills."""
    folder = sftp_server.folder / f"out{next(NUMBERS)}"
    folder.mkdir()
    return folder


@pytest.fixture
def declare(bureau: Bureau, sftp_server: FileServer, out: Path, known: Callable[[str], str]) -> Callable[..., Any]:
    """Declares the feed, its connection at this address."""
    def made(address: str = "", **given: Any) -> Any:
        name = known(address or sftp_server.address())
        return bureau.feed({"kind": "sftp", "connection": name, "folder": f"/{out.name}", "pattern": "*.csv", **given})
    return made


def test_each_file_of_the_folder_is_fetched_once_and_leaves_nothing(bureau: Bureau, out: Path, declare) -> None:
    for name in ("a_20261119.csv", "b.txt", ".c.csv", "d.csv.part", "old/e.csv"):
        touch(out / name, ROWS)
    feed = declare()
    [taken] = bureau.land(feed)
    assert (taken["source_name"], str(taken["covers"]), taken["rows_received"]) == ("a_20261119.csv", "2026-11-19", 1)
    assert bureau.content(taken) == ROWS.encode()
    assert bureau.spooled() == []
    assert bureau.land(feed, now=LATER) == []
    touch(out / "again_20261119.csv", ROWS)
    assert bureau.land(feed, now=LATER) == []  # the same bytes for the same day
    touch(out / "a_20261119.csv", ROWS + "2,30\n", 1_800_000_000)
    assert [row["rows_received"] for row in bureau.land(feed)] == [2]


def test_a_file_is_taken_with_its_marker_only(bureau: Bureau, out: Path, declare) -> None:
    feed = declare(complete={"by": "marker", "suffix": ".done"})
    touch(out / "a.csv", ROWS, 1_790_000_000)
    assert bureau.land(feed) == []
    touch(out / "a.csv.done", at=1_790_000_001)
    assert [row["source_name"] for row in bureau.land(feed)] == ["a.csv"]


def test_a_file_that_grows_between_two_looks_is_left(bureau: Bureau, out: Path, declare) -> None:
    feed = declare(complete={"by": "stable_size", "seconds": 1})
    touch(out / "grows.csv", "document_no,am")
    touch(out / "rests.csv", ROWS)
    writer = threading.Timer(0.5, touch, [out / "grows.csv", ROWS])
    writer.start()
    assert [row["source_name"] for row in bureau.land(feed)] == ["rests.csv"]
    writer.join()


def test_a_manifest_that_disagrees_quarantines_and_the_file_is_kept(bureau: Bureau, out: Path, declare) -> None:
    touch(out / "a.csv", ROWS)
    touch(out / "day.ctl", "file,md5,bytes\na.csv," + "0" * 32 + ",1\n")
    feed = declare(complete={"by": "manifest", "pattern": "*.ctl"})
    [taken] = bureau.land(feed)
    assert taken["reason"] == "manifest_disagrees"
    assert f"bytes 1 said, {len(ROWS)} found" in taken["message"]
    assert bureau.content(taken) == ROWS.encode()


def test_a_file_that_changes_while_it_is_fetched_is_left(bureau: Bureau, out: Path, declare, monkeypatch) -> None:
    touch(out / "a.csv", ROWS)
    feed, get = declare(), paramiko.SFTPClient.get

    def then_grows(self: paramiko.SFTPClient, remote: str, local: str) -> None:
        get(self, remote, local)
        touch(out / "a.csv", ROWS + "2,30\n")

    with monkeypatch.context() as patched:
        patched.setattr(paramiko.SFTPClient, "get", then_grows)
        assert "a.csv changed while it was fetched" in bureau.fails(feed)
    assert [row["rows_received"] for row in bureau.land(feed)] == [2]


def test_one_file_that_breaks_off_does_not_undo_those_before_it(bureau: Bureau, out: Path, declare, monkeypatch) -> None:
    for name in ("a.csv", "b.csv"):
        touch(out / name, f"{ROWS}{name},1\n")
    get = paramiko.SFTPClient.get

    def breaks(self: paramiko.SFTPClient, remote: str, local: str) -> None:
        if remote.endswith("b.csv"):
            Path(local).write_bytes(b"half")
            raise EOFError("the line is dead")
        get(self, remote, local)

    feed = declare()
    with monkeypatch.context() as patched:
        patched.setattr(paramiko.SFTPClient, "get", breaks)
        with pytest.raises(TransportFailed, match="EOFError: the line is dead"):
            bureau.land(feed)
    assert [name for name, _ in bureau.listed()] == ["a.csv"]
    assert [row["source_name"] for row in bureau.land(feed)] == ["b.csv"]
    assert bureau.spooled() == []


def test_a_server_with_another_host_key_is_told_no_password(bureau: Bureau, sftp_server: FileServer, declare) -> None:
    before = sftp_server.logins
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    assert "BadHostKeyException" in bureau.fails(declare(sftp_server.address(host_key=other)))
    nothing = sftp_server.address().partition("?")[0]
    assert "its host key is not known" in bureau.fails(declare(nothing))
    assert sftp_server.logins == before


def test_a_known_hosts_file_names_the_server(bureau: Bureau, sftp_server: FileServer, out: Path, declare,
                                             tmp_path: Path) -> None:
    touch(out / "a.csv", ROWS)
    kind, key = sftp_server.host_key.split()[:2]
    hosts = touch(tmp_path / "known_hosts", f"[127.0.0.1]:{sftp_server.port} {kind} {key}\n")
    address = f"{sftp_server.address().partition('?')[0]}?known_hosts={quote(str(hosts), safe='')}"
    assert len(bureau.land(declare(address))) == 1


def test_our_own_key_signs_us_in(bureau: Bureau, sftp_server: FileServer, out: Path, declare, tmp_path: Path) -> None:
    touch(out / "a.csv", ROWS)
    ours = sftp_server.client_key.export_private_key().decode()
    key = touch(tmp_path / "key", ours)
    without = f"sftp://bureau@127.0.0.1:{sftp_server.port}/?host_key={quote(sftp_server.host_key, safe='')}"
    assert len(bureau.land(declare(f"{without}&private_key_file={quote(str(key), safe='')}"))) == 1
    touch(out / "b.csv", ROWS + "2,1\n")
    assert len(bureau.land(declare(f"{without}&private_key={quote(ours, safe='')}"))) == 1


def test_wrong_password_no_folder_and_a_server_that_is_down_are_told_without_secrets(
        bureau: Bureau, sftp_server: FileServer, declare) -> None:
    told = [bureau.fails(declare(sftp_server.address(password=SECRET + "x"))), bureau.fails(declare(folder="/no/such")),
            bureau.fails(declare(sftp_server.address().replace(f":{sftp_server.port}", f":{free_port()}")))]
    for said, part in zip(told, ("AuthenticationException", "FileNotFoundError", "NoValidConnectionsError"), strict=True):
        assert part in said
        assert "connection sender_" in said
        assert SECRET not in said
        assert quote(SECRET, safe="") not in said


def test_two_at_once_do_not_fetch_the_same_feed(bureau: Bureau, out: Path, declare) -> None:
    touch(out / "a.csv", ROWS)
    feed = declare()
    first = sftp.arrivals(bureau.home, feed, LATER)
    next(first)
    assert "another process fetches this feed" in bureau.fails(feed)
    first.close()
    assert len(bureau.land(feed)) == 1
    assert os.listdir(bureau.home.home / "spool" / bureau.name) == [".lock"]

"""The command `land` as a person and a schedule type it: what fails, what is handed over, and what a kill leaves behind."""
from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from jobs import __main__ as door
from jobs.declarations.settings import ROOT, Settings
from jobs.stages.failures import OUTSIDE, WRONG
from jobs.stores import database
from jobs.stores.embedded import free_port
from jobs.stores.ledger import Ledger
from jobs.stores.objects import objects, raw_key
from tests.standing import asked
from tests.transports.api import Api
from tests.transports.conftest import SECRET, touch
from tests.transports.files import FileServer

LIKE = "market_farming_registry"
ROWS = "company_name\n甲公司\n"
WAITS = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query ilike :query"
HTTP = {"kind": "http", "connection": "api", "path": "/penalties", "items": "data.records", "rate_limit_per_second": 1000,
        "paging": {"by": "cursor", "parameter": "cursor", "next": "data.at", "more": "data.more", "continues": True},
        "page_size": {"parameter": "size", "items": 3}, "retries": 0, "timeout_seconds": 60}


@dataclass
class Office:
    """A home with a configuration of its own, and the environment in which its commands run."""

    home: Settings
    config: Path
    environment: dict[str, str] = field(default_factory=dict)

    def declare(self, name: str, **changed: Any) -> None:
        """A feed like one of ours, with another transport."""
        like = yaml.safe_load((ROOT / "config" / "feeds" / f"{LIKE}.yml").read_text(encoding="utf-8"))
        text = yaml.safe_dump({**like, "feed": name, **changed}, allow_unicode=True, sort_keys=False)
        touch(self.config / "feeds" / f"{name}.yml", text)

    def told(self) -> dict[str, str]:
        return {"CREDIT_HOME": str(self.home.home), "CREDIT_CONFIG": str(self.config),
                "CREDIT_DATABASE_URL": self.home.database_url.get_secret_value(), **self.environment}

    @contextmanager
    def typed(self, *words: str) -> Iterator[subprocess.Popen]:
        """The command as a process of its own; it is gone afterwards."""
        process = subprocess.Popen([sys.executable, "-m", "jobs", *words], cwd=ROOT, env=os.environ | self.told(),
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def deliveries(self, feed: str) -> list[dict[str, Any]]:
        return asked(self.home, "select * from ledger.deliveries where feed = :feed order by received_at", feed=feed)


@pytest.fixture
def office(new_home: Callable[..., Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    for part in ("config", "expectations"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return Office(new_home(), tmp_path / "config")


@pytest.fixture
def types(office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Types a command in this process; its exit code."""
    def typed(*words: str) -> int:
        for name, value in office.told().items():
            monkeypatch.setenv(name, value)
        return door.main(list(words))
    return typed


def front_end(office: Office) -> str:
    """Our own database, as if it were a sender's."""
    return database.url(office.home).set(drivername="postgresql").render_as_string(hide_password=False)


def until(seen: Callable[[], Any], process: subprocess.Popen) -> None:
    end = time.monotonic() + 60
    while not seen():
        assert process.poll() is None, process.stdout.read().decode()[-3000:]
        assert time.monotonic() < end, "not seen in time"
        time.sleep(0.01)


# ---- what fails

def test_one_transport_that_fails_does_not_stop_the_others(office: Office, types, sftp_server: FileServer, api: Api,
                                                           capsys: pytest.CaptureFixture[str]) -> None:
    office.environment = {"CREDIT_CONNECTION_FILES": sftp_server.address(password="wrong-" + SECRET),
                          "CREDIT_CONNECTION_API": f"http://u:{SECRET[:7]}x@127.0.0.1:{free_port()}",
                          "CREDIT_CONNECTION_TABLES": f"postgresql://u:{SECRET[:7]}y@127.0.0.1:{free_port()}/front"}
    office.declare("a_files", transport={"kind": "sftp", "connection": "files", "folder": "/"})
    office.declare("b_pages", transport=HTTP)
    office.declare("c_tables", transport={"kind": "database", "connection": "tables", "dialect": "postgresql", "table": "t",
                                          "key": ["id"]})
    office.declare("d_store", transport={"kind": "bucket", "connection": "not_said", "bucket": "b"})
    touch(office.home.home / "inbox" / LIKE / "a.csv", ROWS)
    assert types("land") == OUTSIDE
    told = capsys.readouterr()
    assert [row["source_name"] for row in office.deliveries(LIKE)] == ["a.csv"]
    assert "4 feeds could not be asked" in told.out
    for part in ("a_files: connection files (sftp://127.0.0.1", "AuthenticationException", "b_pages: connection api (http://",
                 "ConnectError", "c_tables: connection tables (postgresql://", "owner: 区市场监督管理局 信用监管科",
                 "d_store: connection not_said is not known: set the variable CREDIT_CONNECTION_NOT_SAID"):
        assert part in told.err
    for text in (told.out, told.err):
        assert [word for word in ("wrong-", SECRET, SECRET[:7], "wrong-s3cret") if word in text] == []
        assert "Traceback" not in text


@pytest.mark.parametrize("address", [f"no-uri-but-{SECRET[:6]}", f"sftp://u:{SECRET[:6]}@h:port-{SECRET[:6]}/",
                                     f"{SECRET[:6]}://u@h", f"http://u:{SECRET[:6]}@h"])
def test_an_address_that_is_none_is_told_without_quoting_it(office: Office, types, capsys, address: str) -> None:
    office.environment = {"CREDIT_CONNECTION_FILES": address}
    office.declare("a_files", transport={"kind": "sftp", "connection": "files", "folder": "/"})
    assert types("land", "--feed", "a_files") == OUTSIDE
    told = "".join(capsys.readouterr())
    assert "CREDIT_CONNECTION_FILES is not SCHEME://USER:PASSWORD@HOST:PORT with scheme sftp" in told
    assert SECRET[:6] not in told


# ---- what is handed over

def test_a_file_that_people_hand_over_wants_name_and_reason(office: Office, types, capsys, tmp_path: Path) -> None:
    office.declare("by_hand", transport={"kind": "upload"})
    file = touch(tmp_path / "a_20261119.csv", ROWS)
    assert types("land", "--feed", "by_hand", str(file)) == WRONG
    assert "by_hand is handed over by people: say who and why with --by NAME --because REASON" in capsys.readouterr().err
    assert types("land", "--feed", "by_hand", str(file), "--by", "李科") == WRONG
    for _ in range(2):  # the same bytes again are the same delivery, and its first hands stand
        assert types("land", "--feed", "by_hand", str(file), "--by", "李科", "--because", "专线中断，光盘报送") == 0
    [delivery] = office.deliveries("by_hand")
    [entry] = asked(office.home, "select actor, action, subject, detail from ledger.audit_log")
    assert entry == {"actor": "person:李科", "action": "upload", "subject": delivery["delivery_id"],
                     "detail": {"feed": "by_hand", "file": "a_20261119.csv", "because": "专线中断，光盘报送"}}
    assert types("land", "--feed", "by_hand") == 0
    assert "nothing new" in capsys.readouterr().out


# ---- what a kill leaves behind

def test_a_kill_between_two_pages_loses_and_doubles_none(office: Office, types, api: Api) -> None:
    api.items = [{"document_no": f"{number}号"} for number in range(1, 11)]
    hangs = threading.Event()
    api.before = lambda number: hangs.wait(60) and None if number == 3 else None
    office.environment = {"CREDIT_CONNECTION_API": api.address}
    for name in ("killed", "unharmed"):
        office.declare(name, transport=HTTP)
    with office.typed("land", "--feed", "killed") as process:
        until(lambda: len(api.asked) == 3, process)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    hangs.set()
    assert office.deliveries("killed") == []
    assert types("land", "--feed", "killed") == 0
    assert [one.get("cursor") for one in api.asked] == [None, "3", "6", "6", "9"]
    assert types("land", "--feed", "unharmed") == 0
    [killed], [unharmed] = office.deliveries("killed"), office.deliveries("unharmed")
    assert killed["object_sha256"] == unharmed["object_sha256"]
    assert types("land", "--feed", "killed") == 0
    assert len(office.deliveries("killed")) == 1


def test_a_kill_before_the_commit_loses_and_doubles_no_row(office: Office, types) -> None:
    """The process waits to write the mark, its delivery written and not committed, and dies there."""
    with database.engine(office.home).begin() as connection:
        connection.exec_driver_sql("create schema front; create table front.penalties as "
                                   "select n as company_name, n as changed_at from generate_series(1, 5) n")
    office.environment = {"CREDIT_CONNECTION_TABLES": front_end(office)}
    office.declare("killed", transport={
        "kind": "database", "connection": "tables", "dialect": "postgresql", "table": "front.penalties",
        "watermark": "changed_at", "key": ["company_name"]})
    with database.engine(office.home).connect() as rival, office.typed("land", "--feed", "killed") as process:
        ledger = Ledger(rival)
        ledger.add("deliveries", [{"delivery_id": "rival", "feed": "killed", "covers": "2026-01-01", "source_name": "x",
                                   "received_at": "2026-01-01T00:00:00Z", "object_sha256": "x", "delivery_status": "received"}])
        ledger.add("transport_marks", [{"feed": "killed", "transport": "database", "key": "000000001", "mark": {},
                                        "delivery_id": "rival", "received_at": "2026-01-01T00:00:00Z"}])
        until(lambda: asked(office.home, WAITS, query="%transport_marks%"), process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        rival.rollback()
    assert office.deliveries("killed") == []
    assert [path.suffix for path in (office.home.home / "spool" / "killed").glob("*.csv")] == [".csv"]
    for _ in range(2):
        assert types("land", "--feed", "killed") == 0
    [delivery] = office.deliveries("killed")
    with objects(office.home).open(raw_key(delivery["object_sha256"])) as file:
        assert re.findall(rb"^\d", file.read(), re.MULTILINE) == [b"1", b"2", b"3", b"4", b"5"]
    assert list((office.home.home / "spool" / "killed").glob("*.csv")) == []


def test_who_was_slower_takes_nothing(office: Office, types, capsys) -> None:
    """Another machine, whose spool is its own, moved the mark while this one was reading."""
    with database.engine(office.home).begin() as connection:
        connection.exec_driver_sql("create table front_rows as select 1 as company_name, 1 as changed_at")
    office.environment = {"CREDIT_CONNECTION_TABLES": front_end(office)}
    office.declare("raced", transport={"kind": "database", "connection": "tables", "dialect": "postgresql",
                                       "table": "front_rows", "watermark": "changed_at", "key": ["company_name"]})
    with database.engine(office.home).connect() as rival, office.typed("land", "--feed", "raced") as process:
        ledger = Ledger(rival)
        ledger.add("deliveries", [{"delivery_id": "rival", "feed": "raced", "covers": "2026-01-01", "source_name": "x",
                                   "received_at": "2026-01-01T00:00:00Z", "object_sha256": "x", "delivery_status": "received"}])
        ledger.add("transport_marks", [{"feed": "raced", "transport": "database", "key": "000000001", "mark": {},
                                        "delivery_id": "rival", "received_at": "2026-01-01T00:00:00Z"}])
        until(lambda: asked(office.home, WAITS, query="%transport_marks%"), process)
        rival.commit()
        said = process.communicate(timeout=60)[0].decode()
        assert process.returncode == 0
    assert "another process took it" in said
    assert [row["delivery_id"] for row in office.deliveries("raced")] == ["rival"]

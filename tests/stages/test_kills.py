"""Four real SIGKILLs of the real commands, one after the other in one home: land, the driver, the JVM, the publishing client.

Each command is typed as a person types it and killed at a moment seen in the database: in the middle of what it was doing. The
next command finds what the killed one left, does it again and goes further, until it is killed in turn; the last one makes the
release. Meanwhile a repeatable-read reader keeps its release, and a new one sees no other. The machine is one in New York that
works with three partitions, and the release is that of a village where nothing was killed, in UTC and with four.
"""
from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
import sqlalchemy as sa

from jobs.declarations import Declarations
from jobs.declarations.settings import ROOT, Settings
from jobs.stages.failures import OUTSIDE
from jobs.stages.land import delivery_id
from jobs.stores import database
from jobs.stores.lake import opened
from jobs.stores.ledger import Ledger
from jobs.stores.objects import raw_key
from jobs.stores.transports import arrivals
from tests.homes import belongs
from tests.released import AS_OF, KNOWN_AT
from tests.standing import asked, reading, releases, served, standing
from tests.two_nights import BRINGS, FIRST

NOT_TOLD = BRINGS[1]  # the feed at whose file land is killed
NIGHT = ("night", "--as-of", AS_OF.isoformat(), "--known-at", KNOWN_AT.isoformat())
NEW_YORK = {"TZ": "America/New_York", "CREDIT_SPARK__SHUFFLE_PARTITIONS": "3", "CREDIT_SPARK__DRIVER_MEMORY": "1g"}
WAITS = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query ilike :query"
WRITTEN = "select metadata_location as at from iceberg_tables where table_namespace || '.' || table_name = :name"
PASSED = """select count(*) as n from ledger.runs join ledger.run_results using (run_id)
  where stage = :stage and as_of = :as_of and run_status = 'passed'"""
TAKEN = "select feed from ledger.deliveries where received_at > :first order by feed, covers"
LOCKED = """select 1 from pg_locks where locktype = 'advisory'
  and database = (select oid from pg_database where datname = current_database())"""
BEGUN = "select count(*) as n from ledger.runs where stage = :stage and as_of = :as_of"


@pytest.fixture
def home(new_home, old) -> Iterator[Settings]:
    """A home that is at the same time that of other processes, which call its lake `lake`."""
    one = new_home(old[0])
    catalog = opened(one).catalog
    belongs(one, "lake")
    yield one
    belongs(one, catalog)


@contextmanager
def typed(home: Settings, log: Path, *words: str) -> Iterator[subprocess.Popen]:
    """The command as a process of its own; it is gone afterwards, and nothing of it holds a connection."""
    told = {"CREDIT_HOME": str(home.home), "CREDIT_DATABASE_URL": home.database_url.get_secret_value(),
            "CREDIT_SPARK__WAREHOUSE": home.warehouse, **NEW_YORK}
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen([sys.executable, "-m", "jobs", *words], cwd=ROOT, env=os.environ | told,
                                   stdout=output, stderr=output)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def until(seen: Callable[[], Any], process: subprocess.Popen, log: Path, seconds: float = 900) -> None:
    """Watches; fails where the process ends, or the time does, before it is seen."""
    end = time.monotonic() + seconds
    while not seen():
        assert process.poll() is None, f"ended with {process.returncode} too early:\n{log.read_text(encoding='utf-8')[-3000:]}"
        assert time.monotonic() < end, f"not seen in {seconds} s:\n{log.read_text(encoding='utf-8')[-3000:]}"
        time.sleep(0.01)


def java_of(process: subprocess.Popen) -> psutil.Process:
    [java] = [one for one in psutil.Process(process.pid).children(recursive=True) if one.name() == "java"]
    return java


def untold(home: Settings, declared: Declarations) -> dict[str, Any]:
    """The ledger's row of the file at which land is killed."""
    [file] = [one for one in arrivals(home, declared.feeds[NOT_TOLD], KNOWN_AT) if one.covers == AS_OF]
    sha256 = hashlib.sha256(file.path.read_bytes()).hexdigest()
    return {"delivery_id": delivery_id(file, sha256), "feed": file.feed, "covers": file.covers, "received_at": file.received_at,
            "object_sha256": sha256, "source_name": file.path.name, "delivery_status": "received"}


def kill_land(home: Settings, log: Path, row: dict[str, Any]) -> None:
    """Killed between two files: one is in the ledger, the bytes of the next are kept and nobody knows of it yet."""
    with database.engine(home).connect() as rival, typed(home, log, "land") as process:
        Ledger(rival).add("deliveries", [row])  # not committed: who adds the same delivery waits
        until(lambda: asked(home, WAITS, query="%ledger.deliveries%"), process, log)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        rival.rollback()
    assert [one["feed"] for one in asked(home, TAKEN, first=FIRST[1])] == [BRINGS[0]]
    assert (home.home / "objects" / raw_key(row["object_sha256"])).exists()


def kill_when_written(home: Settings, log: Path, table: str, victim: Callable[[subprocess.Popen], Any]) -> int:
    """Killed as soon as this table of the lake has changed; what the process that was typed ended with."""
    before = asked(home, WRITTEN, name=table)
    with typed(home, log, *NIGHT) as process:
        until(lambda: asked(home, WRITTEN, name=table) != before, process, log)
        java = java_of(process)
        victim(process).send_signal(signal.SIGKILL)
        ended = process.wait(timeout=300)
        java.wait(timeout=300)
    return ended


def kill_publisher(home: Settings, log: Path) -> None:
    """Killed in the open transaction of the publication, at its last write, the release row."""
    with database.engine(home).connect() as rival, typed(home, log, *NIGHT) as process:
        rival.execute(sa.text("lock table credit.releases in share mode"))
        until(lambda: asked(home, WAITS, query="%insert into credit.releases%"), process, log)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        rival.rollback()


def settled(home: Settings) -> None:
    """The killed process's last statement has come to its end on the server, and with it its lock and its transaction."""
    end = time.monotonic() + 300
    while asked(home, LOCKED):
        assert time.monotonic() < end, "the lock of a killed process is still held"
        time.sleep(0.05)


def counted(home: Settings, sql: str, stage: str) -> int:
    return asked(home, sql, stage=stage, as_of=AS_OF)[0]["n"]


def test_four_kills_and_one_release(home, true, declared, tmp_path):
    shown = served(home)
    with reading(home) as reader:
        def undisturbed(killed: str) -> None:
            settled(home)
            assert releases(home) == true.releases[:1], killed
            assert served(home) == shown, killed
            assert reader.sees() == reader.first, killed

        kill_land(home, tmp_path / "land", untold(home, declared))
        undisturbed("land")
        with typed(home, tmp_path / "land again", "land") as process:
            assert process.wait(timeout=900) == 0

        assert kill_when_written(home, tmp_path / "driver", "facts.penalty", lambda process: process) == -signal.SIGKILL
        undisturbed("driver")
        assert (counted(home, BEGUN, "standardise"), counted(home, PASSED, "standardise")) == (1, 0)

        assert kill_when_written(home, tmp_path / "jvm", "credit.names", java_of) == OUTSIDE
        undisturbed("jvm")
        assert (counted(home, BEGUN, "standardise"), counted(home, PASSED, "standardise")) == (2, 1)
        assert (counted(home, BEGUN, "match"), counted(home, PASSED, "match")) == (1, 0)

        kill_publisher(home, tmp_path / "publisher")
        undisturbed("publisher")
        assert (counted(home, BEGUN, "publish"), counted(home, PASSED, "publish")) == (1, 0)

        with typed(home, tmp_path / "again", *NIGHT) as process:
            assert process.wait(timeout=900) == 0, (tmp_path / "again").read_text(encoding="utf-8")[-3000:]
        assert reader.sees() == reader.first
    belongs(home, opened(home).catalog)
    assert standing(home) == true
    assert asked(home, "select nspname from pg_namespace where nspname like 'staging%'") == []

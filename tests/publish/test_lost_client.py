"""A process that died in the middle of a question leaves no query behind that holds what the next night replaces."""
from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import sqlalchemy as sa

from jobs.declarations.settings import Settings
from jobs.stores import database

ASKS = """
import sys, sqlalchemy as sa
from pathlib import Path
from jobs.declarations.settings import settings
from jobs.stores import database
with database.engine(settings(home=Path(sys.argv[1]))).connect() as connection:
    connection.execute(sa.text("select pg_sleep(600) as lost_client"))
"""
RUNNING = sa.text("select count(*) from pg_stat_activity where query like '%as lost_client%' and pid != pg_backend_pid()")


def within(seconds: int, found: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not found() and time.monotonic() < end:
        time.sleep(0.2)
    return found()


def test_the_query_of_a_killed_process_ends(server: Settings) -> None:
    def running() -> int:
        with database.engine(server).connect() as connection:
            return connection.scalar(RUNNING)

    process = subprocess.Popen([sys.executable, "-c", ASKS, str(server.home)])
    assert within(30, lambda: running() == 1)
    process.kill()
    process.wait()
    assert within(30, lambda: running() == 0)

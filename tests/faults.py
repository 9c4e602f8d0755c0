"""Death at any moment: the writes of the stores are counted, and the process that makes them dies before or after any of them.

A write is a call of a store that changes something: a commit that is not empty, a row of the ledger, an object, an append to the
lake or a replacement in it, whatever fills staging, the files of a release, its delta, its row, a change of views. A moment is
`before` or `after` one of them, named by what was written, so that a rerun, which finds some of it done, numbers nothing anew.
Dying is as a process dies: from that moment on every write of every thread fails too, so that no `except` or `finally` can still
tell the ledger; what was not committed is gone with its connections.
"""
from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from jobs.declarations.settings import Settings
from jobs.stores import database
from jobs.stores.lake import Lake
from jobs.stores.ledger import Ledger
from jobs.stores.objects import Folder
from jobs.stores.serving import compose, delta, files, shape, views, withdrawals
from jobs.stores.serving.staging import Staging


class Death(BaseException):
    """The process is dead; only the test that killed it hears of it."""


def named(_: Any, what: Any, *__: Any) -> str:
    return what if isinstance(what, str) else what.name


def created(lake: Lake, table: str, *_: Any) -> str | None:
    return None if lake.exists(table) else table


def added(_: Ledger, table: str, rows: list[dict[str, Any]], *__: Any, **___: Any) -> str | None:
    return f"{table} {rows[0].get('delivery_id', '')}" if rows else None


# Whose method or which module's function, and what a call of it writes; None where it would change nothing.
WRITES: list[tuple[Any, str, Callable[..., str | None]]] = [
    (Lake, "ensure", created), (Lake, "append", lambda lake, frame, table: table),
    (Lake, "replace", lambda lake, frame, table: table),
    (Ledger, "add", added), (withdrawals, "withdraw", lambda *_, event_key, **__: event_key),
    (Folder, "put", lambda folder, source, key: key),
    (Staging, "open", lambda staging: "staging"), (Staging, "close", lambda staging: "staging"), (Staging, "create_raw", named),
    (Staging, "send", lambda staging, one: one[0]), (Staging, "drop_raw", lambda staging: "raw"),
    (compose, "make_basis", lambda *_: "basis"), (compose, "write", named),
    (files, "write_table", named), (Path, "write_bytes", lambda path, _: path.name),
    (Path, "rename", lambda path, _: "the files"),
    (shape, "conform", lambda *_: "live tables"), (views, "replace", named),
    (delta, "apply", named), (delta, "add_release", lambda *_: "release"),
]


class Deaths:
    """Every moment of what is done `while it lives`; the death comes at the first moment that `chosen` chooses."""

    def __init__(self) -> None:
        self.lock, self.here = threading.Lock(), threading.local()
        self.moments: Counter[str] = Counter()
        self.chosen: Callable[[str], bool] | None = None
        self.died_at: str | None = None

    def reached(self, what: str) -> None:
        with self.lock:
            if self.died_at:
                raise Death(self.died_at)
            self.moments[what] += 1
            moment = f"{what} #{self.moments[what]}"
            if self.chosen(moment):
                self.died_at = moment
                raise Death(moment)

    def chain(self, chosen: Callable[[str], bool], settings: Settings, work: Callable[[], Any],
              after: Callable[[str], None]) -> list[str]:
        """Dies once at every chosen moment of the work, each time going on from what the last death left, until it is done."""
        died: list[str] = []
        while moment := self.until(lambda one: chosen(one) and one not in died, settings, work):
            died.append(moment)
            after(moment)
        return died

    def write(self, original: Callable[..., Any], name: str, naming: Callable[..., str | None]) -> Callable[..., Any]:
        @wraps(original)
        def written(*arguments: Any, **named: Any) -> Any:
            what = None if self.chosen is None else naming(*arguments, **named)
            if what is None:
                return original(*arguments, **named)
            told = self.here.last = f"{name} {what}".strip()
            self.reached(f"before {told}")
            result = original(*arguments, **named)
            self.reached(f"after {told}")
            return result
        return written

    def commit(self, original: Callable[..., None]) -> Callable[..., None]:
        """A commit is a write where its transaction changed something; the dead commit nothing at all."""
        @wraps(original)
        def committed(dialect: Any, connection: sa.PoolProxiedConnection) -> None:
            if self.chosen is None:
                return original(dialect, connection)
            if self.died_at:
                raise Death(self.died_at)
            if not changed(connection):
                return original(dialect, connection)
            told = f"commit, after {getattr(self.here, 'last', 'nothing')}"
            self.reached(f"before {told}")
            original(dialect, connection)
            self.reached(f"after {told}")
            return None
        return committed

    def until(self, chosen: Callable[[str], bool], settings: Settings, work: Callable[[], Any]) -> str | None:
        """The moment at which the process died that did this work; None where it did all of it and nothing was chosen."""
        self.moments.clear()
        self.chosen, self.died_at, self.here = chosen, None, threading.local()
        try:
            work()
        except Death:
            database.engine(settings).dispose()
        finally:
            self.chosen = None
        return self.died_at


def changed(pooled: sa.PoolProxiedConnection) -> bool:
    connection: psycopg.Connection = pooled.driver_connection
    if connection.info.transaction_status != psycopg.pq.TransactionStatus.INTRANS:
        return False
    return connection.execute("select pg_current_xact_id_if_assigned()").fetchone()[0] is not None


@contextmanager
def watched() -> Iterator[Deaths]:
    """The stores of this process, every write of which is a moment to die at."""
    deaths = Deaths()
    with pytest.MonkeyPatch.context() as patch:
        for owner, name, naming in WRITES:
            patch.setattr(owner, name, deaths.write(getattr(owner, name), name, naming))
        patch.setattr(PGDialect_psycopg, "do_commit", deaths.commit(PGDialect_psycopg.do_commit))
        yield deaths

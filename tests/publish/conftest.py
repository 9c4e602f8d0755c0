from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from jobs.declarations import Declarations
from jobs.declarations.settings import Settings
from jobs.stages import publish
from jobs.stages.run import hashed
from jobs.stores import database
from tests.publish.lake import KNOWN, SmallNight


@pytest.fixture
def home(new_home: Callable[..., Settings]) -> Settings:
    """An empty home of this test alone."""
    return new_home()


@pytest.fixture
def engine(home: Settings) -> Iterator[sa.Engine]:
    one = database.engine(home)
    yield one
    one.dispose()


@pytest.fixture
def connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.connect() as connection:
        yield connection


@pytest.fixture
def night(connection: sa.Connection, home: Settings, declared: Declarations) -> Callable[..., SmallNight]:
    """Makes a night of these rows; its inputs hash is that of the rows, the date and `salt`."""
    def make(rows: dict[str, list[dict[str, Any]]], as_of: date = date(2026, 11, 20), salt: str = "") -> SmallNight:
        return SmallNight(
            as_of=as_of,
            known_at=KNOWN,
            settings=home,
            declarations=declared,
            connection=connection,
            clock=lambda: KNOWN,
            run_id="publish-1",
            rows=rows,
            inputs_hash=hashed({"rows": rows, "as_of": as_of, "salt": salt}),
        )

    return make


@pytest.fixture
def release(night: Callable[..., SmallNight]) -> Callable[..., dict[str, Any]]:
    """Prepares and applies a night of these rows."""

    def make(rows: dict[str, list[dict[str, Any]]], **how: Any) -> dict[str, Any]:
        one = night(rows, **how)
        publish.prepare(one)
        return publish.apply(one)

    return make


@pytest.fixture
def consumer(engine: sa.Engine) -> Iterator[Callable[[str], psycopg.Connection]]:
    """Connects as a channel's own role."""
    opened: list[psycopg.Connection] = []

    def connect(channel: str) -> psycopg.Connection:
        address = engine.url.set(drivername="postgresql", username=f"credit_{channel}").render_as_string(hide_password=False)
        opened.append(psycopg.connect(address))
        return opened[-1]

    yield connect
    for one in opened:
        one.close()

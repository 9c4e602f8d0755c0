from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from jobs.declarations import load
from jobs.declarations.settings import ROOT, Settings, settings
from jobs.stages import publish
from jobs.stages.run import hashed
from jobs.stores import database
from tests.publish.lake import KNOWN, SmallNight

NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    one = settings(home=tmp_path_factory.mktemp("home"))
    database.up(one)
    yield one
    database.down(one)


@pytest.fixture
def engine(server: Settings) -> Iterator[sa.Engine]:
    """A database of this test alone, at the newest version."""
    name = f"test_{next(NUMBERS)}"
    database.engine(server).dispose()
    template = sa.create_engine(database.url(server).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with template.connect() as connection:
        connection.execute(sa.text(f"create database {name} template {database.DATABASE}"))
    template.dispose()
    one = sa.create_engine(database.url(server).set(database=name), connect_args={"options": "-c timezone=UTC -c datestyle=ISO"})
    yield one
    one.dispose()


@pytest.fixture
def connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.connect() as connection:
        yield connection


@pytest.fixture
def night(connection: sa.Connection, tmp_path: Path) -> Callable[..., SmallNight]:
    """Makes a night of these rows; its inputs hash is that of the rows, the date and `salt`."""
    declarations = load(ROOT / "config")

    def make(rows: dict[str, list[dict[str, Any]]], as_of: date = date(2026, 11, 20), salt: str = "") -> SmallNight:
        return SmallNight(
            as_of=as_of,
            known_at=KNOWN,
            settings=settings(home=tmp_path / "home"),
            declarations=declarations,
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

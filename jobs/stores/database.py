"""The one PostgreSQL of a home or of production: up, down, connections, and the lock that one run holds."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from jobs.declarations.settings import Settings
from jobs.stores import embedded

DATABASE = "credit"
# A query whose client died is cancelled: for hours it could hold what the next night wants to replace.
OPTIONS = "-c timezone=UTC -c datestyle=ISO -c client_connection_check_interval=2s"
LOCK = 7_312_004  # the advisory lock of the pen: whoever writes a run holds it


class Locked(Exception):
    """Another run holds the pen. Exit code 3."""


def url(settings: Settings) -> URL:
    """Where the database is; the embedded server is started when it is not running."""
    if settings.database_url is not None:
        return make_url(settings.database_url.get_secret_value()).set(drivername="postgresql+psycopg")
    return make_url(embedded.start(settings.home)).set(database=DATABASE)


@lru_cache(maxsize=8)
def engine_at(address: str) -> sa.Engine:
    return sa.create_engine(address, connect_args={"options": OPTIONS}, pool_pre_ping=True,
                            hide_parameters=True)


def engine(settings: Settings) -> sa.Engine:
    """Connections whose session zone is UTC and whose dates are ISO."""
    return engine_at(url(settings).render_as_string(hide_password=False))


def raw(connection: sa.Connection) -> psycopg.Connection:
    """The psycopg connection underneath, for COPY; it is in the same transaction."""
    return connection.connection.driver_connection  # type: ignore[return-value]


def create(settings: Settings, name: str) -> None:
    """Creates the embedded database `name` where there is none."""
    server = sa.create_engine(url(settings).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        if not connection.scalar(sa.text("select 1 from pg_database where datname = :name"), {"name": name}):
            connection.execute(sa.text(f'create database "{name}" template template0 encoding \'UTF8\''))
    server.dispose()


def drop(settings: Settings, name: str) -> None:
    """Drops a scratch database of ours, whoever is still connected."""
    server = sa.create_engine(url(settings).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.text(f'drop database if exists "{name}" with (force)'))
    server.dispose()


def migrate(settings: Settings) -> None:
    """The fixed tables are at the newest version of the migrations."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine(settings).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def up(settings: Settings) -> str:
    """The address of a database that runs, exists and is at the newest version."""
    if settings.database_url is None:
        create(settings, DATABASE)
    migrate(settings)
    return url(settings).render_as_string(hide_password=False)


def down(settings: Settings) -> bool:
    """Whether an embedded server was stopped; a database given by address is not ours to stop."""
    engine_at.cache_clear()
    return settings.database_url is None and embedded.stop(settings.home)


@contextmanager
def locked(settings: Settings) -> Iterator[sa.Connection]:
    """One connection that holds the pen: every ledger row and the publication of a run go through it."""
    with engine(settings).connect() as connection:
        if not connection.scalar(sa.text("select pg_try_advisory_lock(:key)"), {"key": LOCK}):
            raise Locked("another run holds the lock of this database: wait for it, or see `python -m jobs status`")
        connection.commit()
        try:
            yield connection
        finally:
            connection.rollback()
            connection.execute(sa.text("select pg_advisory_unlock(:key)"), {"key": LOCK})
            connection.commit()

"""The staging schema of one release: raw rows copied in, from which the served tables are composed."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa
import sqlalchemy as sa

from jobs.stores.serving import copying
from jobs.stores.serving.tables import Served

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

THREADS = 4  # tables at a time: small ones wait more than they work

Result = TypeVar("Result")


class StagingError(Exception):
    """Staging does not hold what was sent, or what it was asked for. Exit code 3."""


class Staging:
    """One unlogged schema, named by the release it is for; whoever opens it holds the pen."""

    def __init__(self, connection: sa.Connection, release_id: str) -> None:
        self.connection = connection
        self.release_id = release_id
        self.schema = schema_name(release_id)
        self.raw: dict[str, pa.Schema] = {}

    def run(self, sql: str, **values: object) -> sa.CursorResult:
        return self.connection.execute(sa.text(sql), values)

    def open(self) -> None:
        """An empty schema of this name, and no other left by a night that was killed."""
        left = self.run("select nspname from pg_namespace where nspname like 'staging\\_%'").scalars().all()
        for schema in left:
            self.run(f'drop schema "{schema}" cascade')
            self.connection.commit()  # one schema at a time, for the sake of max_locks_per_transaction
        self.run(f"create schema {self.schema}")
        self.connection.commit()

    def close(self) -> None:
        self.run(f"drop schema if exists {self.schema} cascade")
        self.connection.commit()

    def each(self, tables: Iterable[Served], work: Callable[[Staging, Served], Result]) -> dict[str, Result]:
        """The work's result for every table, several at a time, each in a transaction of a connection of its own."""

        def alone(table: Served) -> Result:
            with self.connection.engine.begin() as connection:
                connection.execute(sa.text("set local work_mem = '128MB'"))
                return work(self.on(connection), table)

        chosen = list(tables)
        with ThreadPoolExecutor(THREADS) as pool:
            return dict(zip([table.name for table in chosen], pool.map(alone, chosen), strict=True))

    def on(self, connection: sa.Connection) -> Staging:
        other = Staging(connection, self.release_id)
        other.raw = self.raw
        return other

    def load(self, frames: dict[str, DataFrame | pa.Table]) -> dict[str, int]:
        """Copies every frame into `raw_<name>`; the rows of each."""
        for name, frame in frames.items():
            self.create_raw(name, frame.schema if isinstance(frame, pa.Table) else copying.schema_of(frame))
        self.connection.commit()
        with ThreadPoolExecutor(THREADS) as pool:
            sent = dict(zip(frames, pool.map(self.send, frames.items()), strict=True))
        for name, rows in sent.items():
            self.verify(name, rows)
        self.connection.commit()
        return sent

    def create_raw(self, name: str, schema: pa.Schema) -> None:
        columns = [f'"{column.name}" {collated(copying.column_type(name, column))}' for column in schema]
        self.run(f"create unlogged table {self.schema}.raw_{name} ({', '.join(columns)})")
        self.raw[name] = schema

    def send(self, named: tuple[str, DataFrame | pa.Table]) -> int:
        name, frame = named
        address = self.connection.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        table = f"{self.schema}.raw_{name}"
        if isinstance(frame, pa.Table):
            return copying.copy(frame.to_batches(), address, table)
        return copying.copy_partitions(frame, address, table)

    def verify(self, name: str, sent: int) -> None:
        """A Spark task that was tried twice may have committed twice."""
        held = self.run(f"select count(*) from {self.schema}.raw_{name}").scalar()
        if held != sent:
            raise StagingError(f"{self.schema}.raw_{name} holds {held} rows, {sent} were sent: run the stage again")

    def drop_raw(self) -> None:
        """Leaves only what would be served, which is what the gate reads."""
        names = self.run("select tablename from pg_tables where schemaname = :schema and tablename like 'raw\\_%'",
                         schema=self.schema).scalars().all()
        for name in names:
            self.run(f'drop table {self.schema}."{name}"')
        self.connection.commit()


def schema_name(release_id: str) -> str:
    return f"staging_{release_id[:16]}"


def collated(kind: str) -> str:
    """Text in code point order, so that order and hash are the same on every server."""
    return f'{kind} collate "C"' if kind.startswith("text") else kind

"""The live tables of schema `credit`: made and widened from what staging holds, never narrowed or retyped."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from jobs.stores.serving.staging import Staging, collated
from jobs.stores.serving.tables import Served

PATIENCE = "10s"  # a change of shape waits so long for open readers, then gives up and leaves all as it was


class ShapeError(Exception):
    """A column would change its type: serving tables change by addition only. Exit code 2."""


class ReaderInTheWay(Exception):
    """A change of shape needs a moment without open readers and did not get it; nothing was changed. Exit code 3."""


@contextmanager
def changing(connection: sa.Connection) -> Iterator[None]:
    """One transaction of the owner that changes shapes, or nothing at all when a reader stays in the way."""
    connection.execute(sa.text("set local role credit_owner"))
    connection.execute(sa.text(f"set local lock_timeout = '{PATIENCE}'"))
    try:
        yield
    except sa.exc.OperationalError as error:
        connection.rollback()
        if getattr(error.orig, "sqlstate", None) != "55P03":  # lock_not_available
            raise
        raise ReaderInTheWay(f"the columns of a serving table or view change, and for {PATIENCE} a reader kept it open: "
                             "nothing was changed; run the stage again") from error
    connection.commit()


def columns(connection: sa.Connection, schema: str, table: str) -> dict[str, str]:
    """The columns of a table with their types as PostgreSQL writes them, in order; empty when there is no such table."""
    found = connection.execute(sa.text("""
        select a.attname, format_type(a.atttypid, a.atttypmod) from pg_attribute a
        join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = :schema and c.relname = :table and a.attnum > 0 and not a.attisdropped order by a.attnum"""),
        {"schema": schema, "table": table})
    return {name: kind for name, kind in found}


def conform(staging: Staging, tables: list[Served]) -> list[str]:
    """Every live table has the columns of its staged one; the statements that were needed, none on most nights."""
    connection = staging.connection
    needed: list[str] = []
    for table in (table for table in tables if table.live):
        staged = columns(connection, staging.schema, table.name)
        needed += statements(table, staged, columns(connection, "credit", table.name))
    connection.commit()
    if needed:
        with changing(connection):
            for statement in needed:
                connection.execute(sa.text(statement))
    return needed


def statements(table: Served, staged: dict[str, str], live: dict[str, str]) -> list[str]:
    for name, kind in live.items():
        if name in staged and staged[name] != kind:
            raise ShapeError(f"credit.{table.name}.{name} is {kind} and would become {staged[name]}: "
                             "serving tables change by addition only; give the column a new name, or write a migration")
    missing = {name: kind for name, kind in staged.items() if name not in live}
    if live:
        return [f'alter table credit.{table.name} add column "{name}" {collated(kind)}' for name, kind in missing.items()]
    return creation(table, staged)


def creation(table: Served, staged: dict[str, str]) -> list[str]:
    described = [f'"{name}" {collated(kind)}{constraint(name)}' for name, kind in staged.items()]
    made = [f"create table credit.{table.name} ({', '.join(described)})",
            f"grant select, insert, update, delete on credit.{table.name} to credit_loader"]
    if "enterprise_id" in staged and table.key != ("enterprise_id",):
        made.append(f"create index {table.name}_by_enterprise on credit.{table.name} (enterprise_id)")
    return made


def constraint(name: str) -> str:
    return {"row_key": " primary key", "row_hash": " not null", "rests_on": " not null"}.get(name, "")

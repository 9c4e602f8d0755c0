"""What a release changes: the difference by key and row hash, applied with the release row in one transaction."""
from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from jobs.stores.serving.compose import quoted
from jobs.stores.serving.staging import Staging
from jobs.stores.serving.tables import Served

LITTLE = 10_000  # inserted rows that autovacuum may look at in its own time


class DoubledKey(Exception):
    """Two rows of one served table bear the same key, so that no difference can be told. Exit code 3."""


@dataclass(frozen=True)
class Release:
    """What is said of a release in its one row; sequence and time of publication are the database's."""

    release_id: str
    as_of: date
    known_at: datetime
    content_hash: str
    manifest_sha256: str
    inputs: Any
    snapshots: dict[str, Any]
    supersedes: str | None = None  # of a rollback; a night's release supersedes the last one of its date


def published(connection: sa.Connection, release_id: str) -> dict[str, Any] | None:
    """The release row of this id, when there is one."""
    found = connection.execute(sa.text("select * from credit.releases where release_id = :id"), {"id": release_id})
    row = found.mappings().first()
    return dict(row) if row else None


def refuse_doubled_keys(staging: Staging, tables: list[Served]) -> None:
    for table in (table for table in tables if table.staged):
        doubled = staging.run(f"""
            select row_key, count(*) over () as keys from {staging.schema}.{table.name}
            group by row_key having count(*) > 1 order by row_key limit 1""").first()
        if doubled:
            raise DoubledKey(f"table {table.name}: {doubled.keys} keys occur more than once, the first is {doubled.row_key}; "
                             f"the key is ({', '.join(table.key)})")


def publish(staging: Staging, tables: list[Served], as_of: date, release: Callable[[], Release],
            back: bool = False) -> dict[str, dict[str, int]]:
    """One transaction: the delta, the live tables brought up to it, the release row. The changes of each table.

    `release` is asked for last, when the files it tells of are there, which are written meanwhile.
    A release of a date older than that of what is served leaves the live tables alone and has no delta, unless it is a rollback,
    which says what it supersedes (design law 8).
    """
    serve = back or as_of >= (newest(staging) or as_of)
    staging.run(f"grant usage on schema {staging.schema} to credit_loader")
    staging.run(f"grant select on all tables in schema {staging.schema} to credit_loader")
    staging.run("set local role credit_loader")
    staging.run("set local work_mem = '128MB'")
    changes = {table.name: apply(staging, table) for table in tables if table.live} if serve else {}
    add_release(staging, release(), "served" if serve else "files_only")
    staging.connection.commit()
    return changes


def newest(staging: Staging) -> date | None:
    """The date of what is served: of the last release that moved the tables, which a rollback may have set back."""
    return staging.run("""select as_of from credit.releases where release_status = 'served'
                          order by sequence desc limit 1""").scalar()


def apply(staging: Staging, table: Served) -> dict[str, int]:
    """DELETE, UPDATE, INSERT by the table's delta: row locks only, so that no reader waits.

    The delta lies in the order of its keys, so that what is inserted by it does too and no wide row is sorted.
    """
    given = {"release": staging.release_id, "name": table.name}
    live, staged = f"credit.{table.name}", f"{staging.schema}.{table.name}"
    changed = staging.run(f"""
        with difference as (
          insert into credit.release_delta (release_id, table_name, key, change, row_hash)
          select :release, :name, coalesce(s.row_key, l.row_key),
            case when l.row_key is null then 'insert' when s.row_key is null then 'delete' else 'update' end, s.row_hash
          from {staged} s full join {live} l on l.row_key = s.row_key where s.row_hash is distinct from l.row_hash
          order by 3 returning change)
        select change, count(*) from difference group by change""", **given)
    counts = dict.fromkeys(("delete", "update", "insert"), 0) | {change: rows for change, rows in changed}
    every = ["row_key", "row_hash", *table.columns]
    columns, values = quoted(every), quoted(every, "s.")
    of_delta = "d.release_id = :release and d.table_name = :name and d.change = "
    if counts["delete"]:
        staging.run(f"delete from {live} l using credit.release_delta d where {of_delta} 'delete' and l.row_key = d.key", **given)
    if counts["update"]:
        staging.run(f"""
            update {live} l set ({columns}) = row({values}) from {staged} s, credit.release_delta d
            where {of_delta} 'update' and s.row_key = d.key and l.row_key = d.key""", **given)
    if counts["insert"]:
        staging.run(f"""
            insert into {live} ({columns}) select {values} from {staged} s
            join credit.release_delta d on {of_delta} 'insert' and d.key = s.row_key""", **given)
    return counts


def add_release(staging: Staging, release: Release, status: str) -> None:
    staging.run("""
        insert into credit.releases (release_id, sequence, as_of, known_at, content_hash, release_status, supersedes,
          manifest_sha256, inputs, snapshots)
        values (:release_id, (select coalesce(max(sequence), 0) + 1 from credit.releases), :as_of, :known_at, :content_hash,
          :status, coalesce(:supersedes,
            (select release_id from credit.releases where as_of = :as_of order by sequence desc limit 1)),
          :manifest_sha256, cast(:inputs as jsonb), cast(:snapshots as jsonb))""",
        **{**release.__dict__, "inputs": json.dumps(release.inputs, sort_keys=True, default=str),
           "snapshots": json.dumps(release.snapshots, sort_keys=True)}, status=status)


def analyze(staging: Staging, tables: list[Served], changes: dict[str, dict[str, int]]) -> None:
    """Statistics where much is new, so that the first reader after a first night gets a good plan; the rest autovacuum does."""
    grown = [table for table in tables if table.name in changes and changes[table.name]["insert"] > LITTLE]
    staging.each(grown, lambda own, table: own.run(f"analyze credit.{table.name}"))

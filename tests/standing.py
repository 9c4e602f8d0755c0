"""What stands in a home: its releases, what readers see of them, and the rows of its lake that the ledger makes visible."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import Any

import psycopg
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.declarations.settings import Settings
from jobs.stores import database
from jobs.stores.lake import opened
from jobs.stores.ledger import Ledger
from tests.released import AS_OF, KNOWN_AT

TABLES = """select table_name as name from information_schema.columns
  where table_schema = 'credit' and column_name = 'row_key' order by 1"""
DIGEST = "select '{0}' as name, md5(coalesce(string_agg(row_key || row_hash, ',' order by row_key), '')) as told from credit.{0}"
# Of each delivery that was read: records of its file that no count names, and rows that have no outcome.
ACCOUNTS = """
    select d.source_name, d.rows_physical - d.rows_received - d.rows_blank - d.rows_title - d.rows_footer
             - d.rows_hidden as unread,
           d.rows_received - a.rows_facts - a.rows_rejected - a.rows_duplicate - a.rows_household
             - a.rows_natural_person as lost
    from ledger.deliveries d join ledger.admissions a using (delivery_id) where d.delivery_status = 'received'"""
SEQUENCE = "select 'releases' as name, coalesce(max(sequence), 0)::text as told from credit.releases"
DERIVED = ("events", "enterprises", "losing_values", "names", "links", "snapshot_changes")
ARRIVAL = ("run_id", "received_at")  # of a fact's columns those that say when and by which run it came, not what it says
SEEN = ("releases", "enterprises", "penalties", "permits", "events", "grades", "list_entries", "deliveries")


@dataclass(frozen=True)
class Standing:
    """Releases by date with their content, the digests of the live tables, and of the visible rows of each lake table."""

    releases: list[tuple[int, date, str]]
    served: dict[str, str]
    lake: dict[str, tuple[int, int]]


def standing(settings: Settings, as_of: date = AS_OF, known_at: datetime = KNOWN_AT) -> Standing:
    return Standing(releases(settings), served(settings), visible(settings, as_of, known_at))


def asked(settings: Settings, sql: str, **given: Any) -> list[dict[str, Any]]:
    with database.engine(settings).connect() as connection:
        return Ledger(connection).rows(sql, **given)


def releases(settings: Settings) -> list[tuple[int, date, str]]:
    found = asked(settings, "select sequence, as_of, content_hash from credit.releases order by sequence")
    return [tuple(row.values()) for row in found]


def served(settings: Settings) -> dict[str, str]:
    """The number of the newest release and the digest of every live table, as one statement of a new reader sees them."""
    tables = [row["name"] for row in asked(settings, TABLES)]
    return {row["name"]: row["told"] for row in asked(settings, " union all ".join([SEQUENCE, *map(DIGEST.format, tables)]))}


def visible(settings: Settings, as_of: date, known_at: datetime) -> dict[str, tuple[int, int]]:
    """Of each lake table how many rows, and a sum of their hashes: facts by the admissions known then, whichever run wrote them,
    derived tables at the snapshots of the newest release."""
    with database.engine(settings).connect() as connection:
        ledger = Ledger(connection)
        admissions = ledger.admitted(as_of, known_at)
        snapshots = ledger.rows("select snapshots from credit.releases order by sequence desc limit 1")[0]["snapshots"]
    lake = opened(settings)
    pairs = [(row["delivery_id"], row["run_id"]) for row in admissions]
    appended = [*sorted({f"facts.{row['category']}" for row in admissions}), "rejects", "flaws"]
    frames = {table: lake.admitted(table, pairs).drop("run_id") for table in appended}
    frames |= {table: lake.read(table, snapshot) for table, snapshot in snapshots.items()}
    return summed(frames)


def contents(settings: Settings, snapshots: dict[str, int], as_of: date = AS_OF,
             known_at: datetime = KNOWN_AT) -> dict[str, tuple[int, int]]:
    """Of the admitted facts of each category and of each table derived from them the number of rows and a sum of their hashes:
    what they say, whenever and in whatever order it came."""
    with database.engine(settings).connect() as connection:
        admissions = Ledger(connection).admitted(as_of, known_at)
    lake, pairs = opened(settings), [(row["delivery_id"], row["run_id"]) for row in admissions]
    facts = sorted({f"facts.{row['category']}" for row in admissions})
    frames = {table: lake.admitted(table, pairs).drop(*ARRIVAL) for table in facts}
    return summed(frames | {table: lake.read(table, snapshots[table]) for table in DERIVED})


def summed(frames: dict[str, DataFrame]) -> dict[str, tuple[int, int]]:
    told = reduce(DataFrame.unionByName, (hashed(table, frame) for table, frame in frames.items()))
    counted = told.groupBy("name").agg(F.count("*").alias("rows"), F.sum("hash").alias("hash")).collect()
    found = {row["name"]: (row["rows"], int(row["hash"])) for row in counted}
    return {table: found.get(table, (0, 0)) for table in frames}


def hashed(table: str, frame: DataFrame) -> DataFrame:
    row = F.to_json(F.struct(*sorted(frame.columns)))
    return frame.select(F.lit(table).alias("name"), F.xxhash64(row).cast("decimal(38,0)").alias("hash"))


# ---- a reader that stays

@dataclass(frozen=True)
class Reader:
    """A consumer in one repeatable-read transaction; `first` is what it saw when it began."""

    connection: psycopg.Connection
    first: list[tuple[Any, ...]]

    def sees(self) -> list[tuple[Any, ...]]:
        return look(self.connection)


def look(connection: psycopg.Connection) -> list[tuple[Any, ...]]:
    statements = [f"select '{name}', count(*), md5(string_agg(v::text, ',' order by v::text)) from {name} v" for name in SEEN]
    return connection.execute(" union all ".join(statements)).fetchall()


@contextmanager
def reading(settings: Settings, channel: str = "audit") -> Iterator[Reader]:
    """A reader whose transaction is open from now on."""
    address = database.url(settings).set(drivername="postgresql", username=f"credit_{channel}")
    with psycopg.connect(address.render_as_string(hide_password=False)) as connection:
        assert connection.execute("show transaction_isolation").fetchone() == ("repeatable read",)
        yield Reader(connection, look(connection))

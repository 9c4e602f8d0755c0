"""A front-end database through SQLAlchemy: a table or query as one CSV, whole or from the last watermark on."""
from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from jobs.declarations.feeds import Feed
from jobs.declarations.settings import Settings
from jobs.declarations.transports import DatabaseTransport
from jobs.stores.transports import marks
from jobs.stores.transports.arrival import Arrival, day_of
from jobs.stores.transports.connections import Connection, address_of, connection, reaching
from jobs.stores.transports.spool import empty, spool, until_landed, writing

FAULTS = (sa.exc.SQLAlchemyError, OSError, ValueError)
BATCH = 2_000
CONNECTS_IN = 10  # seconds
SCHEMES = {"postgresql": ("postgresql", "postgres"), "mysql": ("mysql",)}
DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
# Read only, and in the zone of our dates: a moment is written as the sender's people read it.
ARGUMENTS = {
    "postgresql": {"connect_timeout": CONNECTS_IN, "options": "-c default_transaction_read_only=on -c timezone=Asia/Shanghai"},
    "mysql": {"connect_timeout": CONNECTS_IN, "init_command": "set session time_zone = '+08:00'"}}
KINDS: dict[str, Any] = {"datetime": datetime.fromisoformat, "date": date.fromisoformat, "int": int, "Decimal": Decimal,
                         "str": str}


def engine(declared: DatabaseTransport, where: Connection) -> sa.Engine:
    """One connection at a time, every transaction on one snapshot of the sender's data."""
    url = sa.make_url(address_of(where.name)).set(drivername=DRIVERS[declared.dialect])
    made = sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True, isolation_level="REPEATABLE READ",
                            connect_args=ARGUMENTS[declared.dialect])
    if declared.dialect == "mysql":
        sa.event.listen(made, "connect", read_only)
    return made


def read_only(connection: Any, _: Any) -> None:
    """MySQL takes no such option at the start of a session."""
    with connection.cursor() as cursor:
        cursor.execute("set session transaction read only")


# ---- what is asked

def source(declared: DatabaseTransport) -> sa.FromClause:
    """The declared table, or the declared query as one."""
    if declared.query is not None:
        return sa.text("(" + declared.query.strip().rstrip(";").replace(":", r"\:") + ") as source")
    schema, _, name = declared.table.rpartition(".")
    return sa.table(name, schema=schema or None)


def newest(declared: DatabaseTransport) -> sa.Select:
    return sa.select(sa.func.max(sa.column(declared.watermark))).select_from(source(declared))


def rows(declared: DatabaseTransport, last: Any, upto: Any) -> sa.Select:
    """The rows from the last watermark to the newest, both included, as either may have ties; those without one come along."""
    columns = [sa.column(name) for name in declared.columns] or [sa.text("*")]
    asked = sa.select(*columns).select_from(source(declared))
    keys = [sa.column(name) for name in declared.key]
    if declared.watermark is None:
        return asked.order_by(*keys)
    mark = sa.column(declared.watermark)
    within = [mark <= upto] if upto is not None else [sa.false()]
    within += [mark >= last] if last is not None else []
    return asked.where(sa.or_(sa.and_(*within), mark.is_(None))).order_by(mark.is_(None), mark, *keys)


# ---- how far was read

def told(value: Any) -> dict[str, str] | None:
    """A watermark as the ledger keeps it; raises ValueError where it is of no kind that orders exactly."""
    if value is None:
        return None
    kind = type(value).__name__
    if kind not in KINDS:
        raise ValueError(f"a watermark of type {kind} is not one of {', '.join(KINDS)}")
    return {"type": kind, "value": value.isoformat() if isinstance(value, date) else str(value)}


def meant(kept: dict[str, str] | None) -> Any:
    return KINDS[kept["type"]](kept["value"]) if kept else None


# ---- what is written

def cell(value: Any) -> str:
    """A value as text that is the same for the same value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, time)):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)


def line(cells: list[str]) -> str:
    into = io.StringIO()
    csv.writer(into, lineterminator="\n").writerow(cells)
    return into.getvalue()


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def write(found: sa.CursorResult, declared: DatabaseTransport, into: Path, known: set[str], upto: Any) -> tuple[int, set[str]]:
    """The rows not `known`, as CSV; how many, and the digests of those that a later reading will meet again.

    A later reading begins at this newest watermark, because rows may still come that bear it, and meets rows without any.
    """
    names = list(found.keys())
    place = names.index(declared.watermark) if declared.watermark else None
    count, again = 0, set()
    with into.open("w", encoding="utf-8", newline="") as file:
        file.write(line(names))
        for row in found:
            text = line([cell(value) for value in row])
            if place is not None and row[place] in (None, upto):
                again.add(digest(text))
            if not known or digest(text) not in known:
                file.write(text)
                count += 1
    return count, again


def fetch(declared: DatabaseTransport, where: Connection, before: dict[str, Any], path: Path) -> tuple[int, dict[str, Any]]:
    """The CSV of what is new since that mark, how many rows it has, and what the next mark says."""
    last, known = meant(before.get("watermark")), set(before.get("ties", []))
    with engine(declared, where).connect().execution_options(stream_results=True, yield_per=BATCH) as sender:
        upto = sender.scalar(newest(declared)) if declared.watermark else None
        found = sender.execute(rows(declared, last, upto))
        with writing(path) as part:
            count, again = write(found, declared, part, known, upto)
    return count, {"watermark": told(upto), "ties": sorted(again), "rows": count}


def arrivals(settings: Settings, feed: Feed, now: datetime) -> Iterator[Arrival]:
    """One CSV of what is new; of a feed without watermark, of all there is."""
    declared, day = feed.transport, day_of(now)
    where = connection(declared.connection, *SCHEMES[declared.dialect])
    with spool(settings, feed) as folder, until_landed(folder / f"{feed.feed}_{day:%Y%m%d}.csv") as path:
        empty(folder)
        number, before = marks.last(settings, feed)
        with reaching(where, *FAULTS):
            count, mark = fetch(declared, where, before, path)
        if count or declared.watermark is None:
            yield Arrival(feed.feed, path, day, now, mark=marks.following(number, mark))

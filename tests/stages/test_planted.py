"""Personal data planted in every column of every feed is in nothing that a night leaves, raw objects and their rows apart."""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from jobs.answers.explain import explain
from jobs.declarations import Declarations
from jobs.declarations.settings import Settings
from jobs.stores import database
from tests.released import Released, released

TOKEN = re.compile(r"k1:match:[0-9a-f]{64}")

WITHIN = ("warehouse", "releases", "postgres")  # of a home; objects/ and inbox/ hold what was received
PAGES = (".html", ".json", ".log", "log")


@pytest.fixture(scope="module")
def village(new_home: Callable[..., Settings], declared: Declarations) -> Released:
    """A village of every feed that is declared, in every format, after its night."""
    return released(new_home(person_key="k1:a-secret-of-the-tests-only"), declared, only=())


def found(planted: list[str], text: str) -> list[str]:
    return [value for value in planted if value in text]


def tables(village: Released) -> Iterator[tuple[str, str]]:
    """Every table of every schema of the home's database with all its rows as text."""
    names = village.rows("""
        select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema') order by 1""")
    with database.engine(village.settings).connect() as connection:
        for row in names:
            told = connection.execute(sa.text(f"select t::text from {row['name']} t")).scalars()
            yield row["name"], "\n".join(told)


def strings(path: Path) -> str:
    """All text of a Parquet file, that of lists and maps too."""
    columns = [column for column in pq.read_table(path).columns if not pa.types.is_primitive(column.type)]
    return "\n".join(str(value) for column in columns for value in column.to_pylist() if value is not None)


def files(home: Path) -> Iterator[tuple[Path, str]]:
    for folder in WITHIN:
        for path in sorted((home / folder).rglob("*")):
            if path.suffix == ".parquet":
                yield path, strings(path)
            elif path.suffix in PAGES or path.name in PAGES:
                yield path, path.read_text(encoding="utf-8", errors="replace")


@pytest.fixture(scope="module")
def planted(village: Released) -> list[str]:
    """What was planted; it is in the files as received, so that the search is known to find it."""
    objects = "".join(strings(path) for path in (village.settings.home / "objects" / "rows").rglob("*.parquet"))
    there = found(village.planted, objects)
    assert len(there) > 500
    return village.planted


def test_no_table_of_the_database_holds_any(village: Released, planted: list[str]) -> None:
    told = {name: hits for name, text in tables(village) if (hits := found(planted, text))}
    assert told == {}


def test_no_file_of_the_lake_or_the_release_holds_any(village: Released, planted: list[str]) -> None:
    seen = dict(files(village.settings.home))
    assert {path.suffix for path in seen} >= {".parquet", ".html", ".json"}
    assert {path: hits for path, text in seen.items() if (hits := found(planted, text))} == {}


def test_tokens_of_persons_are_in_facts_of_the_lake_and_nowhere_else(village: Released) -> None:
    home = village.settings.home
    holding = {path.relative_to(home).parts[:3] for path, text in files(home) if TOKEN.search(text)}
    assert {parts[0] for parts in holding} == {"warehouse"}
    assert {parts[-1] for parts in holding} == {"registration", "penalty"}, holding
    assert {name for name, text in tables(village) if TOKEN.search(text) or "a-secret-of-the-tests" in text} == set()
    facts = village.rows("""
        select fact_id from credit.links where category in ('registration', 'penalty') order by fact_id limit 40""")
    assert not TOKEN.search("".join(explain(village.settings, row["fact_id"], True) for row in facts))


def test_the_databases_own_log_holds_none(server: Settings, planted: list[str]) -> None:
    log = (server.home / "postgres" / "log").read_text(encoding="utf-8", errors="replace")
    assert log
    assert found(planted, log) == []


def test_no_explanation_holds_any(village: Released, planted: list[str]) -> None:
    facts = village.rows("select distinct on (feed) feed, fact_id from credit.links order by feed, fact_id")
    told = "".join(explain(village.settings, row["fact_id"], False) for row in facts)
    delivered = village.rows("""
        select distinct feed from credit.deliveries where delivery_status = 'admitted' and rows_facts > 0 order by feed""")
    assert [row["feed"] for row in facts] == [row["feed"] for row in delivered]
    # What is planted in a small file may break its bounds: rejects, or fill rates of the cells that it spoils.
    held = village.rows("select feed, reason from credit.deliveries where delivery_status = 'held' and rows_received > 0")
    bounds = {row["feed"] for row in held if not any(fault in row["reason"] for fault in ("header_unknown", "every row in has"))}
    assert set(village.declarations.feeds) - {row["feed"] for row in delivered} <= bounds
    assert len(delivered) >= 0.9 * len(village.declarations.feeds)
    assert found(planted, told) == []

"""A feed DAG and the night through Airflow, against the real database, lake and spark-submit; what they leave behind."""
from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from install.airflow_env import METADATA
from jobs.declarations import load
from jobs.declarations.settings import ROOT, Settings
from jobs.stages.land import land
from jobs.stores import database
from jobs.stores.objects import objects
from jobs.stores.transports import arrivals

FEED = "abnormal_list"
NIGHT, KNOWN_AT = "2026-11-20", "2026-11-20T23:00:00+08:00"
STAGES = ["standardise", "match", "assemble", "grade", "publish"]
WRONG = """
  - expectation: expect_table_row_count_to_equal
    arguments: {value: -1}
    severity: fail
    because: this test wants a gate that stops
"""
Output = str

pytestmark = pytest.mark.timeout(1500)


@pytest.fixture(scope="module")
def landed(airflow: Callable[..., Any], planted: list[str]) -> Output:
    done = airflow("dags", "test", f"feed_{FEED}")
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


@pytest.fixture(scope="module")
def night(airflow: Callable[..., Any], home: Settings, left: str, landed: Output) -> Output:
    declared, now = load(ROOT / "config"), datetime.now(UTC)
    rest = (one for name, feed in declared.feeds.items() if name != left for one in arrivals(home, feed, now))
    land(rest, declared, database.engine(home), objects(home), lambda _: None)
    return of_night(airflow, 0)


@pytest.fixture(scope="module")
def stopped(airflow: Callable[..., Any], night: Output, tmp_path_factory: pytest.TempPathFactory) -> Output:
    """The same night once more, under declarations whose gate over the links nothing can pass."""
    folder = tmp_path_factory.mktemp("declared")
    for part in ("config", "expectations"):
        shutil.copytree(ROOT / part, folder / part)
    with (folder / "expectations" / "links.yml").open("a", encoding="utf-8") as suite:
        suite.write(WRONG)
    return of_night(airflow, 1, CREDIT_CONFIG=str(folder / "config"))


def of_night(airflow: Callable[..., Any], code: int, **given: str) -> Output:
    asked = json.dumps({"as_of": NIGHT, "known_at": KNOWN_AT})
    done = airflow("dags", "test", "night", "--conf", asked, seconds=1200, **given)
    assert done.returncode == code, done.stdout[-6000:]
    return done.stdout


def rows(home: Settings, sql: str, name: str | None = None) -> list[tuple[Any, ...]]:
    engine = sa.create_engine(database.url(home).set(database=name)) if name else database.engine(home)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(sql))]


def last_run(home: Settings) -> dict[str, tuple[str, int]]:
    """State and number of tries of each task in the newest run of the night."""
    found = rows(home, """
        select task_id, state, try_number from task_instance where dag_id = 'night'
        and run_id = (select run_id from dag_run where dag_id = 'night' order by id desc limit 1)""", METADATA)
    return {task: (state, tries) for task, state, tries in found}


def records(home: Settings) -> Iterator[tuple[str, str]]:
    """Whatever Airflow keeps: each file of its home, each row of its database, as (where, what)."""
    for path in (home.home / "airflow").rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes().decode("utf-8", "replace")
    tables = "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"
    for (table,) in rows(home, tables, METADATA):
        yield from ((table, readable(row)) for row in rows(home, f'select * from "{table}"', METADATA))


def readable(row: tuple[Any, ...]) -> str:
    """Bytes as the text they hold; what PostgreSQL gives as JSON is a Python value by now, without escapes."""
    return "\t".join(bytes(value).decode("utf-8", "replace") if isinstance(value, (bytes, memoryview)) else str(value)
                     for value in row)


def test_a_feed_dag_lands_what_was_delivered(home: Settings, landed: Output) -> None:
    files = sorted(path.name for path in (home.home / "inbox" / FEED).iterdir())
    found = rows(home, f"select source_name, covers::text from ledger.deliveries where feed = '{FEED}' order by source_name")
    assert found == [(name, NIGHT) for name in files]
    assert all(f"{name}: 10 rows" in landed for name in files)


def test_every_stage_of_the_night_passed_for_one_date_and_one_cut_off(home: Settings, night: Output) -> None:
    found = rows(home, "select stage, as_of::text, known_at, run_status from ledger.runs join ledger.run_results using (run_id) "
                       f"where declarations_digest = '{load(ROOT / 'config').digest}' order by finished_at")
    assert found == [(stage, NIGHT, datetime.fromisoformat(KNOWN_AT), "passed") for stage in STAGES]


def test_the_night_ends_in_one_release_with_enterprises_of_the_registries(home: Settings, night: Output) -> None:
    assert rows(home, "select as_of::text, known_at, release_status from credit.releases") == [
        (NIGHT, datetime.fromisoformat(KNOWN_AT), "served")]
    assert rows(home, "select count(*) from credit.enterprises")[0][0] > 10


def test_a_gate_that_stops_fails_its_task_at_once_and_the_last_release_stands(home: Settings, stopped: Output) -> None:
    assert last_run(home)["match"] == ("failed", 1)
    assert [last_run(home)[stage][0] for stage in STAGES] == ["success", "failed", *["upstream_failed"] * 3]
    last = "select stage, run_status from ledger.runs join ledger.run_results using (run_id) order by finished_at desc limit 1"
    assert rows(home, last) == [("match", "stopped")]
    assert rows(home, "select release_status from credit.releases") == [("served",)]


def test_the_task_that_failed_says_what_broke_where_whose_it_is_and_how_to_rerun(stopped: Output) -> None:
    for part in ("The stage match broke with exit code 1: a gate stopped the release", "expectations/links.yml",
                 "owner         public-credit-operations", "this test wants a gate that stops",
                 f"clear this task, or type: python -m jobs match --as-of {NIGHT} --known-at {KNOWN_AT}"):
        assert part in stopped


def test_no_planted_value_is_in_what_airflow_said_and_keeps(
        home: Settings, planted: list[str], landed: Output, night: Output, stopped: Output) -> None:
    kept = [("feed", landed), ("night", night), ("stopped", stopped), *records(home)]
    assert len(planted) > 500
    for known in ("fix_times", "standardise: passed in", KNOWN_AT, f"feed_{FEED}"):  # the net does hold what is there
        assert any(known in text for _, text in kept)
    forms = {form: value for value in planted for form in (value, json.dumps(value)[1:-1])}  # as it is, and as escaped in JSON
    assert [(where, forms[form]) for where, text in kept for form in forms if form in text] == []


def test_the_list_of_import_errors_is_empty(airflow: Callable[..., Any]) -> None:
    assert airflow("dags", "reserialize").returncode == 0
    done = airflow("dags", "list-import-errors", "--output", "json")
    assert done.stdout.rstrip().endswith("[]"), done.stdout

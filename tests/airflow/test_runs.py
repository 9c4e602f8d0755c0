"""A feed DAG and the night, through Airflow, against the real database, lake and spark-submit."""
from __future__ import annotations

import csv
import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from jobs.declarations import load
from jobs.declarations.settings import ROOT, Settings
from jobs.stores import database

FEED = "market_farming_registry"
NIGHT = "2026-03-02"
EXAMPLES = load(ROOT / "config").feeds[FEED].examples

pytestmark = pytest.mark.timeout(1500)


@pytest.fixture(scope="module")
def inbox(home: Settings) -> None:
    """One delivery: the rows of the feed's own examples, received before the night."""
    folder = home.home / "inbox"
    (folder / FEED).mkdir(parents=True)
    with (folder / FEED / "day.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(EXAMPLES[0].row))
        writer.writeheader()
        writer.writerows(example.row for example in EXAMPLES)
    manifest = f"path,covers,received_at\n{FEED}/day.csv,2026-03-01,2026-03-02T18:00:00+08:00\n"
    (folder / "manifest.csv").write_text(manifest, encoding="utf-8")


@pytest.fixture(scope="module")
def landed(airflow: Callable[..., Any], inbox: None) -> str:
    done = airflow("dags", "test", f"feed_{FEED}")
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


@pytest.fixture(scope="module")
def night(airflow: Callable[..., Any], landed: str) -> str:
    done = airflow("dags", "test", "night", "--conf", json.dumps({"as_of": NIGHT}), seconds=1200)
    assert done.returncode == 0, done.stdout[-6000:]
    return done.stdout


def rows(home: Settings, sql: str) -> list[tuple[Any, ...]]:
    with database.engine(home).connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(sql))]


def test_a_feed_dag_lands_what_was_delivered(home: Settings, landed: str) -> None:
    found = rows(home, "select feed, covers::text, delivery_status, rows_received from ledger.deliveries")
    assert found == [(FEED, "2026-03-01", "received", len(EXAMPLES))]


def test_every_stage_of_the_night_passed_for_one_date_and_one_cut_off(home: Settings, night: str) -> None:
    found = rows(home, "select stage, as_of::text, run_status from ledger.runs join ledger.run_results using (run_id) "
                       "order by finished_at")
    assert found == [(stage, NIGHT, "passed") for stage in ("standardise", "match", "assemble", "grade", "publish")]
    assert len(rows(home, "select distinct known_at from ledger.runs")) == 1


def test_the_night_ends_in_one_release_with_the_enterprises_of_the_delivery(home: Settings, night: str) -> None:
    assert rows(home, "select as_of::text from credit.releases") == [(NIGHT,)]
    names = {example.gives["subject_name"] for example in EXAMPLES if example.gives}
    assert {name for (name,) in rows(home, "select name from credit.enterprises")} == names


def test_a_broken_night_says_what_broke_and_is_not_tried_again(airflow: Callable[..., Any], night: str) -> None:
    done = airflow("dags", "test", "night", "--conf", json.dumps({"known_at": "2999-01-01T00:00:00Z"}), seconds=600)
    assert done.returncode != 0
    for part in ("The stage standardise broke with exit code 2", "still to come", "owner ", "rerun "):
        assert part in done.stdout


def test_the_list_of_import_errors_is_empty(airflow: Callable[..., Any]) -> None:
    assert airflow("dags", "reserialize").returncode == 0
    done = airflow("dags", "list-import-errors", "--output", "json")
    assert done.stdout.rstrip().endswith("[]"), done.stdout

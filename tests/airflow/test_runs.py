"""A feed DAG through Airflow, against the real database."""
from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from jobs.declarations import load
from jobs.declarations.settings import ROOT, Settings
from jobs.stores import database

FEED = "market_farming_registry"
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


def rows(home: Settings, sql: str) -> list[tuple[Any, ...]]:
    with database.engine(home).connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(sql))]


def test_a_feed_dag_lands_what_was_delivered(home: Settings, landed: str) -> None:
    found = rows(home, "select feed, covers::text, delivery_status, rows_received from ledger.deliveries")
    assert found == [(FEED, "2026-03-01", "received", len(EXAMPLES))]


def test_the_list_of_import_errors_is_empty(airflow: Callable[..., Any]) -> None:
    assert airflow("dags", "reserialize").returncode == 0
    done = airflow("dags", "list-import-errors", "--output", "json")
    assert done.stdout.rstrip().endswith("[]"), done.stdout

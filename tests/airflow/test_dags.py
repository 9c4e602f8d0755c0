"""Every DAG renders, has an owner, a runbook and tags, and keeps out of Spark's way."""
from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG

from jobs.declarations import load
from jobs.declarations.settings import ROOT
from plugins.operators import SparkStage

DECLARED = load(ROOT / "config")
PARTS = ("**What it does.**", "**What can go wrong.**", "| exit code |", "**How to rerun.**", "**Where to look.**",
         "owner: ")


@pytest.fixture(scope="module")
def bag() -> DagBag:
    return DagBag(dag_folder=str(ROOT / "dags"))


@pytest.fixture(scope="module")
def night(bag: DagBag) -> DAG:
    return bag.dags["night"]


def test_every_dag_loads(bag: DagBag) -> None:
    assert bag.import_errors == {}


def test_one_dag_for_each_declared_feed_and_one_night(bag: DagBag) -> None:
    assert set(bag.dags) == {"night"} | {f"feed_{feed}" for feed in DECLARED.feeds}


def test_every_dag_and_task_has_owner_runbook_and_tags(bag: DagBag) -> None:
    for dag in bag.dags.values():
        assert dag.tags, dag.dag_id
        for page in (dag.doc_md, *(task.doc_md for task in dag.tasks)):
            assert [part for part in PARTS if part not in page] == [], dag.dag_id
        assert {task.owner for task in dag.tasks}.isdisjoint({"", "airflow"}), dag.dag_id


@pytest.mark.parametrize("feed", DECLARED.feeds.values(), ids=lambda feed: feed.feed)
def test_a_feed_lands_every_day_at_its_own_time_into_its_own_asset(bag: DagBag, feed) -> None:
    dag = bag.dags[f"feed_{feed.feed}"]
    [land] = dag.tasks
    assert (land.owner, land.arguments) == (feed.owner, ["land", "--feed", feed.feed])
    assert [asset.name for asset in land.outlets] == [f"feed/{feed.feed}"]
    assert dag.timetable.expression.split() == [*feed.schedule.split()[:2], "*", "*", "*"]
    assert str(dag.timetable.timezone) == "Asia/Shanghai"
    assert feed.deadline.time in dag.doc_md
    assert f"`{feed.schedule}`" in dag.doc_md
    assert {feed.level, feed.category} <= dag.tags


def test_a_night_is_a_chain_of_stages_on_the_same_two_times(night: DAG) -> None:
    stages = [task for task in night.topological_sort() if isinstance(task, SparkStage)]
    assert [task.task_id for task in stages] == ["standardise", "match", "assemble", "grade", "publish"]
    for task in stages:
        assert task.application_args[:2] == [task.task_id, "--as-of"]
        assert "fix_times" in task.application_args[2]
        assert task.application_args[3] == "--known-at"
        assert len(task.upstream_task_ids) == 1


def test_a_night_runs_every_calendar_day_one_at_a_time_and_never_catches_up(night: DAG) -> None:
    assert night.timetable.expression.split()[2:] == ["*", "*", "*"]
    assert (night.max_active_runs, night.catchup) == (1, False)
    assert {task.retries for task in night.tasks} == {2}


def test_lineage_leads_from_every_feed_to_the_release(night: DAG) -> None:
    written = {asset.name for task in night.tasks for asset in task.outlets}
    read = {asset.name for task in night.tasks for asset in task.inlets}
    assert {f"feed/{feed}" for feed in DECLARED.feeds} <= read
    assert read - {f"feed/{feed}" for feed in DECLARED.feeds} <= written
    assert "credit/release" in written


@pytest.mark.parametrize("path", sorted((ROOT / "dags").glob("*.py")), ids=lambda path: path.name)
def test_dags_import_plugins_and_declarations_only(path: Path) -> None:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    modules = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    ours = {module for module in modules if module.split(".")[0] in ("jobs", "plugins", "install", "pyspark")}
    assert {module for module in ours if not module.startswith(("jobs.declarations", "plugins"))} == set()


def test_parsing_the_dags_loads_no_spark() -> None:
    files = [str(path) for path in (ROOT / "dags").glob("*.py")]
    code = f"import runpy, sys; [runpy.run_path(path) for path in {files!r}]; sys.exit('pyspark' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_broken_declaration_is_an_import_error_that_names_file_and_key(tmp_path: Path, monkeypatch) -> None:
    config = tmp_path / "config"
    for path in (ROOT / "config").rglob("*.yml"):
        copy = config / path.relative_to(ROOT / "config")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    broken = sorted((config / "feeds").glob("*.yml"))[0]
    broken.write_text(broken.read_text(encoding="utf-8") + "\nshedule: '0 1 * * *'\n", encoding="utf-8")
    monkeypatch.setenv("CREDIT_CONFIG", str(config))
    errors = DagBag(dag_folder=str(ROOT / "dags" / "feeds.py")).import_errors
    assert all(broken.name in said and "shedule" in said for said in errors.values())
    assert len(errors) == 1

"""`make ui` and `make stop`: every component healthy, the printed login opens the DAGs and runs one, nothing stays behind."""
from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest

from install import ui
from install.airflow_env import environment
from jobs.declarations import load
from jobs.declarations.settings import ROOT, Settings

pytestmark = pytest.mark.timeout(1200)


def command(home: Settings, word: str) -> str:
    given = {**environment(home), "AIRFLOW_HOME": str(home.home / "airflow")}
    done = subprocess.run([sys.executable, "-m", "install.ui", word], cwd=ROOT, env=given, text=True,
                          capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def shown(home: Settings, airflow: Callable[..., Any]) -> Iterator[str]:
    try:
        yield command(home, "start")
    finally:
        command(home, "stop")


@pytest.fixture(scope="module")
def ask(shown: str) -> Callable[..., Any]:
    """Asks the REST interface at the printed address, logged in as printed."""
    address, user, password = re.search(r"Airflow: (\S+)   user (\S+), password (\S+)", shown).groups()
    token = asked(f"{address}/auth/token", "POST", {"username": user, "password": password})["access_token"]
    return lambda path, method="GET", body=None: asked(f"{address}/api/v2/{path}", method, body, token)


def asked(address: str, method: str, body: dict[str, Any] | None, token: str = "") -> Any:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(address, data, headers, method=method), timeout=60) as answer:
        return json.load(answer)


def test_the_printed_login_shows_every_dag(ask: Callable[..., Any]) -> None:
    end = time.monotonic() + 180  # healthy is sooner than read: there are as many DAGs as feeds
    while not (dags := ask("dags?limit=200")["dags"]) and time.monotonic() < end:
        time.sleep(2)
    assert {dag["dag_id"] for dag in dags} == {"night"} | {f"feed_{feed}" for feed in load(ROOT / "config").feeds}
    assert ask("importErrors")["total_entries"] == 0


def test_a_feed_switched_on_is_landed_by_the_scheduler_and_its_log_holds_no_personal_value(
        ask: Callable[..., Any], home: Settings, planted: list[str], left: str) -> None:
    ask(f"dags/feed_{left}", "PATCH", {"is_paused": False})
    end = time.monotonic() + 300
    while (runs := ask(f"dags/feed_{left}/dagRuns")["dag_runs"]) == [] or runs[0]["state"] in ("queued", "running"):
        assert time.monotonic() < end, runs
        time.sleep(1)
    assert [(run["run_type"], run["state"]) for run in runs] == [("scheduled", "success")]
    [log] = (home.home / "airflow" / "logs" / f"dag_id=feed_{left}").rglob("*.log")
    said = log.read_text(encoding="utf-8")
    assert f"{left}_20261120.xlsx: 10 rows" in said
    assert [value for value in planted if value in said] == []


def test_started_again_it_is_the_same_one(home: Settings, shown: str) -> None:
    process, port = ui.running(home)
    assert command(home, "start") == shown
    assert ui.running(home) == (process, port)


def test_stopped_it_leaves_no_process_behind(home: Settings, shown: str) -> None:
    process, _ = ui.running(home)
    family = [process, *process.children(recursive=True)]
    assert command(home, "stop") == "Airflow stopped\n"
    assert [one.pid for one in family if ui.alive(one)] == []
    assert ui.running(home) is None
    assert not any(str(home.home) in " ".join(one.info["cmdline"] or []) and "airflow" in one.name()
                   for one in psutil.process_iter(["cmdline"]))

"""`make ui` and `make stop`: every component healthy, the printed login opens the DAGs, nothing stays behind."""
from __future__ import annotations

import json
import re
import subprocess
import sys
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


def asked(address: str, body: dict[str, str] | None = None, token: str = "") -> Any:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(address, data=json.dumps(body).encode() if body else None, headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_the_printed_login_shows_every_dag(shown: str) -> None:
    address, user, password = re.search(r"Airflow: (\S+)   user (\S+), password (\S+)", shown).groups()
    token = asked(f"{address}/auth/token", {"username": user, "password": password})["access_token"]
    dags = asked(f"{address}/api/v2/dags?limit=100", token=token)["dags"]
    assert {dag["dag_id"] for dag in dags} == {"night"} | {f"feed_{feed}" for feed in load(ROOT / "config").feeds}


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

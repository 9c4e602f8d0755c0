"""A home of its own for Airflow: metadata in the embedded PostgreSQL, commands as a person types them."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# Airflow reads these once, when it is first imported; without them it writes into the home of the person testing.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="airflow-")
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"

import sample
from install.airflow_env import environment, prepare
from jobs.declarations.settings import ROOT, Settings, settings
from jobs.stores import database
from sample.schedule import BY_HAND

Airflow = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def home() -> Iterator[Settings]:
    """An empty home with its database up; stopped and removed afterwards.

    Outside pytest's own folder, which every other pytest that starts shuts again for the database's system user.
    """
    folder = tempfile.mkdtemp(prefix="credit-")
    chosen = settings(home=Path(folder) / "home")
    database.up(chosen)
    yield chosen
    database.down(chosen)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def airflow(home: Settings) -> Airflow:
    """Runs `airflow ARGUMENTS` against this home, its metadata migrated."""
    prepare(home)
    derived = {**environment(home), "AIRFLOW_HOME": str(home.home / "airflow")}

    def run(*arguments: str, seconds: int = 300, **given: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "airflow", *arguments]
        return subprocess.run(command, cwd=ROOT, env={**derived, **given}, text=True, encoding="utf-8", stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=seconds, check=False)

    migrated = run("db", "migrate")
    assert migrated.returncode == 0, migrated.stdout
    return run


@pytest.fixture(scope="session")
def left() -> str:
    """The feed that `dags test` leaves to the scheduler."""
    return "serious_list"


@pytest.fixture(scope="session")
def planted(home: Settings) -> list[str]:
    """The smallest village lies in the inbox: the personal values planted in its files."""
    sample.village(home.home, enterprises=20, facts=60, days=1, plant=True, only=BY_HAND)
    lines = (home.home / "planted.txt").read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[0] for line in lines]

"""A home of its own for Airflow: connections by environment, metadata in the embedded PostgreSQL, commands as a person types them."""
from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator

import pytest

# Airflow reads these once, when it is first imported; without them it writes into the home of the person testing.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="airflow-")
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"

from install.airflow_env import environment, prepare  # noqa: E402
from jobs.declarations.settings import ROOT, Settings, settings  # noqa: E402
from jobs.stores import database  # noqa: E402

Airflow = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """An empty home with its database up; stopped afterwards."""
    chosen = settings(home=tmp_path_factory.mktemp("airflow") / "home")
    database.up(chosen)
    yield chosen
    database.down(chosen)


@pytest.fixture(scope="session")
def airflow(home: Settings) -> Airflow:
    """Runs `airflow ARGUMENTS` against this home, its metadata migrated."""
    prepare(home)
    derived = {**environment(home), "AIRFLOW_HOME": str(home.home / "airflow")}

    def run(*arguments: str, seconds: int = 300) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "airflow", *arguments], cwd=ROOT, env=derived, text=True, encoding="utf-8",
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds, check=False)

    migrated = run("db", "migrate")
    assert migrated.returncode == 0, migrated.stdout
    return run

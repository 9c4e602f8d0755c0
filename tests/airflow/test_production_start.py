"""What docker-compose.yml runs before its services, against a real database given by address."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa

from jobs.declarations.settings import ROOT, Settings
from jobs.stores import database


def started(home: Path, **given: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "CREDIT"))}
    return subprocess.run([sys.executable, "-m", "install.production"], cwd=ROOT, text=True, capture_output=True,
                          env={**kept, "CREDIT_HOME": str(home), **given}, check=False)


def test_both_databases_are_ready_and_the_login_is_set(home: Settings, tmp_path: Path) -> None:
    database.create(home, "production")
    where = database.url(home).set(database="production")
    address = where.render_as_string(hide_password=False)
    done = started(tmp_path, CREDIT_DATABASE_URL=address, AIRFLOW_ADMIN_PASSWORD="one of ours")
    assert done.returncode == 0, done.stderr
    [passwords] = (tmp_path / "airflow").glob("simple_auth_manager_passwords*")
    assert json.loads(passwords.read_text(encoding="utf-8")) == {"admin": "one of ours"}
    assert passwords.stat().st_mode & 0o077 == 0
    for name, table in (("production", "ledger.deliveries"), ("airflow", "dag_run")):
        engine = sa.create_engine(where.set(database=name))
        with engine.connect() as connection:
            assert connection.scalar(sa.text(f"select count(*) from {table}")) >= 0
        engine.dispose()


def test_production_has_no_default_for_its_secrets(tmp_path: Path) -> None:
    done = started(tmp_path)
    assert done.returncode != 0
    assert "CREDIT_DATABASE_URL and AIRFLOW_ADMIN_PASSWORD" in done.stderr

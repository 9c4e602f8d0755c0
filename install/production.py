"""Once before the services of docker-compose.yml start: both databases at their newest version, the first login set."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from install.airflow_env import environment, prepare
from jobs.declarations.settings import settings
from jobs.stores import database


def write_login(path: Path, password: str) -> None:
    """Airflow's simple login manager generates a password only for a user who has none in this file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps({"admin": password}) + "\n", encoding="utf-8")


def main() -> None:
    chosen = settings()
    password = os.environ.get("AIRFLOW_ADMIN_PASSWORD")
    if chosen.database_url is None or not password:
        sys.exit("set CREDIT_DATABASE_URL and AIRFLOW_ADMIN_PASSWORD: production has neither by default")
    database.up(chosen)
    prepare(chosen)
    ready = environment(chosen)
    write_login(Path(ready["AIRFLOW_HOME"]) / "simple_auth_manager_passwords.json.generated", password)
    subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], env=ready, check=True)


if __name__ == "__main__":
    main()

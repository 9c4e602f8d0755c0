"""Airflow's environment derived from our settings, so that nothing is configured twice.

`python -m install.airflow_env COMMAND ...` runs a command in it: `python -m install.airflow_env airflow dags list`.
A variable that is already set wins, which is how production names its own executor or metadata database.
"""
from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from sqlalchemy.engine import URL

from jobs.declarations.settings import ROOT, Settings, settings
from jobs.stores import database

METADATA = "airflow"  # a second database beside ours, in the same server
PORT = 8080


def connections(chosen: Settings) -> dict[str, str]:
    """The Spark and the database connection that the DAGs and a person at the UI use."""
    address = database.url(chosen)
    credit = {"conn_type": "postgres", "host": address.host, "port": address.port, "login": address.username,
              "password": address.password, "schema": address.database}
    spark = {"conn_type": "spark", "host": chosen.spark.master, "extra": {"deploy-mode": "client"}}
    return {"AIRFLOW_CONN_SPARK_DEFAULT": json.dumps(spark), "AIRFLOW_CONN_CREDIT": json.dumps(credit)}


def spelled(address: URL, driver: str) -> str:
    return address.set(drivername=f"postgresql+{driver}").render_as_string(hide_password=False)


def environment(chosen: Settings, port: int = PORT) -> dict[str, str]:
    """Every variable an Airflow process of this home needs; starts the embedded database, whose address is one."""
    metadata = database.url(chosen).set(database=METADATA)
    derived = {
        "AIRFLOW_HOME": str(chosen.home / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Shanghai",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://localhost:{port}/execution/",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "60",
        "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "120",  # each look loads every declaration; the default is 30
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": spelled(metadata, "psycopg2"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": spelled(metadata, "psycopg"),  # default: asyncpg, not installed
        "AIRFLOW__API__HOST": "127.0.0.1",  # a login of our own making is for this machine only
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://localhost:{port}",
        "AIRFLOW__API__WORKERS": "1",
        "CREDIT_HOME": str(chosen.home),
        "CREDIT_CONFIG": str(chosen.config),
        "PYTHONPATH": str(ROOT),
        **connections(chosen),
    }
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return {**derived, **os.environ, "PATH": path}


def prepare(chosen: Settings) -> None:
    """The metadata database exists; `airflow db migrate` fills it."""
    database.create(chosen, METADATA)


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit("usage: python -m install.airflow_env COMMAND [ARGUMENT ...]")
    chosen = settings()
    prepare(chosen)
    ready = environment(chosen)
    os.execvpe(sys.argv[1], sys.argv[1:], ready)


if __name__ == "__main__":
    main()

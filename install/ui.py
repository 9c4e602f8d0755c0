"""Airflow with all DAGs of this home: `python -m install.ui start` prints address and login, `stop` ends it cleanly."""
from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil

from install.airflow_env import PORT, environment, prepare
from jobs.declarations.settings import ROOT, Settings, settings

WAIT_SECONDS = 600  # 40 s on an idle machine of two cores
STOP_SECONDS = 90
COMPONENTS = ("metadatabase", "scheduler", "dag_processor", "triggerer")


def record(chosen: Settings) -> Path:
    return chosen.home / "airflow" / "ui.json"


def running(chosen: Settings) -> tuple[psutil.Process, int] | None:
    """The started Airflow and its port; None when it is gone, or when its process number now belongs to another."""
    if not record(chosen).exists():
        return None
    kept = json.loads(record(chosen).read_text(encoding="utf-8"))
    try:
        process = psutil.Process(kept["pid"])
    except psutil.NoSuchProcess:
        return None
    return (process, kept["port"]) if process.create_time() == kept["created"] and alive(process) else None


def alive(process: psutil.Process) -> bool:
    """Whether it still works; what has ended and waits for its parent is dead to us."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def pick_port() -> int:
    """8080, or any free port where another program has it."""
    if free(PORT):
        return PORT
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def launch(chosen: Settings, port: int) -> psutil.Process:
    """`airflow standalone` in a process group of its own, its output in a log of the home."""
    prepare(chosen)
    ready = environment(chosen, port)
    record(chosen).parent.mkdir(parents=True, exist_ok=True)
    with (record(chosen).parent / "standalone.log").open("ab") as log:
        started = subprocess.Popen([sys.executable, "-m", "airflow", "standalone"], cwd=ROOT, env=ready, stdout=log,
                                   stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True)
    process = psutil.Process(started.pid)
    kept = {"pid": process.pid, "created": process.create_time(), "port": port}
    record(chosen).write_text(json.dumps(kept), encoding="utf-8")
    return process


def unhealthy(port: int) -> list[str]:
    """The components that do not report healthy yet."""
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/api/v2/monitor/health", timeout=30) as answer:
            health = json.load(answer)
    except OSError:
        return ["api_server"]
    return [name for name in COMPONENTS if health[name]["status"] != "healthy"]


def wait(process: psutil.Process, port: int, log: Path) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while missing := unhealthy(port):
        if not alive(process):
            sys.exit(f"Airflow ended while starting; see {log}")
        if time.monotonic() > end:
            sys.exit(f"Airflow is not healthy after {WAIT_SECONDS} s ({', '.join(missing)}); see {log}")
        time.sleep(1)


def login(chosen: Settings) -> str:
    passwords = chosen.home / "airflow" / "simple_auth_manager_passwords.json.generated"
    [(user, password)] = json.loads(passwords.read_text(encoding="utf-8")).items()
    return f"user {user}, password {password}"


def start(chosen: Settings) -> None:
    """Prints address and login once every component is healthy; one that runs already is left alone."""
    process, port = running(chosen) or (None, pick_port())
    process = process or launch(chosen, port)
    wait(process, port, record(chosen).parent / "standalone.log")
    print(f"Airflow: http://localhost:{port}   {login(chosen)}\n"
          "DAGs start paused here: unpause one to put it on its schedule. `make stop` ends it.")


def stop(chosen: Settings) -> None:
    """Ends what was started, gently first; tasks that are still under way after that are ended too."""
    found = running(chosen)
    if found is None:
        print("Airflow was not running")
        return
    family = [found[0], *found[0].children(recursive=True)]
    # Standalone ends its components, on an interrupt only. A scheduler that hears of it twice never ends: its workers wait.
    found[0].send_signal(signal.SIGINT)
    end = time.monotonic() + STOP_SECONDS
    while any(alive(process) for process in family) and time.monotonic() < end:
        time.sleep(0.2)
    for process in filter(alive, family):
        process.kill()
    record(chosen).unlink()
    print("Airflow stopped")


def main() -> None:
    actions = {"start": start, "stop": stop}
    if len(sys.argv) != 2 or sys.argv[1] not in actions:
        sys.exit(f"usage: python -m install.ui {'|'.join(actions)}")
    actions[sys.argv[1]](settings())


if __name__ == "__main__":
    main()

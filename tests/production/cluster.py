"""A Spark master and a worker as processes of their own, started with the classes that docker-compose.yml starts."""
from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from jobs.stores.embedded import HOST, free_port
from tests.production.composed import SERVICES, given

WAIT_SECONDS = 120
SMALL = {"SPARK_LOCAL_IP": HOST, "SPARK_DAEMON_MEMORY": "256m"}


def kept() -> dict[str, str]:
    """The environment as the image has it: our Python comes first, and nothing says where things of ours are."""
    here = {key: value for key, value in os.environ.items() if not key.startswith(("CREDIT", "AIRFLOW", "SPARK", "PYSPARK"))}
    return here | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


@contextmanager
def process(log: Path, environment: dict[str, str], *words: str) -> Iterator[psutil.Popen]:
    """A program with its output in a log; ended afterwards, and whatever it started with it."""
    with log.open("wb") as output:
        one = psutil.Popen(words, env=kept() | environment, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    try:
        yield one
    finally:
        family = [one, *one.children(recursive=True)] if one.is_running() else []
        for member in family:
            member.terminate()
        psutil.wait_procs(family, 30)
        one.wait(30)


def alive(status: str) -> int:
    """How many workers the master at this address knows alive; none while it is not there."""
    try:
        with urllib.request.urlopen(status, timeout=5) as answer:
            return json.load(answer)["aliveworkers"]
    except OSError:
        return 0


def entry(service: str, here: dict[str, str]) -> list[str]:
    """What the service is started with, its addresses those of this machine."""
    program, *words = SERVICES[service]["entrypoint"]
    return [str(Path(sys.executable).parent / program), *(here.get(word, word) for word in words)]


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, psutil.Popen]]:
    """The master's address and the worker, once the one knows the other."""
    port, page = free_port(), free_port()
    address = f"spark://{HOST}:{port}"
    told = given(SERVICES["spark-worker"]["environment"]) | SMALL | {"SPARK_WORKER_DIR": str(folder / "work")}
    with ExitStack() as running:
        running.enter_context(process(folder / "master.log", SMALL, *entry("spark-master", {
            "7077": str(port), "8080": str(page), "spark-master": HOST})))
        one = running.enter_context(process(folder / "worker.log", told, *entry("spark-worker", {
            "8080": "0", "spark://spark-master:7077": address})))
        end = time.monotonic() + WAIT_SECONDS
        while not alive(f"http://{HOST}:{page}/json/"):
            logs = "".join((folder / f"{name}.log").read_text(encoding="utf-8") for name in ("master", "worker"))
            assert one.poll() is None, logs
            assert time.monotonic() < end, logs
            time.sleep(0.2)
        yield address, one

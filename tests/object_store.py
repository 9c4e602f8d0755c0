"""A real MinIO of this suite's own, on a free port of this machine; where there is none, what needs it skips, saying so."""
from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from jobs.declarations.settings import ROOT, ObjectSettings
from jobs.stores.embedded import free_port

WAIT_SECONDS = 60
NONE = "no MinIO to test against: neither .tools/minio, which `make test` builds where there is Go, nor `minio` on the PATH"


@dataclass(frozen=True)
class Store:
    """Where the server is, and who may use it."""

    endpoint: str
    user: str = "owner-of-objects"
    password: str = "a-secret-that-is-told-to-nobody"

    def bucket(self, name: str) -> ObjectSettings:
        """The settings of one bucket of it."""
        return ObjectSettings(kind="minio", endpoint=self.endpoint, bucket=name, access_key=self.user, secret_key=self.password,
                              region="us-east-1", secure=False)


def answers(endpoint: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{endpoint}/minio/health/live", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait(server: subprocess.Popen[bytes], endpoint: str, log: Path) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not answers(endpoint):
        assert server.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < end, f"not up after {WAIT_SECONDS} s: {log.read_text(encoding='utf-8')}"
        time.sleep(0.1)


@pytest.fixture(scope="session")
def minio() -> Iterator[Store]:
    """The server, its data in a folder that goes with it."""
    program = shutil.which("minio", path=f"{ROOT / '.tools'}{os.pathsep}{os.environ['PATH']}")
    if program is None:
        pytest.skip(NONE)
    store = Store(f"127.0.0.1:{free_port()}")
    with tempfile.TemporaryDirectory(prefix="minio-") as folder:
        log = Path(folder) / "log"
        told = {"HOME": folder, "MINIO_BROWSER": "off", "MINIO_ROOT_USER": store.user, "MINIO_ROOT_PASSWORD": store.password}
        with log.open("wb") as output:
            server = subprocess.Popen([program, "server", f"{folder}/data", "--address", store.endpoint], env=told,
                                      stdout=output, stderr=subprocess.STDOUT)
        try:
            wait(server, store.endpoint, log)
            yield store
        finally:
            server.terminate()
            server.wait(30)

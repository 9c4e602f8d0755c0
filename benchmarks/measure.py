"""Seconds, CPU seconds and peak memory of a piece of work, over this process, the database server, and all their children
(the JVM, Spark's workers)."""
from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

EVERY_SECONDS = 0.5
MEMORY_EVERY = 4  # looks: the kernel walks through every page of a process for its share, a tenth of a second for some GB


@dataclass
class Measure:
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mib: float = 0.0


class Watch(threading.Thread):
    """Adds up what the tree of processes has used; a child that ends between two looks keeps what was last seen of it."""

    def __init__(self, server: psutil.Process | None) -> None:
        super().__init__(daemon=True)
        self.roots = [psutil.Process(), *([server] if server else [])]
        self.ended = threading.Event()
        self.cpu: dict[int, float] = {}
        self.peak = 0
        self.own = 0.0

    def look(self, memory: bool = True) -> None:
        resident = 0
        for process in [one for root in self.roots for one in (root, *root.children(recursive=True))]:
            try:
                times = process.cpu_times()
                self.cpu[process.pid] = times.user + times.system
                resident += process.memory_full_info().pss if memory else 0  # what several processes share counts once
            except (psutil.NoSuchProcess, psutil.ZombieProcess):
                continue
        self.peak = max(self.peak, resident)

    def run(self) -> None:
        for place in itertools.count():
            if self.ended.wait(EVERY_SECONDS):
                break
            self.look(memory=place % MEMORY_EVERY == 0)
        self.own = time.thread_time()  # what looking took is no part of the work


def own_peak() -> int:
    """The most this process held itself, in MiB; getrusage tells that of its parent too, whose fork it began as."""
    said = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in said.splitlines() if line.startswith("VmHWM:")) // 1024


def server_of(home: Path) -> psutil.Process:
    """The database server of a home, which is nobody's child."""
    return psutil.Process(int((home / "postgres" / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0]))


@contextmanager
def measured(server: psutil.Process | None = None) -> Iterator[Measure]:
    """The measure, filled in when the work is done."""
    watch, told = Watch(server), Measure()
    watch.look()
    before, started = dict(watch.cpu), time.monotonic()
    watch.start()
    yield told
    watch.ended.set()
    watch.join()
    watch.look()
    told.seconds = time.monotonic() - started
    told.cpu_seconds = sum(used - before.get(pid, 0.0) for pid, used in watch.cpu.items()) - watch.own
    told.peak_mib = watch.peak / 2**20


def written(path: Path, figures: dict[str, object]) -> None:
    """Writes figures into the file of all of them; those of other benchmarks stay."""
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps(before | figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"written to {path}")

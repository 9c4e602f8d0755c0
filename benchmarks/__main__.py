"""Generates a large synthetic district, runs its night stage by stage, and compares with a plain copy of the same files.

The copy reads every CSV with PyArrow and writes it as Parquet: the least that reading the files can cost. Figures are printed and
written to benchmarks/latest.json with the machine described.
"""
from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import psutil
import pyarrow.csv
import pyarrow.parquet

import sample
from benchmarks import cleaners
from benchmarks.measure import Measure, measured, server_of, written
from jobs.declarations import Declarations, load
from jobs.declarations.settings import ROOT, Settings, settings
from jobs.readers import Unreadable
from jobs.readers.inspect import decide_encoding
from jobs.stages.land import land
from jobs.stages.night import WORK
from jobs.stages.run import STAGES, Night, perform
from jobs.stores import database
from jobs.stores.lake import session
from jobs.stores.objects import objects
from jobs.stores.transports import arrivals

AS_OF = date(2026, 11, 20)


def now() -> datetime:
    return datetime.now(UTC)


def quiet(_: str) -> None:
    """A village is not told of."""


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def copy(inbox: Path, target: Path) -> Measure:
    """The same CSV files, read and written by PyArrow with one thread."""
    with measured() as told:
        for number, path in enumerate(sorted(inbox.glob("*/*.csv"))):
            try:
                copy_one(path, target / f"{number}.parquet")
            except (pyarrow.ArrowInvalid, UnicodeDecodeError, Unreadable) as error:
                say(f"copy: {path.name}: {str(error)[:80]}")
    return told


def copy_one(path: Path, target: Path) -> None:
    options = {"read_options": pyarrow.csv.ReadOptions(use_threads=False, encoding=decide_encoding(path, "detect").name),
               "parse_options": pyarrow.csv.ParseOptions(newlines_in_values=True, invalid_row_handler=lambda _: "skip")}
    pyarrow.parquet.write_table(pyarrow.csv.read_csv(path, **options), target)


def stages(chosen: Settings) -> tuple[dict[str, Measure], int]:
    """Each stage on its own, in a session that was started and has standardised a village before; and the rows landed."""
    declared, told = load(chosen.config), {}
    database.up(chosen)
    server = server_of(chosen.home)
    with measured(server) as told["land"]:
        arrived = (one for feed in declared.feeds.values() for one in arrivals(chosen, feed, now()))
        taken = land(arrived, declared, database.engine(chosen), objects(chosen), say)
    with measured(server) as told["session"]:
        session(chosen).range(10).count()
    warm(chosen, declared)
    with database.locked(chosen) as connection:
        night = Night(AS_OF, now(), chosen, declared, connection, clock=now, say=say)
        before = ""
        for stage in STAGES:
            with measured(server) as told[stage]:
                before = perform(night, stage, WORK[stage], before)
            say(f"{stage}: {told[stage].seconds:.1f} s, {told[stage].cpu_seconds:.1f} CPU s")
    return told, sum(row["rows_received"] for row in taken)


def warm(chosen: Settings, declared: Declarations) -> None:
    """A village's rows standardised in the same session: what is measured next is work, not the JVM reading its classes."""
    with tempfile.TemporaryDirectory(prefix="credit-warm-") as folder:
        village = settings(home=Path(folder) / "home")
        sample.village(village.home, enterprises=200, days=2)
        database.up(village)
        try:
            arrived = (one for feed in declared.feeds.values() for one in arrivals(village, feed, now()))
            land(arrived, declared, database.engine(village), objects(village), quiet)
            with database.locked(village) as connection:
                perform(Night(AS_OF, now(), village, declared, connection, clock=now, say=quiet), "standardise",
                        WORK["standardise"], "")
        finally:
            database.down(village)


def machine() -> dict[str, object]:
    return {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count(), "python": platform.python_version(),
            "memory_gib": round(psutil.virtual_memory().total / 2**30, 1), "system": platform.platform()}


def main() -> None:
    given = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    given.add_argument("--facts", type=int, default=1_000_000)
    given.add_argument("--enterprises", type=int, default=25_000)
    given.add_argument("--write", type=Path, default=ROOT / "benchmarks" / "latest.json")
    arguments = given.parse_args()
    with tempfile.TemporaryDirectory(prefix="credit-bench-") as folder:
        home = Path(folder) / "home"
        subprocess.run([sys.executable, "-m", "sample", "--to", str(home), "--enterprises", str(arguments.enterprises),
                        "--facts", str(arguments.facts)], cwd=ROOT, check=True)
        chosen = settings(home=home)
        plain = copy(home / "inbox", Path(folder))
        cleaning = cleaners.rates(home / "inbox", load(chosen.config))
        try:
            told, rows = stages(chosen)
        finally:
            database.down(chosen)
    print("\n".join(cleaners.told(cleaning)), end="\n\n")
    report(told, plain, rows, arguments.write, cleaning)


def report(told: dict[str, Measure], plain: Measure, rows: int, path: Path, cleaning: dict[str, dict[str, int]]) -> None:
    print(f"{'stage':<12} {'seconds':>9} {'CPU s':>9} {'rows/s':>11} {'peak MiB':>9} {'CPU / copy':>11}")
    for name, one in {"copy": plain, **told}.items():
        print(
            f"{name:<12} {one.seconds:>9.1f} {one.cpu_seconds:>9.1f} {rows / max(one.seconds, 0.001):>11,.0f} "
            f"{one.peak_mib:>9,.0f} {one.cpu_seconds / max(plain.cpu_seconds, 0.001):>11.1f}"
        )
    night = sum(one.seconds for name, one in told.items() if name not in ("land",))
    reading = (told["land"].cpu_seconds + told["standardise"].cpu_seconds) / max(plain.cpu_seconds, .001)
    print(f"\n{rows:,} rows; the night {night:.0f} s; land and standardise together {reading:.1f} times the CPU of the copy")
    written(path, {"rows": rows, "machine": machine(), "night_seconds": round(night, 1), "reading_to_copy": round(reading, 1),
                   "stages": {name: vars(one) for name, one in {"copy": plain, **told}.items()}, "cleaners": cleaning})


if __name__ == "__main__":
    main()

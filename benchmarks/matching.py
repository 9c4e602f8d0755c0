"""Matching measured: our engine and the references on worlds that nobody tuned on, the second night, and real labels.

    python -m benchmarks.matching [--seeds 202 303] [--enterprises N --records N] [--references PYTHON] [--write FILE]

Every world's term frequencies are frozen from its own index first, as `python -m jobs train --terms-only` does; the weights
are the shipped ones, learnt on seed 101, which is never reported.
"""
from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import matching_references
from benchmarks.matching_scores import misses
from benchmarks.measure import Measure, measured, written
from jobs.declarations.settings import ROOT

TUNED_ON = 101


def world_of(folder: Path, seed: int, given: argparse.Namespace) -> Path:
    """The world of a seed with its second night, generated where it is not there yet."""
    world = folder / f"seed-{seed}-{given.enterprises}-{given.records}"
    for night in ("1", "2"):
        if not (world / ("truth.parquet" if night == "1" else "truth_night2.parquet")).exists():
            subprocess.run([sys.executable, "-m", "sample.matching", "--to", str(world), "--seed", str(seed), "--night", night,
                            "--enterprises", str(given.enterprises), "--records", str(given.records)], cwd=ROOT, check=True)
    return world


def engine(world: Path, config: Path, night: int) -> tuple[Measure, Path]:
    """What our engine takes for a night, Python's and Spark's start included, and the matching it writes."""
    matching = world / f"engine{'_night2' if night == 2 else ''}.parquet"
    with measured() as told:
        subprocess.run([sys.executable, "-m", "benchmarks.matching_engine", str(world), str(matching), "--night", str(night),
                        "--memory", str(world / "memory"), "--config", str(config)], cwd=ROOT, check=True, capture_output=True)
    return told, matching


def frozen(world: Path, folder: Path) -> Path:
    """A configuration with the term frequencies of the world's index."""
    config = folder / "config"
    shutil.rmtree(config, ignore_errors=True)
    shutil.copytree(ROOT / "config", config)
    subprocess.run([sys.executable, "-m", "benchmarks.matching_engine", str(world), "--terms", "--config", str(config)], cwd=ROOT,
                   check=True, capture_output=True)
    return config


def reported(name: str, told: Measure, world: Path, matching: Path, night: int = 1) -> dict[str, object]:
    figures = matching_references.scored(world, matching, night)
    print(matching_references.line(name, told, figures), flush=True)
    return {**vars(told), **figures}


def of_world(seed: int, worlds: Path, given: argparse.Namespace) -> dict[str, object]:
    """Both nights of our engine and every reference on the world of one seed."""
    world, made = world_of(worlds, seed, given), {}
    shutil.rmtree(world / "memory", ignore_errors=True)
    config = frozen(world, worlds)
    for night in (1, 2):
        told, matching = engine(world, config, night)
        made[f"engine night {night}"] = reported(f"engine {night}", told, world, matching, night)
    for name in given.only if given.references else ():
        told, matching = matching_references.run(name, world, given.references)
        made[name] = reported(name, told, world, matching)
    missed = given.write.with_name(f"matching_misses_{seed}.csv")
    misses(world, world / "engine.parquet").to_csv(missed, index=False)
    print(f"the fifty commonest misses: {missed}", flush=True)
    return made


def main() -> None:
    given = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--seeds", type=int, nargs="+", default=[202, 303], help=f"worlds to report on, never {TUNED_ON}")
    given.add_argument("--enterprises", type=int, default=100_000)
    given.add_argument("--records", type=int, default=1_000_000)
    has = all(importlib.util.find_spec(name) for name in ("polars", "splink"))
    given.add_argument("--references", default=sys.executable if has else None, metavar="PYTHON",
                       help="an interpreter with the packages of the group bench; without one the references are left out")
    given.add_argument("--only", nargs="+", choices=matching_references.REFERENCES, default=list(matching_references.REFERENCES),
                       help="references to run beside the engine")
    given.add_argument("--worlds", type=Path, help="a folder that keeps the worlds; without, they go")
    given.add_argument("--write", type=Path, default=ROOT / "benchmarks" / "latest.json")
    arguments = given.parse_args()
    if TUNED_ON in arguments.seeds:
        given.error(f"seed {TUNED_ON} is what weights and thresholds were tuned on; report on others")
    print(matching_references.HEADING, flush=True)
    with tempfile.TemporaryDirectory(prefix="credit-worlds-") as folder:
        worlds = arguments.worlds or Path(folder)
        made = {f"seed {seed}": of_world(seed, worlds, arguments) for seed in arguments.seeds}
    size = json.dumps({"enterprises": arguments.enterprises, "records": arguments.records})
    before = json.loads(arguments.write.read_text(encoding="utf-8")) if arguments.write.exists() else {}
    others = before.get("matching", {})
    written(arguments.write, {"matching": others | {size: others.get(size, {}) | made}})


if __name__ == "__main__":
    main()

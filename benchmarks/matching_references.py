"""What general tools make of a world of `sample.matching`: each in a process of its own, timed and scored.

    python -m benchmarks.matching_references WORLD [--only polars splink_usual splink_best] [--write FILE]

It needs the optional packages of the group `bench`: `uv sync --group bench`, or an environment of their own (`--python`).
"""
from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import Measure, measured, written
from jobs.declarations.settings import ROOT

REFERENCES = {"polars": ("benchmarks.matching_polars",), "splink_usual": ("benchmarks.matching_splink", "usual"),
              "splink_best": ("benchmarks.matching_splink", "best")}  # fmt: skip

HEADING = (f"{'':<14} {'seconds':>8} {'CPU s':>8} {'peak MiB':>8} {'precision':>9} {'recall':>9} {'+ review':>9} {'F1':>9} "
           f"{'unknown':>9} {'at 0.998':>9} {'best F1':>9}")  # the last two: every first candidate linked from some score on


def run(name: str, world: Path, python: str, night: int = 1) -> tuple[Measure, Path]:
    """What the reference took, Python's start included, and the matching that it wrote beside the world."""
    module, *way = REFERENCES[name]
    matching = world / f"{name}{'_night2' if night == 2 else ''}.parquet"
    with measured() as told:
        subprocess.run([python, "-m", module, str(world), str(matching), *way], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return told, matching


def scored(world: Path, matching: Path, night: int = 1) -> dict[str, object]:
    """Its figures, by a process of its own: this one stays small, as its memory counts in what the next reference takes."""
    asked = [sys.executable, "-m", "benchmarks.matching_scores", str(world), str(matching), "--night", str(night)]
    return json.loads(subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def line(name: str, told: Measure, figures: dict[str, object]) -> str:
    asked = ("precision", "recall", "recall_with_review", "f1", "unknown_linked")
    curve = [(figures["best_at_needed_precision"] or {}).get("recall", 0), (figures["best_f1"] or {}).get("f1", 0)]
    return (f"{name:<14} {told.seconds:>8.1f} {told.cpu_seconds:>8.1f} {told.peak_mib:>8,.0f} "
            + " ".join(f"{figures[one] or 0:>9.5f}" for one in asked)
            + "".join(f" {one:>9.5f}" for one in curve))  # fmt: skip


def main() -> None:
    given = argparse.ArgumentParser(prog="python -m benchmarks.matching_references", description=__doc__,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    given.add_argument("world", type=Path)
    given.add_argument("--only", nargs="+", choices=REFERENCES, default=list(REFERENCES))
    given.add_argument("--python", default=sys.executable, help="an interpreter that has the packages of the group bench")
    given.add_argument("--write", type=Path, help="JSON file to write the figures into; others in it stay")
    arguments = given.parse_args()
    print(HEADING, flush=True)
    made: dict[str, object] = {}
    for name in arguments.only:
        told, matching = run(name, arguments.world, arguments.python)
        figures = scored(arguments.world, matching)
        made[name] = {**vars(told), **figures}
        print(line(name, told, figures), flush=True)
    if arguments.write:
        before = json.loads(arguments.write.read_text(encoding="utf-8")) if arguments.write.exists() else {}
        written(arguments.write, {"matching_references": before.get("matching_references", {}) | made})


if __name__ == "__main__":
    main()

"""The references still run and are worth comparing with; they need the packages of the group `bench`."""
from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.matching_references import REFERENCES, line, run, scored
from sample.matching import generate


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("references")
    generate(folder, 9, 500, 5000)
    return folder


@pytest.mark.parametrize("name", REFERENCES)
def test_a_reference_links_most_records_rightly(world: Path, name: str) -> None:
    pytest.importorskip("rapidfuzz" if name == "polars" else "splink")
    pytest.importorskip("polars")
    told, matching = run(name, world, sys.executable)
    figures = scored(world, matching)
    assert figures["precision"] > 0.97
    assert figures["recall"] > 0.9
    assert told.cpu_seconds > 0
    assert line(name, told, figures).startswith(name)

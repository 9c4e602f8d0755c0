"""One village for all tests of the sample, and its truth."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

import sample


@pytest.fixture(scope="session")
def village(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("village")
    sample.village(folder)
    return folder


@pytest.fixture(scope="session")
def planted(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("planted")
    sample.village(folder, plant=True)
    return folder


@pytest.fixture(scope="session")
def truth(village) -> dict[str, list[dict[str, str]]]:
    """The lines of truth.csv by the path of the delivery."""
    by_path = defaultdict(list)
    with (village / "truth.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            by_path[line["path"]].append(line)
    return by_path


@pytest.fixture(scope="session")
def manifest(village) -> list[dict[str, str]]:
    with (village / "inbox" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

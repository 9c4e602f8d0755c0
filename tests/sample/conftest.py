"""One village for all tests of the sample, its truth, and what the product makes of its files."""

import csv
import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pytest

import sample
from jobs.declarations import Declarations, load
from jobs.facts.plan import plan
from jobs.facts.rows import cleaned_rows
from jobs.readers import Limits, Unreadable, read

ROOT = Path(__file__).parents[2]
COLUMNS = [
    "row_no", "part", "outcome", "reject_field", "reject_reason", "flaws", "fact_id", "event_key", "target_event_key", "name_key",
]  # fmt: skip


class File(NamedTuple):
    """A file of the manifest as the product reads it: why it is unreadable, or its cleaned batches."""

    feed: str
    path: str
    unreadable: str
    batches: list[pa.RecordBatch]

    def rows(self) -> list[dict[str, Any]]:
        """What becomes of each row, in the order of rows and parts, before the checks between fields."""
        rows = [row for batch in self.batches for row in batch.select(COLUMNS).to_pylist()]
        return sorted(rows, key=lambda row: (row["row_no"], row["part"]))


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


def truth_of(folder: Path) -> dict[str, list[dict[str, str]]]:
    """The lines of truth.csv by the path of the delivery."""
    by_path = defaultdict(list)
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            by_path[line["path"]].append(line)
    return by_path


def deliveries_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()]


def manifest_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "inbox" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def files_of(folder: Path, declarations: Declarations, feeds: Collection[str]) -> Iterator[File]:
    """Every file of these feeds of a district, read and cleaned as a night would."""
    for line in manifest_of(folder):
        feed, batches = line["path"].split("/")[0], []
        if feed not in feeds:
            continue
        try:
            reading = read(folder / "inbox" / line["path"], declarations.feeds[feed].format, batches.append, Limits())
        except Unreadable as error:
            yield File(feed, line["path"], error.reason, [])
            continue
        received = datetime.fromisoformat(line["received_at"])
        delivery = {"feed": feed, "delivery_id": line["path"], "covers": received.date(), "header": list(reading.header),
                    "received_at": received}
        planned = plan(declarations, delivery, "r")
        yield File(feed, line["path"], "", [out for batch in batches for out in cleaned_rows(planned, batch)])


@pytest.fixture(scope="session")
def truth(village) -> dict[str, list[dict[str, str]]]:
    return truth_of(village)


@pytest.fixture(scope="session")
def manifest(village) -> list[dict[str, str]]:
    return manifest_of(village)


@pytest.fixture(scope="session")
def read_back(village) -> list[File]:
    declarations = load(ROOT / "config")
    return list(files_of(village, declarations, declarations.feeds))


@pytest.fixture(scope="session")
def told(read_back, truth) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """Each line of the truth with what became of its row."""
    return [pair for file in read_back if truth.get(file.path) for pair in zip(truth[file.path], file.rows(), strict=True)]

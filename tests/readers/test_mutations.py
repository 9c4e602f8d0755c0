"""Thousands of harmed files of every format: whatever befalls a file, its rows are accounted for or the file says why not."""

import random
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs.declarations import load
from jobs.facts.plan import HeaderUnknown, plan
from jobs.facts.rows import cleaned_rows
from jobs.readers import FormatSpec, Limits, Unreadable, read
from jobs.readers.reading import ADVICE
from tests.readers.specimens import harm, specimens, swapped

FEED = "abnormal_list"
FILES = 200
DECLARATIONS = load(Path(__file__).parents[2] / "config")
LABELS = DECLARATIONS.feeds[FEED].labels
EXAMPLES = [[example.row[label] for label in LABELS] for example in DECLARATIONS.feeds[FEED].examples]
TABLE = [LABELS, *EXAMPLES, *EXAMPLES][:8]
SPECIMENS = specimens(TABLE)
# XML tags are not labels of the feed: its header is what the test knows it to be.
OUTCOMES = {"fact", "reject", "household", "natural_person", "duplicate"}

seen = Counter()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("harmed")


@pytest.mark.parametrize("name", SPECIMENS)
@settings(max_examples=FILES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_a_harmed_file_is_accounted_for_or_says_why_not(folder, name, seed):
    specimen, rng = SPECIMENS[name], random.Random(seed)
    table = swapped(TABLE, rng) if rng.random() < 0.3 else TABLE
    data = specimen.wrap(harm(specimen.write(table), rng) if rng.random() < 0.95 else specimen.write(table))
    path = folder / "delivery"
    path.write_bytes(data)
    batches = []
    try:
        reading = read(path, FormatSpec(**specimen.spec), batches.append, Limits(max_ratio=2000))
    except Unreadable as error:
        seen[name, error.reason] += 1
    else:
        seen[name, "read"] += 1
        balances(reading, batches)
        cleaned(reading, batches)


def balances(reading, batches) -> None:
    """Every physical record is of one kind, and the rows are those that went out, numbered from 1."""
    assert reading.physical == reading.rows + reading.blank + reading.title + reading.footer + reading.hidden
    numbers = [number for batch in batches for number in batch["row_no"].to_pylist()]
    assert numbers == list(range(1, reading.rows + 1))
    cells = [row for batch in batches for row in batch["cells"].to_pylist()]
    assert all(row and all(isinstance(cell, str) for cell in row) for row in cells)
    width = len(reading.header)
    assert reading.ragged <= sum(len(row) != width for row in cells)


def cleaned(reading, batches) -> None:
    """Each row is a fact, a reject with its field and reason, or dropped as a person's: once."""
    header = list(reading.header)
    if header and all(label.startswith("c") for label in header):
        header = [LABELS[int(label[1:])] if label[1:].isdecimal() and int(label[1:]) < len(LABELS) else label for label in header]
    received = datetime(2026, 11, 20, tzinfo=UTC)
    delivery = {"feed": FEED, "delivery_id": "d", "covers": received.date(), "header": header, "received_at": received}
    try:
        planned = plan(DECLARATIONS, delivery, "run")
    except HeaderUnknown:
        seen["rows", "held with their header"] += reading.rows
        return
    out = [row for batch in batches for part in cleaned_rows(planned, batch) for row in part.to_pylist()]
    assert sorted(row["row_no"] for row in out) == list(range(1, reading.rows + 1))
    for row in out:
        seen["rows", row["outcome"]] += 1
        assert row["outcome"] in OUTCOMES
        assert bool(row["reject_field"] and row["reject_reason"]) == (row["outcome"] == "reject")


def test_what_befell_them_was_worth_the_trial():
    """Runs last: of every format some files were read and more were refused, for many reasons, and rows of all kinds came out."""
    assert {name for name, reason in seen if reason == "read"} >= set(SPECIMENS)
    assert all(sum(number for (of, reason), number in seen.items() if of == name and reason in ADVICE) > FILES / 10
               for name in SPECIMENS)
    reasons = {reason for of, reason in seen if of != "rows"} - {"read"}
    assert reasons <= set(ADVICE)
    assert len(reasons) >= 15
    assert {outcome for of, outcome in seen if of == "rows"} >= {"fact", "reject", "held with their header"}

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
from tests.readers.mutated import HOUSING_FUND, LISTED, PENALTIES, cases, mutated, silent

FILES = 200
DECLARATIONS = load(Path(__file__).parents[2] / "config")
CASES = cases(DECLARATIONS)
FORMATS = [name for name, case in CASES.items() if case.feed == LISTED]
# XML tags are not labels of the feed: its header is what the test knows it to be.
LABELS = DECLARATIONS.feeds[LISTED].labels
OUTCOMES = {"fact", "reject", "household", "natural_person", "duplicate"}

seen = Counter()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("harmed")


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=FILES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_a_harmed_file_is_accounted_for_or_says_why_not(folder, name, seed):
    case = CASES[name]
    path = folder / "delivery"
    path.write_bytes(mutated(case, random.Random(seed)))
    batches = []
    try:
        reading = read(path, FormatSpec(**case.specimen.spec), batches.append, Limits(max_ratio=2000))
    except Unreadable as error:
        seen[name, error.reason] += 1
    else:
        seen[name, "read"] += 1
        balances(reading, batches)
        cleaned(case.feed, reading, batches)


def balances(reading, batches) -> None:
    """Every physical record is of one kind, and the rows are those that went out, numbered from 1."""
    assert reading.physical == reading.rows + reading.blank + reading.title + reading.footer + reading.hidden
    numbers = [number for batch in batches for number in batch["row_no"].to_pylist()]
    assert numbers == list(range(1, reading.rows + 1))
    cells = [row for batch in batches for row in batch["cells"].to_pylist()]
    assert all(row and all(isinstance(cell, str) for cell in row) for row in cells)
    width = len(reading.header)
    assert reading.ragged <= sum(len(row) != width for row in cells)


def cleaned(feed, reading, batches) -> None:
    """Each row is a fact, a reject with its field and reason, or dropped as a person's; no cell of a fact is lost silently."""
    header = list(reading.header)
    if header and all(label.startswith("c") for label in header):
        header = [LABELS[int(label[1:])] if label[1:].isdecimal() and int(label[1:]) < len(LABELS) else label for label in header]
    received = datetime(2026, 11, 20, tzinfo=UTC)
    delivery = {"feed": feed, "delivery_id": "d", "covers": received.date(), "header": header, "received_at": received}
    try:
        planned = plan(DECLARATIONS, delivery, "run")
    except HeaderUnknown:
        seen["rows", "held with their header"] += reading.rows
        return
    out = [row for batch in batches for part in cleaned_rows(planned, batch) for row in part.to_pylist()]
    assert sorted(row["row_no"] for row in out) == list(range(1, reading.rows + 1))
    cells = [cells for batch in batches for cells in batch["cells"].to_pylist()]
    for row in out:
        seen[f"rows of {feed}", row["outcome"]] += 1
        seen["rows", row["outcome"]] += 1
        assert row["outcome"] in OUTCOMES
        assert bool(row["reject_field"] and row["reject_reason"]) == (row["outcome"] == "reject")
        if row["outcome"] == "fact":
            seen[f"rows of {feed}", "flaws"] += len(row["flaws"])
            assert all(flaw["reason"] for flaw in row["flaws"])
            assert list(silent(planned, cells[row["row_no"] - 1], row)) == []


def test_what_befell_them_was_worth_the_trial():
    """Runs last: of every format some files were read and more were refused, for many reasons, and rows of all kinds came out."""
    assert {name for name, reason in seen if reason == "read"} >= set(CASES)
    assert all(sum(number for (of, reason), number in seen.items() if of == name and reason in ADVICE) > FILES / 10
               for name in FORMATS)
    reasons = {reason for of, reason in seen if of in CASES} - {"read"}
    assert reasons <= set(ADVICE)
    assert len(reasons) >= 15
    assert {outcome for of, outcome in seen if of == "rows"} >= {"fact", "reject", "held with their header"}
    for feed in (PENALTIES, HOUSING_FUND):
        assert seen[feed, "read"] > FILES / 2
        assert min(seen[f"rows of {feed}", what] for what in ("fact", "reject", "flaws")) > FILES / 2

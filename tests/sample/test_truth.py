"""The truth file against the product's own readers and cleaners: what a row was made to be is what it becomes."""

import csv
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

import pytest

from jobs.declarations import load
from jobs.facts.plan import plan
from jobs.facts.rows import cleaned_rows
from jobs.readers import Limits, Unreadable, read

ROOT = Path(__file__).parents[2]
# What the checks between the fields of a row find is found after the cleaning.
CROSS_CHECKED = {"after_receipt", "unit_slip"}
COLUMNS = [
    "row_no", "part", "outcome", "reject_field", "reject_reason", "flaws", "fact_id", "event_key", "target_event_key", "name_key",
]  # fmt: skip


def cleaned(declarations, folder: Path, line: dict[str, str]) -> list[dict]:
    """What becomes of each row of a delivery, in the order of its rows and parts; no row where it cannot be read."""
    feed = line["path"].split("/")[0]
    batches = []
    try:
        reading = read(folder / "inbox" / line["path"], declarations.feeds[feed].format, batches.append, Limits())
    except Unreadable:
        return []
    received = datetime.fromisoformat(line["received_at"])
    delivery = {"feed": feed, "delivery_id": "d", "header": list(reading.header), "received_at": received}
    planned = plan(declarations, delivery, "r")
    rows = [row for batch in batches for out in cleaned_rows(planned, batch) for row in out.select(COLUMNS).to_pylist()]
    return sorted(rows, key=lambda row: (row["row_no"], row["part"]))


@pytest.fixture(scope="module")
def told(village, truth, manifest):
    """Each line of the truth with what became of its row."""
    declarations = load(ROOT / "config")
    pairs = []
    for line in manifest:
        rows = cleaned(declarations, village, line)
        known = truth.get(line["path"]) or []
        if rows and known:
            pairs += zip(known, rows, strict=True)
    return pairs


def test_rows_and_parts_are_numbered_as_the_reader_numbers_them(told):
    assert len(told) > 1_500
    assert [(line["row_no"], line["part"]) for line, _ in told] == [(str(row["row_no"]), str(row["part"])) for _, row in told]


def test_each_row_becomes_what_the_truth_says(told):
    wrong = Counter()
    for line, row in told:
        if line["reason"] in CROSS_CHECKED or line["becomes"] == "duplicate":
            continue
        wanted = (line["becomes"], *((line["field"], line["reason"]) if line["becomes"] == "reject" else (None, None)))
        found = (row["outcome"], row["reject_field"], row["reject_reason"])
        if wanted != found:
            wrong[line["path"].split("/")[0], line["dirt"], wanted, found] += 1
    assert not wrong


def test_each_spoilt_value_is_a_flaw(told):
    for line, row in told:
        if line["becomes"] == "fact" and line["field"] and line["reason"] not in CROSS_CHECKED:
            assert (line["field"], line["reason"]) in {(flaw["field"], flaw["reason"]) for flaw in row["flaws"]}


def test_every_enterprise_of_the_registries_is_known_by_its_name_and_number(told):
    registered = [(line, row) for line, row in told if line["path"].startswith("market_") and line["enterprise"]]
    whole = [line for line, row in registered if row["outcome"] == "fact" and line["dirt"] not in ("code_missing", "wrong_digit")]
    spoken = {line["enterprise"] for line, _ in registered if line["becomes"] != "household"}
    assert spoken <= {line["enterprise"] for line in whole}


def test_another_spelling_of_a_name_is_the_same_name(told):
    names = defaultdict(set)
    for line, row in told:
        if line["dirt"] in ("", "untidy_name") and line["act"].startswith("penalty") and row["outcome"] == "fact":
            names[line["act"]].add(row["name_key"])
    assert all(len(keys) == 1 for keys in names.values())


def test_one_act_has_one_event_key_in_both_feeds(told):
    keys, feeds = defaultdict(set), defaultdict(set)
    for line, row in told:
        if line["act"].startswith("penalty") and row["outcome"] == "fact" and line["reason"] not in CROSS_CHECKED:
            keys[line["act"]].add(row["event_key"])
            feeds[line["act"]].add(line["path"].split("/")[0])
    assert all(len(found) == 1 for found in keys.values())
    assert sum(len(found) == 2 for found in feeds.values()) > 10


def test_a_repair_points_at_the_penalty_it_ends(told):
    keys = {line["act"]: row["event_key"] for line, row in told if line["act"].startswith("penalty")}
    repairs = [(line, row) for line, row in told if line["target"]]
    assert repairs
    for line, row in repairs:
        assert row["target_event_key"] == (None if line["dirt"] == "no_target" else keys[line["target"]])


def test_the_dirt_of_real_feeds_is_in_the_village(truth):
    dirt = Counter(line["dirt"] for lines in truth.values() for line in lines)
    wanted = {"name_only", "untidy_code", "untidy_name", "placeholder", "lookup_failed", "not_in_registry", "not_an_award"}
    assert set(dirt) >= wanted


def test_the_truth_has_the_columns_that_tests_read(village):
    with (village / "truth.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert header == ["path", "row_no", "part", "enterprise", "act", "becomes", "field", "reason", "tier", "dirt", "target"]

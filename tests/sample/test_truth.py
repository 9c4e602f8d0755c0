"""The truth of a village and what links its rows, and the checks between the fields of a row, which Spark makes."""

import csv
from collections import Counter, defaultdict

import pyarrow as pa
import pytest

from jobs.facts.cleaning import checked
from sample.schedule import BY_HAND
from tests.sample.test_rows import CROSS_CHECKED


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


@pytest.fixture(scope="module")
def after_checks(spark, declared, read_back) -> dict[tuple[str, str, str], dict]:
    """Of every row that was a fact, by place, what it is after its category's checks, and the flaws of these."""
    batches = defaultdict(list)
    for file in read_back:
        batches[declared.feeds[file.feed].category] += file.batches
    found = {}
    for category, parts in batches.items():
        frame = spark.createDataFrame(pa.Table.from_batches(parts).combine_chunks()).where("outcome = 'fact'")
        columns = ("delivery_id", "row_no", "part", "outcome", "reject_field", "reject_reason", "flaws")
        for row in checked(frame, declared.categories[category]).select(*columns).collect():
            found[row.delivery_id, str(row.row_no), str(row.part)] = row.asDict(recursive=True)
    return found


def test_a_row_that_the_checks_reject_is_one_made_so(after_checks, told):
    lines = {(line["path"], line["row_no"], line["part"]): line for line, _ in told}
    made = {place: (line["field"], line["reason"]) for place, line in lines.items()
            if line["becomes"] == "reject" and line["reason"] in CROSS_CHECKED}
    assert made
    rejected = {place: row for place, row in after_checks.items() if row["outcome"] != "fact" and place in lines}
    assert {place: (row["reject_field"], row["reject_reason"]) for place, row in rejected.items()} == made


def test_no_check_breaks_on_a_row_made_of_a_good_example(after_checks, told, declared):
    before = {(line["path"], line["row_no"], line["part"]): len(row["flaws"] or []) for line, row in told}
    odd = Counter()
    for place, row in after_checks.items():
        feed = place[0].split("/")[0]
        if feed not in BY_HAND and place in before and row["outcome"] == "fact":
            odd.update((feed, flaw["field"], flaw["reason"]) for flaw in row["flaws"][before[place] :])
    good = ((name, one) for name, feed in declared.feeds.items() for one in feed.examples if one.gives)
    assert set(odd) <= {(name, *flaw) for name, one in good for flaw in one.flaws.items()}

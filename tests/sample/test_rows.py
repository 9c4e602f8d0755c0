"""Every row of every feed against the product's own readers and cleaners: what it was made to be is what it becomes."""

from collections import Counter, defaultdict
from functools import cache

from jobs.declarations import load
from sample.schedule import BY_HAND
from tests.declarations.test_examples import cleaned
from tests.sample.conftest import ROOT, deliveries_of

# What the checks between the fields of a row find is found after the cleaning.
CROSS_CHECKED = {"after_receipt", "unit_slip"}
# What no example shows and is no fault: some registrars complemented check digits.
HARMLESS = {("credit_code", "check_complemented")}


def test_rows_and_parts_are_numbered_as_the_reader_numbers_them(told):
    assert len(told) > 1_500
    assert [(line["row_no"], line["part"]) for line, _ in told] == [(str(row["row_no"]), str(row["part"])) for _, row in told]


def test_files_of_every_declared_format_are_read(read_back, declared):
    forms = {name: (feed.format.kind, feed.format.container) for name, feed in declared.feeds.items()}
    assert {forms[file.feed] for file in read_back if file.batches} == set(forms.values())


def test_what_is_broken_is_unreadable_and_nothing_else(read_back, village):
    said = {one["path"]: one["reasons"] for one in deliveries_of(village) if one["delivery_status"] == "quarantined"}
    found = {file.path: file.unreadable for file in read_back if file.unreadable}
    assert set(found) == set(said)
    assert [path for path, reason in found.items() if reason not in said[path]] == []


def test_each_row_becomes_what_the_truth_says(told):
    wrong, seen = Counter(), set()
    for line, row in told:
        if line["reason"] in CROSS_CHECKED:
            continue
        again = row["outcome"] == "fact" and (line["path"], row["fact_id"]) in seen
        seen.add((line["path"], row["fact_id"]))
        wanted = (line["becomes"], *((line["field"], line["reason"]) if line["becomes"] == "reject" else (None, None)))
        found = ("duplicate" if again else row["outcome"], row["reject_field"], row["reject_reason"])
        if wanted != found:
            wrong[line["path"].split("/")[0], line["dirt"], wanted, found] += 1
    assert not wrong


def test_each_spoilt_value_is_a_flaw(told):
    for line, row in told:
        if line["becomes"] == "fact" and line["field"] and line["reason"] not in CROSS_CHECKED:
            assert (line["field"], line["reason"]) in {(flaw["field"], flaw["reason"]) for flaw in row["flaws"]}


@cache
def of_examples(name: str) -> set[tuple[str, str]]:
    """The flaws that the examples of the feed have before the checks between fields."""
    rows = [row for example in load(ROOT / "config").feeds[name].examples if example.gives
            for batch in cleaned("example", name, example) for row in batch.to_pylist()]
    return {(flaw["field"], flaw["reason"]) for row in rows for flaw in row["flaws"]}


def test_an_ordinary_row_has_no_flaw_that_its_feeds_examples_have_not(told):
    odd = Counter()
    for line, row in told:
        feed = line["path"].split("/")[0]
        if row["outcome"] == "fact" and not line["dirt"] and feed not in BY_HAND:
            known = of_examples(feed) | HARMLESS
            odd.update((feed, *flaw) for one in row["flaws"] if (flaw := (one["field"], one["reason"])) not in known)
    assert not odd


def test_every_feed_has_facts_and_its_share_of_spoilt_rows_is_small(told):
    counts = defaultdict(Counter)
    for line, row in told:
        counts[line["path"].split("/")[0]][row["outcome"]] += 1
    assert set(counts) == set(load(ROOT / "config").feeds)
    assert all(count["fact"] for count in counts.values())
    assert [feed for feed, count in counts.items() if feed not in BY_HAND and count["reject"] > count["fact"] // 3] == []

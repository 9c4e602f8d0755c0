"""Planted personal data: in every column of every feed, each piece once, and findable."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from jobs.declarations.feeds import Feed
from jobs.declarations.files import read_each
from jobs.readers import Limits, Unreadable, read
from jobs.values import checks
from sample.plant import GIVEN

FEEDS = read_each(Path(__file__).parents[2] / "config" / "feeds", Feed, "feed")


def text_of(path: Path) -> str:
    """All cells of a file, titles and footers apart; nothing of one that is broken."""
    batches = []
    try:
        read(path, FEEDS[path.parent.name].format, batches.append, Limits())
    except Unreadable:
        return ""
    return "\n".join("\t".join(cells) for batch in batches for cells in batch.column("cells").to_pylist())


@pytest.fixture(scope="module")
def pieces(planted) -> list[list[str]]:
    with (planted / "planted.txt").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))


@pytest.fixture(scope="module")
def texts(planted) -> dict[str, str]:
    folders = (folder for folder in (planted / "inbox").iterdir() if folder.is_dir())
    return {folder.name: "\n".join(map(text_of, sorted(folder.iterdir()))) for folder in folders}


def test_each_piece_is_in_the_files_of_its_feed(pieces, texts):
    assert [piece for piece in pieces if piece[0] not in texts[piece[2]]] == []


def test_no_piece_is_planted_twice(pieces):
    assert [value for value, count in Counter(piece[0] for piece in pieces).items() if count > 1] == []


def test_every_column_of_every_larger_feed_holds_each_kind(pieces):
    found = defaultdict(set)
    for _, kind, feed, label in pieces:
        found[feed].add((label, kind))
    for name, feed in FEEDS.items():
        if name != "repair_decisions":  # a village has too few repairs for all columns
            assert found[name] == {(label, kind) for label in feed.labels for kind in ("identity", "mobile", "name")}, name


def test_identity_numbers_are_valid(pieces):
    numbers = [value for value, kind, *_ in pieces if kind == "identity"]
    assert all(checks.identity_check(number[:17]) == number[17] for number in numbers)


def test_planted_names_are_made_of_characters_that_the_sample_uses_nowhere_else(village):
    for path in (village / "inbox").glob("*/*"):
        assert not set(GIVEN) & set(text_of(path)), path.name

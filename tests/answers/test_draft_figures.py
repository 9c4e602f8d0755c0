"""Over the sample's files of every format, each drafted without its own feed's labels: what is not known is open, not wrong."""
from __future__ import annotations

from pathlib import Path

import pytest

import sample
from benchmarks.drafting import Marks, drafted, known_by, largest
from jobs.declarations import load
from jobs.declarations.settings import ROOT


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Marks]:
    home: Path = tmp_path_factory.mktemp("district")
    sample.village(home, enterprises=200, days=2)
    declared, told = load(ROOT / "config"), {way: Marks() for way in ("other feeds, no synonyms", "other feeds")}
    for path, feed in largest(home / "inbox", declared):
        for way, one in told.items():
            list(drafted(path, declared.feeds[feed], known_by(declared, feed)[way], declared, one))
    return told


@pytest.mark.parametrize(("way", "right"), [("other feeds, no synonyms", 0.5), ("other feeds", 0.7)])
def test_at_most_one_column_in_a_hundred_is_wrong_and_most_are_proposed(marks: dict[str, Marks], way: str, right: float) -> None:
    columns = marks[way].columns
    assert columns.total() > 1_000
    assert columns["wrong"] <= 0.01 * columns.total()
    assert columns["right"] >= right * columns.total()


def test_every_format_is_read(marks: dict[str, Marks]) -> None:
    formats = marks["other feeds"].formats
    assert formats["unreadable"] == 0
    assert formats["right"] > 0.9 * formats.total()

"""The benchmarks still give their figures: every part of `make bench`, on almost nothing."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

import benchmarks.__main__ as night
import sample
from benchmarks import cleaners, readers
from benchmarks.measure import Measure
from jobs.declarations import Declarations, load
from sample.schedule import BY_HAND

FEEDS = ("province_penalties", "city_penalties", "abnormal_list")


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("bench")
    sample.village(home, enterprises=40, days=1, only=BY_HAND)
    return home / "inbox"


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "CASES", {name: (write, 50, *rest) for name, (write, _, *rest) in readers.CASES.items()})
    monkeypatch.setattr(cleaners, "AT_LEAST_SECONDS", 0.0)


def test_each_format_is_measured_beside_the_plain_library(tiny: None, tmp_path: Path) -> None:
    told = readers.figures(tmp_path)
    assert set(told) == set(readers.CASES) >= set(readers.AIMS)
    for one in told.values():
        assert one["mb_per_cpu_second"] > 0
        assert one["times_the_plain"]
        assert set(one["times_the_plain"]) == set(one["plain_cpu_seconds"])


def test_each_cleaner_of_these_feeds_is_measured(tiny: None, inbox: Path, declared: Declarations) -> None:
    told = cleaners.rates(inbox, declared)
    used = {declared.fields[name].cleaner for feed in FEEDS for name, source in declared.feeds[feed].fields.items()
            if not source.cleaner and name != "severity_source"}
    assert {"dates.date", "money.amount", "codes.credit_code"} <= used
    assert set(told) >= used
    assert all(one["values"] and one["per_second"] > 0 for one in told.values())
    assert len(cleaners.told(told)) == len(told) + 1


@pytest.mark.parametrize("container", ["none", "zip"])
def test_the_big_file_is_declared_as_it_is_made(tmp_path: Path, container: str) -> None:
    _, config = readers.home_of(tmp_path, container)
    feed = load(config).feeds[readers.FEED]
    assert (feed.format.kind, feed.format.container, feed.transport.pattern) == ("csv", container, "*")
    readers.big(tmp_path / "big.csv", 10**6)
    assert 10**6 <= (tmp_path / "big.csv").stat().st_size < 10**7


def test_the_night_is_told_beside_the_copy(inbox: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = night.copy(inbox, tmp_path)
    assert list(tmp_path.glob("*.parquet"))
    stages = {name: Measure(1.0, 2.0, 3.0) for name in ("land", "session", "standardise", "publish")}
    night.report(stages, plain, 1000, tmp_path / "latest.json", {"dates.day": {"values": 1, "per_second": 2}})
    told = json.loads((tmp_path / "latest.json").read_text(encoding="utf-8"))
    assert (told["rows"], told["night_seconds"], set(told["stages"])) == (1000, 3.0, {"copy", *stages})
    assert "times the CPU of the copy" in capsys.readouterr().out

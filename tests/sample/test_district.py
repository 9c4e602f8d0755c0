"""The district as files: the same bytes for the same seed, every feed, every accident."""

import csv
import hashlib
import json
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

import sample
from jobs.answers.lateness import lateness, runs_on
from jobs.declarations.feeds import Feed
from jobs.declarations.files import read_each
from jobs.values.dates import Calendar
from sample import schedule
from sample.district import District

ROOT = Path(__file__).parents[2]
FEEDS = read_each(ROOT / "config" / "feeds", Feed, "feed")


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_gives_the_same_bytes(village, tmp_path):
    sample.village(tmp_path)
    assert digests(tmp_path) == digests(village)


def test_another_seed_gives_another_district(village, tmp_path):
    sample.village(tmp_path, seed=8)
    same = digests(tmp_path).items() & digests(village).items()
    assert {Path(path).name for path, _ in same if "_空." not in path} == {"README.txt"}


def test_generating_again_replaces_what_stood_there(village, tmp_path):
    sample.village(tmp_path, seed=8)
    sample.village(tmp_path)
    assert digests(tmp_path) == digests(village)


def test_every_feed_delivers(village):
    assert {path.name for path in (village / "inbox").iterdir() if path.is_dir()} == set(FEEDS)


def test_the_manifest_names_every_file_once(village, manifest):
    files = {str(path.relative_to(village / "inbox")) for path in (village / "inbox").glob("*/*")}
    assert sorted(line["path"] for line in manifest) == sorted(files)


def test_arrivals_are_in_the_zone_of_the_organs_and_not_before_the_day_they_cover(manifest):
    for line in manifest:
        received = datetime.fromisoformat(line["received_at"])
        assert received.utcoffset() == timedelta(hours=8)
        assert date.fromisoformat(line["covers"]) <= received.date() <= sample.LAST_DAY


def said_and_told(folder, declared):
    """What is late or missing by (feed, day): as the truth says, and as the product tells of the files that came."""
    truth = [json.loads(line) for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    days = {one["path"]: (one["feed"], date.fromisoformat(one["covers"])) for one in truth}
    said = {days[one["path"]]: "missing" if one.get("missing") else "late" for one in truth if one.get("missing") or one["late"]}
    nothing = {days[one["path"]] for one in truth if one["delivery_status"] == "none"}
    states = {one["path"]: one["delivery_status"] for one in truth}
    with (folder / "inbox" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        came = [{"feed": days[line["path"]][0], "covers": days[line["path"]][1], "delivery_status": states[line["path"]],
                 "received_at": datetime.fromisoformat(line["received_at"])} for line in csv.DictReader(file)]
    calendar = Calendar.load(ROOT / "config" / "codes" / "working_days.csv")
    told = {(row["feed"], row["covers"]): row["state"] for row in lateness(declared, came, calendar, sample.LAST_DAY)}
    without = {day: state for day, state in said.items() if day not in nothing}
    return without, {day: state for day, state in told.items() if state != "on_time" and day not in nothing}


def test_exactly_what_was_planted_is_late_or_missing(tmp_path, declared):
    sample.village(tmp_path, enterprises=1000)  # enough for every feed to have something to say on each of its days
    said, told = said_and_told(tmp_path, declared)
    assert told == said
    assert {day: state for day, state in told.items() if day[0] in schedule.BY_HAND} == {
        ("city_permits", date(2026, 11, 16)): "missing", ("province_permits", date(2026, 11, 9)): "late",
        ("province_permits", date(2026, 11, 17)): "late", ("hubei_award_notices", date(2026, 11, 13)): "late",
        ("market_mixed_registry", date(2026, 11, 16)): "late",
    }  # fmt: skip


@pytest.mark.parametrize("days", [1, 2, 4, 6, 15])
def test_in_a_window_of_any_length_the_truth_knows_what_is_late(days, tmp_path, declared):
    sample.village(tmp_path, enterprises=60, facts=400, days=days)
    said, told = said_and_told(tmp_path, declared)
    assert told == said


def test_every_feed_delivers_on_the_days_its_schedule_says(declared):
    days = schedule.business_days(sample.LAST_DAY, 10)
    for feed in declared.feeds.values():
        covered = [*schedule.turns(feed, days), *schedule.lost(feed, days)]
        assert sorted(covered) == [day for day in days if runs_on(feed.schedule, day)] or days[:1]


def test_over_holidays_the_days_are_those_that_are_worked():
    """In 2026 the 1st to the 7th of October are off and Saturday the 10th is worked; of 2027 nobody knows."""
    notices = schedule.moved(sample.CONFIG)
    assert schedule.business_days(date(2026, 10, 12), 5, notices) == [
        date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 10), date(2026, 10, 12)]
    assert schedule.business_days(date(2027, 1, 4), 3, notices) == [date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 4)]


def test_a_feed_that_renames_sends_one_file_more_under_a_label_that_nobody_knows(tmp_path):
    sample.village(tmp_path, enterprises=60, facts=400, days=6, renaming=("province_penalties",))
    told = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    [held] = [one for one in told if one["delivery_status"] == "held"]
    assert (held["feed"], held["reasons"]) == ("province_penalties", ["header_unknown"])
    head = (tmp_path / "inbox" / held["path"]).read_bytes().decode("gb18030").partition("\r\n")[0].split(",")
    assert set(head) - set(FEEDS["province_penalties"].labels) == {f"{head[-1].removesuffix('（新）')}（新）"}
    assert held["covers"] not in {one["covers"] for one in told if one["feed"] == held["feed"] and one is not held}


def test_the_inbox_says_in_two_languages_that_it_is_synthetic(village):
    said = (village / "inbox" / "README.txt").read_text(encoding="utf-8")
    assert "synthetic" in said
    assert "合成数据" in said


def test_the_truth_lies_outside_the_inbox(village):
    assert not list((village / "inbox").rglob("truth*"))
    assert (village / "truth.csv").exists()


def test_each_accident_happened(village):
    deliveries = [json.loads(line) for line in (village / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    by_status = {status: [one for one in deliveries if one["delivery_status"] == status] for status in ("same", "quarantined")}
    again = by_status["same"][0]
    inbox = village / "inbox"
    assert (inbox / again["path"]).read_bytes() == (inbox / again["same_as"]).read_bytes()
    sizes = sorted((inbox / one["path"]).stat().st_size for one in by_status["quarantined"])
    assert sizes[0] == 0
    assert sizes[-1] > 0
    assert any("更正" in one["path"] for one in deliveries)
    assert any(one["path"] == "province_permits/province_permits_20261109.csv" for one in deliveries)


def test_the_sample_of_a_night_is_of_the_promised_size():
    district = District(7, 5000, 50_000, 10, sample.LAST_DAY, sample.CONFIG)
    planned = schedule.deliveries(district.days, FEEDS)
    assert len(district.days) == 10
    by_hand = [delivery for delivery in planned if delivery.feed in schedule.BY_HAND]
    assert 35 <= len(by_hand) <= 45
    assert 35_000 <= sum(district.counts.values()) <= 50_000
    assert {district.counts[name] for name in district.generic if FEEDS[name].snapshot == "increment"} == {250}
    assert all(28 <= district.counts[name] <= 250 for name in district.generic)


def test_facts_beyond_the_bound_of_workbooks_become_permits_of_the_province():
    district = District(7, 25_000, 1_000_000, 10, sample.LAST_DAY, sample.CONFIG)
    assert district.counts["city_permits"] == district.counts["city_penalties"] == 6_000
    assert district.counts["province_permits"] > 600_000


@pytest.mark.parametrize("days", [1, 2, 5, 15])
def test_a_window_of_any_length_delivers_every_feed(days, tmp_path):
    sample.village(tmp_path, enterprises=60, facts=400, days=days)
    assert {path.name for path in (tmp_path / "inbox").iterdir() if path.is_dir()} >= set(FEEDS) - {"repair_decisions"}


@pytest.mark.parametrize(("arguments", "said"), [(["--enterprises", "5"], "between 20 and"), (["--days", "0"], "--days is 0")])
def test_a_wrong_argument_is_refused_with_what_is_possible(arguments, said, tmp_path):
    told = subprocess.run(
        [sys.executable, "-m", "sample", "--to", str(tmp_path), *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 2
    assert said in told.stderr
    assert "Traceback" not in told.stderr

import csv
import json
import re
from datetime import date, datetime
from pathlib import Path

import sample
from jobs.answers import sections, summary
from jobs.answers.nights import COUNTS
from jobs.declarations import Declarations
from jobs.declarations.settings import settings
from sample.schedule import BY_HAND
from tests.released import Released, tonight


def section(told: str, title: str) -> list[str]:
    """The lines of one section of a summary."""
    lines = told.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(title))
    end = next((number for number in range(start + 1, len(lines)) if not lines[number].startswith(" ")), len(lines))
    return [line.strip() for line in lines[start + 1:end]]


def test_a_night_is_told_on_a_screen_or_two(village: Released) -> None:
    lines = village.summary.splitlines()
    assert len(lines) <= 95
    assert max(map(len, lines)) <= 180
    assert "NIGHT OF 2026-11-20 · known until 2026-11-20 23:00 (Shanghai) · RELEASED" in lines


def test_every_row_in_has_a_row_out_in_the_summary_too(village: Released) -> None:
    sums = village.rows(f"""
        select {', '.join(f'sum({name}) as {name}' for name in COUNTS)} from ledger.admissions a
        join ledger.deliveries using (delivery_id) where verdict = 'admitted'""")[0]
    total = next(line for line in section(village.summary, "FEEDS") if line.startswith("all "))
    told = [int(number.replace(",", "")) for number in re.findall(r"[\d,]+", total)]
    assert told[1:] == [int(sums[name]) for name in COUNTS]
    assert told[1] == sum(told[2:7])


def test_what_was_not_admitted_is_told_with_its_file(village: Released) -> None:
    unread = village.rows("select source_name from ledger.deliveries where delivery_status = 'quarantined'")
    told = "\n".join(section(village.summary, "NOT IN THE RELEASE"))
    assert unread
    assert all(row["source_name"] in told for row in unread)


def test_the_release_and_the_gates_are_told(village: Released) -> None:
    release = village.rows("select * from credit.releases order by sequence")[0]
    told = "\n".join(section(village.summary, "RELEASE"))
    assert release["release_id"] in told
    assert release["content_hash"] in told
    checks = village.rows("select count(*) as n from ledger.check_results where run_id like '%-20261120-0001'")[0]["n"]
    stages = [line.split() for line in section(village.summary, "GATES")[1:] if re.match(r"\w+ +\d+ +\d+ +\d+ +\d+$", line)]
    assert sum(int(line[2]) for line in stages) == checks
    assert [line[0] for line in stages] == ["standardise", "match", "assemble", "grade", "publish"]


def test_a_night_that_stood_already_tells_the_same_but_what_was_new(village: Released) -> None:
    first, again = tonight(village.settings, village.declarations), tonight(village.settings, village.declarations)
    for title in ("FEEDS", "WHY", "NOT IN THE RELEASE", "LINKS", "CREDIT FILES", "GRADES", "GATES", "RELEASE", "NEXT"):
        assert section(again, title) == section(first, title), title
    assert "new this time: no deliveries; stages done: none, all stood already" in again
    assert "match stood already, took" in "\n".join(section(again, "SECONDS"))


def test_status_tells_release_runs_and_lateness(village: Released) -> None:
    told = summary.status(village.settings)
    assert village.rows("select release_id from credit.releases order by sequence desc")[0]["release_id"][:12] in told
    assert "publish-20261120-" in told
    assert "LATENESS as of" in told
    full = [name for name, feed in village.declarations.feeds.items() if feed.snapshot == "full"]
    unread = village.rows("""
        select d.source_name, exists (
          select from ledger.deliveries n join ledger.admissions a using (delivery_id)
          where a.verdict = 'admitted' and n.feed = d.feed and n.received_at > d.received_at
            and (n.covers = d.covers or n.feed = any(:full) and n.covers > d.covers)) as sent_again
        from ledger.deliveries d where d.delivery_status = 'quarantined'""", full=full)
    waiting = "\n".join(section(told, "QUARANTINED, REFUSED OR HELD"))
    assert unread
    assert all((row["source_name"] in waiting) is not row["sent_again"] for row in unread)


def test_a_database_that_sleeps_is_told_as_no_fault_and_is_left_asleep(tmp_path: Path) -> None:
    told = summary.status(settings(home=tmp_path / "home", database_url=None))
    assert "not running, which is no fault: every command that asks it starts it" in told
    assert not (tmp_path / "home").exists()


def test_no_personal_value_is_in_a_summary(village: Released) -> None:
    assert village.planted
    assert not [value for value in village.planted if value in village.summary]


def test_what_was_landed_is_told_by_file(village: Released) -> None:
    taken = village.rows("select * from ledger.deliveries order by feed, source_name")[:3]
    told = summary.landed(taken).splitlines()
    assert [line.split()[:2] for line in told[1:]] == [[row["feed"], row["source_name"]] for row in taken]
    hiding = {**taken[0], "rows_hidden": 3}
    assert "3 rows hidden in the sheet, not read" in summary.landed([hiding])
    assert summary.landed([]) == "nothing new: every file there was taken before"


def test_the_deadlines_tell_what_the_sample_planted_and_nothing_else(tmp_path: Path, declared: Declarations) -> None:
    sample.village(tmp_path, enterprises=1000)
    truth = {one["path"]: one for one in map(json.loads, (tmp_path / "truth.jsonl").read_text(encoding="utf-8").splitlines())}
    with (tmp_path / "inbox" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        came = [truth[line["path"]] | {"covers": date.fromisoformat(line["covers"]),
                                       "received_at": datetime.fromisoformat(line["received_at"])}
                for line in csv.DictReader(file)]
    told = sections.late_by_feed(declared, came, sample.LAST_DAY)
    assert set(told) == set(declared.feeds)
    assert {feed: said for feed, said in told.items() if said != "on time" and feed in BY_HAND} == {
        "city_permits": "1 missing", "province_permits": "2 late (up to 193.1 h)", "hubei_award_notices": "1 late (up to 71.5 h)",
        "market_mixed_registry": "1 late (up to 53.6 h)"}

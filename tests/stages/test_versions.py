"""What a night does with versions: snapshots, stale deliveries, bounds."""
from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from jobs.answers import declared as answered
from jobs.declarations import DeclarationError, Declarations, load
from jobs.declarations.settings import ROOT, Settings
from jobs.stages.land import land
from jobs.stages.run import Night
from jobs.stores import database
from jobs.stores.lake import opened
from jobs.stores.ledger import Ledger
from jobs.stores.objects import objects
from jobs.stores.transports import given
from tests.released import AS_OF, KNOWN_AT, as_far_as, quiet, read_anew
from tests.standing import asked

HEAD = "序号,企业名称,统一社会信用代码,注册号,法定代表人,列入决定书文号,列入事由,列入日期,列入决定机关"
LISTED = ("{0},示例市启明{0}号广告传媒有限公司,,34010000000{0:04},丁一凡,示瑶市监异列字〔2026〕{0}号,未公示年度报告,2026-07-08,"
          "瑶海区市场监督管理局")


# ---- a list in full, read by one declaration and then by another

@pytest.fixture(scope="module")
def listed(new_home: Callable[..., Settings], declared: Declarations, tmp_path_factory, spark) -> tuple[Settings, Night]:
    """A home with two full snapshots of a list of ten, the older one arrived last; two entries are gone from the newer one."""
    home, folder = new_home(), tmp_path_factory.mktemp("lists")
    feed = declared.feeds["district_abnormal_snapshot"].model_copy(update={"volume": loose(declared)})
    own = replace(declared, feeds={**declared.feeds, feed.feed: feed})
    for day, entries, hours in ((date(2026, 11, 18), range(1, 11), 2), (date(2026, 11, 19), range(1, 9), 3)):
        path = folder / f"list_{day:%Y%m%d}.csv"
        path.write_text("\n".join([HEAD, *map(LISTED.format, entries)]) + "\n", encoding="utf-8")
        arrived = given(feed, [path], None, KNOWN_AT - timedelta(hours=hours))
        land(list(arrived), own, database.engine(home), objects(home), quiet)
    return home, as_far_as(home, own)


def loose(declared: Declarations):
    """The bounds of the list without that of the credit code, which none of these entries has."""
    return declared.feeds["district_abnormal_snapshot"].volume.model_copy(update={"fill": {}})


def test_what_vanished_is_said_and_measured(listed):
    home, night = listed
    gone = opened(home).read("snapshot_changes", night.snapshots["snapshot_changes"]).orderBy("entry").collect()
    assert [(row.change, str(row.last_seen), str(row.absent_since)) for row in gone] == [
        ("not_in_snapshot", "2026-11-18", "2026-11-19")] * 2
    [row] = night.metrics["assemble"]["completeness"]
    assert (row["entries_before"], row["missing"], row["share_missing"]) == (10, 2, 0.2)
    told = answered.told_snapshots(night.metrics["assemble"])
    assert any("district_abnormal_snapshot" in line and "20.0%" in line for line in told)


def test_more_missing_than_declared_warns_and_stops_nothing(listed):
    home, _ = listed
    [check] = asked(home, "select severity, success, keys from ledger.check_results where suite = 'snapshots'")
    assert (check["severity"], check["success"], check["keys"]) == ("warn", False, [{"feed": "district_abnormal_snapshot"}])
    assert asked(home, "select run_status from ledger.run_results where run_id like 'assemble%'") == [{"run_status": "passed"}]


# ---- declarations that change

@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str], Declarations]:
    """The declarations with another text in the file of the list."""
    def make(before: str, after: str) -> Declarations:
        for name in ("config", "expectations"):
            shutil.copytree(ROOT / name, tmp_path / name)
        path = tmp_path / "config" / "feeds" / "district_abnormal_snapshot.yml"
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
        return load(tmp_path / "config")
    return make


def test_a_bound_changed_without_a_reason_ends_the_night_before_any_work(listed, changed):
    home = listed[0]
    with database.engine(home).connect() as connection, pytest.raises(DeclarationError, match=r"min_rows: 5.0 is 2.0 now"):
        answered.refuse_unexplained(Ledger(connection), changed("  min_rows: 5\n", "  min_rows: 2\n"))


def test_a_bound_changed_for_a_reason_does_not(listed, changed):
    told = "  min_rows: 2\n  changed: [{since: 2026-11-20, bound: min_rows, was: 5, now: 2, because: the list is split}]\n"
    explained = changed("  min_rows: 5\n", told)
    assert explained.feeds["district_abnormal_snapshot"].volume.bounds["min_rows"] == 2
    with database.engine(listed[0]).connect() as connection:
        assert answered.refuse_unexplained(Ledger(connection), explained) is None


def stale(home: Settings, declared: Declarations) -> list[dict]:
    with database.engine(home).connect() as connection:
        return answered.stale(Ledger(connection), declared, AS_OF, KNOWN_AT + timedelta(days=1))


def test_a_changed_declaration_makes_its_deliveries_stale_until_they_are_read_anew(listed, declared, changed):
    home = listed[0]
    other = changed('nulls: ["-", "/", "无"]', 'nulls: ["-"]')
    assert stale(home, declared) == []
    assert stale(home, other) == [{"feed": "district_abnormal_snapshot", "deliveries": 2, "since": date(2026, 11, 18)}]
    later = KNOWN_AT + timedelta(hours=1)
    assert as_far_as(home, other, known_at=later, stages=("standardise",)).delivery_metrics == []  # no night reads them by itself
    read_anew(home, other, "district_abnormal_snapshot", date(2026, 11, 19), later)
    assert stale(home, other) == [{"feed": "district_abnormal_snapshot", "deliveries": 1, "since": date(2026, 11, 18)}]
    said = "\n".join(answered.told_stale(stale(home, other)))
    assert "standardise --feed district_abnormal_snapshot --since 2026-11-18" in said

"""The gate fails three nights running: what must go is gone from every view on its day, all else of the last release stands."""
from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml

import sample
from jobs import __main__ as door
from jobs.declarations import Declarations
from jobs.declarations.settings import ROOT, Settings
from jobs.stages.failures import STOPPED
from jobs.stores import database
from sample.schedule import BY_HAND
from tests.released import landed, tonight
from tests.standing import asked, releases, served

GOOD = date(2026, 11, 18)
NIGHTS = [date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 21)]
REPAIRED, EXPIRING, WITHDRAWN = "示例罚〔2026〕9001号", "示例罚〔2026〕9002号", "示例罚〔2026〕9003号"
ORGAN, DECIDED = "11340100MB0C0001XL", "2026-10-12"
VIEWS = """select table_schema || '.' || table_name as view from information_schema.views
  where table_schema in ('open', 'market', 'audit')"""
NAMED = """select event_key, fact_ids from credit.events
  where fact_id in (select fact_id from credit.penalties where document_no = :no)"""
SHOWN = """select '{0}' as view from {0} v
  where exists (select from unnest(cast(:named as text[])) n(id) where position(n.id in v::text) > 0)"""
CODE = "行政相对人代码_1(统一社会信用代码)"
TELLS = {"audit.withdrawals", "audit.release_delta"}  # that it is withdrawn, and that a release once changed its key
KEEPS = {"audit.links", "audit.release_delta"}  # which enterprise a fact is about has no end of publicity; for audit alone


def cut_off(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 13, tzinfo=UTC)


def penalties(inbox: Path) -> None:
    """Three serious penalties of one registered enterprise; the publicity of the second ends on the second of the nights."""
    [path] = (inbox / "province_penalties").glob("*[0-9].csv")
    registered = b"".join(one.read_bytes() for one in inbox.glob("market_*/*.csv"))
    with path.open(encoding="gb18030", newline="") as file:
        rows = list(csv.DictReader(file))
    like = next(row for row in rows if len(row[CODE]) == 18 and row["行政相对人类别"] == "法人及非法人组织"
                and row[CODE].encode() in registered)
    with (path.parent / f"crafted_{GOOD:%Y%m%d}.csv").open("w", encoding="gb18030", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        for number in (REPAIRED, EXPIRING, WITHDRAWN):
            ends = "2026-11-20" if number == EXPIRING else "2029-10-12"
            writer.writerow(like | {
                "行政处罚决定书文号": number, "处罚类别": "责令停产停业", "处罚内容": "责令停产停业", "罚款金额(万元)": "",
                "没收违法所得、没收非法财物的金额(万元)": "", "暂扣或吊销证照名称及编号": "", "严重程度": "严重",
                "处罚决定日期": DECIDED, "公示截止期": ends, "处罚机关统一社会信用代码": ORGAN})
    manifest = inbox / "manifest.csv"
    with manifest.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow([f"province_penalties/crafted_{GOOD:%Y%m%d}.csv", GOOD, "2026-11-18T18:50:00+08:00"])


def repair(folder: Path, declared: Declarations) -> Path:
    """The decision that repairs the first of them, of the first of the nights."""
    row = declared.feeds["repair_decisions"].examples[0].row | {
        "修复决定书文号": "示信修〔2026〕9001号", "修复决定日期": "2026-11-19", "修复生效日期": "2026-11-19",
        "修复决定机关统一社会信用代码": ORGAN,
        "原行政处罚决定书文号": REPAIRED, "原处罚机关统一社会信用代码": ORGAN, "原处罚决定日期": DECIDED}
    path = folder / "repair_decisions_20261119.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    return path


@pytest.fixture
def home(new_home: Callable[..., Settings], declared: Declarations, spark: object) -> Settings:
    """A tiny village and its last good release, of the evening before the three nights."""
    one = new_home()
    sample.village(one.home, enterprises=40, days=1, last_day=GOOD, only=BY_HAND)
    penalties(one.home / "inbox")
    landed(one, declared, cut_off(GOOD))
    tonight(one, declared, GOOD, cut_off(GOOD))
    return one


@pytest.fixture
def typed(home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Types a command where one suite can hold no more, and gives its exit code."""
    for folder in ("config", "expectations"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    suite = tmp_path / "expectations" / "identifiers.yml"
    content = yaml.safe_load(suite.read_text(encoding="utf-8"))
    content["expectations"].append({
        "expectation": "expect_column_values_to_be_in_set", "arguments": {"column": "kind", "value_set": ["none that there is"]},
        "severity": "fail", "because": "a test wants it to fail"})
    suite.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    monkeypatch.setattr("jobs.door.now", lambda: cut_off(NIGHTS[-1]) + timedelta(hours=1))
    monkeypatch.setenv("CREDIT_HOME", str(home.home))
    monkeypatch.setenv("CREDIT_DATABASE_URL", home.database_url.get_secret_value())
    monkeypatch.setenv("CREDIT_CONFIG", str(tmp_path / "config"))
    return lambda *words: door.main(list(map(str, words)))


def reads_on(home: Settings, day: date) -> None:
    """The reader's clock, which is the server's, stands on this day."""
    with database.engine(home).begin() as connection:
        connection.execute(sa.text(
            f"create or replace function credit.today() returns date language sql stable return date '{day}'"))


def shown(home: Settings, document_no: str) -> set[str]:
    """Every view of which a row, or what a row rests on, names this penalty by its event key or one of its facts."""
    [event] = asked(home, NAMED, no=document_no)
    named = [event["event_key"], *event["fact_ids"]]
    views = [row["view"] for row in asked(home, VIEWS)]
    return {row["view"] for row in asked(home, " union ".join(map(SHOWN.format, views)), named=named)}


def test_three_nights_that_stop_take_nothing_in_and_let_everything_go(home, declared, typed, tmp_path, capsys):
    good, tables = releases(home), served(home)
    key = asked(home, "select event_key from credit.penalties where document_no = :no", no=WITHDRAWN)[0]["event_key"]

    def stopped(day: date) -> None:
        assert typed("night", "--as-of", day, "--known-at", cut_off(day).isoformat()) == STOPPED
        assert "identifiers: expect_column_values_to_be_in_set" in capsys.readouterr().err
        assert (releases(home), served(home)) == (good, tables)

    reads_on(home, NIGHTS[0])
    files = ("penalties", "events", "credit_files")
    everywhere = {f"{channel}.{view}" for channel in ("open", "market", "audit") for view in files}
    everywhere |= {f"audit.{view}" for view in ("links", "indicators", "findings", "grades", "list_entries")}
    for number in (REPAIRED, EXPIRING, WITHDRAWN):
        assert shown(home, number) >= everywhere, number

    decision = repair(tmp_path, declared)
    assert typed("land", "--feed", "repair_decisions", decision, "--received-at", "2026-11-19T17:40:00+08:00") == 0
    stopped(NIGHTS[0])
    assert shown(home, REPAIRED) == TELLS
    assert shown(home, EXPIRING) >= {"open.penalties", "open.events", "open.credit_files", "audit.penalties", "audit.links"}

    reads_on(home, NIGHTS[1])
    assert shown(home, EXPIRING) == KEEPS
    stopped(NIGHTS[1])
    assert shown(home, EXPIRING) == KEEPS

    reads_on(home, NIGHTS[2])
    stopped(NIGHTS[2])
    assert shown(home, WITHDRAWN) >= {"open.penalties", "open.events", "open.credit_files", "audit.penalties", "audit.links"}
    assert typed("withdraw", key, "--because", "撤销", "--document", "示例撤〔2026〕9003号") == 0
    assert shown(home, WITHDRAWN) == TELLS
    assert (shown(home, REPAIRED), shown(home, EXPIRING)) == (TELLS, KEEPS)

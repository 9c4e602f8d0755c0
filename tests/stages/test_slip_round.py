"""A round with files only: bad deliveries, their slips, a correction, a dispute, and a rule withdrawn for all whom it hit."""
from __future__ import annotations

import csv
import json
import shutil
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jobs.answers import disputes, returned
from jobs.answers.disputes import DisputeRefused
from jobs.answers.retracting import retract
from jobs.declarations import Declarations, load
from jobs.declarations.settings import ROOT, Settings
from jobs.stages import ruling
from jobs.stages.land import land
from jobs.stages.replay import replay
from jobs.stages.run import Night
from jobs.stores import database
from jobs.stores.objects import objects
from jobs.stores.transports import given
from tests.released import clock, quiet, tonight
from tests.standing import asked

FIRST, KNOWN = date(2026, 11, 19), datetime(2026, 11, 19, 15, tzinfo=UTC)
SECOND = FIRST + timedelta(days=1)
REGISTRY, MINISTRY, PROVINCE = "market_small_registry", "ministry_penalties", "province_penalties"
CLERK = "欧阳慕白"  # stands in personal columns and in the household's row
RULE = "    reason: after_receipt\n"


Scores = dict[tuple[str, str], tuple[int, int, str | None]]


@dataclass
class Round:
    """A home, and what was typed at it; `scores` are the month's of each feed as its last night told them."""

    home: Settings
    declared: Declarations
    folder: Path
    scores: Scores = field(default_factory=dict)

    def night(self, day: date, known_at: datetime) -> None:
        tonight(self.home, self.declared, day, known_at)
        rows = asked(self.home, """select name, figure, numerator, denominator, band from credit.scorecards
                                   where scope = 'feed' and period_kind = 'month'""")
        self.scores = {(row["name"], row["figure"]): (row["numerator"], row["denominator"], row["band"]) for row in rows}

    def delivers(self, feed: str, name: str, at: datetime, *rows: dict[str, str]) -> None:
        """A file of the feed's own example row, each time with these cells by field."""
        declared = self.declared.feeds[feed]
        example = declared.examples[0].row
        path = self.folder / name / f"{feed}_{FIRST:%Y%m%d}.csv"
        path.parent.mkdir(exist_ok=True)
        encoding = "utf-8" if declared.format.encoding == "detect" else declared.format.encoding
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, list(example))
            writer.writeheader()
            for number, row in enumerate(rows):
                cells = {declared.fields[field].labels[0]: value for field, value in row.items()}
                own = {label: f"示罚〔2026〕{name}{number}号" for field in ("document_no",) if field in declared.fields
                       for label in declared.fields[field].labels}
                writer.writerow(example | own | dict.fromkeys(set(declared.personal) & set(example), CLERK) | cells)
        engine = database.engine(self.home)
        land(list(given(declared, [path], None, at)), self.declared, engine, objects(self.home), quiet)

    def slips(self, now: datetime, **how: object) -> dict[str, dict]:
        """By file name, as programs read them."""
        wanted = Namespace(**{"feed": None, "delivery": None, "overdue": False, "to": None, "json": True} | how)
        told = json.loads(returned.slips(self.home, wanted, now))
        return {f"{slip['feed']} {slip['delivery_id'][:8]}": slip for slip in told}


FUTURE = {"decision_date": "2026-12-30"}


@pytest.fixture(scope="module")
def first(new_home: Callable[..., Settings], declared: Declarations, spark, tmp_path_factory) -> Round:
    """After a night with two bad deliveries; one row of each has a day to come, one of them is a household's."""
    one = Round(new_home(), declared, tmp_path_factory.mktemp("slips"))
    one.delivers(REGISTRY, "册", KNOWN - timedelta(hours=4), {})
    household = {"subject_kind": "个体工商户", "subject_name": CLERK, "credit_code": "92340100MA0X00031A"}
    one.delivers(MINISTRY, "坏", KNOWN - timedelta(hours=3), {}, {}, FUTURE, household, {"credit_code": "91340100MA0X00031X"})
    one.delivers(PROVINCE, "省", KNOWN - timedelta(hours=2), {}, {}, FUTURE)
    one.night(FIRST, KNOWN)
    return one


@pytest.fixture(scope="module")
def second(first: Round, tmp_path_factory) -> Round:
    """After the ministry's correction, the province's dispute, the rule's withdrawal and a second night."""
    later = KNOWN + timedelta(hours=1)
    slip = next(slip for slip in first.slips(later).values() if slip["feed"] == PROVINCE)
    paper = first.folder / "说明.txt"
    paper.write_text("生效日期在后，决定已作出", encoding="utf-8")
    id_ = disputes.enter(first.home, Namespace(delivery=slip["delivery_id"][:10], field="decision_date", reason="after_receipt",
                                               row=None, because="规则有误", document=paper, by="示例省"), later)
    assert next(one for one in first.slips(later).values() if one["feed"] == PROVINCE)["lines_disputed"] == 1
    typed = Namespace(dispute=id_, upheld=False, because="规则有误", by="陈")
    with pytest.raises(DisputeRefused, match=r"2 deliveries .*config/categories/penalty.yml"):
        withdrawn(first, typed, first.declared, later)
    corrected = without_rule(tmp_path_factory.mktemp("corrected"))
    said = withdrawn(first, typed, corrected, later + timedelta(minutes=1))
    assert {line.split()[1] for line in said.splitlines() if "admitted" in line} == {MINISTRY, PROVINCE}
    assert "withdrawn: decision_date after_receipt; read anew by standardise-20261119-0002: 2 deliveries with 8 rows" in said
    assert REGISTRY not in said
    assert "A night is still needed: consumers read the last release until python -m jobs night --as-of 2026-11-19" in said
    first.delivers(MINISTRY, "改", KNOWN + timedelta(hours=2), {}, {}, {"decision_date": "2026-11-12"}, {})
    after = Round(first.home, corrected, first.folder)
    after.night(SECOND, KNOWN + timedelta(days=1))
    return after


def without_rule(folder: Path) -> Declarations:
    """The declarations of an engineer who took the check of the day of receipt out of the category."""
    for name in ("config", "expectations"):
        shutil.copytree(ROOT / name, folder / name)
    path = folder / "config" / "categories" / "penalty.yml"
    before, _, after = path.read_text(encoding="utf-8").partition(RULE)
    start, end = before.rindex("  - expects:"), after.index("  - expects:")
    path.write_text(before[:start] + after[end:], encoding="utf-8")
    return load(folder / "config")


def withdrawn(round_: Round, typed: Namespace, declared: Declarations, known_at: datetime) -> str:
    with database.locked(round_.home) as connection:
        return ruling.rule(Night(FIRST, known_at, round_.home, declared, connection, clock, say=quiet), typed)


def test_each_organ_is_told_what_is_wrong_in_its_own_words_and_nothing_of_persons(first: Round):
    found = first.slips(KNOWN, to=first.folder / "slips")
    told = {slip["feed"]: {(line["row_no"], line["label"], line["reason"]) for line in slip["lines"]} for slip in found.values()}
    day = {feed: first.declared.feeds[feed].fields["decision_date"].labels[0] for feed in (MINISTRY, PROVINCE)}
    [future] = {row for row, label, _ in told[PROVINCE] if label == day[PROVINCE]}
    assert (future, day[PROVINCE], "after_receipt") in told[PROVINCE]
    assert {reason for *_, reason in told[MINISTRY]} >= {"after_receipt"}
    [account] = asked(first.home, f"select rows_household, rows_rejected, rows_received from credit.deliveries "
                                  f"where feed = '{MINISTRY}'")
    assert (account["rows_household"], account["rows_received"]) == (1, 5)
    assert {slip["organ"] for slip in found.values() if slip["feed"] == MINISTRY} == {
        first.declared.organs[first.declared.feeds[MINISTRY].organ].zh}
    texts = [str(list(sheet.iter_rows(values_only=True))) for path in (first.folder / "slips").glob("*.xlsx")
             for sheet in load_workbook(path)]
    texts += [path.read_text(encoding="utf-8-sig") for path in (first.folder / "slips").glob("*.csv")]
    assert len(texts) == 6
    assert not any(CLERK in text for text in texts)
    assert any("日期晚于本批数据的接收日" in text for text in texts)


def test_the_served_slips_are_those_that_are_told(first: Round, second: Round):
    served = asked(second.home, """select delivery_id, slip_status, closed_by, lines_rejected, lines_doubtful
                                   from credit.return_slips""")
    told = {slip["delivery_id"]: slip for slip in second.slips(KNOWN + timedelta(days=2)).values()}
    assert {row["delivery_id"] for row in served} == set(told)
    assert all(row[name] == told[row["delivery_id"]][name] for row in served for name in row)


def test_the_correction_closes_its_slip(second: Round):
    slips = [slip for slip in second.slips(KNOWN + timedelta(days=2)).values() if slip["feed"] == MINISTRY]
    [bad] = [slip for slip in slips if slip["closed_by"]]
    [corrected] = asked(second.home, f"select delivery_id from credit.deliveries where feed = '{MINISTRY}' and rows_received = 4")
    assert (bad["slip_status"], bad["closed_by"]) == ("closed", corrected["delivery_id"])


def test_the_scorecard_before_and_after(first: Round, second: Round):
    """Before, the day to come is a reject of either organ; after, the rule is gone, and the ministry sent four good rows more."""
    told = {one: {feed: round_.scores[feed, "compliance"] for feed in (MINISTRY, PROVINCE)}
            for one, round_ in (("before", first), ("after", second))}
    assert told == {"before": {MINISTRY: (3, 4, "red"), PROVINCE: (2, 3, "red")},
                    "after": {MINISTRY: (8, 8, "green"), PROVINCE: (3, 3, "green")}}
    assert (first.scores[MINISTRY, "slips_open"][:2], second.scores[MINISTRY, "slips_open"][:2]) == ((1, 1), (0, 1))
    assert (first.scores[MINISTRY, "rows"][0], second.scores[MINISTRY, "rows"][0]) == (5, 9)


def test_a_rule_withdrawn_reads_the_rows_of_both_organs_anew(second: Round):
    assert asked(second.home, "select 1 from credit.rejects where reason = 'after_receipt'") == []
    anew = asked(second.home, """select d.feed, count(*) as times, max(a.rows_rejected) as before,
                                   (array_agg(a.rows_rejected order by a.known_at desc))[1] as now
                                 from ledger.admissions a join ledger.deliveries d using (delivery_id)
                                 group by d.delivery_id, d.feed having count(*) > 1 order by d.feed""")
    assert [row["feed"] for row in anew] == [MINISTRY, PROVINCE]
    assert all(row["times"] == 2 and row["now"] == row["before"] - 1 for row in anew)
    [entry] = asked(second.home, "select action, detail from ledger.audit_log where action = 'withdrawn'")
    assert len(entry["detail"]["deliveries"]) == 2


def test_a_delivery_taken_back_is_gone_with_the_next_night_and_the_night_before_replays(second: Round):
    """The night before knew it; the next one does not, nor its facts, rejects and slip."""
    [row] = asked(second.home, f"select delivery_id from credit.deliveries where feed = '{PROVINCE}'")
    before = asked(second.home, f"select 1 from credit.links where feed = '{PROVINCE}'")
    assert before
    moment = KNOWN + timedelta(days=1, hours=1)
    typed = Namespace(retract=row["delivery_id"][:8], because="报送到错误的数据源", by="陈", files=[], feed=None)
    assert "leaves with the next night" in retract(second.home, typed, moment)
    tonight(second.home, second.declared, SECOND, moment + timedelta(hours=1))
    assert asked(second.home, f"select 1 from credit.links where feed = '{PROVINCE}'") == []
    assert asked(second.home, f"select 1 from credit.return_slips where feed = '{PROVINCE}'") == []
    [told] = asked(second.home, f"select delivery_status from credit.deliveries where feed = '{PROVINCE}'")
    assert told["delivery_status"] == "retracted"
    for sequence in ("2", "3"):
        assert replay(second.home, sequence, clock, quiet).startswith("same: ")

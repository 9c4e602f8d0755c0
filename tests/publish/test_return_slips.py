"""Return slips from what the ledger and a release say: what is on them, by when it is answered, what closes and disputes it."""

from __future__ import annotations

import io
import json
import zipfile
from argparse import Namespace
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from jobs import __main__ as door
from jobs.answers import disputes, nights, reread, retracting, returned
from jobs.answers.arrived import arrived
from jobs.answers.disputes import DisputeRefused, Said, dispute
from jobs.answers.explain import explain
from jobs.answers.explain_delivery import delivery
from jobs.answers.explain_ids import UnknownId
from jobs.answers.reasons import explained
from jobs.answers.slip_files import as_csv, plain, workbook
from jobs.answers.slip_lines import lines
from jobs.answers.slips import Slip, slips
from jobs.declarations import DeclarationError, Declarations
from jobs.declarations.organs import Organ
from jobs.stages import publish
from jobs.stages.failures import WRONG
from jobs.stages.run import code_version, hashed
from jobs.stores.ledger import Ledger
from jobs.stores.objects import document_key, objects
from jobs.stores.serving.compose import DELIVERIES
from jobs.values.text import mask_value
from tests.publish.lake import SmallNight, lake

DAY = date(2026, 9, 21)
FEED = "city_penalties"
Told = tuple[str, str, str, int]
CODE, FINE = ("reject", "credit_code", "total_check"), ("flaw", "fine_amount_yuan", "not_a_number")


def at(day: date, hour: int = 13) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@dataclass
class Desk:
    """A ledger to which deliveries, their decisions and releases are written by hand."""

    connection: sa.Connection
    declared: Declarations

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.connection)

    def arrives(self, name: str, day: date = DAY, feed: str = FEED, covers: date | None = None, **said: Any) -> str:
        row = {"delivery_id": name, "feed": feed, "covers": covers or day, "received_at": at(day, 10), "object_sha256": name,
               "source_name": f"{name}.csv", "delivery_status": "received", "rows_received": 9, "header": ["甲"]}
        self.ledger.add("deliveries", [row | said])
        return name

    def decided(self, name: str, *told: Told, day: date = DAY, verdict: str = "admitted", **said: Any) -> str:
        """By a run of that day, with reasons of (kind, field, reason, count)."""
        run = f"standardise-{name}-{day:%m%d}"
        reasons = [dict(zip(("kind", "field", "reason", "count"), one, strict=True)) | {"delivery_id": name} for one in told]
        self.ledger.add("declarations", [{"digest": "d", "content": self.declared.content}], known=True)
        self.ledger.add("runs", [{"run_id": run, "stage": "standardise", "as_of": day, "known_at": at(day), "inputs_hash": run,
                                  "inputs": {}, "declarations_digest": "d", "code_version": code_version(),
                                  "started_at": at(day)}])
        self.ledger.add("run_results", [{"run_id": run, "run_status": "passed", "finished_at": at(day), "snapshots": {},
                                         "metrics": {"reasons": reasons}}])
        row = {"delivery_id": name, "run_id": run, "known_at": at(day), "verdict": verdict, "category": "penalty"}
        self.ledger.add("admissions", [row | said])
        return name

    def bad(self, name: str, *told: Told, day: date = DAY, **said: Any) -> str:
        return self.decided(self.arrives(name, day, **said), *told, day=day)

    def released(self, day: date) -> None:
        made = self.connection.scalar(sa.text("select count(*) from credit.releases"))
        self.ledger.add("releases", [{"release_id": f"r{made}", "sequence": made + 1, "as_of": day, "known_at": at(day),
                                      "content_hash": "", "release_status": "served", "manifest_sha256": "", "inputs": {},
                                      "snapshots": {}}], schema="credit")

    def slips(self, day: date, **how: Any) -> dict[str, Slip]:
        return {slip.delivery_id: slip for slip in slips(self.ledger, self.declared, day, at(day), **how)}


@pytest.fixture
def desk(connection: sa.Connection, declared: Declarations) -> Desk:
    return Desk(connection, declared)


# ---- what is on a slip

def test_a_slip_counts_faults_by_kind_and_leaves_out_what_is_only_noted(desk):
    noted = ("flaw", "remarks", "masked_personal", 5), ("reject", "payment_status", "not_positive", 4)
    desk.bad("bad", (*CODE, 2), (*FINE, 3), *noted)
    desk.bad("noted", ("flaw", "credit_code", "check_complemented", 1))
    desk.bad("good")
    row = desk.slips(DAY)["bad"].row
    assert set(desk.slips(DAY)) == {"bad"}
    assert (row["lines_rejected"], row["lines_doubtful"], row["lines_disputed"], row["slip_status"]) == (2, 3, 0, "open")
    assert row["organ_code"] == desk.declared.organs["city_credit_centre"].code


def test_a_file_that_was_not_read_or_is_held_has_one_line_about_itself(desk):
    desk.arrives("torn", delivery_status="quarantined", reason="damaged", header=None)
    for name, sheet in (("odd", None), ("book", "二区")):
        desk.decided(desk.arrives(name, header=["处罚机关", "丁一凡"], sheet=sheet), verdict="held",
                     reason="header_unknown: labels not found")
    desk.decided(desk.arrives("cut"), (*CODE, 6), verdict="held", reason="more than half", rows_rejected=6)
    desk.arrives("not_ours", delivery_status="refused", reason="not_in_catalogue", header=None)
    desk.released(DAY)
    found = desk.slips(DAY)
    told = lines_of(desk, found)
    assert {name: slip.lines("reject") for name, slip in found.items()} == {"torn": 1, "odd": 1, "book": 1, "cut": 7}
    assert (told["torn"][0].label, told["torn"][0].because) == ("（整个文件）", "文件已损坏，请重新报送。")
    assert told["odd"][0].value.startswith("缺少列：")
    assert told["book"][0].value.startswith("工作表“二区”：缺少列：")
    assert "行政相对人名称" in told["odd"][0].value
    assert told["odd"][0].row_no is None
    assert "丁一凡" not in str(told["odd"])
    assert told["cut"][0].value == "收到 9 行，拒收 6 行"


def lines_of(desk: Desk, found: dict[str, Slip]) -> dict[str, list[Any]]:
    for name in ("rejects", "flaws"):
        desk.connection.execute(sa.text(f"create table if not exists credit.{name} (delivery_id text, row_no int, part int, "
                                        "field text, value text, reason text)"))
    return lines(desk.ledger, desk.declared, list(found.values()))


def test_a_masked_value_is_told_in_chinese(desk):
    desk.bad("bad", (*CODE, 1))
    desk.released(DAY)
    lines_of(desk, {})
    insert = sa.text("insert into credit.rejects values ('bad', 3, 0, 'credit_code', :value, 'total_check')")
    desk.connection.execute(insert, {"value": mask_value("91110108551385083U")})
    assert [line.value for line in lines_of(desk, desk.slips(DAY))["bad"]] == ["9…U（18个字符：数字、字母）"]


def test_what_an_organ_did_is_answered_by_who_took_over(desk):
    organ = desk.declared.organs["city_credit_centre"]
    gone = organ.model_copy(update={"valid_to": DAY - timedelta(days=1), "successor": "city_tax"})
    desk.declared = replace(desk.declared, organs={**desk.declared.organs, "city_credit_centre": Organ.model_validate(gone)})
    desk.bad("bad", (*CODE, 1))
    assert desk.slips(DAY)["bad"].organ == desk.declared.organs["city_tax"]


# ---- the clock

def test_the_clock_runs_over_working_days_from_the_release_that_first_told_it(desk):
    desk.bad("bad", (*CODE, 1))
    desk.released(DAY)
    slip = desk.slips(date(2026, 10, 12))["bad"]
    assert (slip.issued_on, slip.reply_by) == (DAY, date(2026, 10, 12))  # 09-25 and 10-01 to 10-07 off, Saturday 10-10 made up
    assert slip.status == "open"
    assert desk.slips(date(2026, 10, 13))["bad"].status == "overdue"


def test_a_night_whose_release_was_stopped_tells_nobody_anything(desk):
    desk.bad("bad", (*CODE, 1), day=DAY + timedelta(days=1), covers=DAY)
    desk.released(DAY)
    desk.released(date(2026, 9, 23))
    assert desk.slips(date(2026, 9, 24))["bad"].issued_on == date(2026, 9, 23)


def test_in_a_year_without_a_calendar_the_clock_is_provisional_and_nobody_is_overdue(desk):
    desk.bad("bad", (*CODE, 1), day=date(2026, 12, 25))
    desk.released(date(2026, 12, 25))
    row = desk.slips(date(2028, 1, 1))["bad"].row
    assert (row["reply_by"], row["reply_clock"], row["slip_status"]) == (None, "provisional", "open")


# ---- what closes it

def test_a_corrected_delivery_of_the_same_day_closes_it_and_what_is_still_wrong_is_on_its_own(desk):
    desk.bad("bad", (*CODE, 2))
    desk.bad("another_day", day=DAY + timedelta(days=1))
    desk.bad("another_feed", day=DAY + timedelta(days=1), feed="province_penalties", covers=DAY)
    later = DAY + timedelta(days=1)
    desk.decided(desk.arrives("held", later, covers=DAY), verdict="held", reason="x", day=later)
    assert desk.slips(later)["bad"].closed_by is None
    desk.bad("corrected", (*CODE, 1), day=DAY + timedelta(days=2), covers=DAY)
    found = desk.slips(DAY + timedelta(days=2))
    assert (found["bad"].status, found["bad"].closed_by) == ("closed", "corrected")
    assert (found["corrected"].status, found["corrected"].lines("reject")) == ("open", 1)
    assert desk.slips(DAY + timedelta(days=1))["bad"].status == "open"  # as of the day before nothing has come yet


def test_of_a_full_snapshot_any_later_day_closes_it(desk):
    feed = "district_abnormal_snapshot"
    desk.bad("bad", (*CODE, 1), feed=feed)
    desk.bad("next", day=DAY + timedelta(days=1), feed=feed)
    assert desk.slips(DAY + timedelta(days=1))["bad"].closed_by == "next"


# ---- disputes and rulings

@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "说明.pdf"
    path.write_bytes(b"%PDF as handed over")
    return path


def said(paper: Path, **other: Any) -> Said:
    return Said(**{"delivery": "bad", "field": "credit_code", "reason": "total_check", "row_no": None, "document": paper,
                   "because": "登记机关赋码如此", "by": "示例市公共信用信息中心"} | other)


def test_what_is_disputed_is_counted_apart_and_open_again_when_it_is_upheld(desk, home, paper):
    desk.bad("bad", (*CODE, 2), (*FINE, 1))
    desk.released(DAY)
    lines_of(desk, {})
    late = date(2026, 10, 13)
    id_ = dispute(desk.ledger, desk.declared, objects(home), said(paper), at(late, 1))
    slip = desk.slips(late)["bad"]
    assert (slip.lines("reject"), slip.disputed, slip.lines("doubt"), slip.status) == (0, 2, 1, "overdue")
    assert slip.state("credit_code", "total_check", 3) == "disputed"
    assert disputes.disputed(desk.ledger, at(late)) == {("bad", "credit_code", "total_check", None)}
    [entered] = desk.ledger.rows("select * from ledger.disputes")
    assert entered["document_name"] == "说明.pdf"
    assert objects(home).has(document_key(entered["document_sha256"]))
    disputes.ruled(desk.ledger, id_, "upheld", "校验位确有错误", "陈", at(late, 2))
    slip = desk.slips(late)["bad"]
    assert (slip.lines("reject"), slip.disputed, disputes.disputed(desk.ledger, at(late))) == (2, 0, set())
    assert [row["action"] for row in desk.ledger.rows("select * from ledger.audit_log order by entry")] == ["dispute", "upheld"]


def test_nobody_is_overdue_with_nothing_but_what_is_disputed(desk, home, paper):
    desk.bad("bad", (*CODE, 2))
    desk.released(DAY)
    lines_of(desk, {})
    dispute(desk.ledger, desk.declared, objects(home), said(paper), at(DAY, 14))
    assert desk.slips(date(2026, 10, 13))["bad"].status == "open"


def test_a_dispute_of_one_row_leaves_the_others(desk, home, paper):
    desk.bad("bad", (*CODE, 2))
    desk.released(DAY)
    lines_of(desk, {})
    desk.connection.execute(sa.text("insert into credit.rejects values ('bad', 3, 0, 'credit_code', '9134…', 'total_check')"))
    dispute(desk.ledger, desk.declared, objects(home), said(paper, row_no=3), at(DAY, 14))
    slip = desk.slips(DAY + timedelta(days=1))["bad"]
    assert (slip.lines("reject"), slip.disputed) == (1, 1)
    assert [slip.state("credit_code", "total_check", row) for row in (3, 4)] == ["disputed", "open"]


def test_the_beginning_of_an_id_is_enough_where_no_other_begins_so(desk):
    for name in ("abcd", "abce", "abc"):
        desk.arrives(name)
    assert [arrived(desk.ledger, asked)["delivery_id"] for asked in ("abcd", "abce", "abc")] == ["abcd", "abce", "abc"]
    with pytest.raises(DeclarationError, match=r"delivery 'ab': 3 are meant; say more of the id: abc \(city_penalties"):
        arrived(desk.ledger, "ab")


def test_a_delivery_without_a_slip_is_no_unknown_one(desk, home, paper):
    desk.bad("good")
    desk.released(DAY)
    assert returned.chosen(desk.ledger, [], None, "good", False, desk.declared) == []
    with pytest.raises(DisputeRefused, match="delivery 'good' has no slip"):
        dispute(desk.ledger, desk.declared, objects(home), said(paper, delivery="good"), at(DAY, 14))


def test_a_delivery_is_explained_before_and_after_a_night_has_read_it(desk, home, paper):
    desk.arrives("bad", source_name="处罚.csv")
    desk.connection.commit()
    assert "no night has read it yet" in explain(home, "ba", False)
    desk.decided("bad", (*CODE, 2), (*FINE, 1), rows_facts=6, rows_rejected=2)
    desk.decided("bad", (*CODE, 1), (*FINE, 1), day=DAY + timedelta(days=1), rows_facts=7, rows_rejected=1)
    desk.released(DAY)
    lines_of(desk, {})
    told = delivery(desk.ledger, desk.declared, arrived(desk.ledger, "bad"))
    assert (told["delivery"]["feed"], told["delivery"]["source_name"], told["rows"]["rows_received"]) == (FEED, "处罚.csv", 9)
    assert [(row["as_of"], row["verdict"], row["rows_rejected"]) for row in told["nights"]] == [
        (DAY, "admitted", 2), (DAY + timedelta(days=1), "admitted", 1)]
    assert [(row["reason"], row["lines"]) for row in told["reasons"]] == [("total_check", 1), ("not_a_number", 1)]
    assert told["reasons"][0]["because"] == explained(desk.declared, "total_check").zh
    assert (told["slip"]["lines_rejected"], told["slip"]["slip_status"]) == (2, "open")
    with pytest.raises(UnknownId, match=r"what can be explained: .* a delivery"):
        explain(home, "nobodys", False)


def test_what_was_sent_again_since_does_not_wait_any_more(desk):
    desk.arrives("torn", delivery_status="quarantined", reason="damaged")
    desk.arrives("torn_snapshot", feed="district_abnormal_snapshot", delivery_status="quarantined", reason="damaged")
    desk.decided(desk.arrives("held", feed="province_penalties"), verdict="held", reason="x")
    later = DAY + timedelta(days=1)

    def waits() -> set[str]:
        return {row["source_name"] for row in nights.outstanding(desk.ledger, desk.declared, later, at(later))}

    desk.bad("another_day", day=later)
    assert waits() == {"torn.csv", "torn_snapshot.csv", "held.csv"}
    desk.bad("again", day=later, covers=DAY)
    desk.bad("next", day=later, feed="district_abnormal_snapshot")
    assert waits() == {"held.csv"}
    assert len(nights.refused(desk.ledger, later, at(later))) == 3


def test_a_withdrawal_tells_what_it_changed_and_nothing_else(desk):
    desk.bad("bad", (*CODE, 2), (*FINE, 1))
    desk.bad("elsewhere", (*CODE, 1), feed="province_penalties")
    desk.bad("otherwise", (*FINE, 1))
    rule = ("credit_code", "total_check")
    before = disputes.hit(desk.ledger, rule, DAY, at(DAY, 15))
    desk.decided("bad", (*FINE, 1), day=DAY + timedelta(days=1), rows_rejected=0)
    run = f"standardise-bad-{DAY + timedelta(days=1):%m%d}"
    told = reread.told(desk.ledger, rule, before, run, DAY).splitlines()
    assert told[0] == f"withdrawn: credit_code total_check; read anew by {run}: 1 deliveries with 9 rows"
    assert told[2].split() == ["bad", FEED, str(DAY), "9", "2", "0", "0", "0", "admitted"]
    assert "otherwise" not in str(told)
    assert told[-1].startswith("A night is still needed: consumers read the last release until python -m jobs night --as-of")


def test_what_is_retracted_is_known_before_and_stands_for_nothing_afterwards(desk):
    """A night that knew it then knows it still: the ledger is append-only."""
    desk.arrives("unread", day=DAY)
    desk.bad("bad", (*CODE, 1))
    desk.decided(desk.arrives("held"), verdict="held", reason="x")
    later = at(DAY, 15)
    for name in ("unread", "bad", "held"):
        retracting.entered(desk.ledger, arrived(desk.ledger, name), "报送到错误的数据源", "陈", at(DAY, 14))
    for moment, found in ((at(DAY), True), (later, False)):
        assert bool(desk.ledger.to_decide(DAY, moment)) is found
        assert bool(desk.ledger.to_decide(DAY, moment, ("bad",))) is found
        assert bool(desk.ledger.admitted(DAY, moment)) is found
        assert bool(desk.ledger.held(DAY, moment)) is found
        assert bool(slips(desk.ledger, desk.declared, DAY, moment)) is found
        assert bool(nights.taken(desk.ledger, DAY, moment)) is found
        assert bool(nights.refused(desk.ledger, DAY, moment)) is found
    assert {row["delivery_id"] for row in desk.ledger.retractions(later)} == {"unread", "bad", "held"}
    with pytest.raises(DeclarationError, match=r"bad \(city_penalties, 2026-09-21\) is retracted already"):
        retracting.entered(desk.ledger, arrived(desk.ledger, "bad"), "再次", "陈", later)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        desk.connection.execute(sa.text("delete from ledger.retractions"))


@pytest.mark.parametrize(("other", "told"), [
    ({"delivery": "nobodys"}, r"delivery 'nobodys' is unknown; the last ones: good \(city_penalties, 2026-09-21\), bad "),
    ({"field": "subject_name"}, "known: credit_code total_check"),
    ({"reason": "masked_personal", "field": "remarks"}, "known: credit_code total_check"),
    ({"row_no": 9}, "row 9 is not returned for credit_code total_check; known: none"),
    ({"document": Path("/nowhere.pdf")}, "there is no such file"),
])
def test_a_dispute_of_what_is_on_no_slip_is_refused_with_what_is(desk, home, paper, other, told):
    desk.bad("good", day=DAY + timedelta(days=1), covers=DAY, feed="city_penalties")
    desk.bad("bad", (*CODE, 2), ("flaw", "remarks", "masked_personal", 1))
    desk.released(DAY)
    lines_of(desk, {})
    with pytest.raises(DeclarationError, match=told):
        dispute(desk.ledger, desk.declared, objects(home), said(paper, **other), at(DAY, 14))
    assert desk.ledger.rows("select * from ledger.disputes") == []


def test_a_dispute_is_raised_once_and_ruled_on_once(desk, home, paper):
    desk.bad("bad", (*CODE, 2))
    desk.released(DAY)
    lines_of(desk, {})
    id_ = dispute(desk.ledger, desk.declared, objects(home), said(paper), at(DAY, 14))
    with pytest.raises(DisputeRefused, match="disputed already"):
        dispute(desk.ledger, desk.declared, objects(home), said(paper, because="再次"), at(DAY, 15))
    disputes.ruled(desk.ledger, id_, "upheld", "理由", "陈", at(DAY, 15))
    with pytest.raises(DisputeRefused, match=f"'{id_}' is unknown or ruled on"):
        disputes.unruled(desk.ledger, id_, at(DAY, 16))


def test_a_rule_is_not_withdrawn_before_somebody_corrected_it(desk, home, paper):
    desk.bad("bad", (*CODE, 2))
    desk.bad("elsewhere", (*CODE, 1), feed="province_penalties")
    desk.bad("otherwise", (*FINE, 1))
    desk.released(DAY)
    lines_of(desk, {})
    id_ = dispute(desk.ledger, desk.declared, objects(home), said(paper), at(DAY, 14))
    rule = ("credit_code", "total_check")
    rows = disputes.hit(desk.ledger, rule, DAY, at(DAY, 15))
    assert [row["delivery_id"] for row in rows] == ["bad", "elsewhere"]
    read_now = [row | {"read_by": disputes.digest(desk.declared, row["feed"])} for row in rows]
    assert disputes.corrected(desk.ledger, desk.declared, code_version(), read_now, rule) == []
    with pytest.raises(DisputeRefused, match=r"2 deliveries .* config/categories/penalty.yml .* config/feeds/city_penalties.yml"):
        disputes.refuse_uncorrected(disputes.unruled(desk.ledger, id_, at(DAY, 15)), read_now, desk.declared)
    assert disputes.corrected(desk.ledger, desk.declared, "other code", read_now, rule) == ["bad", "elsewhere"]
    before = [read_now[0] | {"read_by": "other declarations"}, read_now[1]]
    assert disputes.corrected(desk.ledger, desk.declared, code_version(), before, rule) == ["bad"]
    content = desk.declared.content | {"config/organs.yml": "changed"}
    other = replace(desk.declared)
    other.__dict__["content"] = content
    assert disputes.corrected(desk.ledger, other, code_version(), read_now, rule) == ["bad", "elsewhere"]


def test_a_withdrawn_rule_is_withdrawn_for_what_was_told_before(desk, home, paper):
    desk.bad("bad", (*CODE, 2))
    desk.released(DAY)
    lines_of(desk, {})
    id_ = dispute(desk.ledger, desk.declared, objects(home), said(paper), at(DAY, 14))
    disputes.ruled(desk.ledger, id_, "withdrawn", "规则有误", "陈", at(DAY, 15))
    slip = desk.slips(DAY + timedelta(days=1))["bad"]
    assert (slip.lines("reject"), slip.status, slip.state("credit_code", "total_check", 1)) == (0, "closed", "withdrawn")
    desk.decided("bad", (*CODE, 1), day=DAY + timedelta(days=1))
    slip = desk.slips(DAY + timedelta(days=1))["bad"]
    assert (slip.lines("reject"), slip.status) == (1, "open")  # the corrected rule turns it away too


def test_the_ledger_of_disputes_is_never_edited(desk, home, paper):
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        desk.connection.execute(sa.text("delete from ledger.rulings"))


# ---- as served, and as files

REJECT = {"delivery_id": "bad", "feed": FEED, "row_no": 3, "part": 0, "field": "credit_code", "value": "9134**********031H",
          "reason": "total_check"}
RAGGED = REJECT | {"row_no": 4, "field": "(row)", "value": "31 cells, header has 32", "reason": "ragged_row"}
ROWS = lake(rejects=[REJECT, RAGGED],
            flaws=[REJECT | {"row_no": 5, "field": "fine_amount_yuan", "value": "=1+1", "reason": "not_a_number"},
                   REJECT | {"row_no": 5, "field": "remarks", "value": "＊＊", "reason": "masked_personal"}])


@pytest.fixture
def served(desk: Desk, home, declared) -> Desk:
    """One release with one bad delivery, of which two rows were households."""
    name = desk.arrives("bad")
    desk.decided(name, (*CODE, 1), ("reject", "(row)", "ragged_row", 1), (*FINE, 1), ("flaw", "remarks", "masked_personal", 1),
                 rows_household=2, rows_rejected=2)
    desk.connection.commit()
    one = SmallNight(as_of=DAY, known_at=at(DAY, 14), settings=home, declarations=declared, connection=desk.connection,
                     clock=lambda: at(DAY, 14), run_id="publish-1", rows=ROWS, inputs_hash=hashed({"slips": 1}))
    publish.prepare(one)
    publish.apply(one)
    return desk


def test_a_release_serves_the_slips_and_the_command_tells_the_same(served, home, capsys):
    [row] = served.ledger.rows("select * from credit.return_slips")
    assert {name: row[name] for name in ("delivery_id", "issued_on", "reply_by", "lines_rejected", "lines_doubtful")} == {
        "delivery_id": "bad", "issued_on": DAY, "reply_by": date(2026, 10, 12), "lines_rejected": 2, "lines_doubtful": 1}
    asked = Namespace(feed=None, delivery=None, overdue=False, to=None, json=True)
    [told] = json.loads(returned.slips(home, asked, at(DAY, 15)))
    assert {name: told[name] for name in ("slip_status", "reply_by", "organ")} == {
        "slip_status": "open", "reply_by": "2026-10-12", "organ": "示例市公共信用信息中心"}
    assert [(line["row_no"], line["label"], line["because"], line["basis"]) for line in told["lines"]] == [
        (3, "行政相对人代码＿1（统一社会信用代码）", "统一社会信用代码（GB 32100）校验位错误。", "GB 32100-2015"),
        (4, "（整行）", "该行单元格数与表头列数不一致，无法判断各值属于哪一列。", "GB/T 36344-2018 规范性"),
        (5, "罚款金额（万元）", "内容不是可识别的数字。", "GB/T 36344-2018 规范性")]
    asked.json, asked.overdue = False, True
    assert returned.slips(home, asked, at(DAY, 15)) == returned.NOTHING
    asked.overdue, asked.feed = False, "nobodys"
    with pytest.raises(DeclarationError, match="--feed: 'nobodys' is unknown"):
        returned.slips(home, asked, at(DAY, 15))


def test_the_files_open_in_a_spreadsheet_say_it_in_chinese_and_are_the_same_on_a_rerun(served, home, tmp_path):
    asked = Namespace(feed=FEED, delivery=None, overdue=False, to=tmp_path / "slips", json=False)
    said = returned.slips(home, asked, at(DAY, 15)).splitlines()
    assert said[1].split() == ["示例市公共信用信息中心", "1", "0", "2", "1", "0", "0"]
    assert said[2].split() == ["all", "1", "0", "2", "1", "0", "0"]
    assert said[3].startswith(f"2 files in {asked.to}: ")
    assert len(said) == 4
    paths = sorted(asked.to.iterdir())
    assert [path.name for path in paths] == [f"{FEED}_20260921_bad.csv", f"{FEED}_20260921_bad.xlsx"]
    before = {path: path.read_bytes() for path in paths}
    returned.slips(home, asked, at(DAY, 16))
    assert {path: path.read_bytes() for path in paths} == before
    book = load_workbook(paths[1])
    head = {row[0]: row[1] for row in book["退回单"].iter_rows(min_row=2, values_only=True)}
    assert head["接收机关"] == "示例市公共信用信息中心"
    assert (head["报送文件"], head["拒收"], head["存疑"], head["回复期限"]) == ("bad.csv", 2, 1, "2026-10-12")
    assert "个体工商户" in head["说明"]
    told = list(book["明细"].iter_rows(values_only=True))
    assert told[0][:4] == ("行号", "分段", "类别", "列名")
    assert [row[0] for row in told[1:]] == [3, 4, 5]  # neither a household nor what is only noted
    assert [cell.data_type for cell in book["明细"]["E"]][-1] == "s"  # =1+1 is no formula
    text = before[paths[0]].decode("utf-8-sig")
    assert before[paths[0]].startswith(b"\xef\xbb\xbf")
    assert "'=1+1" in text
    assert "GB 32100-2015" in text


def test_a_workbook_says_nothing_of_when_it_was_written(served):
    slip = served.slips(DAY)["bad"]
    made = workbook(slip, [], served.declared)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {2000}
        assert b"2026" not in archive.read("docProps/core.xml")
    assert (plain("-5"), plain("5"), plain(None)) == ("'-5", "5", None)
    assert as_csv([]).count(b"\n") == 1


def test_the_door_takes_a_dispute_and_its_ruling(served, home, paper, monkeypatch, capsys):
    monkeypatch.setattr("jobs.door.now", lambda: at(DAY, 15))
    monkeypatch.setenv("CREDIT_HOME", str(home.home))
    monkeypatch.setenv("CREDIT_DATABASE_URL", home.database_url.get_secret_value())
    for printed in ("bad", "b", "ba…"):
        assert door.main(["slips", "--delivery", printed]) == 0
        assert "示例市公共信用信息中心" in capsys.readouterr().out
    assert door.main(["slips", "--delivery", "nobodys"]) == WRONG
    assert "delivery 'nobodys' is unknown; the last ones: " in capsys.readouterr().err
    line = ["dispute", "bad", "--field", "credit_code", "--reason", "total_check", "--row", "3"]
    assert door.main([*line, "--because", "理由", "--document", str(paper), "--by", "中心"]) == 0
    id_ = capsys.readouterr().out.strip()
    assert door.main([*line, "--because", "理由", "--document", str(paper), "--by", "中心"]) == WRONG
    monkeypatch.setattr("jobs.door.now", lambda: at(DAY, 16))
    assert door.main(["rule", id_, "--upheld", "--because", "维持", "--by", "陈"]) == 0
    assert "upheld: its lines are open again" in capsys.readouterr().out
    [told] = served.ledger.disputes(at(DAY, 17))
    assert (told["ruling"], told["ruled_because"], told["row_no"]) == ("upheld", "维持", 3)
    assert door.main(["rule", id_, "--upheld", "--because", "维持", "--by", "陈"]) == WRONG


def test_the_door_takes_a_delivery_back_and_the_release_says_so(served, home, monkeypatch, capsys):
    monkeypatch.setattr("jobs.door.now", lambda: at(DAY, 15))
    monkeypatch.setenv("CREDIT_HOME", str(home.home))
    monkeypatch.setenv("CREDIT_DATABASE_URL", home.database_url.get_secret_value())
    assert door.main(["land", "--retract", "bad", "--because", "数据源有误"]) == WRONG
    assert "--retract needs --because and --by" in capsys.readouterr().err
    assert door.main(["explain", "bad"]) == 0
    assert "slips --delivery bad --json" in capsys.readouterr().out
    back = ["land", "--retract", "ba", "--because", "数据源有误", "--by", "陈"]
    assert door.main(back) == 0
    assert "admitted it: what came of it leaves with the next night" in capsys.readouterr().out
    assert door.main(back) == WRONG
    assert "retracted already" in capsys.readouterr().err
    [row] = served.ledger.rows(DELIVERIES, as_of=DAY, known_at=at(DAY, 16))
    assert (row["delivery_status"], row["reason"], row["rows_facts"]) == ("retracted", "数据源有误", None)
    [row] = served.ledger.rows(DELIVERIES, as_of=DAY, known_at=at(DAY, 14))
    assert row["delivery_status"] == "admitted"
    assert door.main(["explain", "bad"]) == 0
    assert "retracted_by" in capsys.readouterr().out

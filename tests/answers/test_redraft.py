"""The new version of a feed whose files changed: what is proposed for each change, what is left open, and what rows become."""
from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from jobs.__main__ import main
from jobs.answers.drafting.drift_report import Redraft, as_data, as_text
from jobs.answers.drafting.taken import taken
from jobs.answers.redraft import redraft, redrafted
from jobs.declarations import DeclarationError, Declarations
from jobs.declarations.feeds import Feed
from jobs.declarations.settings import Settings
from jobs.facts.plan import HeaderUnknown, plan
from jobs.stages.land import land
from jobs.stores import database
from jobs.stores.ledger import Ledger
from jobs.stores.objects import objects
from jobs.stores.transports import Arrival
from tests.answers.test_draft import code

FEED, DAY, MANY = "province_penalties", date(2026, 11, 18), 12
NAME, CODE, FINE = "行政相对人名称", "行政相对人代码_1(统一社会信用代码)", "罚款金额(万元)"
KINDS, CONTENT = "处罚类别", "处罚内容"
PERSON, PHONE = "欧阳明远", "13900002222"
Row = dict[str, str]
Change = Callable[[Row], Row]


def under(**labels: str) -> Change:
    return lambda row: {labels.get(label, label): cell for label, cell in row.items()}


def without(label: str) -> Change:
    return lambda row: {name: cell for name, cell in row.items() if name != label}


@dataclass
class Desk:
    """A home whose deliveries are landed as files, and decided by hand."""

    home: Settings
    declared: Declarations
    folder: Path

    def rows(self, salt: int) -> Iterable[Row]:
        for number in range(MANY):
            yield {**self.declared.feeds[FEED].examples[0].row, NAME: f"示例市第{number}经营有限公司", CODE: code(number),
                   "法定代表人": PERSON, "违法事实": f"{PERSON}（电话{PHONE}）发布虚假广告",
                   "行政处罚决定书文号": f"示罚字〔2026〕第{salt:03d}{number:03d}号"}

    def arrives(self, change: Change, days: int = 0) -> str:
        """The id of a delivery whose rows are changed so; held where its header is unknown, else admitted."""
        told = [change(dict(row)) for row in self.rows(days + 10)]
        writer = csv.writer(text := io.StringIO(newline=""))
        writer.writerows([list(told[0]), *(row.values() for row in told)])
        path = self.folder / f"{days}.csv"
        path.write_bytes(text.getvalue().encode("gb18030"))
        day, at = DAY + timedelta(days=days), datetime(2026, 11, 20, tzinfo=UTC) + timedelta(days=max(days, -9))
        arrived, engine = Arrival(FEED, path, day, at), database.engine(self.home)
        [row] = land([arrived], self.declared, engine, objects(self.home), lambda _: None)
        assert row["delivery_status"] == "received", row["message"]
        self.decided(row, at)
        return row["delivery_id"]

    def decided(self, row: dict[str, Any], at: datetime) -> None:
        try:
            plan(self.declared, row, "r")
            said = {"verdict": "admitted", "reason": None}
        except HeaderUnknown as error:
            said = {"verdict": "held", "reason": f"header_unknown: {error}"}
        with database.engine(self.home).begin() as connection:
            row = {"delivery_id": row["delivery_id"], "run_id": "r", "known_at": at, "category": "penalty", **said}
            Ledger(connection).add("admissions", [row])

    def drafts(self, delivery: str | None = None) -> Redraft:
        with database.engine(self.home).connect() as connection:
            return redrafted(self.home, self.declared, taken(Ledger(connection), FEED, delivery))


@pytest.fixture
def desk(new_home: Callable[..., Settings], declared: Declarations, tmp_path: Path) -> Desk:
    """Three admitted deliveries as declared."""
    one = Desk(new_home(), declared, tmp_path)
    for days in (-3, -2, -1):
        one.arrives(dict, days)
    return one


def filled(one: Redraft) -> Feed:
    """The proposed feed once the engineer has said what is to fill; before, the loader refuses it."""
    told = yaml.safe_load(one.text)
    with pytest.raises(ValueError, match=r"because|examples|fields"):
        Feed.model_validate(told)
    told["earlier"][-1]["because"] = "the organ says so"
    return Feed.model_validate(told)


def labels(one: Feed) -> dict[str, Any]:
    return {name: source.label for name, source in one.fields.items()}


def read(one: Redraft) -> list[tuple[int, int]]:
    """Facts and rows of the delivery compared and of the three before it; each account balances."""
    assert all(account.balances for _, account in one.accounts if not account.held)
    return [(account.rows["fact"], account.read["rows"]) for _, account in one.accounts]


def test_a_renamed_column_is_a_new_version_and_the_old_one_stands_whole_behind_it(desk):
    desk.arrives(under(**{CONTENT: "行政处罚内容"}))
    one = desk.drafts()
    feed, before = filled(one), desk.declared.feeds[FEED]
    assert feed.fields["penalty_content"].label == "行政处罚内容"
    assert {**labels(feed), "penalty_content": CONTENT} == labels(before)
    assert feed.earlier[-1].until == DAY - timedelta(days=1)
    assert feed.on(DAY - timedelta(days=1)).model_dump() == before.on(DAY).model_dump()  # examples and all
    assert feed.on(before.earlier[0].until).model_dump() == before.on(before.earlier[0].until).model_dump()
    assert feed.examples
    assert all("行政处罚内容" in example.row for example in feed.examples)
    assert read(one) == [(MANY, MANY)] * 4
    assert "# 行政处罚内容" not in one.text
    assert one.text.startswith("# Penalties as the province collects them")  # comments of the file stay


def test_a_column_whose_new_label_nobody_knows_is_found_by_its_values_or_is_open(desk):
    desk.arrives(lambda row: {**under(**{KINDS: "甲栏", "违法行为类型": "乙栏"})(row)})
    one = desk.drafts()
    states = {line.label: line for line in one.found.lines}
    assert states["甲栏"].becomes == states["乙栏"].becomes == ()
    assert states["甲栏"].because.startswith("OPEN")  # all its rows say one thing: of one value nothing is told
    assert "甲栏" in filled_list(one, "ignored")
    assert "violation_kind" not in yaml.safe_load(one.text)["fields"]


def filled_list(one: Redraft, key: str) -> list[str]:
    return yaml.safe_load(one.text)[key]


def test_it_is_found_by_its_values_where_they_are_several_and_no_other_column_is_like_it(desk):
    kinds = ("罚款", "警告", "罚款；没收违法所得")
    for days in (1, 2, 3):
        desk.arrives(lambda row: {**row, KINDS: kinds[int(row["行政处罚决定书文号"][-2]) % 3]}, days)
    desk.arrives(lambda row: under(**{KINDS: "甲栏"})({**row, KINDS: kinds[int(row["行政处罚决定书文号"][-2]) % 3]}), 4)
    one = desk.drafts()
    assert filled(one).fields["penalty_kinds"].label == "甲栏"
    assert "was 处罚类别" in one.text


def test_an_added_column_is_held_for_nothing_and_proposed_when_it_is_asked_for(desk):
    delivery = desk.arrives(lambda row: {**row, "联系人": PERSON, "丙栏": "x", "数据状态": ""})
    one = desk.drafts()
    assert not one.taken.held
    assert one.taken.one["delivery_id"] == delivery
    feed = filled(one)
    assert "联系人" in feed.personal
    assert "丙栏" in feed.ignored
    assert feed.fields["report_action"].label == "数据状态"
    assert "the one compared" in as_text(one)


def test_of_an_added_column_the_lookup_with_counts_and_the_order_of_days_are_drafted(desk):
    words = ("新增", "新增", "更正", "待定")
    desk.arrives(lambda row: {**row, "数据状态": words[int(row["行政处罚决定书文号"][-2]) % 4],
                              "操作日期": f"{13 + int(row['行政处罚决定书文号'][-2]) % 4}/11/2026"})
    one = desk.drafts()
    feed = filled(one)
    assert feed.fields["report_action"].lookup == "report_action"
    assert feed.lookups["report_action"] == {"新增": "report", "更正": "correct"}
    assert "新增: report  # 8 times, as other feeds read it" in one.text
    assert "# unsure: 待定, 2 times: nobody knows it" in one.text
    assert feed.fields["action_date"].options == {"order": "dmy"}
    assert feed.on(DAY - timedelta(days=1)).lookups == desk.declared.feeds[FEED].lookups
    assert one.accounts[0][1].rejects == {("report_action", "unknown_code"): 2}


def test_a_dropped_column_is_gone_or_to_fill_where_the_category_requires_it(desk):
    desk.arrives(without("备注"))
    feed = filled(desk.drafts())
    assert "remarks" not in feed.fields
    assert "# unsure: remarks is given no more: 备注 is gone" in desk.drafts().text
    assert "remarks" in feed.earlier[-1].fields
    desk.arrives(without("行政处罚决定书文号"), 1)
    one = desk.drafts()
    assert yaml.safe_load(one.text)["fields"]["document_no"] is None
    assert "nothing in the header is known to say" in one.text
    assert one.accounts[0][1].rows["fact"] == 0
    desk.arrives(without("证件号码"), 2)  # by it alone the rows of persons were told and dropped
    assert "# unsure: 证件号码 is gone" in desk.drafts().text
    assert yaml.safe_load(desk.drafts().text)["person_if_filled"] == []


def test_moved_columns_need_nothing(desk):
    desk.arrives(lambda row: dict(reversed(row.items())))
    one = desk.drafts()
    assert (one.text, one.why_none) == ("", "the declaration in force has every label and word of this delivery")
    assert "columns moved, which are read by their labels" in as_text(one)
    assert read(one) == [(MANY, MANY)] * 4


def test_two_labels_exchanged_are_told_by_a_cleaner_that_takes_the_other_column_only(desk):
    delivery = desk.arrives(lambda row: {**row, NAME: row[CODE], CODE: row[NAME]})
    one = desk.drafts(delivery[:12])
    feed = filled(one)
    assert (feed.fields["subject_name"].label, feed.fields["credit_code"].label) == (CODE, NAME)
    assert read(one) == [(MANY, MANY)] * 4


def test_two_days_exchanged_nobody_can_know(desk):
    desk.arrives(lambda row: {**row, "处罚决定日期": row["公示截止期"], "公示截止期": row["处罚决定日期"]})
    assert desk.drafts().text == ""


def test_another_unit_in_the_label_is_another_unit(desk):
    desk.arrives(lambda row: under(**{FINE: "罚款金额(元)"})({**row, FINE: "5000"}))
    one = desk.drafts()
    source = filled(one).fields["fine_amount_yuan"]
    assert (source.label, source.options) == ("罚款金额(元)", {"unit": "yuan"})
    assert "fine_amount_yuan" not in {name for name, _ in one.accounts[0][1].flaws}
    desk.arrives(lambda row: under(**{FINE: "罚款金额"})({**row, FINE: "0.5"}), 1)
    unsaid = desk.drafts()
    assert "unsure: unit: the label 罚款金额 does not say it" in unsaid.text


def test_another_order_of_dates_is_proposed_with_its_evidence(desk):
    delivery = desk.arrives(lambda row: {**row, "处罚决定日期": f"{13 + int(row['行政处罚决定书文号'][-2]) % 4}/11/2026"})
    one = desk.drafts(delivery)
    assert filled(one).fields["decision_date"].options == {"order": "dmy"}
    assert "first part above 12" in one.text


def test_month_and_day_exchanged_are_told_where_days_pass_the_twelfth_though_others_could_be_both(desk):
    feed = desk.declared.feeds[FEED]
    source = feed.fields["valid_until_date"].model_copy(update={"options": {"order": "dmy"}})
    feed = feed.model_copy(update={"fields": {**feed.fields, "valid_until_date": source}})
    desk.declared = replace(desk.declared, feeds={**desk.declared.feeds, FEED: feed})
    number = lambda row: int(row["行政处罚决定书文号"][-4:-1])  # noqa: E731
    for days in (1, 2, 3):
        desk.arrives(lambda row: {**row, "处罚有效期": f"{2 * (number(row) % 14) + 1}/3/2027"}, days)
    delivery = desk.arrives(lambda row: {**row, "处罚有效期": f"3/{2 * (number(row) % 14) + 1}/2027"}, 4)
    one = desk.drafts(delivery)
    assert filled(one).fields["valid_until_date"].options == {"order": "mdy"}
    assert "second part above 12: mdy" in one.text


def test_a_new_word_is_a_line_of_the_lookup_where_others_know_it_and_a_mark_where_nobody_does(desk):
    own = desk.declared.feeds[FEED].lookups["severity"]
    desk.arrives(lambda row: {**row, "严重程度": "超级重"})
    one = desk.drafts()
    assert not one.versioned
    assert Feed.model_validate(yaml.safe_load(one.text)) == desk.declared.feeds[FEED]  # a mark changes nothing
    assert f"unsure: 超级重, {MANY} times: nobody knows it" in one.text
    [word] = [word for word in one.words if word.open]
    assert (word.field, word.old, word.new) == ("severity", 0, MANY)
    assert {word.word: word.code for word in one.words if word.field == "severity" and word.code} == {
        word: own[word] for word in ("一般",)}


def test_a_word_that_other_feeds_know_is_proposed(desk):
    feed = desk.declared.feeds[FEED]
    others = {word: code for other in desk.declared.feeds.values() if "penalty_kinds" in other.fields and other.feed != FEED
              for word, code in other.lookups[other.fields["penalty_kinds"].lookup].items()}
    word = next(word for word in others if word not in feed.lookups["penalty_kinds"] and not word.isdecimal())
    desk.arrives(lambda row: {**row, KINDS: word})
    one = desk.drafts()
    told = Feed.model_validate(yaml.safe_load(one.text))
    assert told.lookups["penalty_kinds"] == {**feed.lookups["penalty_kinds"], word: others[word]}
    assert len(told.earlier) == len(feed.earlier)


def test_a_declared_word_that_is_written_wide_is_no_further_word_unless_a_cell_writes_it_narrow(desk):
    own = {**desk.declared.feeds[FEED].lookups["severity"], "严重，从重": "serious"}
    feed = desk.declared.feeds[FEED]
    feed = feed.model_copy(update={"lookups": {**feed.lookups, "severity": own}})
    desk.declared = replace(desk.declared, feeds={**desk.declared.feeds, FEED: feed})
    desk.arrives(lambda row: {**row, "严重程度": "严重，从重"})
    assert desk.drafts().text == ""
    desk.arrives(lambda row: {**row, "严重程度": "严重,从重"}, 1)
    assert [word.word for word in desk.drafts().words if word.new and not word.code] == ["严重,从重"]


def test_no_value_of_a_person_is_told_nor_a_header_that_is_a_row_of_data(desk):
    desk.arrives(lambda row: {**row, "联系人": PERSON, CONTENT: PHONE})
    one = desk.drafts()
    for told in (one.text, as_text(one), json.dumps(as_data(one), ensure_ascii=False)):
        assert PERSON not in told
        assert PHONE not in told
    desk.arrives(lambda row: {PERSON if label == "法定代表人" else PHONE if label == CONTENT else label: cell
                              for label, cell in row.items()}, 1)
    bare = desk.drafts()
    assert bare.text == ""
    for told in (as_text(bare), json.dumps(as_data(bare), ensure_ascii=False)):
        assert PERSON not in told
        assert PHONE not in told


def test_the_command_prints_the_file_and_never_writes_over_one(desk, tmp_path, monkeypatch, capsys):
    held = desk.arrives(without("备注"))
    out = tmp_path / "next.yml"
    said, report = redraft(desk.home, desk.declared, FEED, None, out, False)
    assert "is written" in said
    assert held[:12] in report
    assert "to fill" in out.read_text(encoding="utf-8")
    told = json.loads(redraft(desk.home, desk.declared, FEED, held, None, True)[0])
    assert (told["held"], told["new_version"], told["dropped"]) == (True, True, ["备注"])
    assert main(["draft", "--feed", FEED, "--out", str(out)]) == 2
    assert main(["draft"]) == 2
    with pytest.raises(DeclarationError, match="--feed: 'nobody' is unknown"):
        redraft(desk.home, desk.declared, "nobody", None, None, False)
    with pytest.raises(DeclarationError, match="delivery 'zzz' is unknown of "):
        redraft(desk.home, desk.declared, FEED, "zzz", None, False)


def test_a_day_that_an_older_version_reads_gets_no_proposal(desk):
    ends = desk.declared.feeds[FEED].earlier[-1].until
    desk.arrives(without("备注"), (ends - DAY).days)
    with database.engine(desk.home).connect() as connection:
        [row] = Ledger(connection).rows("select delivery_id from ledger.deliveries where covers = :day", day=ends)
    one = desk.drafts(row["delivery_id"])
    assert one.text == ""
    assert f"is not after {ends}" in one.why_none

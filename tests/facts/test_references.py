"""What acts name that is declared elsewhere, over whole batches: organs in office, items, lists, and what was not said."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pyarrow as pa
import pytest

from jobs.declarations import Declarations
from jobs.declarations.catalogue import NONE
from jobs.declarations.feeds import CategoryField
from jobs.facts import references
from jobs.facts.outcomes import shows
from jobs.facts.plan import plan
from jobs.facts.rows import cleaned_rows

OLD, NEW = "11340100MB0C001163", "11340100MB0C0001XL"  # commerce until 2018-12-31, market regulation from 2019-01-01
RECEIVED = datetime.fromisoformat("2026-11-20T18:00:00+08:00")


def told(declared: Declarations, feed: str, *rows: dict[str, str], without: tuple[str, ...] = ()) -> list[dict]:
    """The outcomes of rows like the feed's first example but for what is said, and for columns the file does not have."""
    good = {label: cell for label, cell in declared.feeds[feed].examples[0].row.items() if label not in without}
    header = list({**good, **{label: "" for row in rows for label in row}})
    cells = pa.array([[{**good, **row}.get(label, "") for label in header] for row in rows], pa.list_(pa.string()))
    batch = pa.RecordBatch.from_arrays([pa.array(range(1, len(rows) + 1), pa.int32()), cells], ["row_no", "cells"])
    delivery = {"delivery_id": "d", "feed": feed, "covers": RECEIVED.date(), "header": header, "received_at": RECEIVED}
    found = [row for batch in cleaned_rows(plan(declared, delivery, "run"), batch) for row in batch.to_pylist()]
    return sorted(found, key=lambda row: row["row_no"])


def flaws(row: dict) -> dict[str, str]:
    return {flaw["field"]: flaw["reason"] for flaw in row["flaws"]}


# ---- organs

def penalty(day: str, code: str = "", name: str = "某机关") -> dict[str, str]:
    return {"处罚决定日期": day, "处罚机关": name, "处罚机关统一社会信用代码": code}


@pytest.mark.parametrize(("act", "reason"), [
    (penalty("2018/12/31", OLD), None),
    (penalty("2019/1/1", OLD), "organ_no_longer"),
    (penalty("2018/12/31", NEW), "organ_not_yet"),
    (penalty("2019/1/1", NEW), None),
    (penalty("2019/1/1", name="示例市工商局"), "organ_no_longer"),
    (penalty("2018/12/31", name="示例市市场监督管理局"), "organ_not_yet"),
    (penalty("2018/12/31", name="示例市工商局"), None),
    (penalty("2026/11/12", "11340200MB0C0002XL"), None),  # well formed or not, nobody knows it: no fault of the act
    (penalty("2026/11/12", name="示例市烟草专卖局"), None),
])
def test_an_act_of_an_organ_not_in_office_is_a_reject(declared: Declarations, act: dict[str, str], reason: str | None) -> None:
    row, = told(declared, "province_penalties", act)
    becomes = ("reject", "organ_code", reason) if reason else ("fact", None, None)
    assert (row["outcome"], row["reject_field"], row["reject_reason"]) == becomes


def test_each_row_of_a_batch_is_judged_by_its_own_organ_and_day(declared: Declarations) -> None:
    acts = [penalty("2018/12/31", OLD), penalty("2019/1/1", OLD), penalty("2018/12/31", NEW), penalty("见决定书", OLD)] * 50
    found = told(declared, "province_penalties", *acts)
    assert [row["reject_reason"] for row in found] == [None, "organ_no_longer", "organ_not_yet", "not_a_date"] * 50


def test_a_repair_by_an_organ_not_in_office_is_taken_and_flagged(declared: Declarations) -> None:
    row, = told(declared, "repair_decisions", {"修复决定机关统一社会信用代码": OLD})
    assert (row["outcome"], row["organ_code"], flaws(row)["organ_code"]) == ("fact", OLD, "organ_no_longer")


def test_a_name_borne_by_two_one_after_the_other_is_the_one_of_the_day(declared: Declarations) -> None:
    organs = dict(declared.organs)
    for name in ("city_industry_commerce", "city_market_regulation"):
        organs[name] = organs[name].model_copy(update={"aliases": ["示例市市场局"]})
    both = replace(declared, organs=organs)
    found = told(both, "province_penalties", penalty("2018/12/31", name="示例市市场局"), penalty("2019/1/1", name="示例市市场局"))
    assert [(row["outcome"], row["organ_code"]) for row in found] == [("fact", OLD), ("fact", NEW)]


# ---- items

@pytest.mark.parametrize(("code", "name", "item", "flaw"), [
    ("XK-SJ-001", "", "XK-SJ-001", None),
    ("", "食品经营许可", "XK-SJ-001", None),
    ("", "食品经营许可证核发", "XK-SJ-001", None),
    ("XK-SJ-001", "燃气经营许可", "XK-SJ-001", None),
    ("XK-JT-002", "", "XK-JT-002", None),  # retired: the act is held later, the code is no flaw
    ("XK-SJ-777", "", None, "unknown_item"),
    ("XK-SJ-777", "食品经营许可", None, "unknown_item"),
    ("", "没有这样的事项", None, None),
    ("", "", None, None),
])
def test_the_item_of_a_permit(declared: Declarations, code: str, name: str, item: str | None, flaw: str | None) -> None:
    row, = told(declared, "city_permits", {"事项编码": code, "事项名称": name})
    assert (row["outcome"], row["item_code"], flaws(row).get("item_code")) == ("fact", item, flaw)


def test_a_file_without_the_columns_has_no_item_and_no_flaw(declared: Declarations) -> None:
    row, = told(declared, "city_permits", {})
    assert (row["outcome"], row["item_code"], flaws(row)) == ("fact", None, {})


# ---- lists

@pytest.fixture
def listed(declared: Declarations) -> Callable[[str, str], dict]:
    """The entry of a list whose feed says what it is called, on a day."""
    category, feed = declared.categories["serious_listing"], declared.feeds["serious_list"]
    more = {"list_term": CategoryField(), "list_kind": CategoryField()}
    named = category.model_copy(update={"fields": {**category.fields, **more}})
    source = feed.fields["remarks"].model_copy(update={"label": "名单名称"})
    with_column = feed.model_copy(update={"fields": {**feed.fields, "list_term": source}})
    changed = replace(declared, categories={**declared.categories, "serious_listing": named},
                      feeds={**declared.feeds, "serious_list": with_column})
    day = feed.fields["listed_date"].labels[0]
    return lambda term, on: told(changed, "serious_list", {"名单名称": term, day: on})[0]


@pytest.mark.parametrize(("term", "day", "kind", "flaw"), [
    ("严重失信主体名单", "2024-05-06", "serious", None),
    ("黑名单", "2024-05-06", "legacy", None),
    ("拖欠农民工工资“黑名单”", "2020-04-30", "legacy", None),
    ("拖欠农民工工资“黑名单”", "2020-05-01", "serious", None),
    ("灰名单", "2024-05-06", None, "unknown_list_term"),
    ("", "2024-05-06", None, None),
])
def test_an_older_name_of_a_list_is_todays_or_legacy(listed, term: str, day: str, kind: str | None, flaw: str | None) -> None:
    row = listed(term, day)
    assert (row["outcome"], row["list_kind"], flaws(row).get("list_kind")) == ("fact", kind, flaw)


@pytest.mark.parametrize(("term", "shown"), [("灰名单", "灰名单"), ("张三丰等", "(4 characters: Han)")])
def test_an_unknown_name_of_a_list_is_shown_for_the_crosswalk_to_be_mended(listed, term: str, shown: str) -> None:
    assert {flaw["field"]: flaw["value"] for flaw in listed(term, "2024-05-06")["flaws"]}["list_kind"] == shown


@pytest.mark.parametrize(("said", "shown"), [
    ("火星省", "火星省"), ("安徽省/合肥市/火星区", "火星区"), ("张三", "(2 characters: Han)"),
    ("13912345678", "1…8 (11 characters: digits)")])
def test_an_unknown_region_is_shown_where_it_can_be_no_person(declared: Declarations, said: str, shown: str) -> None:
    header = list(declared.feeds["market_builders_registry"].examples[0].row)
    delivery = {"delivery_id": "d", "feed": "market_builders_registry", "covers": RECEIVED.date(), "header": header,
                "received_at": RECEIVED}
    assert shows(plan(declared, delivery, "run"), "registered_region")(said) == shown


# ---- what was not said, and what may not be collected

def test_who_stated_the_severity_is_missed(declared: Declarations) -> None:
    said, silent = told(declared, "province_penalties", {}, {"惩戒程度标识部门": ""})
    assert ("severity_source" in flaws(said), flaws(silent)["severity_source"]) == (False, "severity_source_missing")
    assert silent["severity"] == "moderate"


def test_a_file_without_the_column_misses_it_on_every_fact(declared: Declarations) -> None:
    found = told(declared, "province_penalties", {}, {"行政处罚决定书文号": ""}, {}, without=("惩戒程度标识部门",))
    assert [row["outcome"] for row in found] == ["fact", "reject", "fact"]
    assert [flaws(row)["severity_source"] for row in (found[0], found[2])] == ["severity_source_missing"] * 2


def test_the_flaws_of_a_row_stand_in_dictionary_order_beside_that_row(declared: Declarations) -> None:
    bad = {"惩戒程度标识部门": "", "罚款金额(万元)": "若干", "处罚有效期": "以后"}
    rows = [{}, bad, {"公示截止期": "以后"}, bad]
    found = [[flaw["field"] for flaw in row["flaws"]] for row in told(declared, "province_penalties", *rows)]
    all_bad = ["violation_facts", "fine_amount_yuan", "severity_source"]
    seen = [[name for name in names if name in all_bad] for names in found]
    assert seen == [["violation_facts"], all_bad, ["violation_facts"], all_bad]
    assert "publicity_end_date" in found[2]


def test_a_field_that_may_not_be_collected_is_dropped_and_named(declared: Declarations) -> None:
    category = declared.categories["permit"]
    fields = {**category.fields, "remarks": CategoryField(catalogue=NONE)}
    changed = replace(declared, categories={**declared.categories, "permit": category.model_copy(update={"fields": fields})})
    row, = told(changed, "city_permits", {"备注": "年产值三千万元"})
    assert (row["outcome"], row["remarks"]) == ("fact", None)
    header = list(declared.feeds["city_permits"].examples[0].row)
    delivery = {"delivery_id": "d", "feed": "city_permits", "covers": RECEIVED.date(), "header": header, "received_at": RECEIVED}
    made = plan(changed, delivery, "run")
    assert (made.not_collected, "备注" in made.positions, made.unknown) == (["备注"], False, [])
    kept, other = told(changed, "city_permits", {"备注": "年产值三千万元"}, {"备注": "抵押物若干"})
    assert kept["fact_id"] == other["fact_id"], "nothing of the refused cell goes into the fact's id"


def test_every_reason_is_explained_in_both_languages() -> None:
    assert set(references.OUT_OF_OFFICE) < set(references.REASONS)
    for english, chinese in references.REASONS.values():
        assert (english[-1], chinese[-1]) == (".", "。")

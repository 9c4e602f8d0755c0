"""A row whose further party is a person or a household is dropped whole."""
from __future__ import annotations

import pytest

from jobs.declarations.feeds import Example
from jobs.facts.outcomes import REASONS
from tests.declarations.test_examples import DECLARED, cleaned

FEED = "province_shareholdings"
GOOD = DECLARED.feeds[FEED].examples[0].row
HOUSEHOLD, ENTERPRISE = "92340102MA0X00015M", "91340100MA0X00031H"


@pytest.mark.parametrize(("name", "kind", "code", "outcome"), [
    ("丁一凡", "自然人股东", "", "natural_person"),
    ("丁一凡", "自然人股东", ENTERPRISE, "natural_person"),   # who says that it is a person is believed
    ("丁一凡", "", "", "natural_person"),
    ("某合伙企业", "个体工商户", "", "household"),
    ("丁一凡果蔬园", "", HOUSEHOLD, "household"),
    ("丁一凡果蔬园", "法人股东", HOUSEHOLD, "household"),            # nor is a code of households overruled by a word
    ("示例投资合伙企业（有限合伙）", "", "", "reject"),          # without a code nobody knows
    ("示例市恒筑工程检测有限公司", "", ENTERPRISE, "fact")])
def test_what_becomes_of_an_investor(name: str, kind: str, code: str, outcome: str) -> None:
    row = {**GOOD, "股东（发起人）名称": name, "股东类型": kind, "股东统一社会信用代码": code}
    (told,) = [one for batch in cleaned("party", FEED, Example(row=row)) for one in batch.to_pylist()]
    assert told["outcome"] == outcome
    if outcome not in ("fact", "reject"):
        assert not {value for value in map(str, told.values()) if name in value or (code and code in value)}



@pytest.mark.parametrize(("name", "kind", "code", "outcome"), [
    ("示例市恒筑工程检测有限公司", "个体工商户", ENTERPRISE, "reject"),
    ("示例市恒筑工程检测有限公司", "自然人", ENTERPRISE, "reject"),
    ("示例市恒筑工程检测有限公司", "个体工商户", ENTERPRISE[:-1] + "A", "household"),     # its code is none
    ("丁一凡", "个体工商户", ENTERPRISE, "household"),                                 # its name is a person's too
    ("丁一凡果蔬园", "个体工商户", HOUSEHOLD, "household")])
def test_a_kind_that_its_code_contradicts_is_told_and_nothing_of_the_row_is_kept(name, kind, code, outcome) -> None:
    good = DECLARED.feeds["city_penalties"].examples[0].row
    row = {**good, "行政相对人名称": name, "行政相对人类别": kind, "行政相对人代码＿1（统一社会信用代码）": code}
    (told,) = [one for batch in cleaned("row", "city_penalties", Example(row=row)) for one in batch.to_pylist()]
    reason = ("subject_kind", None, "kind_contradicts_code") if outcome == "reject" else (None, None, None)
    assert (told["outcome"], told["reject_field"], told["reject_value"], told["reject_reason"]) == (outcome, *reason)
    kept = {name for name, value in told.items() if value not in (None, [])}
    assert kept <= {"outcome", "reject_field", "reject_reason", "feed", "delivery_id", "run_id", "row_no", "part", "received_at"}


def test_its_reason_is_said_in_both_languages() -> None:
    [(english, chinese)] = REASONS.values()
    assert (english[-1], chinese[-1]) == (".", "。")

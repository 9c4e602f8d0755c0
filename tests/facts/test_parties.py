"""A row whose further party is a person or a household is dropped whole."""
from __future__ import annotations

import pytest

from jobs.declarations.feeds import Example
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
    ("示例投资合伙企业（有限合伙）", "", "", "reject"),          # without a code nobody knows
    ("示例市恒筑工程检测有限公司", "", ENTERPRISE, "fact")])
def test_what_becomes_of_an_investor(name: str, kind: str, code: str, outcome: str) -> None:
    row = {**GOOD, "股东（发起人）名称": name, "股东类型": kind, "股东统一社会信用代码": code}
    (told,) = [one for batch in cleaned("party", FEED, Example(row=row)) for one in batch.to_pylist()]
    assert told["outcome"] == outcome
    if outcome not in ("fact", "reject"):
        assert not {value for value in map(str, told.values()) if name in value or (code and code in value)}


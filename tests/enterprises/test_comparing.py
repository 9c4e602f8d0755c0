"""How two names compare: a slip is told from another enterprise's name."""
from __future__ import annotations

from pathlib import Path

import pytest

from jobs.enterprises import alike
from jobs.enterprises.comparing import LEVELS, Said, levels
from jobs.enterprises.parts import taken_apart, words
from jobs.values.names import name_key

CONFIG = Path("config").resolve()
TERMS = {"core": {}, "brand": {"祥辉": 3}, "trade": {}, "pair": {"教育": 40, "装饰": 60}}
# record, index -> comparison, level
PAIRS = [
    ("合肥祥悦建材有限公司", "合肥祥悦建材有限公司", "core", "same"),
    ("合肥祥悦建材有限公司", "合肥悦祥建材有限公司", "core", "reversed"),
    ("合肥祥悦兴建材有限公司", "合肥祥兴悦建材有限公司", "core", "swapped"),
    ("中铁二十二局集团有限公司", "中铁二局集团有限公司", "core", "tells_apart"),
    ("合肥端丰盛建材有限公司", "合肥瑞丰盛建材有限公司", "core", "alike"),  # they share 耑
    ("合肥端丰建材有限公司", "合肥瑞丰建材有限公司", "core", "alike_in_short_brand"),
    ("合肥宏丰盛建材有限公司", "合肥红丰盛建材有限公司", "core", "alike"),  # they sound the same
    ("合肥祥悦悦建材有限公司", "合肥祥悦建材有限公司", "core", "doubled"),
    ("合肥祥悦材有限公司", "合肥祥悦建材有限公司", "core", "lost_in_trade"),
    ("合肥祥悦建口材有限公司", "合肥祥悦建材有限公司", "core", "inserted_in_trade"),
    ("合肥祥悦软牛有限公司", "合肥祥悦软件有限公司", "core", "alike_in_trade"),
    ("合肥祥悦教讯信息有限公司", "合肥祥悦通讯信息有限公司", "core", "wrong_in_trade"),
    ("合肥祥辉建材有限公司", "合肥祥悦建材有限公司", "core", "other_brand"),  # a brand that others bear
    ("合肥祥爱建材有限公司", "合肥祥悦建材有限公司", "core", "wrong_in_short_brand"),
    ("合肥祥悦科技有限公司", "合肥祥悦科贸有限公司", "core", "other_trade"),
    ("合肥祥悦第二建筑有限公司", "合肥祥悦第三建筑有限公司", "core", "tells_apart"),
    ("合肥祥悦第2建筑有限公司", "合肥祥悦第二建筑有限公司", "core", "same"),
    ("合肥祥悦建材有限公司", "合肥祥悦劳务建筑有限公司", "core", "other_trade"),
    ("祥悦", "合肥祥悦建材有限公司", "core", "brand_only"),
    ("祥悦", "合肥祥悦建材有限公司", "form", "short"),
    ("肥合市祥悦建材有限公司", "合肥市祥悦建材有限公司", "core", "place_slip"),
    ("合祥肥悦建材有限公司", "合肥祥悦建材有限公司", "core", "place_slip"),
    ("安徽祥悦建材有限公司", "合肥祥悦建材有限公司", "region", "within"),
    ("芜湖祥悦建材有限公司", "合肥祥悦建材有限公司", "region", "elsewhere_in_province"),
    ("上海祥悦建材有限公司", "合肥祥悦建材有限公司", "region", "elsewhere"),
    ("江干区祥悦建材店", "上城区祥悦建材店", "region", "same"),  # 江干区 became part of 上城区 in 2021
    ("合肥祥悦建材有限责任公司", "合肥祥悦建材有限公司", "form", "same"),
    ("合肥祥悦建材公司", "合肥祥悦建材有限公司", "form", "one_missing"),
    ("合肥祥悦建材股份有限公司", "合肥祥悦建材有限公司", "form", "other"),
    ("合肥祥悦建材有限公司芜湖分公司", "合肥祥悦建材有限公司", "branch", "one_only"),
    ("合肥祥悦建材有限公司芜湖分公司", "合肥祥悦建材有限公司安庆分公司", "branch", "other"),
    ("合肥祥悦建材有限公司第一分公司", "合肥祥悦建材有限公司第二分公司", "branch", "other"),
    ("合肥祥悦建材有限公司芜糊分公司", "合肥祥悦建材有限公司芜湖分公司", "branch", "close"),
]


def said(name: str, **more: str) -> Said:
    return Said(taken_apart(name_key(name), words(CONFIG)), more.get("region", ""), more.get("code", ""),
                more.get("address", ""), more.get("person", ""))


def level(record: Said, known: Said, comparison: str) -> str:
    found = levels(record, known, words(CONFIG), alike.shapes(CONFIG), TERMS)
    return dict(zip(LEVELS, found, strict=True))[comparison]


@pytest.mark.parametrize(("record", "known", "comparison", "expected"), PAIRS)
def test_names_compare_so(record, known, comparison, expected):
    assert level(said(record), said(known), comparison) == expected


def test_every_level_found_is_a_declared_one():
    for record, known, *_ in PAIRS:
        found = levels(said(record), said(known), words(CONFIG), alike.shapes(CONFIG), TERMS)
        assert all(one in LEVELS[name] for name, one in zip(LEVELS, found, strict=True))


@pytest.mark.parametrize(("mine", "theirs", "expected"), [
    ("k1:match:aa", "k1:match:aa", "same"), ("k1:match:aa", "k1:match:bb", "other"), ("k1:match:aa", "k2:match:aa", "not_said"),
    ("k1:match:aa", "k1:graph:aa", "not_said"), ("", "k1:match:aa", "not_said")])
def test_tokens_of_persons_compare_within_one_key_and_purpose_only(mine, theirs, expected):
    assert level(said("甲", person=mine), said("甲", person=theirs), "person") == expected


@pytest.mark.parametrize(("damaged", "expected"), [
    ("91340100MA0A0011X", "near"), ("91340100MA0A00101X", "near"), ("91340100MA0A99999X", "half"), ("99999999999999999", "far")])
def test_a_damaged_code_is_near_or_far(damaged, expected):
    assert level(said("甲", code=damaged), said("甲", code="91340100MA0A00011X"), "code") == expected


def test_where_a_name_says_no_place_the_deciding_organ_does():
    record, known = "祥悦建材有限公司", "合肥祥悦建材有限公司"
    assert level(said(record, region="340102"), said(known), "region") == "dropped_fits"
    assert level(said(record, region="310101"), said(known), "region") == "dropped_unfit"

"""Names taken apart: what each part is, whatever slips the name has."""
from __future__ import annotations

from pathlib import Path

import pytest

from jobs.enterprises.parts import taken_apart, words
from jobs.values.names import name_key

CONFIG = Path("config").resolve()
# name -> region, core, brand, trade, form, branch
NAMES = {
    "合肥市瑶海区示例宏发贸易有限公司": ("340102", "示例宏发贸易", "示例宏发", "贸易", "company_limited", ""),
    "宏发（合肥）贸易有限责任公司": ("340100", "宏发贸易", "宏发", "贸易", "company_limited", ""),
    "安徽三建工程有限公司合肥第二分公司": ("340000", "3建工程", "3建", "工程", "company_limited", "合肥第2分公司"),
    "舒兰市宝丰水稻种植专业合作社": ("220283", "宝丰水稻种植", "宝丰", "水稻种植", "cooperative", ""),  # 宝丰 is a county too
    "广德县宏大建材厂": ("341882", "宏大建材厂", "宏大", "建材厂", "", ""),  # a county that is a city now
    "中铁十五局集团有限公司": ("", "中铁15局", "中铁15局", "", "company_limited", ""),
    "合肥市宏发貿易有限公司（普通合伙）": ("340100", "宏发贸易", "宏发", "贸易", "company_limited", ""),
    # slips in the form, the place and the branch
    "合肥市宏发贸易有限贵任公司": ("340100", "宏发贸易", "宏发", "贸易", "company_limited", ""),
    "合肥市宏发贸易有限分司": ("340100", "宏发贸易", "宏发", "贸易", "company_limited", ""),
    "合肥市宏发商贸份股有限公司": ("340100", "宏发商贸", "宏发", "商贸", "company_shares", ""),
    "合服市瑶海区宏发贸易有限公司": ("340102", "宏发贸易", "宏发", "贸易", "company_limited", ""),
    "合肥肥市宏发贸易有限公司": ("340100", "宏发贸易", "宏发", "贸易", "company_limited", ""),
    "合肥宏发贸易集团芜湖第一分工司": ("340100", "宏发贸易", "宏发", "贸易", "", "芜湖第1分公司"),
}


@pytest.mark.parametrize("name", NAMES)
def test_each_part_is_what_it_is(name):
    parts = taken_apart(name_key(name), words(CONFIG))
    assert (parts.region, parts.core, parts.brand, parts.trade, parts.form, parts.branch) == NAMES[name]


def test_brackets_that_are_neither_place_nor_form_are_kept_apart():
    parts = taken_apart(name_key("安徽省古建中心（示例博物馆）"), words(CONFIG))
    assert (parts.core, parts.brackets) == ("古建中心", "示例博物馆")


@pytest.mark.parametrize("name", ["", "有限公司", "公司", "（）", "分公司", "省", "A", "某"])
def test_what_is_hardly_a_name_is_taken_apart_without_an_error(name):
    assert taken_apart(name, words(CONFIG)).core == taken_apart(name, words(CONFIG)).core

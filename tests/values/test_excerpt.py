"""A page excerpt of 2020, damaged on its way: what can be known of it is read, and nothing else (seed 002 of the inventory).

A converter lost the lead byte 8C of GBK and wrote `?qū)` for it, and pinyin in brackets behind traditional characters.
"""

import re

import pytest

from jobs.declarations.settings import ROOT
from jobs.values import money, names, pages, text

SEED = ROOT.parent / "shared" / "reference" / "seeds" / "002_84616189693f43a0.txt"
TONED = re.compile(r"[à-öø-ɏ]")


@pytest.mark.parametrize(
    ("damaged", "read"),
    [
        ("專項檢查頻率或?qū)嵭忻鈾z等政策", "专项检查频率或实行免检等政策"),
        ("為深入貫徹落實信用浙江建設(shè)有關(guān)決策部署", "为深入贯彻落实信用浙江建设有关决策部署"),
        ("健全市場體系、提升監(jiān)管效能", "健全市场体系、提升监管效能"),
        ("應(yīng)用創(chuàng)新的工作格局", "应用创新的工作格局"),
        ("市發(fā)改委、市大數(shù)據(jù)局牽頭", "市发改委、市大数据局牵头"),
        ("6個區(qū)、縣(市)的部門(單位)業(yè)務(wù)系統(tǒng)", "6个区、县(市)的部门(单位)业务系统"),
        ("已公布全市失信信息400 余條", "已公布全市失信信息400余条"),
        ("目前紹興市已有34 個部門", "目前绍兴市已有34个部门"),
    ],
)
def test_what_is_all_there_is_read(damaged, read):
    assert text.page_text(damaged) == (read, None)
    assert text.page_text(read) == (read, None)


@pytest.mark.parametrize(
    ("damaged", "read"),
    [
        ("如市場監(jiān)管領(lǐng)域?qū)⑷?萬余家經(jīng)營異常企業(yè)", "如市场监管领域?qū)⑷?万余家经营异常企业"),
        ("交通運輸領(lǐng)域?qū)?40 家道路運輸企業(yè)", "交通运输领域?qū)?40家道路运输企业"),
    ],
)
def test_a_character_that_was_lost_stays_lost_and_the_text_says_so(damaged, read):
    assert pages.recovered(damaged) == damaged
    assert text.page_text(damaged) == (read, "characters_lost")


@pytest.mark.parametrize("lost", ["⑷?萬余家", "?40 家", "?萬余家"])
def test_a_number_without_its_leading_digit_is_none(lost):
    assert money.count(lost) == (None, "digit_lost")
    assert money.amount(lost) == (None, "digit_lost")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("400 余條", (None, "lower_bound")),
        ("500余家", (None, "lower_bound")),
        ("55000多條", (None, "lower_bound")),
        ("13.14萬余次", (None, "lower_bound")),
        ("29681次", (29681, None)),
        ("1183家", (1183, None)),
        ("2.5萬家", (25_000, None)),
        ("5.14億條", (514_000_000, None)),
    ],
)
def test_numbers_of_the_page(written, number):
    assert money.count(written, most=10**9) == number


def test_an_unknown_first_character_stays_unknown():
    assert text.page_text("□金輝") == ("□金辉", None)


def test_a_name_on_such_a_page_has_the_key_of_the_name():
    assert names.name_key("紹興市建設(shè)監(jiān)理有限公司") == names.name_key("绍兴市建设监理有限公司")


@pytest.mark.skipif(not SEED.exists(), reason="the seed documents are not here")
def test_the_whole_document_loses_its_263_readings_and_nothing_else():
    """§8 of the inventory: 263 readings in brackets, one character whose bytes are all there, two that are lost."""
    damaged = SEED.read_text(encoding="utf-8")
    without = pages.without_pinyin(damaged)
    assert damaged.count("(") - without.count("(") == 263
    assert TONED.findall(without) == ["ū"] * 3 == ["ū"] * damaged.count("?qū)")
    read, flag = text.page_text(damaged)
    assert flag == "characters_lost"
    assert [read[found.start() - 3:found.end() + 3] for found in TONED.finditer(read)] == ["域?qū)⑷?", "域?qū)?4"]
    assert "专项检查频率或实行免检等政策" in read
    assert "目前绍兴市已有34个部门" in read
    assert re.findall(r"\(([^()]*)\)", read) == re.findall(r"\(([^()]*)\)", pages.simplified(re.sub(
        r"\([^()]*[à-öø-ɏ][^()]*\)", "", damaged)))

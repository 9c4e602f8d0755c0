import csv

import pytest

from jobs.values import names


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        (" 合肥寿山滨水生态农业开发有限公司 ", ("合肥寿山滨水生态农业开发有限公司", None)),
        ("乐天（上海）食品有限公司", ("乐天（上海）食品有限公司", None)),
        ("\ufeff合肥\u200b甲乙有限公司", ("合肥甲乙有限公司", None)),
        ("ABC  Trading   Ltd.", ("ABC Trading Ltd.", None)),
        ("重庆物流集团有限公司（曾用名：重庆交通运输控股（集团）有限公司）", ("重庆物流集团有限公司", "former_name_cut")),
        ("某某公司（曾用名：甲乙厂）", ("某某公司", "former_name_cut")),
        ("某某公司[原名称 甲乙厂]查看更多", ("某某公司", "former_name_cut")),
        ("某某公司（曾用名：甲乙厂）（已注销）", ("某某公司", "former_name_cut")),
        ("合肥市规划设计研究院;安徽省金田建筑设计咨询有限责任公司", (None, "several_names")),
        ("甲乙有限公司；丙丁有限公司", (None, "several_names")),
        ("甲乙有限公司;", ("甲乙有限公司;", None)),
        ("ºÏ·ÊÊÐÈÙÃû", (None, "mojibake")),
        ("鍚堣偉瀵垮北", (None, "mojibake")),
        ("合肥锟斤拷公司", (None, "mojibake")),
        ("????有限公司", (None, "mojibake")),
        ("12345", (None, "not_a_name")),
        ("甲", (None, "not_a_name")),
        ("甲" * 201, (None, "too_long")),
        ("合肥张三商贸 13912345678", (None, "contains_personal_number")),
        ("甲乙有限公司查看更多", ("甲乙有限公司", "page_debris")),
        ("甲乙有限公司 复制|", ("甲乙有限公司", "page_debris")),
        ("甲&amp;乙有限公司", ("甲&乙有限公司", "page_debris")),
        ("甲乙有限公司&nbsp;<br/>", ("甲乙有限公司", "page_debris")),
        ("音像复制", ("音像复制", None)),
        ("甲乙有限公司（联合体牵头人）", ("甲乙有限公司", "note_cut")),
        ("甲乙有限公司(2014-08-05合并前)", ("甲乙有限公司", "note_cut")),
        ("甲乙有限公司（原丙丁厂）", ("甲乙有限公司", "note_cut")),
        ("甲乙有限公司（原名城厂）", ("甲乙有限公司", "note_cut")),
        ("甲乙有限公司（已注销）展开", ("甲乙有限公司", "page_debris")),
        ("甲乙汽车工程有限公司（联合体单位丙", ("甲乙汽车工程有限公司（联合体单位丙", "truncated")),
        ("甲乙汽车工程有限…", ("甲乙汽车工程有限…", "truncated")),
        ("紹興建設(shè)工程有限公司", ("紹興建設(shè)工程有限公司", None)),
    ],
)
def test_enterprise_name(written, cleaned):
    assert names.enterprise_name(written) == cleaned


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("乙有限公司", ("乙有限公司", None)),
        ("乙有限公司；丙厂", ("乙有限公司、丙厂", None)),
        ("上海乙（集团）有限公司", ("上海乙（集团）有限公司", None)),
        ("张曌昶", (None, "person_name")),
        ("张曌昶、乙有限公司", ("乙有限公司", "person_name")),
        ("乙有限公司、1", ("乙有限公司", "not_a_name")),
    ],
)
def test_former_names(written, cleaned):
    assert names.former_names(written) == cleaned


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("某某公司（曾用名：甲乙厂）", ("甲乙厂", None)),
        ("某某公司(原名: 甲乙厂、丙丁社)", ("甲乙厂、丙丁社", None)),
        ("重庆物流集团有限公司（曾用名：重庆交通运输控股（集团）有限公司）", ("重庆交通运输控股（集团）有限公司", None)),
        ("某某公司（曾用名：甲乙厂）（已注销）", ("甲乙厂", None)),
        ("某某公司（原名城厂）", (None, None)),  # 名城厂, or a name of 城厂: cut off with a note, and nothing guessed
        ("某某公司（曾用名：张曌昶）", (None, "person_name")),
        ("某某公司（曾用名：无）", (None, None)),
        ("某某公司", (None, None)),
        ("旧名居（上海）有限公司", (None, None)),
    ],
)
def test_former_names_behind_a_name(written, cleaned):
    assert names.former_names_behind(written) == cleaned


def test_real_former_names_are_all_kept(realdata):
    with open(realdata / "labels" / "former_names.csv", encoding="utf-8", newline="") as rows:
        labels = [row["former_name"] for row in csv.DictReader(rows)]
    assert len(labels) == 306
    assert [name for name in labels if names.former_names(name) != (name, None)] == []


def test_names_listed_in_one_cell():
    assert names.split_names(" 甲有限公司、乙有限公司；丙厂\n丁社 ") == ["甲有限公司", "乙有限公司", "丙厂", "丁社"]


@pytest.mark.parametrize(
    "spelling",
    [
        "乐天（上海）食品有限公司",
        "乐天(上海)食品有限公司",
        "乐天【上海】食品有限公司",
        "乐天 （上海） 食品有限公司",
        "乐天（上海）食品\u200b有限公司",
    ],
)
def test_spellings_of_one_name_share_a_key(spelling):
    assert names.name_key(spelling) == "乐天(上海)食品有限公司"


@pytest.mark.parametrize("spelling", ["紹興建設(shè)工程有限公司", "绍兴建设工程有限公司", "紹興建設（shè）工程有限公司"])
def test_traditional_characters_and_readings_do_not_tell_names_apart(spelling):
    assert names.name_key(spelling) == "绍兴建设工程有限公司"


@pytest.mark.parametrize("name", ["乾源建设有限公司", "著名(ABC)公司", "甲(shè备)公司"])
def test_what_simplified_script_writes_itself_is_left_alone(name):
    assert names.name_key(name) == name.upper()


def test_near_misses_do_not_share_a_key():
    assert names.name_key("中铁十六局集团有限公司") != names.name_key("中铁十局集团有限公司")


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("合肥甲乙农业有限公司", "合肥甲乙农业"),
        ("合肥甲乙农业有限责任公司", "合肥甲乙农业"),
        ("合肥甲乙农业股份有限公司", "合肥甲乙农业"),
        ("合肥甲乙农业集团有限公司", "合肥甲乙农业集团"),
        ("长丰县甲乙农民专业合作社", "长丰县甲乙"),
        ("安徽甲乙律师事务所（普通合伙）", "安徽甲乙律师事务所"),
        ("合肥甲乙农业有限公司长丰分公司", "合肥甲乙农业有限公司长丰分公司"),
        ("瑶海区老王烧烤店", "瑶海区老王烧烤店"),
        ("Alpha Trading Co., Ltd.", "ALPHATRADING"),
        ("有限公司", "有限公司"),
    ],
)
def test_the_core_keeps_all_but_the_legal_form(name, core):
    assert names.name_core(name) == core


@pytest.mark.parametrize("name", ["张勇", "汪仙花", "欧阳修文", "买买提·吐尔逊", "王某", "李某某", "张*", "张＊勇", " 张 勇 "])
def test_people(name):
    assert names.is_probably_person(name)


@pytest.mark.parametrize(
    "name", ["张勇店", "华为技术有限公司", "高新区", "王朝酒业", "合肥甲乙有限公司", "李宁体育", "腾讯", "", "A公司", "张家界市"]
)
def test_not_people(name):
    assert not names.is_probably_person(name)

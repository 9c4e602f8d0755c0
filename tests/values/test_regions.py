import csv

import pytest

from jobs.values import regions
from jobs.values.divisions import Division, Divisions


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("340102", "340102"),
        ("3401", "340100"),
        ("34", "340000"),
        ("340102001", "340102"),
        ("340102001003", "340102"),
        ("３４０１０２", "340102"),
        ("安徽省", "340000"),
        ("安徽", "340000"),
        ("合肥", "340100"),
        ("瑶海区", "340102"),
        ("安徽省合肥市瑶海区", "340102"),
        ("安徽合肥", "340100"),
        ("安徽省/合肥市/瑶海区", "340102"),
        ("安徽省//瑶海区", "340102"),
        ("安徽省/合肥市/", "340100"),
        ("安徽省/合肥市/-", "340100"),
        ("安徽省/安徽省/安徽省", "340000"),
        ("北京市/市辖区/朝阳区", "110105"),
        ("北京市//朝阳区", "110105"),
        ("北京市/北京市/朝阳区", "110105"),
        ("重庆市/县/云阳县", "500235"),
        ("江苏省/南京市/鼓楼区", "320106"),
        ("福建省/福州市/鼓楼区", "350102"),
        ("湖北省/省直辖县级行政区划/仙桃市", "429004"),
        ("四川省/凉山州/西昌市", "513401"),
        ("湖北省/恩施土家族苗族自治州", "422800"),
        ("新疆维吾尔自治区/石河子市", "659001"),
        ("内蒙古/呼和浩特市", "150100"),
        ("香港特别行政区", "810000"),
        ("北京市/市辖区", "110000"),
        ("安徽省/合肥市/市辖区", "340100"),
        ("340101", "340100"),
        ("110100", "110000"),
        ("500200", "500000"),
    ],
)
def test_a_region_by_code_or_by_names(divisions, said, code):
    assert regions.region_code(said, divisions) == (code, None)


@pytest.mark.parametrize(
    ("said", "code", "flag"),
    [
        ("安徽省/宣城市/广德县", "341882", "region_succeeded"),
        ("341822", "341882", "region_succeeded"),
        ("安徽省/芜湖市/芜湖县", "340210", "region_succeeded"),
        ("安徽省/六安市/寿县", "340422", "region_succeeded"),
        ("安徽省/芜湖市/无为县", "340281", "region_succeeded"),
        ("无为县", "340281", "region_succeeded"),
        ("341422", "340281", "region_succeeded"),
        ("340225", "340281", "region_succeeded"),
        ("浙江省/杭州市/江干区", "330104", "region_abolished"),
        ("330104", "330104", "region_abolished"),
        ("安徽省/合肥市/合肥经济技术开发区", "340100", "district_unknown"),
        ("江苏省/镇江市/镇江新区", "321100", "district_unknown"),
        ("安徽省合肥市滨湖新区", "340100", "district_unknown"),
    ],
)
def test_kept_and_flagged(divisions, said, code, flag):
    assert regions.region_code(said, divisions) == (code, flag)


@pytest.mark.parametrize(
    ("said", "year", "cleaned"),
    [
        ("330104", 2019, ("330104", None)),
        ("浙江省/杭州市/江干区", 2021, ("330104", None)),
        ("330104", 2023, ("330104", "region_abolished")),
        ("钱塘区", 2019, ("330114", "region_not_yet")),
        ("330114", 2021, ("330114", None)),
        ("安徽省/宣城市/广德县", 2015, ("341822", None)),
        ("341822", 2024, ("341882", "region_succeeded")),
        ("安徽省/六安市/寿县", 2010, ("341521", None)),
        ("安徽省/六安市/寿县", 1999, ("341521", None)),
        ("341822", 2019, ("341822", None)),
        ("安徽省/六安市/寿县", 2020, ("340422", "region_succeeded")),
        ("340102", 2010, ("340102", None)),
        ("无为县", 2010, ("341422", None)),
        ("无为县", 2015, ("340225", None)),
        ("341422", 2015, ("340225", "region_succeeded")),
        ("999999", 2010, (None, "unknown_region")),
    ],
)
def test_a_division_is_right_in_its_own_years(divisions, said, year, cleaned):
    assert regions.region_code(said, divisions, year=year) == cleaned


def test_a_broken_encoding_is_no_unknown_region(divisions, industries):
    assert regions.region_code("锟斤拷", divisions) == (None, "mojibake")
    assert regions.industry("锟斤拷", industries) == (None, "mojibake")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("999999", "unknown_region"),
        ("320191", "unknown_region"),
        ("市辖区", "unknown_region"),
        ("火星省", "unknown_region"),
        ("东方红", "unknown_region"),
        ("合肥市abc", "unknown_region"),
        ("火星省/合肥市", "unknown_region"),
        ("鼓楼区", "ambiguous_region"),
        ("浙江省/合肥市", "region_contradiction"),
        ("安徽省/芜湖市/瑶海区", "region_contradiction"),
    ],
)
def test_no_region_says_why(divisions, said, reason):
    assert regions.region_code(said, divisions) == (None, reason)


def test_the_table_may_be_given_as_a_path(codes_folder):
    assert regions.region_code("瑶海区", codes_folder / "divisions.csv") == ("340102", None)
    assert regions.region_code("瑶海区", str(codes_folder / "divisions.csv")) == ("340102", None)


def test_the_table_knows_levels_and_history(divisions):
    assert divisions.path_of("340102") == ("安徽省", "合肥市", "瑶海区")
    assert divisions.lineage("110105") == ("110105", "110000")
    assert divisions.name_of("330104") == "江干区"
    assert divisions.current("330104") == ("330102", "330114")
    assert divisions.current("341422") == ("340281",), "无为县 went from 巢湖 to 芜湖 and became a city"
    assert divisions.current("340102") == ("340102",)
    assert not divisions.in_force("330104")
    assert len(divisions.codes) == 6450


def test_every_county_in_force_is_found_by_its_path(divisions):
    for code in filter(divisions.in_force, divisions.codes):
        assert regions.region_code("/".join(divisions.path_of(code)), divisions)[0] == code


def test_every_code_ever_used_answers(divisions):
    assert all(regions.region_code(code, divisions)[0] for code in divisions.codes)


def test_successors_that_run_in_a_circle_end():
    first = Division("990001", "甲区", "990000", 1981, 1990, ("990002",))
    second = Division("990002", "乙区", "990000", 1981, 1990, ("990001",))
    assert Divisions([first, second]).current("990001") == ()


def test_a_row_that_is_no_division_is_refused(tmp_path):
    file = tmp_path / "divisions.csv"
    file.write_text("code,name,parent,valid_from,valid_to,successors\n340102,瑶海区,340100,often,,\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2: a division needs code, name"):
        Divisions.load(file)


def test_division_of_a_credit_code():
    assert regions.division_of("91110108551385082Q") == "110108"


@pytest.mark.parametrize(
    ("said", "cleaned"),
    [
        ("0111", ("0111", None)),
        ("A0111", ("0111", None)),
        ("a", ("A", None)),
        ("农业", ("01", None)),
        ("农、林、牧、渔业", ("A", None)),
        ("制造业", ("C", None)),
        ("信息传输、软件和信息技术服务业", ("I", None)),
        ("批发业", ("51", None)),
        ("渔业", ("04", None)),
        ("互联网和相关服务", ("64", None)),
        ("农、林、牧、渔服务业", (None, "unknown_industry")),
        ("9999", (None, "unknown_industry")),
    ],
)
def test_industry(industries, said, cleaned):
    assert regions.industry(said, industries) == cleaned


def test_industry_levels_are_complete(industries):
    lengths = [len(code) for code in industries.names]
    assert [lengths.count(size) for size in (1, 2, 3, 4)] == [20, 97, 473, 1381]


@pytest.mark.parametrize(
    ("file", "columns", "unresolved"),
    [
        ("companies", ("province", "city", "district"), 0),
        ("company_info", ("province", "city", "district"), 0),
        ("company_info1", ("province", "city", "district"), 0),
        ("ods_company_detail", ("province", "city", "district"), 0),
        ("qcc_companies", ("所属省份", "所属城市", "所属区县"), 0),
    ],
)
def test_every_real_region_is_found(realdata, divisions, file, columns, unresolved):
    with open(realdata / "registry" / f"{file}.csv", encoding="utf-8", newline="") as rows:
        said = {"/".join(row[column] for column in columns) for row in csv.DictReader(rows)}
    reasons = [regions.region_code(each, divisions) for each in said]
    assert sum(code is None and reason is not None for code, reason in reasons) == unresolved

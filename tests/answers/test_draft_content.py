"""What values say where no label does: proven, it is proposed; else it is a candidate; and cells of several names are split."""
from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from jobs.__main__ import main
from jobs.answers.drafting.report import as_text
from jobs.answers.drafting.retried import retried
from jobs.declarations import DeclarationError
from tests.answers.test_draft import AT, DECLARED, Rows, as_csv, as_xlsx, code, of, role, rows
from tests.answers.test_draft import HEADER as PENALTIES

HEADER = ["公告类型", "项目编号", "采购人", "代理机构", "甲栏", "成交金额", "公示日期"]


def awards(column: list[str]) -> Rows:
    """Awards whose winner stands under a label that nobody knows."""
    return [HEADER, *([["中标结果公告", f"示例采〔2026〕{n}号", "示例学院", "示例招标有限公司", cell, "5000", "2026-10-01"]
                       for n, cell in enumerate(column, start=1)])]


def with_column(label: str, cells: list[str], table: Rows) -> Rows:
    return [[*table[0], label], *([*row, cell] for row, cell in zip(table[1:], cells, strict=True))]


def companies(many: int = 8) -> list[str]:
    return [f"示例市第{n}经营有限公司" for n in range(many)]


def test_the_only_column_of_names_is_the_subject_where_the_others_are_given(tmp_path: Path) -> None:
    one = of(tmp_path, awards(companies()), category="award")
    assert role(one, "甲栏") == ("field", ("subject_name",))
    assert one.account.rows == {"fact": 8}
    two = of(tmp_path, with_column("乙栏", companies(), awards(companies())), category="award")
    assert role(two, "甲栏") == role(two, "乙栏") == ("open", ("subject_name",))  # of two alike nobody knows which
    texts = of(tmp_path, awards([f"示例第{n}号项目的说明" for n in range(8)]), category="award")
    assert role(texts, "甲栏") == ("open", ())


def test_credit_codes_are_told_by_their_check_digits_and_are_not_the_organs(tmp_path: Path) -> None:
    codes = [code(n) for n in range(8)]
    proven = of(tmp_path, with_column("乙栏", codes, awards(companies())), category="award")
    assert role(proven, "乙栏") == ("field", ("credit_code",))
    assert "check digits hold" in as_text(proven.proposal, proven.account, DECLARED)
    wrong = [each[:-1] + ("0" if each[-1] != "0" else "1") for each in codes]
    assert role(of(tmp_path, with_column("乙栏", wrong, awards(companies())), category="award"), "乙栏") == ("open", ())
    organs = [code for code in dict.fromkeys(organ.code for organ in DECLARED.organs.values()) if code.startswith("1")][:8]
    assert role(of(tmp_path, with_column("乙栏", organs, awards(companies())), category="award"), "乙栏") == ("open", ())

    handed_on = with_column("数据来源单位代码", organs, [PENALTIES, *rows(8)])
    told = role(of(tmp_path, with_column("乙栏", organs, handed_on), category="penalty"), "乙栏")
    assert told == ("open", ("organ_code",))  # whose code it is, of the organ that decided or of another, no digit says


def test_dates_and_amounts_are_candidates_and_never_more(tmp_path: Path) -> None:
    table = awards(companies())
    table[0] = ["乙栏" if label == "公示日期" else "本次金额" if label == "成交金额" else label for label in table[0]]
    dated = [[*row[:-2], f"{1000 + n}.50", f"2026-10-{n + 1:02d}"] for n, row in enumerate(table[1:])]
    one = of(tmp_path, [table[0], *dated], category="award")
    assert role(one, "乙栏") == ("open", ("notice_date",))
    assert role(one, "本次金额") == ("open", ("award_amount_yuan",))


def test_divisions_that_lie_in_those_of_another_column_are_its_next_level(tmp_path: Path) -> None:
    districts = ["瑶海区", "庐阳区", "蜀山区", "包河区", "长丰县", "肥东县", "肥西县", "示例开发区"]
    inside = with_column("丙栏", districts, with_column("城市", ["合肥市"] * 8, awards(companies())))
    one = of(tmp_path, inside, category="award")
    assert yaml.safe_load(one.text)["fields"]["award_region"] == {"label": ["城市", "丙栏"]}
    outside = with_column("丙栏", districts, with_column("城市", ["芜湖市"] * 8, awards(companies())))
    assert role(of(tmp_path, outside, category="award"), "丙栏")[0] == "open"


def test_cells_of_several_names_are_split_with_the_evidence(tmp_path: Path) -> None:
    names = [*companies(7), "示例市甲有限公司、示例建筑设计院"]
    one = of(tmp_path, awards(names), category="award")
    told = yaml.safe_load(one.text)
    assert told["split"] == {"field": "subject_name", "on": "、"}
    assert "1 of 8 cells hold 2 names" in one.text
    assert (one.account.rows, one.account.balances) == ({"fact": 8}, True)  # a row of two parts is one row
    assert "split" not in yaml.safe_load(of(tmp_path, awards(companies()), category="award").text)


def test_a_split_is_left_open_where_a_number_is_beside_the_names_or_the_sign_stands_in_names(tmp_path: Path) -> None:
    names = [*companies(7), "示例市甲有限公司、示例建筑设计院"]
    numbered = of(tmp_path, with_column("统一社会信用代码", [code(n) for n in range(8)], awards(names)), category="award")
    assert "split" not in yaml.safe_load(numbered.text)
    assert "# unsure: split: {field: subject_name, 'on': 、}" in numbered.text
    assert "统一社会信用代码 would be given to each" in as_text(numbered.proposal, numbered.account, DECLARED)
    within = of(tmp_path, awards([*companies(6), "示例甲、乙服务部", *names[7:]]), category="award")
    assert "split" not in yaml.safe_load(within.text)
    assert "in 1 further cells a part is no such name" in within.text


def test_names_of_declared_organs_could_be_of_each_organ_that_a_row_knows(tmp_path: Path) -> None:
    organs = [organ.zh for organ in DECLARED.organs.values()][:2] * 4
    table = with_column("乙栏", organs, [["乙" if label == "处罚机关" else label for label in PENALTIES], *rows(8)])
    told = role(of(tmp_path, table, category="penalty"), "乙栏")
    assert told[0] == "open"
    assert {"organ_name", "source_unit_name"} <= set(told[1])


def test_a_title_that_says_one_category_decides_where_the_header_alone_is_too_little(tmp_path: Path) -> None:
    table = [["企业名称", "社会信用代码", "处罚种类"], *([name, code(n), "罚款"] for n, name in enumerate(companies()))]
    assert of(tmp_path, table, "a.xlsx", as_xlsx).proposal.choice.open
    one = of(tmp_path, [["示例市行政处罚信息公示表"], *table], "a.xlsx", as_xlsx)
    assert (one.proposal.choice.category, one.proposal.choice.open) == ("penalty", False)
    both = of(tmp_path, [["示例市行政处罚、行政许可信息公示表"], *table], "a.xlsx", as_xlsx)
    assert both.proposal.choice.open


def test_files_are_read_as_a_feed_is_declared_and_examples_that_do_not_hold_are_named(tmp_path: Path) -> None:
    feed = DECLARED.feeds["hubei_award_notices"]
    path = tmp_path / "a.csv"
    path.write_bytes(as_csv([list(feed.examples[0].row), list(feed.examples[0].row.values())]))
    told = retried(feed.feed, [path], DECLARED, AT)
    assert "1 rows = 1 fact" in told
    assert "examples: 3 of 4 hold, 1 say what checks between fields come to" in told
    wrong = feed.examples[0].model_copy(update={"gives": {"subject_name": "示例市别的公司"}})
    other = replace(DECLARED, feeds={feed.feed: feed.model_copy(update={"examples": [wrong, *feed.examples[1:]]})})
    said = retried(feed.feed, [path], other, AT)
    assert "example 1 is a fact that gives {'subject_name': '示例市启明广告传媒有限公司'}" in said
    with pytest.raises(DeclarationError, match="'nobody' is unknown"):
        retried("nobody", [path], DECLARED, AT)
    path.write_bytes(as_csv([["甲"], ["x"]]))
    assert "is held" in retried(feed.feed, [path], DECLARED, AT)
    assert main(["draft", "--feed", feed.feed, str(path), "--json"]) == 2

"""What a list may hold, and what is asked of the index for its rows, without one."""
from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from jobs.answers.reasons import explained
from jobs.answers.resolving import log, rows
from jobs.answers.resolving.columns import ListRefused, plan_of
from jobs.answers.resolving.lines import Lines
from jobs.declarations import Declarations
from jobs.declarations.asking import AskedExample, Lists, lists
from jobs.declarations.settings import ROOT
from jobs.enterprises import dated, decided, exact, tiers

AT = datetime(2026, 11, 20, tzinfo=UTC)
LISTS = lists(ROOT / "config")
NAME, OTHER = "合肥恒筑工程检测有限公司", "合肥清禾商贸有限公司"


@pytest.fixture(scope="module")
def may() -> Lists:
    return LISTS


def of_text(path: Path, text: str, declared: Declarations, may: Lists, encoding: str = "utf-8") -> rows.Rows:
    path.write_bytes(text.encode(encoding))
    return rows.of_file(path, declared, may, AT)


@pytest.mark.parametrize("one", LISTS.examples, ids=lambda one: " ".join(one.row.values()))
def test_an_example_of_a_row_asks_what_it_says(one: AskedExample, declared: Declarations, may: Lists) -> None:
    asked, others, _ = rows.of_cells(list(one.row.values()), plan_of(declared, may, list(one.row), "example", AT), may, 7)
    if one.asks:
        assert not others
        assert {name: asked[name][0].as_py() for name in one.asks} == one.asks
        assert asked["row"].to_pylist() == [7]
    else:
        assert (len(asked), others) == (0, {7: rows.OUT_OF_SCOPE if one.out_of_scope else one.unanswered})


def test_a_list_is_read_in_any_delimiter_encoding_and_order(tmp_path: Path, declared: Declarations, may: Lists) -> None:
    told = [of_text(tmp_path / "a.csv", f"区划,名称\n合肥市,{NAME}\n合肥市,王小明\n", declared, may),
            of_text(tmp_path / "b.csv", f"Name;Region\r\n{NAME};340100\r\n王小明;\r\n", declared, may, "gb18030")]
    for asked, others, _ in told:
        assert [asked[name].to_pylist() for name in ("row", "name_key", "region")] == [[1], [NAME], ["340100"]]
        assert others == {2: rows.OUT_OF_SCOPE}


def test_an_empty_line_keeps_its_number_and_a_cell_that_says_nothing_is_named(
        tmp_path: Path, declared: Declarations, may: Lists) -> None:
    asked, others, not_used = of_text(
        tmp_path / "a.csv", f"名称,统一社会信用代码,date\n{NAME},,\n\n,,\n{OTHER},91340111606320965X,2026-13-45\n", declared, may)
    assert (asked["row"].to_pylist(), others) == ([1, 4], {2: "missing", 3: "missing"})
    assert set(not_used) == {4}
    assert {one.split(":")[0] for one in not_used[4].split("; ")} == {"credit_code", "decision_date"}


def test_a_list_of_one_column_or_of_a_workbook_is_read(tmp_path: Path, declared: Declarations, may: Lists) -> None:
    one = of_text(tmp_path / "one.csv", f"企业名称\n{NAME}\n{OTHER}\n", declared, may)
    assert one.asked["name_key"].to_pylist() == [NAME, OTHER]
    book = openpyxl.Workbook()
    for row in (["企业名称", "统一社会信用代码"], [NAME, "91340100MA0X00031H"], [OTHER, None]):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    asked = rows.of_file(tmp_path / "list.xlsx", declared, may, AT).asked
    assert asked["credit_code"].to_pylist() == ["91340100MA0X00031H", None]


@pytest.mark.parametrize(("header", "said"), [
    (["企业名称", "颜色"], ", sheet '二区': header, column 2: "),
    (["企业名称", "企业名称"], "sheet '二区': columns 1 and 2 are the same"),
])
def test_of_a_workbook_the_sheet_is_named(
        tmp_path: Path, declared: Declarations, may: Lists, header: list[str], said: str) -> None:
    book = openpyxl.Workbook()
    book.active.title = "二区"
    for row in (header, [NAME, "红"]):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")
    with pytest.raises(ListRefused, match=said):
        rows.of_file(tmp_path / "list.xlsx", declared, may, AT)


@pytest.mark.parametrize(("text", "said"), [
    pytest.param(f"name,colour\n{NAME},red\n", "header, column 2: 'colour' is unknown; known: name/企业名称", id="a column"),
    pytest.param("region,date\n合肥市,2026-11-01\n", "neither a name nor a number among date, region; known", id="no name"),
    pytest.param(f"名称,企业名称\n{NAME},\n", "columns 1 and 2: both are subject_name", id="two names"),
    pytest.param("name,credit_code\n", "holds no row", id="a header alone"),
    pytest.param("", "cannot be read: empty_file", id="nothing"),
])
def test_a_list_that_cannot_be_asked_is_refused(tmp_path: Path, declared: Declarations, may: Lists, text: str, said: str) -> None:
    with pytest.raises(ListRefused, match=re.escape(said)) as refused:
        of_text(tmp_path / "list.csv", text, declared, may)
    assert "list.csv" in str(refused.value)


def test_a_list_without_a_header_is_refused_and_shows_nobody(tmp_path: Path, declared: Declarations, may: Lists) -> None:
    for text in ("欧阳晓测,合肥市\n诸葛小测,合肥市\n", "欧阳晓测\n诸葛小测\n", "欧阳晓测,欧阳晓测\n1,2\n"):
        with pytest.raises(ListRefused) as refused:
            of_text(tmp_path / "list.csv", text, declared, may)
        assert "晓测" not in str(refused.value)


def test_lines_come_under_a_header_or_as_records_and_a_bad_one_is_answered_as_such(declared: Declarations, may: Lists) -> None:
    record = json.dumps({"企业名称": OTHER, "统一社会信用代码": None})
    lines = [f"{NAME},合肥市\n", f"{record}\n", "\n", "王小明,\n", '{"colour": "red"}\n', f"{NAME},合肥市,1\n", "{}\n",
             '{"name": 5}\n']
    told = list(Lines(declared, may, AT).rows([line.encode() for line in ["name,region\n", *lines]] + [b"\xff\xfe\n"]))
    assert [one.asked["name_key"].to_pylist() for one in told[:2]] == [[NAME], [OTHER]]
    assert [one.others for one in told] == [
        {}, {}, {3: "missing"}, {4: "out_of_scope"}, {5: "line_unreadable"}, {6: "ragged_row"}, {7: "line_unreadable"},
        {8: "line_unreadable"}, {9: "line_unreadable"}]
    with pytest.raises(ListRefused, match="standard input: header, column 1"):
        list(Lines(declared, may, AT).rows([b"colour\n", b"red\n"]))


def test_every_reason_of_the_engine_has_its_words(declared: Declarations, may: Lists) -> None:
    text = Path(exact.__file__).read_text(encoding="utf-8")
    given = set(re.findall(r'(?:None|\d|BY_\w+), "(\w+)"\)', text))
    assert {"numbers_disagree", "unique_name", "name_not_in_registry"} <= given
    given |= set(re.findall(r'"(decided_\w+|decisions_\w+)"', Path(decided.__file__).read_text(encoding="utf-8")))
    given |= set(re.findall(r'"(unique_name_at_date)"', Path(dated.__file__).read_text(encoding="utf-8")))
    given |= {*exact.NAME_UNKNOWN, *tiers.UNANSWERED, *tiers.CONTRADICTING, exact.TOLD_APART, "scored", "name_close"}
    assert given | {"out_of_scope", "line_unreadable"} == set(may.reasons)
    for told in may.reasons.values():
        assert (told.zh[-1], told.en[-1]) == ("。", ".")
        assert not re.search("处罚|失信|不良|penalt|adverse|no bad", told.zh + told.en)
    assert explained(declared, "ragged_row").zh != "ragged_row"


def test_an_unknown_purpose_is_refused_with_those_there_are(may: Lists) -> None:
    for purpose in (None, "curiosity"):
        with pytest.raises(ListRefused, match=r"public_procurement  政府采购.*《政府采购法》第二十二条"):
            log.refuse_unknown(may, purpose)
    log.refuse_unknown(may, "supervision")

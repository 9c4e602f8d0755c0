from datetime import date

import pytest
import xlrd

from jobs.readers import Limits
from tests.readers.biff import Error, Formula, Sheet, Styled, compound, workbook

DAY, MOMENT = "yyyy/m/d", "yyyy-mm-dd hh:mm:ss"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(" 甲公司\u3000", " 甲公司\u3000", id="text is not trimmed"),
        pytest.param("0012", "0012", id="digits as text"),
        pytest.param("一\n二", "一\n二", id="line break"),
        pytest.param("𠮷", "𠮷", id="character of two units"),
        pytest.param(50000, "50000", id="integer"),
        pytest.param(340100000165590, "340100000165590", id="registration number"),
        pytest.param(123456789012345678, "1.2345678901234568e+17", id="code that lost its last digits"),
        pytest.param(12.5, "12.5", id="decimal"),
        pytest.param(-0.1, "-0.1", id="negative"),
        pytest.param(True, "TRUE", id="true"),
        pytest.param(False, "FALSE", id="false"),
        pytest.param(Error("#N/A"), "#N/A", id="error"),
        pytest.param(Formula(7), "7", id="formula"),
        pytest.param(Styled(45000, DAY), "2023-03-15", id="date"),
        pytest.param(Styled(45000.75, MOMENT), "2023-03-15 18:00:00", id="moment"),
        pytest.param(Styled(45000, '[$-804]yyyy"年"m"月"d"日"'), "2023-03-15", id="Chinese date format"),
        pytest.param(Styled(1.5, "[h]:mm"), "1 day, 12:00:00", id="duration"),
        pytest.param(Styled(20240229, DAY), "20240229", id="no date under a date format"),
        pytest.param(Styled(0.25, "0.00%"), "0.25", id="percentage"),
        pytest.param(Styled(3, "0.00"), "3", id="integer shown with decimals"),
    ],
)
def test_cells_come_as_a_person_would_have_received_them(read_bytes, value, text):
    assert read_bytes(workbook(Sheet([["a", "b"], [value, "x"]])), kind="xls").rows == [[text, "x"]]


def test_xlrd_itself_reads_the_same(tmp_path):
    """The workbook these tests write is one that others can read."""
    path = tmp_path / "delivery.xls"
    path.write_bytes(workbook(Sheet([["名称", 1.5], ["甲", Styled(45000, DAY)]], merged=[(0, 0, 0, 1)])))
    sheet = xlrd.open_workbook(path, formatting_info=True).sheet_by_index(0)
    assert sheet.row_values(0) == ["名称", 1.5]
    assert xlrd.xldate_as_datetime(sheet.cell_value(1, 1), 0).date() == date(2023, 3, 15)
    assert sheet.merged_cells == [(0, 1, 0, 2)]


def test_dates_counted_from_1904(read_bytes):
    data = workbook(Sheet([["a"], [Styled(45000, DAY)]]), of_1904=True)
    assert read_bytes(data, kind="xls").rows == [["2027-03-16"]]


def test_the_account_of_a_sheet(read_bytes):
    rows = [["处罚信息"], ["名称", "金额", "备注"], ["甲", 1], [], ["", "", None], ["乙", 2, "x", "y"], ["合计", 3], [None, ""]]
    seen = read_bytes(workbook(Sheet(rows, merged=[(0, 0, 0, 2)])), kind="xls", title_rows=1, footer=["^合计"])
    assert seen.reading.header == ("名称", "金额", "备注")
    assert seen.rows == [["甲", "1", ""], ["乙", "2", "x", "y"]]
    assert (seen.account, seen.reading.sheet) == ((8, 2, 3, 2, 1, 1), "Sheet1")


def test_merged_cells_hold_their_value_once_and_a_merged_header_goes_on(read_bytes):
    rows = [["文号", "相对人", None], [None, "名称", "代码"], ["一", "甲", "1"], [None, "乙", "2"]]
    data = workbook(Sheet(rows, merged=[(0, 1, 0, 0), (0, 0, 1, 2), (2, 3, 0, 0)]))
    seen = read_bytes(data, kind="xls", header_rows=2)
    assert seen.reading.header == ("文号", "相对人/名称", "相对人/代码")
    assert seen.rows == [["一", "甲", "1"], ["", "乙", "2"]]


HIDDEN = workbook(Sheet([["名称"], ["甲"], ["乙"], [""], ["丙"]], hidden=[2, 3]))


def test_hidden_rows_are_rows_and_told_of(read_bytes):
    seen = read_bytes(HIDDEN, kind="xls")
    assert (seen.rows, seen.reading.hidden, seen.reading.hidden_kept) == ([["甲"], ["乙"], ["丙"]], 0, 1)


def test_hidden_rows_may_be_left_out_and_are_counted(read_bytes):
    seen = read_bytes(HIDDEN, kind="xls", hidden_rows="skip")
    assert (seen.rows, seen.reading.hidden, seen.account) == ([["甲"], ["丙"]], 2, (5, 2, 0, 1, 0, 0))


SHEETS = (
    Sheet([["名单"]], title="说明", visible=False),
    Sheet([["名称"], ["甲"]], title="一区"),
    Sheet([], title="Sheet3"),
    Sheet([["名称"], ["乙"], ["丙"]], title="二区"),
)


@pytest.mark.parametrize(
    ("spec", "rows", "sheet"),
    [
        pytest.param({}, [["甲"]], "一区", id="first visible"),
        pytest.param({"sheet": "二区"}, [["乙"], ["丙"]], "二区", id="by name"),
        pytest.param({"sheet": "说明", "header_rows": 0}, [["名单"]], "说明", id="hidden, by name"),
        pytest.param({"sheets": "all"}, [["甲"], ["乙"], ["丙"]], "一区, 二区", id="all"),
    ],
)
def test_sheets_are_read_as_declared(read_bytes, spec, rows, sheet):
    seen = read_bytes(workbook(*SHEETS), kind="xls", **spec)
    assert (seen.rows, seen.reading.sheet) == (rows, sheet)
    assert seen.numbers == list(range(1, len(rows) + 1))


@pytest.mark.parametrize(
    ("data", "spec", "reason"),
    [
        pytest.param(b"", {}, "empty_file", id="empty"),
        pytest.param("名称\t金额\n".encode(), {}, "not_an_xls", id="text named xls"),
        pytest.param(b"<html><table>", {}, "not_an_xls", id="page named xls"),
        pytest.param(b"PK\3\4", {}, "not_an_xls", id="XLSX named xls"),
        pytest.param(compound("WordDocument", b"x"), {}, "not_an_xls", id="document"),
        pytest.param(compound("EncryptedPackage", b"x"), {}, "encrypted", id="encrypted XLSX"),
        pytest.param(workbook(Sheet([["a"]]), encrypted=True), {}, "encrypted", id="password"),
        pytest.param(workbook(Sheet([["a"]]))[:1500], {}, "damaged", id="cut"),
        pytest.param(workbook(*SHEETS), {"sheet": "三区"}, "no_such_sheet", id="no such sheet"),
        pytest.param(workbook(Sheet([["a"]], visible=False)), {}, "no_such_sheet", id="all hidden"),
        pytest.param(workbook(Sheet([])), {}, "no_header", id="nothing in it"),
        pytest.param(workbook(Sheet([["a", "a"]])), {}, "duplicate_header", id="same label twice"),
        pytest.param(workbook(Sheet([["a\0"]])), {}, "not_text", id="NUL"),
        pytest.param(workbook(SHEETS[1], Sheet([["代码"], ["1"]])), {"sheets": "all"}, "headers_differ", id="two layouts"),
    ],
)
def test_what_is_not_as_declared_says_why(refusal, data, spec, reason):
    assert refusal(data, **{"kind": "xls"} | spec).reason == reason


def test_a_workbook_that_must_be_held_whole_is_limited(refusal):
    assert refusal(HIDDEN, Limits(max_whole_bytes=1000), kind="xls").reason == "too_large"


def test_a_reader_that_loses_a_row_is_noticed(refusal, monkeypatch):
    whole = xlrd.sheet.Sheet.read

    def lossy(self, book):
        whole(self, book)
        self.nrows -= 1

    monkeypatch.setattr(xlrd.sheet.Sheet, "read", lossy)
    assert refusal(HIDDEN, kind="xls").reason == "row_count_disagrees"

"""Files byte for byte the same, and readable by what reads such files."""

import zipfile
from datetime import date

import openpyxl
import xlrd

from sample import legacy, workbooks, write

ROWS = [["标题"], ["名称", "日期", "金额"], ["甲<&>\n乙", date(2026, 11, 9), 0.5], ["", "", ""], ["合计"]]


def test_a_workbook_reads_as_it_was_written(tmp_path):
    path = tmp_path / "one.xlsx"
    workbooks.workbook(path, [("一", ROWS), ("二", ROWS[:2])])
    book = openpyxl.load_workbook(path)
    rows = list(book["一"].iter_rows(values_only=True))
    assert rows[0][0] == "标题"
    assert rows[2] == ("甲<&>\n乙", rows[2][1], 0.5)
    assert rows[2][1].date() == date(2026, 11, 9)
    assert rows[4][0] == "合计"
    assert book.sheetnames == ["一", "二"]


def test_a_legacy_workbook_reads_as_it_was_written(tmp_path):
    path = tmp_path / "one.xls"
    many = [[f"甲{number}" * (1 + number % 40), 0.5] for number in range(2_000)]  # more strings than one record holds
    legacy.workbook(path, [("一", [*ROWS, *many]), ("二", ROWS[:2])])
    book = xlrd.open_workbook(path)
    sheet = book.sheet_by_index(0)
    assert sheet.row_values(0) == ["标题", "", ""]
    assert sheet.row_values(2)[::2] == ["甲<&>\n乙", 0.5]
    assert xlrd.xldate_as_datetime(sheet.cell_value(2, 1), book.datemode).date() == date(2026, 11, 9)
    assert sheet.cell_type(2, 1) == xlrd.XL_CELL_DATE
    assert [sheet.row_values(number)[:2] for number in range(5, 2_005)] == many
    assert book.sheet_names() == ["一", "二"]


def test_a_workbook_does_not_say_when_it_was_written(tmp_path):
    path = tmp_path / "one.xlsx"
    workbooks.workbook(path, [("一", ROWS)])
    with zipfile.ZipFile(path) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2026, 1, 1, 0, 0, 0)}
        assert "docProps/core.xml" not in archive.namelist()


def test_csv_doubles_quotes_and_keeps_line_feeds(tmp_path):
    path = tmp_path / "one.csv"
    write.delimited(path, [["a"], ['x"y\nz']], "gb18030")
    assert path.read_bytes() == b'a\r\n"x""y\nz"\r\n'


def test_text_without_quotes_holds_neither_delimiter_nor_line_end_in_a_cell(tmp_path):
    path = tmp_path / "one.txt"
    write.delimited(path, [["a|b\nc", '"']], "utf-8", "|", None)
    assert path.read_bytes() == b'abc|"\r\n'


def test_labels_with_a_group_stand_below_it_in_two_lines():
    header = ["名称", "处罚/种类", "处罚/金额", "备注"]
    assert write.groups(header) == [("名称", ""), ("处罚", "种类"), ("", "金额"), ("备注", "")]
    assert workbooks.merged_header(write.groups(header), 2) == ["A2:A3", "B2:C2", "D2:D3"]


def test_typed_cells_are_dates_and_numbers_where_they_can_be():
    cells = {"decision_date": "2026/11/9", "fine_amount_yuan": "0.5", "document_no": "1号"}
    typed = write.typed(cells, ["decision_date"], ["fine_amount_yuan"])
    assert typed == {"decision_date": date(2026, 11, 9), "fine_amount_yuan": 0.5, "document_no": "1号"}


def test_words_stay_words_where_a_date_or_an_amount_should_be():
    cells = {"decision_date": "见决定书", "fine_amount_yuan": "详见决定书"}
    assert write.typed(cells, ["decision_date"], ["fine_amount_yuan"]) == cells

"""Files byte for byte the same, and readable by what reads such files."""

import zipfile
from datetime import date

import openpyxl

from sample import write


def test_a_workbook_reads_as_it_was_written(tmp_path):
    path = tmp_path / "one.xlsx"
    write.workbook(path, "标题", ["名称", "日期", "金额"], [["甲<&>\n乙", date(2026, 11, 9), 0.5], ["", "", ""]], ["合计"])
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    assert rows[0][0] == "标题"
    assert rows[2] == ("甲<&>\n乙", rows[2][1], 0.5)
    assert rows[2][1].date() == date(2026, 11, 9)
    assert rows[4][0] == "合计"


def test_a_workbook_does_not_say_when_it_was_written(tmp_path):
    path = tmp_path / "one.xlsx"
    write.workbook(path, "标题", ["名称"], [["甲"]])
    with zipfile.ZipFile(path) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2026, 1, 1, 0, 0, 0)}
        assert "docProps/core.xml" not in archive.namelist()


def test_csv_doubles_quotes_and_keeps_line_feeds(tmp_path):
    path = tmp_path / "one.csv"
    write.delimited(path, ["a"], [['x"y\nz']], "gb18030")
    assert path.read_bytes() == b'a\r\n"x""y\nz"\r\n'


def test_typed_cells_are_dates_and_numbers_where_they_can_be():
    cells = {"decision_date": "2026/11/9", "fine_amount_yuan": "0.5", "document_no": "1号"}
    assert write.typed(cells) == {"decision_date": date(2026, 11, 9), "fine_amount_yuan": 0.5, "document_no": "1号"}


def test_words_stay_words_where_a_date_or_an_amount_should_be():
    cells = {"decision_date": "见决定书", "fine_amount_yuan": "详见决定书"}
    assert write.typed(cells) == cells

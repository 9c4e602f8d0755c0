import zipfile
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from jobs.readers import Limits, Reading, Unreadable, archive, excel
from jobs.readers.sheets import number_text

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def workbook(tmp_path):
    """Writes a workbook of one sheet, or of several named ones."""

    def write(rows, formats=None, **sheets):
        book = openpyxl.Workbook()
        book.active.title = "名单"
        for cells in rows:
            book.active.append(cells)
        for cell, number_format in (formats or {}).items():
            book.active[cell].number_format = number_format
        for title, state in sheets.items():
            book.create_sheet(title).sheet_state = state
        book.save(path := tmp_path / "delivery.xlsx")
        return path

    return write


def rewrite(path, member, old, new):
    """The same archive with one member's text changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[member].decode(), f"{old!r} is not in {member}"
    parts[member] = parts[member].decode().replace(old, new).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def refused(read_file, path, limits=None, **spec) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read_file(path, limits, kind="xlsx", **spec)
    assert str(caught.value).startswith(path.name + ": ")
    return caught.value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(" 甲公司\u3000", " 甲公司\u3000", id="text is not trimmed"),
        pytest.param("0012", "0012", id="digits as text"),
        pytest.param("一\n二", "一\n二", id="line break"),
        pytest.param("_x000D_", "\r", id="escaped control character"),
        pytest.param(50000, "50000", id="integer"),
        pytest.param(340100000165590, "340100000165590", id="registration number"),
        pytest.param(12.0, "12", id="whole float"),
        pytest.param(0.1, "0.1", id="float"),
        pytest.param(9715.96, "9715.96", id="amount"),
        pytest.param(-3, "-3", id="negative"),
        pytest.param(9.134010014914518e17, "9.134010014914518e+17", id="credit code made a float"),
        pytest.param(date(2024, 2, 29), "2024-02-29", id="date"),
        pytest.param(datetime(2024, 2, 29, 8, 5), "2024-02-29 08:05:00", id="date and time"),
        pytest.param(time(8, 5), "08:05:00", id="time"),
        pytest.param(True, "TRUE", id="true"),
        pytest.param("#N/A", "#N/A", id="error"),
        pytest.param(None, "", id="empty"),
    ],
)
def test_a_cell_comes_as_the_text_a_person_received(workbook, read_file, value, text):
    assert read_file(workbook([["a", "b"], [value, "x"]]), kind="xlsx").rows == [[text, "x"]]


def test_a_float_past_fifteen_digits_stays_a_float():
    assert number_text("1.234567890123456E15") == "1234567890123456.0"
    assert number_text("1.23456789012345E14") == "123456789012345"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(45351, "2024-02-29", id="date"),
        pytest.param(45351.25, "2024-02-29 06:00:00", id="date and time"),
        pytest.param(20240229, "20240229", id="no date"),
    ],
)
@pytest.mark.parametrize("number_format", ["31", "57", "14", "164"])
def test_a_number_under_a_date_format_is_a_date_where_it_can_be(workbook, read_file, value, text, number_format):
    path = workbook([["a"], [value]], formats={"A2": 'yyyy"年"m"月"d"日"' if number_format == "164" else "0_x"})
    # Chinese Excel writes its own date formats, such as 31 for 年月日, by number alone.
    rewrite(path, "xl/styles.xml", '<xf numFmtId="164"', f'<xf numFmtId="{number_format}"')
    assert read_file(path, kind="xlsx").rows == [[text]]


@pytest.mark.parametrize(
    ("cached", "text"),
    [
        pytest.param("<v>2</v>", "2", id="number"),
        pytest.param("<v>2024</v>", "2024", id="longer"),
    ],
)
def test_the_cached_value_of_a_formula_is_read(workbook, read_file, cached, text):
    path = rewrite(workbook([["a"], ["=1+1"]]), SHEET, "<v></v>", cached)
    assert read_file(path, kind="xlsx").rows == [[text]]


def test_a_formula_may_give_an_empty_text(workbook, read_file):
    path = rewrite(workbook([["a", "b"], [1, "=A2"]]), SHEET, '<c r="B2"', '<c r="B2" t="str"')
    assert read_file(path, kind="xlsx").rows == [["1", ""]]


def test_the_ending_of_the_name_decides_nothing(workbook, read_file):
    path = workbook([["a"], ["x"]])
    assert read_file(path.rename(path.with_suffix(".xls")), kind="xlsx").rows == [["x"]]


def test_the_account_of_a_sheet(workbook, read_file):
    rows = [["行政处罚信息"], ["名称", "金额"], ["甲"], ["", " "], [], ["乙", 2, "3"], ["合计", 2], []]
    seen = read_file(workbook(rows), kind="xlsx", title_rows=1, footer=["^合计"])
    assert seen.reading == Reading(None, None, "名单", ("名称", "金额"), 7, 2, 2, 2, 1, 1)
    assert seen.rows == [["甲", ""], ["乙", "2", "3"]]
    assert seen.numbers == [1, 2]


def test_a_wrong_dimension_cuts_nothing(workbook, read_file):
    path = rewrite(workbook([["a", "b"], [1, 2], [3, 4]]), SHEET, '<dimension ref="A1:B3"', '<dimension ref="A1:A2"')
    assert read_file(path, kind="xlsx").rows == [["1", "2"], ["3", "4"]]


def test_more_rows_than_a_batch(workbook, read_file):
    seen = read_file(workbook([["n"], *([n] for n in range(20_500))]), kind="xlsx")
    assert seen.rows == [[str(n)] for n in range(20_500)]
    assert seen.numbers == list(range(1, 20_501))


def test_the_first_visible_sheet_is_read(workbook, read_file):
    path = rewrite(
        workbook([["hidden"]], 乙="visible"),
        "xl/workbook.xml",
        'name="名单" sheetId="1" state="visible"',
        'name="名单" sheetId="1" state="hidden"',
    )
    assert refused(read_file, path).reason == "no_header"
    assert read_file(path, kind="xlsx", sheet="名单").reading.header == ("hidden",)


def test_a_named_sheet_that_is_missing_is_said_with_those_there_are(workbook, read_file):
    error = refused(read_file, workbook([["a"]], 乙="hidden"), sheet="处罚")
    assert error.reason == "no_such_sheet"
    assert "sheet '处罚', it has 名单, 乙" in str(error)


@pytest.mark.parametrize(
    ("data", "reason", "seen"),
    [
        pytest.param(b"", "empty_file", "zero bytes", id="zero bytes"),
        pytest.param("名称,金额\n".encode(), "not_an_xlsx", "looks like text", id="CSV"),
        pytest.param(b"<html><table>", "not_an_xlsx", "an HTML page", id="HTML"),
        pytest.param(b"<?xml version='1.0'?><Workbook/>", "not_an_xlsx", "an XML document", id="XML"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not_an_xlsx", "a compound file", id="compound file"),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 262_130 + "Workbook".encode("utf-16-le"),
            "not_an_xlsx", "a legacy XLS workbook", id="XLS",
        ),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "encrypted", "under a password", id="password",
        ),
        pytest.param(b"PK\x03\x04 and no more", "damaged", "not a whole one", id="cut zip"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_workbook_says_what_it_looks_like(tmp_path, read_file, data, reason, seen):
    path = tmp_path / "delivery.xlsx"
    path.write_bytes(data)
    error = refused(read_file, path)
    assert error.reason == reason
    assert seen in str(error)


@pytest.mark.parametrize(
    ("name", "seen"),
    [pytest.param("word/document.xml", "a zip archive without", id="document"),
     pytest.param("xl/workbook.bin", "XLSB", id="binary workbook")],
)  # fmt: skip
def test_another_zip_is_no_workbook(tmp_path, read_file, name, seen):
    with zipfile.ZipFile(path := tmp_path / "delivery.xlsx", "w") as archive:
        archive.writestr(name, "<a/>")
    error = refused(read_file, path)
    assert error.reason == "not_an_xlsx"
    assert seen in str(error)


def test_a_truncated_workbook_is_damaged(workbook, read_file):
    path = workbook([["a"], [1]])
    path.write_bytes(path.read_bytes()[:-200])
    assert refused(read_file, path).reason == "damaged"


def test_a_workbook_with_changed_bytes_is_damaged(workbook, read_file):
    path = workbook([["a"], *([n] for n in range(1_000))])
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo(SHEET).header_offset + 200
    data = bytearray(path.read_bytes())
    data[at : at + 4] = b"\xff\x00\xff\x00"
    path.write_bytes(data)
    assert refused(read_file, path).reason == "damaged"


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        pytest.param({"max_members": 3}, "members, at most 3", id="members"),
        pytest.param({"max_expanded_bytes": 100_000}, "says it holds", id="expanded bytes"),
        pytest.param({"max_ratio": 10}, "at most 10 times", id="ratio"),
    ],
)
def test_a_bomb_is_not_opened(workbook, read_file, limits, said):
    path = rewrite(workbook([["a"], ["x"]]), SHEET, "</sheetData>", "</sheetData>" + " " * 1_000_000)
    assert read_file(path, kind="xlsx").rows == [["x"]]
    error = refused(read_file, path, Limits(**limits))
    assert error.reason == "bomb"
    assert said in str(error)


def test_a_bomb_that_lies_about_its_size_is_not_inflated(workbook, read_file):
    path = rewrite(workbook([["a"], ["x"]]), SHEET, "</sheetData>", "</sheetData>" + " " * 1_000_000)
    with zipfile.ZipFile(path) as archive:
        true_size = archive.getinfo(SHEET).file_size
    small = (100).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(true_size.to_bytes(4, "little"), small))
    assert refused(read_file, path).reason == "damaged"


@pytest.mark.parametrize("member", [SHEET, "xl/styles.xml", "xl/workbook.xml"])
def test_a_document_type_is_refused(workbook, read_file, member):
    path = workbook([["a"], ["x"]])
    root = {"styles": "<styleSheet", "workbook": "<workbook "}.get(Path(member).stem, "<worksheet")
    rewrite(path, member, root, f'<!DOCTYPE a [<!ENTITY b "{"c" * 100}">]>{root}')
    error = refused(read_file, path)
    assert error.reason == "doctype"
    assert member in str(error)


@pytest.mark.parametrize("left", ["", "<v></v>"], ids=["no value", "empty value"])
def test_a_formula_that_nobody_calculated_is_refused(workbook, read_file, left):
    path = rewrite(workbook([["a", "b"], [1, "=A2"]]), SHEET, "<v></v>", left)
    error = refused(read_file, path)
    assert error.reason == "formula_without_value"
    assert "row 2 column 2" in str(error)


def test_a_row_far_below_a_sheet_is_a_bomb(workbook, read_file):
    path = rewrite(workbook([["a"], [1]]), SHEET, '<row r="2"', '<row r="999999999"')
    assert refused(read_file, path).reason == "bomb"


def test_a_row_number_that_is_none_is_damage(workbook, read_file):
    path = rewrite(workbook([["a"], [1]]), SHEET, '<row r="2"', '<row r="two"')
    assert refused(read_file, path).reason == "damaged"


def test_a_row_number_given_twice_loses_no_row(workbook, read_file):
    path = rewrite(workbook([["a"], [1], [2]]), SHEET, '<row r="3"', '<row r="2"')
    assert read_file(path, kind="xlsx").rows == [["1"], ["2"]]


def test_rows_that_are_not_stored_are_blank(workbook, read_file):
    path = rewrite(workbook([["a"], [1], [2]]), SHEET, '<row r="3"', '<row r="7"')
    assert read_file(path, kind="xlsx").account == (7, 2, 4, 1, 0, 0)


@pytest.mark.parametrize("size", [1, 7, 64, 1 << 18])
def test_rows_are_counted_without_parsing(workbook, monkeypatch, size):
    path = rewrite(workbook([["a"], [1], ["<row r='9'>"], [2]]), SHEET, '<row r="4"', "<row r='8' ht=\"12\"")
    monkeypatch.setattr(archive, "BLOCK", size)
    with zipfile.ZipFile(path) as file:
        assert archive.count_rows(file, SHEET) == 8


def test_a_reader_that_loses_a_row_is_noticed(workbook, read_file, monkeypatch):
    monkeypatch.setattr(excel, "count_rows", lambda archive, member: 4)
    error = refused(read_file, workbook([["a"], [1]]))
    assert error.reason == "row_count_disagrees"
    assert "4 physical records, but 1 rows + 0 blank + 1 title" in str(error)


def test_shared_strings_come_without_their_phonetic_runs(workbook, read_file):
    path = rewrite(
        workbook([["a"], ["x"]]), SHEET, "<t>x</t>", "<r><t>北</t></r><rPh><t>bei</t></rPh><r><t>京 </t></r>"
    )
    assert read_file(path, kind="xlsx").rows == [["北京 "]]


def test_dates_counted_from_1904(workbook, read_file):
    path = workbook([["a"], [date(2024, 2, 29)]])
    rewrite(path, "xl/workbook.xml", "<workbookPr/>", '<workbookPr date1904="1"/>')
    assert read_file(path, kind="xlsx").rows == [["2028-03-01"]]


def test_cells_out_of_order_are_damage(workbook, read_file):
    path = rewrite(workbook([["a", "b"], [1, 2]]), SHEET, 'r="B2"', 'r="A2"')
    assert refused(read_file, path).reason == "damaged"


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        pytest.param([["a", "b", " a"]], "duplicate_header", id="same label twice"),
        pytest.param([[], ["a"]], "no_header", id="blank header"),
        pytest.param([], "no_header", id="empty sheet"),
    ],
)
def test_a_sheet_without_a_usable_header_is_refused(workbook, read_file, rows, reason):
    error = refused(read_file, workbook(rows))
    assert (error.reason, error.seen.split(":")[0]) == (reason, "sheet '名单'")


@pytest.mark.parametrize(
    ("limits", "reason"), [({"max_columns": 2}, "too_many_columns"), ({"max_cell_chars": 3}, "cell_too_long")]
)
def test_a_sheet_past_a_limit_is_refused(workbook, read_file, limits, reason):
    assert refused(read_file, workbook([["a", "b", "c"], ["1234", 2, 3]]), Limits(**limits)).reason == reason


def test_the_real_workbook_is_read(realdata, read_file):
    seen = read_file(realdata / "listed/listed_companies.xlsx", kind="xlsx")
    assert seen.account == (6195, 6194, 0, 1, 0, 0)
    assert seen.reading.header[:3] == ("ts_code", "公司名称", "交易所")
    assert sum(not row[1] for row in seen.rows) == 3
    assert sum(not row[4] for row in seen.rows) == 6


def layout(path, rows, merged=(), hidden=(), **sheets):
    """A workbook of these rows with merged ranges and hidden rows, and of further sheets by their titles."""
    book = openpyxl.Workbook()
    for title, content in {"名单": rows, **sheets}.items():
        sheet = book.active if title == "名单" else book.create_sheet(title)
        sheet.title = title
        for cells in content:
            sheet.append(cells)
    for cells in merged:
        book.active.merge_cells(cells)
    for row in hidden:
        book.active.row_dimensions[row].hidden = True
    book.save(path := path / "delivery.xlsx")
    return path


def test_a_merged_header_of_two_rows(tmp_path, read_file):
    rows = [["附表"], ["文号", "相对人", None], [None, "名称", "代码"], ["一", "甲", "1"], [None, "乙", "2"]]
    path = layout(tmp_path, rows, merged=["A1:C1", "A2:A3", "B2:C2", "A4:A5"])
    seen = read_file(path, kind="xlsx", title_rows=1, header_rows=2)
    assert seen.reading.header == ("文号", "相对人/名称", "相对人/代码")
    assert (seen.rows, seen.account) == ([["一", "甲", "1"], ["", "乙", "2"]], (5, 2, 0, 3, 0, 0))


def test_hidden_rows_are_rows_and_told_of(tmp_path, read_file):
    path = layout(tmp_path, [["名称"], ["甲"], ["乙"], [None], ["丙"]], hidden=[3, 4])
    seen = read_file(path, kind="xlsx")
    assert (seen.rows, seen.reading.hidden, seen.reading.hidden_kept) == ([["甲"], ["乙"], ["丙"]], 0, 1)


def test_hidden_rows_may_be_left_out_and_are_counted(tmp_path, read_file):
    path = layout(tmp_path, [["名称"], ["甲"], ["乙"], [None], ["丙"]], hidden=[1, 3, 4])
    seen = read_file(path, kind="xlsx", hidden_rows="skip")
    assert (seen.rows, seen.reading.hidden, seen.account) == ([["甲"], ["丙"]], 2, (5, 2, 0, 1, 0, 0))


def test_all_sheets_are_read_as_one(tmp_path, read_file):
    path = layout(tmp_path, [["名称"], ["甲"]], 二区=[["名称"], ["乙"]], Sheet3=[])
    seen = read_file(path, kind="xlsx", sheets="all")
    assert (seen.rows, seen.numbers, seen.reading.sheet) == ([["甲"], ["乙"]], [1, 2], "名单, 二区")


def test_sheets_of_two_layouts_are_not_one(tmp_path, read_file):
    path = layout(tmp_path, [["名称"], ["甲"]], 二区=[["代码"], ["1"]])
    error = refused(read_file, path, sheets="all")
    assert (error.reason, error.seen) == ("headers_differ", "sheet '二区' has another header than what was read before it")


def test_a_comment_without_end_is_given_up(tmp_path, read_file):
    path = rewrite(layout(tmp_path, [["a"]]), SHEET, "<sheetData>", f"<!--{'x' * 2_000_000}--><sheetData>")
    assert refused(read_file, path, Limits(max_record_bytes=1_000_000, max_ratio=2000)).reason == "bomb"

import pytest

from jobs.readers import Limits, html_tables

PAGE = """<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">
<style>td {{ }}</style><script>document.write("<table><tr><td>" + a</script></head><body>
<div>首页 &gt; 公示</div><table id=menu><tr><td>导航</td></tr></table>
<!-- <table><tr><td>旧</td></tr></table> -->
<table border=1><caption> 行政处罚<b>公示</b> </caption>
<thead><tr><th>文号</th><th>相对人</th><th>金额</th></tr></thead>
<tbody><tr><td>示〔2026〕1号</td><td>甲公司</td><td>1,000</td></tr>
<tr><td></td><td> </td><td></td></tr></tbody><tfoot><tr><td>合计</td><td></td><td>1,000</td></tr></tfoot></table>
<p>主办：某局</p></body></html>"""
ROWS = [["示〔2026〕1号", "甲公司", "1,000"]]


@pytest.mark.parametrize("records", ["2", "行政处罚公示"])
def test_the_named_table_is_read_and_nothing_around_it(read_bytes, records):
    seen = read_bytes(PAGE.format(charset="utf-8").encode(), kind="html", records=records, footer=["^合计"])
    assert seen.reading.header == ("文号", "相对人", "金额")
    assert (seen.rows, seen.account) == (ROWS, (4, 1, 1, 1, 1, 0))


@pytest.mark.parametrize(
    ("charset", "encoding", "decided"),
    [
        pytest.param("gb2312", "gb18030", "gb18030", id="GBK said to be GB2312"),
        pytest.param("utf-8", "gb18030", "gb18030", id="GBK said to be UTF-8"),
        pytest.param("gb2312", "utf-8", "utf-8", id="UTF-8 said to be GB2312"),
        pytest.param("utf-8", "utf-8-sig", "utf-8", id="UTF-8 with its mark"),
        pytest.param("utf-8", "utf-16", "utf-16", id="UTF-16 with its mark"),
    ],
)
def test_bytes_outweigh_what_the_page_says_of_itself(read_bytes, charset, encoding, decided):
    seen = read_bytes(PAGE.format(charset=charset).encode(encoding), kind="html", records="2", footer=["^合计"])
    assert (seen.rows, seen.reading.encoding) == (ROWS, decided)


def test_a_page_in_big5_says_so(read_bytes):
    data = "<meta charset=big5><table><tr><th>名稱<tr><td>臺灣公司</table>".encode("big5")
    assert read_bytes(data, kind="html", records="1").rows == [["臺灣公司"]]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param(" 甲\n  公司 ", "甲 公司", id="white space of the source"),
        pytest.param("甲<br>乙<br/><br>丙", "甲\n乙\n丙", id="line breaks"),
        pytest.param("<p>一</p><p>二</p>三", "一\n二\n三", id="paragraphs"),
        pytest.param("&#12308;2026&#x3015;&amp;&lt;&copy;", "〔2026〕&<©", id="entities"),
        pytest.param("甲&nbsp;乙&nbsp;", "甲\u00a0乙\u00a0", id="no-break space is a character"),
        pytest.param('<a href="x">甲<b>公</b></a>司', "甲公司", id="inline elements"),
        pytest.param("甲<script>x</script><style>y</style>乙<!-- z -->丙", "甲乙丙", id="what is not seen"),
        pytest.param("<table><tr><td>一<td>二<tr><td>三</table>", "一二\n三", id="table in a cell"),
        pytest.param("", "", id="empty"),
    ],
)
def test_a_cell_is_what_a_reader_sees(read_bytes, cell, text):
    data = f"<table><tr><th>a<th>b<tr><td>{cell}<td>x</table>".encode()
    seen = read_bytes(data, kind="html", records="1")
    assert (seen.rows, seen.account) == ([[text, "x"]], (2, 1, 0, 1, 0, 0))


@pytest.mark.parametrize(
    ("rows", "spec", "header", "read"),
    [
        pytest.param("<tr><td>a<td>b<tr><td rowspan=2>1<td>2<tr><td>3", {}, ("a", "b"), [["1", "2"], ["1", "3"]], id="down"),
        pytest.param("<tr><td>a<td>b<tr><td>1<td rowspan=9>2<tr><td>3", {}, ("a", "b"), [["1", "2"], ["3", "2"]], id="too far"),
        pytest.param("<tr><td>a<td>b<td>c<tr><td colspan=2>1<td>2", {}, ("a", "b", "c"), [["1", "", "2"]], id="across"),
        pytest.param("<tr><td>a<td>b<tr><td colspan=2 rowspan=2>1<tr><tr><td>x<td>y", {}, ("a", "b"),
                     [["1", ""], ["1", ""], ["x", "y"]], id="both"),
        pytest.param("<tr><td>a<td>b<tr><td colspan=0 rowspan=x>1<td>2", {}, ("a", "b"), [["1", "2"]], id="spans that are none"),
        pytest.param("<tr><td colspan=2>处罚公示<tr><td>a<td>b<tr><td>1<td>2", {"title_rows": 1}, ("a", "b"), [["1", "2"]],
                     id="title row"),
        pytest.param("<tr><th rowspan=2>文号<th colspan=2>相对人<tr><th>名称<th>代码<tr><td>1<td>2<td>3", {"header_rows": 2},
                     ("文号", "相对人/名称", "相对人/代码"), [["1", "2", "3"]], id="two header rows"),
    ],
)
def test_cells_over_several_rows_and_columns(read_bytes, rows, spec, header, read):
    seen = read_bytes(f"<table>{rows}</table>".encode(), kind="html", records="1", **spec)
    assert (seen.reading.header, seen.rows) == (header, read)


def test_a_table_inside_a_layout_table(read_bytes):
    data = b"<table><tr><td>menu<td><table><tr><td>a<tr><td>1</table></table>"
    assert read_bytes(data, kind="html", records="2").rows == [["1"]]


@pytest.mark.parametrize(
    ("text", "spec", "reason"),
    [
        pytest.param("", {}, "empty_file", id="empty"),
        pytest.param("PK\3\4", {}, "not_text", id="archive"),
        pytest.param("<table>\0<tr><td>a</table>", {}, "not_text", id="NUL"),
        pytest.param("   ", {}, "damaged", id="blank"),
        pytest.param("<p>error 502", {}, "no_records", id="no table"),
        pytest.param("<table><tr><td>a</table>", {"records": "2"}, "no_records", id="no second table"),
        pytest.param("<table><caption>一</table>", {"records": "二"}, "no_records", id="another caption"),
        pytest.param("<table><caption>一</table>" * 2, {"records": "一"}, "no_records", id="two of one caption"),
        pytest.param("<table></table>", {}, "no_header", id="empty table"),
        pytest.param("<table><tr><td>a<tr><td>1", {}, "truncated", id="page broken off"),
        pytest.param("<table><tr><td>a</td></tr><td>1</td></table>", {}, "damaged", id="cell in no row"),
        pytest.param("<table><tr><td>a<td>a</table>", {}, "duplicate_header", id="same label twice"),
        pytest.param("<table><tr><td colspan=2>a<td>b</table>", {"header_rows": 2}, "no_header", id="one row of two"),
    ],
)
def test_what_is_not_as_declared_says_why(refusal, text, spec, reason):
    assert refusal(text.encode(), **{"kind": "html", "records": "1"} | spec).reason == reason


def test_limits(refusal):
    data = b"<table><tr><td colspan=99999>a</table>"
    assert refusal(data, kind="html", records="1").reason == "too_many_columns"
    assert refusal(data, Limits(max_whole_bytes=10), kind="html", records="1").reason == "too_large"


def test_spans_that_make_far_too_many_cells(refusal):
    data = b"<table><tr><td colspan=2000 rowspan=65000>a" + b"<tr>" * 2_000 + b"</table>"
    assert refusal(data, kind="html", records="1").reason == "bomb"


def test_a_reader_that_loses_a_row_is_noticed(refusal, monkeypatch):
    whole = html_tables._own_rows
    monkeypatch.setattr(html_tables, "_own_rows", lambda table: list(whole(table))[:-1])
    assert refusal(PAGE.encode(), kind="html", records="2").reason == "row_count_disagrees"

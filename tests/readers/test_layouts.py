"""What tables of every kind may look like: delimiters nobody declared, headers of two rows, marks of encodings."""

import pytest

from jobs.readers.records import joined_labels


@pytest.mark.parametrize(
    ("data", "spec", "delimiter", "header"),
    [
        pytest.param("名称;金额\n甲;1,5\n乙;2,0\n", {}, ";", ("名称", "金额"), id="semicolon, decimal comma"),
        pytest.param("名称,金额\n甲;乙,1\n丙,2\n", {}, ",", ("名称", "金额"), id="comma, semicolon in a cell"),
        pytest.param("名称\t备注\n甲\ta,b\n", {}, "\t", ("名称", "备注"), id="tab"),
        pytest.param("名称|备注\n", {}, "|", ("名称", "备注"), id="bar, header alone"),
        pytest.param("名称|备注", {}, "|", ("名称", "备注"), id="no line end"),
        pytest.param("表, 一\n名称|备注\n甲|乙\n", {"title_rows": 1}, "|", ("名称", "备注"), id="below a title"),
        pytest.param('a;b\n"x,y";"1,2"\n', {}, ";", ("a", "b"), id="quotes of another"),
        pytest.param("a,b,c\n" + "1,2,3\n" * 30 + "合计,9\n", {}, ",", ("a", "b", "c"), id="a footer is no reason"),
        pytest.param("a|b\n1|2\n", {"kind": "text"}, "|", ("a", "b"), id="text"),
        pytest.param("大,\n甲|乙\n1|2\n", {"header_rows": 2}, "|", ("大/甲", "大/乙"), id="two header rows"),
    ],
)
def test_the_delimiter_that_makes_a_table_is_taken(read_csv, data, spec, delimiter, header):
    if "header_rows" in spec:
        data = data.replace("大,", "大|")
    seen = read_csv(data.encode(), delimiter="detect", **spec).reading
    assert (seen.delimiter, seen.header) == (delimiter, header)


@pytest.mark.parametrize(
    ("data", "among"),
    [
        pytest.param("名称\n甲\n乙\n", "none", id="one column"),
        pytest.param("a,b;c\n1,2;3\n4,5;6\n", "comma, semicolon", id="two make a table"),
        pytest.param("a^b^c\n1^2,5^3\n", "none", id="another delimiter"),
        pytest.param("企业名称(全称,简称)^代码\n甲^1\n乙^2\n", "none", id="comma in the header only"),
    ],
)
def test_a_delimiter_is_not_guessed(refusal, data, among):
    error = refusal(data.encode(), delimiter="detect")
    assert error.reason == "delimiter_undecided"
    assert error.seen.endswith(f"first records: {among}")


@pytest.mark.parametrize(
    ("upper", "lower", "labels"),
    [
        pytest.param(["相对人", "", "文号"], ["名称", "代码", ""], ["相对人/名称", "相对人/代码", "文号"], id="merged both ways"),
        pytest.param(["文号", "相对人"], ["文号", "名称"], ["文号", "相对人/名称"], id="the same label twice is one"),
        pytest.param(["", "相对人"], ["序号", "名称"], ["序号", "相对人/名称"], id="nothing to the left"),
        pytest.param(["相对人"], ["名称", "代码"], ["相对人/名称", "相对人/代码"], id="shorter upper row"),
        pytest.param(["文号 ", "相对人"], ["", " 名称"], ["文号 ", "相对人/名称"], id="white space"),
        pytest.param(["文号", "备注"], [], ["文号", "备注"], id="blank lower row"),
    ],
)
def test_labels_of_two_rows_are_joined(upper, lower, labels):
    assert joined_labels(upper, lower) == labels


def test_two_header_rows_are_not_rows(read_csv):
    seen = read_csv("附表\n相对人,,文号\n名称,代码,\n甲,1,2\n".encode(), title_rows=1, header_rows=2)
    assert seen.reading.header == ("相对人/名称", "相对人/代码", "文号")
    assert (seen.rows, seen.account) == ([["甲", "1", "2"]], (4, 1, 0, 3, 0, 0))


def test_a_file_that_ends_in_its_header_has_none(refusal):
    assert refusal("相对人,\n".encode(), header_rows=2).reason == "no_header"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be-sig"])
def test_an_encoding_is_seen_in_the_whole_file(read_csv, encoding):
    text = "名称,备注\n甲公司,𠮷\n"
    data = b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be-sig" else text.encode(encoding)
    seen = read_csv(data)
    assert (seen.rows, seen.reading.header) == ([["甲公司", "𠮷"]], ("名称", "备注"))
    assert seen.reading.encoding == encoding.removesuffix("-sig").removesuffix("-be")


def test_big5_is_read_where_it_is_declared(read_csv):
    seen = read_csv("名稱,日期\n臺灣公司,1\n".encode("big5"), encoding="big5")
    assert (seen.rows, seen.reading.encoding) == ([["臺灣公司", "1"]], "big5")


def test_half_a_utf_16_character_is_a_truncated_file(refusal):
    assert refusal("名称,a\n甲,b".encode("utf-16")[:-1]).reason == "truncated"

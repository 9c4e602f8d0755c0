from xml.etree import ElementTree

import pytest

from jobs.readers import Limits, xml_records
from jobs.readers import inspect as inspection
from jobs.readers.xml_count import ElementCount

TREE = ElementTree.Element("data")
for n, name in enumerate(["甲公司", "乙 & 丙 <有限>公司"]):
    row = ElementTree.SubElement(TREE, "row", {"id": str(n)})
    ElementTree.SubElement(row, "name").text = name
    subject = ElementTree.SubElement(row, "subject", {"kind": "法人"})
    ElementTree.SubElement(subject, "code").text = f"  91{n}\n"
ROWS = [["0", "甲公司", "法人", "  910\n"], ["1", "乙 & 丙 <有限>公司", "法人", "  911\n"]]


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gbk", "GB18030", "big5", "utf-16", "us-ascii"])
def test_a_document_is_read_in_the_encoding_it_declares(read_bytes, encoding):
    seen = read_bytes(ElementTree.tostring(TREE, encoding=encoding, xml_declaration=True), kind="xml", records="row")
    assert seen.reading.header == ("@id", "name", "subject.@kind", "subject.code")
    assert (seen.rows, seen.account) == (ROWS, (2, 2, 0, 0, 0, 0))


def test_an_encoding_can_be_declared_over_the_documents_own(read_bytes):
    data = ElementTree.tostring(TREE, encoding="gbk", xml_declaration=True).replace(b"gbk", b"utf-8")
    assert read_bytes(data, kind="xml", records="row", encoding="gb18030").rows == ROWS


@pytest.mark.parametrize(
    ("text", "header", "rows"),
    [
        pytest.param("<r><row><a>1</a></row><row><b>2</b><a/></row></r>", ("a", "b"), [["1", ""], ["", "2"]], id="union"),
        pytest.param("<row><a>1</a></row>", ("a",), [["1"]], id="the root is the record"),
        pytest.param('<x:r xmlns:x="u"><x:row x:k="1"><x:a>2</x:a></x:row></x:r>', ("@k", "a"), [["1", "2"]], id="namespace"),
        pytest.param('<r xmlns="u"><row xmlns="v"><a>2</a></row></r>', ("a",), [["2"]], id="default namespace"),
        pytest.param("<r><g><row><a>1</a></row></g><h><i><row><a>2</a></row></i></h></r>", ("a",), [["1"], ["2"]], id="anywhere"),
        pytest.param("<r><row><a>1</a><a>2</a></row></r>", ("a",), [["1、2"]], id="repeated"),
        pytest.param("<r><row><k><a>1</a></k><k><a>2</a></k></row></r>", ("k.a",), [["1、2"]], id="repeated further down"),
        pytest.param("<r><row>甲</row></r>", (".",), [["甲"]], id="text of the record itself"),
        pytest.param("<r><row> x <a>1</a>\n</row></r>", (".", "a"), [[" x ", "1"]], id="text beside elements"),
        pytest.param("<r><row><a><![CDATA[<row> & ]]>&#30002;&lt;</a></row></r>", ("a",), [["<row> & 甲<"]], id="CDATA"),
        pytest.param("<r><!-- <row> --><?p <row> ?><row><a>1<!-- > -->2</a></row></r>", ("a",), [["12"]], id="comments"),
        pytest.param("<r><row><a>1</a></row><rows/><rowx/></r>", ("a",), [["1"]], id="longer tags"),
        pytest.param("<r/>", (), [], id="no records"),
    ],
)
def test_elements_become_rows(read_bytes, text, header, rows):
    seen = read_bytes(text.encode(), kind="xml", records="row")
    assert (seen.reading.header, seen.rows) == (header, rows)


def test_empty_records_are_blank(read_bytes):
    text = b"<r><row/><row> </row><row><a> </a></row><row><a>1</a></row></r>"
    assert read_bytes(text, kind="xml", records="row").account == (4, 1, 3, 0, 0, 0)


def test_tags_in_chinese(read_bytes):
    data = "<数据><处罚><文号>一</文号></处罚></数据>".encode()
    assert read_bytes(data, kind="xml", records="处罚").rows == [["一"]]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "empty_file", id="empty"),
        pytest.param("{}", "damaged", id="JSON"),
        pytest.param("<!DOCTYPE r><r><row/></r>", "doctype", id="document type"),
        pytest.param('<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><r><row>&b;</row></r>', "doctype", id="entities"),
        pytest.param('<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>', "doctype", id="external"),
        pytest.param("<r><row>&b;</row></r>", "damaged", id="unknown entity"),
        pytest.param("<r><row><a>1</a></row>", "truncated", id="cut"),
        pytest.param("<r><row><a>1</b></row></r>", "damaged", id="crossed tags"),
        pytest.param('<r><row a="1" a="2"/></r>', "damaged", id="attribute twice"),
        pytest.param("<r><row><a>\x01</a></row></r>", "damaged", id="control character"),
        pytest.param("<r/><r/>", "damaged", id="two roots"),
        pytest.param("<r><row><row/></row></r>", "not_a_record", id="record in a record"),
        pytest.param("<r><item/></r>", "no_records", id="other tags only"),
        pytest.param("<r><row>" + "<a>" * 200 + "</a>" * 200 + "</row></r>", "damaged", id="deep"),
        pytest.param('<?xml version="1.0" encoding="latin-1"?><r/>', "wrong_encoding", id="encoding not known"),
        pytest.param(b'<?xml version="1.0" encoding="gbk"?><r>\x80 </r>', "wrong_encoding", id="not the declared one"),
        pytest.param("<r><row>名</row></r>".encode("gb18030"), "wrong_encoding", id="not UTF-8"),
    ],
)
def test_what_is_not_as_declared_says_why(refusal, text, reason):
    data = text.encode() if isinstance(text, str) else text
    assert refusal(data, kind="xml", records="row").reason == reason


@pytest.mark.parametrize("inside", ["<a>{}</a>", "{}", '<a b="{}"/>'])
def test_a_record_without_end_is_given_up(refusal, inside):
    data = ("<r><row>" + inside.format("x" * 2_000_000) + "</row></r>").encode()
    error = refusal(data, Limits(max_record_bytes=1_000_000), kind="xml", records="row")
    assert error.reason == "record_too_long"


def test_a_comment_without_end_is_given_up(refusal):
    data = b"<r><!--" + b"x" * 2_000_000 + b"--><row/></r>"
    assert refusal(data, Limits(max_record_bytes=1_000_000), kind="xml", records="row").reason == "record_too_long"


def test_many_elements_between_records_are_not_one(read_bytes):
    data = b"<r><row><a>1</a></row>" + b"<x>text</x>\n" * 200_000 + b"y" * 2_000_000 + b"<row><a>2</a></row></r>"
    assert len(read_bytes(data, Limits(max_record_bytes=1_000_000), kind="xml", records="row").rows) == 2


def test_a_reader_that_loses_a_record_is_noticed(refusal, monkeypatch):
    whole = xml_records.Labelled.add
    lost = []
    monkeypatch.setattr(xml_records.Labelled, "add", lambda self, *given: whole(self, *given) if lost else lost.append(given))
    data = ElementTree.tostring(TREE, encoding="utf-8")
    assert refusal(data, kind="xml", records="row").reason == "row_count_disagrees"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_blocks_of_any_size_read_alike(read_bytes, monkeypatch, size):
    monkeypatch.setattr(inspection, "BLOCK", size)
    text = "<r><!-- <row> --><x:row>\n<a>一<![CDATA[<row>]]></a></x:row ><row\n/><row b='>'/></r>".replace("x:", "")
    seen = read_bytes(text.encode(), kind="xml", records="row")
    assert (seen.rows, seen.account[0]) == ([["一<row>", ""], ["", ">"]], 3)


@pytest.mark.parametrize("size", [1, 2, 5, 300, 10_000])
def test_elements_are_counted_apart_from_the_parser(size):
    text = b"<r><row/><x:row a='1'>" + b" " * 400 + b"</x:row><!--" + b"<row>" * 99 + b"-->"
    text += b"<rows/><?a <row?><row\n></row><![CDATA[<row/>]]></r>"
    count = ElementCount("row")
    for start in range(0, len(text), size):
        count.add(text[start : start + size])
    assert count.total() == 3

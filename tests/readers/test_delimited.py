import contextlib
import csv
import io
import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.readers import READER_VERSION, ROWS_SCHEMA, FormatSpec, Limits, Reading, Unreadable, delimited, inspect, read
from jobs.readers.quoting import PhysicalCount, StrayQuoteError, split

ROWS_OF_REAL_FILES = {
    "registry/companies.csv": (1000, 22),
    "registry/company_info.csv": (1000, 16),
    "registry/company_info1.csv": (1000, 24),
    "registry/ods_company_detail.csv": (1000, 18),
    "registry/qcc_companies.csv": (1000, 16),
    "awards/bidding_notices.csv": (1000, 10),
    "awards/bidding_trades.csv": (622, 14),
}


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        pytest.param(b"a,b\n1,2\n", [["1", "2"]], id="plain"),
        pytest.param(b"a,b\r\n1,2\r\n", [["1", "2"]], id="CR LF"),
        pytest.param(b"a,b\r1,2\r3,4\r", [["1", "2"], ["3", "4"]], id="lone CR"),
        pytest.param(b"a,b\n1,2", [["1", "2"]], id="no final line end"),
        pytest.param(b"a,b\n1,", [["1", ""]], id="ends in a delimiter"),
        pytest.param(b"a,b\n1,2\r", [["1", "2"]], id="ends in a CR"),
        pytest.param(b"\xef\xbb\xbfa,b\n1,2\n", [["1", "2"]], id="byte order mark"),
        pytest.param(b'\xef\xbb\xbf"a","b"\n1,2\n', [["1", "2"]], id="byte order mark before a quote"),
        pytest.param(b'a,b\n"",\n1,2\n', [["1", "2"]], id="empty cells, quoted or not, make a blank record"),
        pytest.param(b'a,b\n"",x\n', [["", "x"]], id="quoted empty cell"),
        pytest.param(b"a,b\n 1 ,\t2\n", [[" 1 ", "\t2"]], id="nothing is trimmed"),
        pytest.param(b'a,b\n"1,5","say ""yes"""\n', [["1,5", 'say "yes"']], id="quoted delimiter and quotes"),
        pytest.param(b'a,b\n"""",""""""\n', [['"', '""']], id="only quotes"),
        pytest.param(b'a,b\n"x\ny","p\r\nq"\n', [["x\ny", "p\r\nq"]], id="line breaks inside cells are kept"),
        pytest.param(b"a,b\nC:\\new,\\\n", [["C:\\new", "\\"]], id="a backslash is a backslash"),
        pytest.param(b"a,b\n1\n1,2,3\n4,5\n", [["1"], ["1", "2", "3"], ["4", "5"]], id="ragged rows keep their cells"),
        pytest.param("名称,日期\n甲，乙\u3000,二\n".encode("gb18030"), [["甲，乙\u3000", "二"]], id="GB18030"),
        pytest.param("a,b\n𠮷,€\n".encode("gb18030"), [["𠮷", "€"]], id="GB18030 of four bytes"),
    ],
)
def test_cells_come_as_received(read_csv, data, rows):
    assert read_csv(data).rows == rows


def test_the_account_of_a_file(read_csv):
    data = "处罚信息\n\n名称,金额\n甲,1\n,\n\u3000, \n乙,2,3\n合计,3\n填报人：,\n\n".encode()
    spec = {"title_rows": 2, "footer": ["^合计", "^填报人"]}
    seen = read_csv(data, **spec)
    assert seen.reading == Reading("utf-8", ",", None, ("名称", "金额"), 10, 2, 3, 3, 2, 1)
    assert seen.rows == [["甲", "1"], ["乙", "2", "3"]]
    assert seen.numbers == [1, 2]


def test_batches_have_the_schema_of_rows(read_csv):
    seen = read_csv(b"a,b\n" + b"1,2\n" * 200_000)
    assert [batch.schema for batch in seen.batches] == [ROWS_SCHEMA] * len(seen.batches)
    assert max(len(batch) for batch in seen.batches) < 100_000
    assert seen.numbers == list(range(1, 200_001))
    assert READER_VERSION.isdigit()


def test_a_total_in_the_middle_is_a_row(read_csv):
    seen = read_csv("名称,数\n合计服务公司,1\n乙,2\n合计,3\n".encode(), footer=["^合计"])
    assert seen.rows == [["合计服务公司", "1"], ["乙", "2"]]
    assert seen.account == (4, 2, 0, 1, 1, 0)


def test_a_footer_may_lie_across_blocks(read_csv, monkeypatch):
    monkeypatch.setattr(inspect, "BLOCK", 4)
    seen = read_csv("n,m\n1,2\n合计,2\n\n制表,x\n".encode(), footer=["^合计", "^制表"])
    assert (seen.rows, seen.account) == ([["1", "2"]], (5, 1, 1, 1, 2, 0))


def test_a_header_alone_is_a_reading_of_no_rows(read_csv):
    seen = read_csv(b"a,b\n")
    assert (seen.reading.header, seen.account, seen.batches) == (("a", "b"), (1, 0, 0, 1, 0, 0), [])


def test_without_header_row_the_first_row_gives_the_width(read_csv):
    seen = read_csv(b"1,2\n3\n4,5\n", header_rows=0)
    assert (seen.reading.header, seen.account) == ((), (3, 3, 0, 0, 0, 1))


def test_header_labels_come_as_received(read_csv):
    assert read_csv(b'\xef\xbb\xbf" a","b\nc",,\n').reading.header == (" a", "b\nc", "", "")


def test_text_without_quoting_takes_quotes_as_they_come(read_csv):
    seen = read_csv(b'a|b\n"1|5" "x\n', kind="text", delimiter="|")
    assert seen.rows == [['"1', '5" "x']]


def test_another_quote_and_delimiter(read_csv):
    assert read_csv(b"a;b\n'1;5';\"2\n", delimiter=";", quote="'").rows == [["1;5", '"2']]


def test_declared_utf_16_is_read(read_csv):
    assert read_csv("名称,b\n甲,2\n".encode("utf-16"), encoding="utf-16").rows == [["甲", "2"]]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        pytest.param(b'a,b\n1,2\n3,x"y\n', 3, id="quote inside an unquoted cell"),
        pytest.param(b'a,b\n1,x"\n', 2, id="quote at the end of an unquoted cell"),
        pytest.param(b'a,b\n1, "x"\n', 2, id="space before the quote"),
        pytest.param(b'a,b\n1,"x" \n', 2, id="space after the quote"),
        pytest.param(b'a,b\n1,"x"y\n', 2, id="character after the closing quote"),
        pytest.param(b'a,b\n1,"p\nq""\n"z\n', 2, id="character after a quote two lines on"),
        pytest.param(b'a,b\n1,"x\n2,y\n', 2, id="unclosed at the end of the file"),
        pytest.param(b'a,b\n1,"', 2, id="a last lone quote"),
        pytest.param(b'a,b\r\n1,2\r\n"x\r\n2,"y"\r\n', 3, id="swallows up to the next quote"),
        pytest.param(b'a,b\r1,2\r3,x"y\r', 3, id="lines ended by CR"),
    ],
)
def test_a_stray_quote_is_named_with_the_line_it_was_opened_in(refusal, data, line):
    error = refusal(data)
    assert error.reason == "stray_quote"
    assert f"opened in line {line};" in str(error)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        pytest.param(b'a,b,c\n1,"x,5\n2,y",6\n3,z,7\n', 2, id="two rows made one"),
        pytest.param(b'a,b,c\n0,0,0\n1,"x,5\n2,y,6\n3,z",7\n', 3, id="three rows made one"),
        pytest.param(b'a,b,c\n1,x,"5\n2,y,6\n"3",z,7\n', 2, id="a whole row between"),
        pytest.param(b'a,b,c\r\n1,"x,5\r\n2,y",6\r\n', 2, id="CR LF"),
    ],
)
def test_a_well_formed_record_that_swallowed_rows_is_found(refusal, data, line):
    error = refusal(data)
    assert error.reason == "stray_quote"
    assert f"opened in line {line};" in str(error)


def test_a_genuine_cell_that_looks_like_rows_is_read_where_declared(read_csv):
    assert read_csv(b'a,b,c\n1,"x,5\n2,y",6\n', swallow_check=False).rows == [["1", "x,5\n2,y", "6"]]


@pytest.mark.parametrize(
    "cell",
    ["一\n二", "a, b\nc", "地址：一\n\n范围：二，三", "1,2,3,4\n5,6"],
    ids=["lines", "one comma", "prose", "longer"],
)
def test_genuine_line_breaks_are_no_swallowed_rows(read_csv, cell):
    assert read_csv(f'a,b,c\n1,"{cell}",3\n'.encode()).rows == [["1", cell, "3"]]


@pytest.mark.parametrize(
    ("data", "spec", "reason", "said"),
    [
        pytest.param(b"", {}, "empty_file", "zero bytes", id="zero bytes"),
        pytest.param(b"\n \n", {}, "no_header", "record 1 should be the header", id="blank header"),
        pytest.param(b"a,b\n", {"title_rows": 1}, "no_header", "1 records", id="ends above the header"),
        pytest.param(b"a, b,b \n1,2,3\n", {}, "duplicate_header", "columns 2 and 3", id="same label twice"),
        pytest.param(b"a,b\n1,\0\n", {}, "not_text", "binary data", id="NUL byte"),
        pytest.param(b"a,b\n" * 9_000 + b"\0", {}, "not_text", "NUL byte near line", id="NUL byte far on"),
        pytest.param(b"PK\x03\x04", {}, "not_text", "looks like a zip archive", id="workbook named csv"),
        pytest.param(b"<html><body>error 502", {}, "not_text", "looks like an HTML page", id="error page"),
        pytest.param(
            "a,b".encode("utf-16"), {"encoding": "utf-8"}, "not_text", "looks like UTF-16 text", id="UTF-16 declared as UTF-8"
        ),
        pytest.param("名,b\n".encode("gb18030"), {"encoding": "utf-8"}, "wrong_encoding", "byte 0", id="not UTF-8"),
        pytest.param("a,b\n名,1\n".encode(), {"encoding": "gb18030"}, "wrong_encoding", "byte 6", id="not GB18030"),
        pytest.param(b"a,b\n1,2\n3,4\n5", {}, "truncated", "line 4 after 1 of 2 cells", id="last row cut"),
        pytest.param(b"a\n" + b"x\n" * 200, {"footer": ["x"]}, "footer_too_long", "at most 100", id="all footer"),
    ],
)
def test_what_cannot_be_read_says_why_and_where(refusal, data, spec, reason, said):
    error = refusal(data, **spec)
    assert error.reason == reason
    assert said in str(error)
    assert str(error).startswith("delivery.dat: ")


def test_a_short_last_row_among_ragged_rows_is_a_row(read_csv):
    assert read_csv(b"a,b\n1\n3,4\n5").account == (4, 3, 0, 1, 0, 2)


def test_a_short_last_row_that_is_ended_is_a_row(read_csv):
    assert read_csv(b"a,b\n1,2\n5\n").account == (3, 2, 0, 1, 0, 1)


@pytest.mark.parametrize(
    ("limit", "reason"),
    [
        pytest.param({"max_columns": 3}, "too_many_columns", id="columns"),
        pytest.param({"max_cell_chars": 4}, "cell_too_long", id="cell"),
        pytest.param({"max_record_bytes": 300_000}, "record_too_long", id="record"),
    ],
)
def test_a_file_past_a_limit_is_refused(refusal, limit, reason):
    data = "a,b,c\n名称名称,2,3\n".encode() + (b"1,2,3,4\n12345\n" if "record" not in reason else b"x" * 900_000)
    assert refusal(data, Limits(**limit)).reason == reason


def test_a_quote_that_swallows_the_rest_is_found_before_the_rest_is_in_memory(refusal):
    error = refusal(b'a,b\n1,"2\n' + b"3,4\n" * 500_000, Limits(max_record_bytes=300_000))
    assert error.reason == "stray_quote"
    assert "opened in line 2;" in str(error)


def test_a_limit_in_characters_counts_characters(read_csv):
    assert read_csv("a\n一二三四\n".encode(), Limits(max_cell_chars=4)).rows == [["一二三四"]]


def test_a_parser_that_loses_a_record_is_noticed(refusal, monkeypatch):
    monkeypatch.setattr(PhysicalCount, "total", lambda self: 4)
    error = refusal(b"a,b\n1,2\n\n")
    assert error.reason == "row_count_disagrees"
    assert "4 physical records, but 1 rows + 1 blank + 1 title + 0 footer" in str(error)


@pytest.mark.parametrize("name", ROWS_OF_REAL_FILES)
def test_real_files_are_read_cell_for_cell(realdata, read_file, name):
    seen = read_file(realdata / name, kind="csv")
    with (realdata / name).open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert (seen.reading.rows, len(seen.reading.header)) == ROWS_OF_REAL_FILES[name]
    assert (list(seen.reading.header), seen.rows) == (header, rows)


@pytest.mark.parametrize(("name", "feeds"), [("registry/company_info1.csv", 44), ("registry/qcc_companies.csv", 32)])
def test_line_feeds_inside_real_cells_are_kept(realdata, read_file, name, feeds):
    rows = read_file(realdata / name, kind="csv").rows
    assert sum(cell.count("\n") for row in rows for cell in row) == feeds


CELLS = st.text(st.sampled_from("ab1 ,\"'\\\n\r\t\u3000\ufeff。名称𠮷€"), max_size=6)


# Python's writer, quoting as little as it can, leaves a line end that is not its own unquoted.
STYLES = [{"quoting": csv.QUOTE_MINIMAL, "lineterminator": "\r\n"}]
STYLES += [{"quoting": csv.QUOTE_ALL, "lineterminator": end} for end in ("\n", "\r\n", "\r")]


@st.composite
def tables(draw):
    width = draw(st.integers(1, 5))
    header = [f"列{number}" for number in range(width)]
    return [header, *draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=12))]


@settings(max_examples=150, deadline=None)
@given(
    table=tables(),
    style=st.sampled_from(STYLES),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    block=st.sampled_from([1, 2, 3, 7, 64, 1 << 18]),
    delimiter=st.sampled_from([",", ";", "\t"]),
)
def test_what_a_csv_writer_writes_comes_back(table, style, encoding, block, delimiter, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "written.csv"
    text = io.StringIO(newline="")
    csv.writer(text, **style, delimiter=delimiter).writerows(table)
    path.write_bytes(text.getvalue().encode(encoding))
    spec = FormatSpec(kind="csv", encoding=encoding.removesuffix("-sig"), delimiter=delimiter, swallow_check=False)
    batches = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspect, "BLOCK", block)
        seen = read(path, spec, batches.append, Limits())
    written = [row for row in table[1:] if any(cell.strip() for cell in row)]
    assert [cells for batch in batches for cells in batch["cells"].to_pylist()] == written
    assert (seen.physical, seen.rows, seen.ragged) == (len(table), len(written), 0)


@settings(max_examples=150, deadline=None)
@given(text=st.text(st.sampled_from('a,"\n\r'), max_size=30), block=st.sampled_from([1, 2, 3, 1 << 18]))
def test_any_text_is_read_as_a_csv_reader_does_or_refused(text, block, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"h,h2\n" + text.encode())
    batches = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspect, "BLOCK", block)
        # RFC 4180 is stricter than Python's reader, so the latter cannot say which texts are refused.
        with contextlib.suppress(Unreadable):
            read(path, FormatSpec(kind="csv", swallow_check=False), batches.append, Limits())
            expected = [*csv.reader(io.StringIO(text, newline=""))]
            read_rows = [cells for batch in batches for cells in batch["cells"].to_pylist()]
            assert read_rows == [row for row in expected if any(cell.strip() for cell in row)]


CELL = r'(?:[^,"\n]*|"(?:[^"]|"")*")'
RFC_4180 = re.compile(rf"(?:{CELL}(?:,{CELL})*\n)*(?:{CELL}(?:,{CELL})*)?")


@pytest.mark.parametrize("length", range(1, 7))
def test_exactly_the_texts_that_rfc_4180_allows_are_split(length):
    for letters in itertools.product('a,"\n', repeat=length):
        text = "".join(letters)
        try:
            split(text.encode(), ord(","), ord('"'), last=True)
            allowed = True
        except StrayQuoteError:
            allowed = False
        assert allowed == bool(RFC_4180.fullmatch(text)), text


def test_the_delimited_reader_holds_no_whole_file(tmp_path, monkeypatch):
    path = tmp_path / "long.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 400_000)
    held = []
    take = delimited.Blocks.take
    monkeypatch.setattr(
        delimited.Blocks,
        "take",
        lambda self, data, last: (held.append(len(data) + len(self.rest)), take(self, data, last)),
    )
    read(path, FormatSpec(kind="csv"), lambda batch: None, Limits())
    assert max(held) < 2 * inspect.BLOCK

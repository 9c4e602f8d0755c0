import re

import pytest
from pydantic import ValidationError

from jobs.readers import FormatSpec


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        pytest.param({"kind": "csv", "seperator": ";"}, "seperator", id="unknown key"),
        pytest.param({"kind": "ods"}, "'csv', 'text', 'xlsx', 'xls', 'json', 'jsonl', 'xml' or 'html'", id="unknown kind"),
        pytest.param({"kind": "csv", "encoding": "latin-1"}, "'gb18030'", id="unknown encoding"),
        pytest.param({"kind": "csv", "delimiter": "||"}, "one ASCII character", id="two characters"),
        pytest.param({"kind": "csv", "delimiter": "，"}, "one ASCII character", id="full-width comma"),
        pytest.param({"kind": "csv", "delimiter": '"'}, "delimiter and quote are both", id="delimiter is the quote"),
        pytest.param({"kind": "csv", "sheet": "一"}, "format.sheet means nothing", id="sheet of a CSV"),
        pytest.param(
            {"kind": "xlsx", "delimiter": ";"}, "format.delimiter means nothing", id="delimiter of a workbook"
        ),
        pytest.param({"kind": "text", "quote": "'"}, "format.quote means nothing where kind is text", id="quote of text"),
        pytest.param({"kind": "csv", "delimiter": "guess"}, "'guess' is not one ASCII character", id="delimiter guessed"),
        pytest.param({"kind": "csv", "header_rows": 3}, "header_rows", id="three header rows"),
        pytest.param({"kind": "json", "records": "[]", "header_rows": 2}, "format.header_rows means", id="header of JSON"),
        pytest.param({"kind": "csv", "hidden_rows": "skip"}, "only in xlsx, xls", id="hidden rows of a CSV"),
        pytest.param({"kind": "xls", "sheet": "一", "sheets": "all"}, "contradict each other", id="one sheet and all"),
        pytest.param({"kind": "csv", "members": "*.csv"}, "only in zip", id="members of no zip"),
        pytest.param({"kind": "csv", "container": "rar"}, "'none', 'gzip' or 'zip'", id="unknown container"),
        pytest.param({"kind": "csv", "records": "x"}, "format.records means nothing", id="records of a CSV"),
        pytest.param({"kind": "json"}, "a path such as data.list[]", id="JSON without a path"),
        pytest.param({"kind": "xml"}, "the tag of a row", id="XML without a tag"),
        pytest.param({"kind": "html"}, "the number of the table", id="page without a table"),
        pytest.param({"kind": "html", "records": "0"}, "the first is 1", id="table 0"),
        pytest.param({"kind": "json", "records": "data.list"}, "ends in an array", id="path to no array"),
        pytest.param({"kind": "json", "records": "data[][]"}, "is not a path", id="array of arrays"),
        pytest.param({"kind": "json", "records": "data..list[]"}, "is not a path", id="empty step"),
        pytest.param({"kind": "json", "records": "data.[]"}, "is not a path", id="array without name"),
        pytest.param({"kind": "jsonl", "records": "list[]"}, "the lines themselves", id="lines left out of a path"),
        pytest.param({"kind": "csv", "footer": ["(合计"]}, "not a regular expression", id="broken pattern"),
        pytest.param({"kind": "csv", "title_rows": -1}, "title_rows", id="negative title rows"),
    ],
)
def test_a_wrong_format_is_refused_with_the_key_and_the_value(spec, said):
    with pytest.raises(ValidationError, match=re.escape(said)):
        FormatSpec(**spec)


def test_a_format_survives_being_written_down():
    spec = FormatSpec(kind="xlsx", sheet="行政处罚", title_rows=1, footer=("^合计",))
    assert FormatSpec.model_validate(spec.model_dump()) == spec


@pytest.mark.parametrize(
    "spec",
    [
        pytest.param({"kind": "csv", "delimiter": "detect", "container": "zip", "members": "*.csv"}, id="zipped CSV"),
        pytest.param({"kind": "text", "delimiter": "|", "encoding": "gb18030", "header_rows": 0}, id="text without header"),
        pytest.param({"kind": "xls", "sheets": "all", "header_rows": 2, "hidden_rows": "skip"}, id="all sheets of XLS"),
        pytest.param({"kind": "json", "records": "[]"}, id="JSON array"),
        pytest.param({"kind": "json", "records": "data.companies[].penalties[]", "encoding": "gb18030"}, id="nested JSON"),
        pytest.param({"kind": "json", "records": "[].处罚[]"}, id="nested in an array"),
        pytest.param({"kind": "jsonl", "container": "gzip"}, id="zipped JSON lines"),
        pytest.param({"kind": "jsonl", "records": "[].penalties[]"}, id="nested JSON lines"),
        pytest.param({"kind": "xml", "records": "row"}, id="XML"),
        pytest.param({"kind": "html", "records": "行政处罚公示", "title_rows": 1}, id="HTML by caption"),
    ],
)
def test_every_format_can_be_declared(spec):
    assert FormatSpec.model_validate(FormatSpec(**spec).model_dump()) == FormatSpec(**spec)

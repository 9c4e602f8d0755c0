import io
import json
import random

import ijson
import pytest

from jobs.readers import Limits, json_text
from jobs.readers import inspect as inspection
from jobs.readers.json_count import RecordCount

PAGE = {"code": 200, "data": {"total": 2, "list": [{"name": "甲", "n": 1}, {"n": None, "name": "乙", "ok": True}]}}


def js(value) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("text", "header", "rows"),
    [
        pytest.param('[{"a":"甲","b":"2"}]', ("a", "b"), [["甲", "2"]], id="texts"),
        pytest.param('[{"a":1.50,"b":-0,"c":1E+5,"d":0.10e-3}]', ("a", "b", "c", "d"), [["1.50", "-0", "1E+5", "0.10e-3"]],
                     id="numbers as they are written"),
        pytest.param('[{"a":91340100150143162012345678901234567890}]', ("a",), [["91340100150143162012345678901234567890"]],
                     id="a code written as a number"),
        pytest.param('[{"a":true,"b":false,"c":null,"d":""}]', ("a", "b", "c", "d"), [["true", "false", "", ""]], id="words"),
        pytest.param('[{"a":1},{"b":2,"a":3}]', ("a", "b"), [["1", ""], ["3", "2"]], id="labels in the order they are met"),
        pytest.param('[{"s":{"n":"甲","r":{"c":1}},"x":2}]', ("s.n", "s.r.c", "x"), [["甲", "1", "2"]], id="nested objects"),
        pytest.param('[{"s":null,"x":1},{"s":{"n":"甲"},"x":2}]', ("x", "s.n"), [["1", ""], ["2", "甲"]], id="absent object"),
        pytest.param('[{"s":null,"x":1}]', ("s", "x"), [["", "1"]], id="null that is nowhere an object"),
        pytest.param('[{"k":["罚款","没收",null,1]}]', ("k",), [["罚款、没收、、1"]], id="array of scalars"),
        pytest.param('[{"k":[],"x":1}]', ("k", "x"), [["", "1"]], id="empty array"),
        pytest.param('[{"k":[{"a":1,"b":2},{"a":3}]}]', ("k.a", "k.b"), [["1、3", "2"]], id="array of objects"),
        pytest.param('[{"a":"\\u7532\\n\\"\\ud842\\udfb7"}]', ("a",), [['甲\n"𠮷']], id="escapes"),
        pytest.param(' [ {"a" : 1 }\n,\t{ "a": 2} ] \n', ("a",), [["1"], ["2"]], id="white space"),
        pytest.param('[{},{"a":1},{}]', ("a",), [["1"]], id="records without labels are blank"),
        pytest.param("[{},{}]", (), [], id="no label at all"),
        pytest.param("[]", (), [], id="no records"),
    ],
)
def test_objects_become_rows(read_bytes, text, header, rows):
    seen = read_bytes(text.encode(), kind="json", records="[]")
    assert (seen.reading.header, seen.rows) == (header, rows)


def test_records_are_found_by_their_path(read_bytes):
    seen = read_bytes(js(PAGE), kind="json", records="data.list[]")
    assert seen.reading.header == ("name", "n", "ok")
    assert (seen.rows, seen.account) == ([["甲", "1", ""], ["乙", "", "true"]], (2, 2, 0, 0, 0, 0))


def test_nested_records_carry_what_stands_above_them(read_bytes):
    companies = [
        {"name": "甲", "region": {"code": "340100"}, "tags": ["a", "b"], "permits": [{"no": 9}]}
        | {"penalties": [{"no": 1}, {"no": 2}]},
        {"penalties": [], "name": "无"},
        {"penalties": None, "name": "空"},
        {"name": "缺"},
        {"penalties": [{"no": 3, "name": "x"}], "name": "乙"},
    ]
    seen = read_bytes(js({"data": {"companies": companies}}), kind="json", records="data.companies[].penalties[]")
    above = [f"data.companies[].{name}" for name in ("name", "region.code", "tags")]
    assert seen.reading.header == (*above, "no", "name")
    assert seen.rows == [["甲", "340100", "a、b", "1", ""], ["甲", "340100", "a、b", "2", ""], ["乙", "", "", "3", "x"]]


def test_records_two_arrays_down(read_bytes):
    value = [{"a": 1, "in": {"b": [{"c": 2, "d": [{"e": 3}, {"e": 4}]}]}}]
    seen = read_bytes(js(value), kind="json", records="[].in.b[].d[]")
    assert seen.reading.header == ("[].a", "[].in.b[].c", "e")
    assert seen.rows == [["1", "2", "3"], ["1", "2", "4"]]


def test_the_same_path_elsewhere_is_not_counted(read_bytes):
    data = {"more": [{"a": 9}], "list": [{"list": [{"a": 1}]}]}
    value = {"old": {"list": [{"a": 0}]}, "x": [[{"list": [{"a": 8}]}]], "data": data}
    assert read_bytes(js(value), kind="json", records="data.list[]").rows == [["1"]]


def test_json_lines(read_bytes):
    seen = read_bytes('{"a":1}\r\n\n{"b":"二","a":"x\\ny"}\n  \n{"a":3}'.encode(), kind="jsonl")
    assert (seen.reading.header, seen.rows) == (("a", "b"), [["1", ""], ["x\ny", "二"], ["3", ""]])
    assert seen.account == (5, 3, 2, 0, 0, 0)


def test_nested_json_lines(read_bytes):
    data = b'{"n":"x","p":[{"a":1},{"a":2}]}\n\n{"n":"y","p":[{"a":3}]}\n'
    seen = read_bytes(data, kind="jsonl", records="[].p[]")
    assert (seen.reading.header, seen.rows) == (("[].n", "a"), [["x", "1"], ["x", "2"], ["y", "3"]])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_encodings(read_bytes, encoding):
    data = json.dumps(PAGE, ensure_ascii=False).encode(encoding)
    assert read_bytes(data, kind="json", records="data.list[]").rows[0] == ["甲", "1", ""]


@pytest.mark.parametrize(
    ("text", "spec", "reason"),
    [
        pytest.param("", {}, "empty_file", id="empty"),
        pytest.param("<html><body>502", {}, "not_text", id="error page"),
        pytest.param("PK\3\4", {}, "not_text", id="archive"),
        pytest.param('[{"a":1},{"a":', {}, "truncated", id="cut in a record"),
        pytest.param('[{"a":1},{"a":"x', {}, "truncated", id="cut in a text"),
        pytest.param('[{"a":1}', {}, "truncated", id="cut after a record"),
        pytest.param('[{"a":1}]]', {}, "damaged", id="more after the end"),
        pytest.param("]]]}}}[{}]", {}, "no_records", id="more closed than opened"),
        pytest.param('[{"a":1} {"a":2}]', {}, "damaged", id="no comma"),
        pytest.param('[{"a":1},]', {}, "damaged", id="comma at the end"),
        pytest.param("[{'a':1}]", {}, "damaged", id="single quotes"),
        pytest.param('[{"a":NaN}]', {}, "damaged", id="NaN"),
        pytest.param('[{"a":01}]', {}, "damaged", id="leading zero"),
        pytest.param('[{"a":"x\ny"}]', {}, "damaged", id="line break in a text"),
        pytest.param("[" * 100_000, {}, "damaged", id="deep"),
        pytest.param('[{"a":' + "[" * 600 + "]" * 600 + "}]", {}, "damaged", id="deep in a record"),
        pytest.param('[{"a":1,"a":2}]', {}, "duplicate_key", id="same key twice"),
        pytest.param('[{"s":{"a":1,"a":1}}]', {}, "duplicate_key", id="same key twice further down"),
        pytest.param('[{"a.b":1,"a":{"b":2}}]', {}, "duplicate_key", id="same path twice"),
        pytest.param('{"x":[{"a":1}],"x":[]}', {"records": "x[]"}, "duplicate_key", id="same array twice"),
        pytest.param('[{"a":1},7]', {}, "not_a_record", id="number among records"),
        pytest.param("[[1,2]]", {}, "not_a_record", id="array of arrays"),
        pytest.param('[{"p":{"a":1}}]', {"records": "[].p[]"}, "not_a_record", id="object where an array should be"),
        pytest.param('{"a":1}', {}, "no_records", id="object, not array"),
        pytest.param('{"code":500,"data":null}', {"records": "data.list[]"}, "no_records", id="error answer"),
        pytest.param('{"data":{}}', {"records": "data.list[]"}, "no_records", id="path leads nowhere"),
        pytest.param('{"data":{"list":{}}}', {"records": "data.list[]"}, "no_records", id="no array at the path"),
        pytest.param('[{"a":"\\ud800"}]', {}, "wrong_encoding", id="half a pair"),
        pytest.param('[{"\\udc00":1}]', {}, "wrong_encoding", id="half a pair in a label"),
        pytest.param('[{"a":"\\u0000"}]', {}, "not_text", id="NUL"),
        pytest.param('[{"a\\u0000":1}]', {}, "not_text", id="NUL in a label"),
        pytest.param('[{" a":1,"a":2}]', {}, "duplicate_header", id="labels alike but for white space"),
        pytest.param('{"a":1}\n{"a":', {"kind": "jsonl"}, "truncated", id="last line cut"),
        pytest.param('{"a":1} {"a":2}\n', {"kind": "jsonl"}, "damaged", id="two values in a line"),
        pytest.param("7\n", {"kind": "jsonl"}, "not_a_record", id="line of a number"),
    ],
)
def test_what_is_not_as_declared_says_why(refusal, text, spec, reason):
    spec = {"kind": "json"} | spec
    if spec["kind"] == "json":
        spec.setdefault("records", "[]")
    assert refusal(text.encode(), **spec).reason == reason


def test_the_place_is_named(refusal):
    error = refusal(b'{"a":1}\n{"a"}\n', kind="jsonl")
    assert str(error).startswith("delivery.dat: not JSON line 2 (Expecting ':' delimiter)")


@pytest.mark.parametrize("kind", ["json", "jsonl"])
def test_a_value_without_end_is_given_up(refusal, kind):
    data = b'[{"a":"' + b"x" * 2_000_000
    error = refusal(data, Limits(max_record_bytes=1_000_000), kind=kind, **({"records": "[]"} if kind == "json" else {}))
    assert error.reason == "record_too_long"


def test_too_many_labels(refusal):
    data = js([{f"k{n}": 1} for n in range(20)])
    assert refusal(data, Limits(max_columns=19), kind="json", records="[]").reason == "too_many_columns"


def test_a_reader_that_loses_a_record_is_noticed(refusal, monkeypatch):
    whole = json_text.JsonText.elements
    monkeypatch.setattr(json_text.JsonText, "elements", lambda self, steps: list(whole(self, steps))[1:])
    assert refusal(js(PAGE), kind="json", records="data.list[]").reason == "row_count_disagrees"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_blocks_of_any_size_read_alike(read_bytes, monkeypatch, size):
    records = [{"t": '\\"', "n": 12.5}, {"t": "名\n", "n": [1, 2]}, {"t": "", "n": True}]
    value = js({"a\\": "}{", "data": {'"list': [], "list": records}})
    lines = b'{"a":1}\n\n{"a":22}'
    monkeypatch.setattr(inspection, "BLOCK", size)
    assert read_bytes(value, kind="json", records="data.list[]").rows == [['\\"', "12.5"], ["名\n", "1、2"], ["", "true"]]
    assert read_bytes(lines, kind="jsonl").rows == [["1"], ["22"]]


def test_a_late_label_past_many_batches(read_bytes):
    """What was held before a label was known is filled up when it goes out."""
    records = [{"a": n, "b": None} for n in range(45_000)] + [{"c": 1, "b": {"d": 2}}]
    seen = read_bytes(js(records), kind="json", records="[]")
    assert seen.reading.header == ("a", "c", "b.d")
    assert seen.rows[0] == ["0", "", ""]
    assert seen.rows[44_999:] == [["44999", "", ""], ["", "1", "2"]]
    assert seen.numbers == list(range(1, 45_002))


def random_value(rng, depth):
    kinds = ["text", "number", "null", "object", "array"]
    match rng.choice(kinds if depth else kinds[:3]):
        case "text":
            return rng.choice(["", "甲", '"', "\\", "{", "]}", "\\\"", "list", "\u2028"])
        case "number":
            return rng.choice([0, -1, 2.5, 10**20])
        case "object":
            return {rng.choice(["list", "data", '"', "p", "\\"]): random_value(rng, depth - 1) for _ in range(rng.randrange(4))}
        case "array":
            return [random_value(rng, depth - 1) for _ in range(rng.randrange(4))]
    return None


@pytest.mark.parametrize(("path", "prefix"), [("data.list[]", "data.list.item"), ("[]", "item"), ("[].p[]", "item.p.item")])
def test_the_count_agrees_with_a_streaming_parser(path, prefix):
    rng = random.Random(4)
    found = 0
    for _ in range(400):
        value = random_value(rng, 5)
        inner = [{"x": value}, {}]
        value = {"data": {"p": value, "list": inner}} if path == "data.list[]" else [{"p": [*inner, value]}, {}]
        data = json.dumps(value, ensure_ascii=rng.random() < 0.5, indent=rng.choice([None, 2])).encode()
        count = RecordCount(path, lines=False)
        size = rng.choice([1, 5, 1000])
        for start in range(0, len(data), size):
            count.add(data[start : start + size])
        events = [event for where, event, _ in ijson.parse(io.BytesIO(data)) if where == prefix]
        assert count.total() == events.count("start_map")
        found += count.total()
    assert found > 400

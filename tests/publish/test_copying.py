"""Arrow to PostgreSQL: which types are served, and that floating point is not."""

from __future__ import annotations

import pyarrow as pa
import pytest

from jobs.stores.serving.copying import UnservedType, array_literals, as_csv, column_type

SERVED = {
    "text": pa.string(),
    "numeric(20,2)": pa.decimal128(20, 2),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp with time zone": pa.timestamp("us", "UTC"),
    "text[]": pa.list_(pa.string()),
    "jsonb": pa.map_(pa.string(), pa.string()),
}


@pytest.mark.parametrize(("name", "kind"), SERVED.items(), ids=SERVED.keys())
def test_served_types(name, kind):
    assert column_type("t", pa.field("c", kind)) == name


@pytest.mark.parametrize(
    "kind", [pa.float64(), pa.float32(), pa.list_(pa.float64()), pa.binary(), pa.timestamp("us"), pa.struct([])], ids=str
)
def test_other_types_are_refused_by_name(kind):
    with pytest.raises(UnservedType, match=r"table grades: column score is .*, which is not served; known: string"):
        column_type("grades", pa.field("score", kind))


def test_array_literals_quote_what_needs_it():
    column = pa.array([["a", 'b"c', "d\\e", "f,g", "{h}", "", None], [], None], pa.list_(pa.string()))
    assert array_literals(column).to_pylist() == ['{"a","b\\"c","d\\\\e","f,g","{h}","",NULL}', "{}", None]


def test_array_literals_of_a_slice():
    column = pa.array([["a"], ["b", "c"], None, ["d"]], pa.list_(pa.string())).slice(1, 3)
    assert array_literals(column).to_pylist() == ['{"b","c"}', None, '{"d"}']


def test_csv_tells_null_from_the_empty_string():
    batch = pa.RecordBatch.from_pydict({"a": ["", None, "x"], "n": [1, None, 2]})
    assert as_csv(batch) == b'"",1\n,\n"x",2\n'

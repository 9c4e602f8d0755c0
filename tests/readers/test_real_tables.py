"""Every real code table and list of words is read whole: what comes out is what a plain library sees, and the counts balance."""

import csv
import json
from pathlib import Path

import pytest

from jobs.readers import Limits, Unreadable

CODES = {
    "divisions/areas.csv": 2978, "divisions/cities.csv": 342, "divisions/provinces.csv": 31,
    "divisions_history/areacodes.csv": 6823, "industries/gbt4754_2017.csv": 1971,
}
MAPS = {"divisions_merged/diff.json": 3996, "divisions_merged/history.json": 7229, "divisions_merged/list.json": 3433}
WORDS = {"groundtruth.txt": 500, "suffix.txt": 162, "trade.txt": 1257}


def balanced(seen) -> bool:
    one = seen.reading
    return one.physical == one.rows + one.blank + one.title + one.footer + one.hidden and one.rows == len(seen.rows)


def test_no_table_and_no_list_of_words_is_left_out(realdata):
    assert {str(path.relative_to(realdata / "codes")) for path in (realdata / "codes").rglob("*.*")} == {*CODES, *MAPS}
    assert {path.name for path in (realdata / "names").glob("*.*")} == set(WORDS)


@pytest.mark.parametrize("name", CODES)
def test_a_code_table_is_read_cell_for_cell(realdata, read_file, name):
    path: Path = realdata / "codes" / name
    seen = read_file(path, kind="csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert balanced(seen)
    assert (seen.reading.rows, seen.reading.ragged) == (CODES[name], 0)
    assert (list(seen.reading.header), seen.rows) == (header, rows)


@pytest.mark.parametrize("name", MAPS)
def test_a_map_of_codes_is_no_list_of_records_and_says_so(realdata, read_file, name):
    with pytest.raises(Unreadable) as refused:
        read_file(realdata / "codes" / name, kind="json", records="[]")
    assert refused.value.reason == "no_records"


@pytest.mark.parametrize("name", MAPS)
def test_a_map_of_codes_in_an_array_is_one_record_of_all_of_them(realdata, read_bytes, name):
    data = (realdata / "codes" / name).read_bytes()
    told = {code: "、".join(value) if isinstance(value, list) else value for code, value in json.loads(data).items()}
    seen = read_bytes(b"[" + data + b"]", Limits(max_columns=len(told)), kind="json", records="[]")
    assert balanced(seen)
    assert [dict(zip(seen.reading.header, row, strict=True)) for row in seen.rows] == [told]
    assert len(told) == MAPS[name]


@pytest.mark.parametrize("name", WORDS)
def test_a_list_of_words_is_read_line_by_line(realdata, read_file, name):
    path: Path = realdata / "names" / name
    seen = read_file(path, kind="text", header_rows=0, delimiter="\t")
    lines = path.read_text(encoding="utf-8").splitlines()
    assert balanced(seen)
    assert [row for [row] in seen.rows] == [line for line in lines if line.strip()]
    assert (seen.reading.rows, seen.reading.blank) == (WORDS[name], len(lines) - WORDS[name])

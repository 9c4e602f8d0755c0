"""Bad input at the door: every bad file is kept, named with file, key and value, and stops nobody else's delivery."""
from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from jobs.declarations import Declarations
from jobs.declarations.settings import Settings
from jobs.facts.plan import HeaderUnknown, plan, positions
from jobs.stages.land import land
from jobs.stores import database
from jobs.stores.objects import objects, raw_key
from jobs.stores.transports import Arrival, given
from sample.workbooks import workbook
from tests.released import quiet

DAY, AT = date(2026, 11, 19), datetime(2026, 11, 19, 10, tzinfo=UTC)
CSV_FEED, XLSX_FEED = "market_farming_registry", "city_penalties"


@pytest.fixture(scope="module")
def home(new_home: Callable[..., Settings]) -> Settings:
    return new_home()


@pytest.fixture
def take(home: Settings, declared: Declarations, tmp_path: Path) -> Callable[..., list[dict]]:
    """Lands bytes as one delivery; the ledger rows that this made."""

    def landed(
        data: bytes, feed: str = CSV_FEED, name: str = "file.csv", covers: date = DAY, received_at: datetime = AT
    ) -> list[dict]:
        path = tmp_path / name
        path.write_bytes(data)
        return land([Arrival(feed, path, covers, received_at)], declared, database.engine(home), objects(home), quiet)

    return landed


def rows(declared: Declarations, feed: str = CSV_FEED) -> list[dict[str, str]]:
    return [example.row for example in declared.feeds[feed].examples]


def as_csv(told: list[dict[str, str]], encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(told[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(told)
    return text.getvalue().encode(encoding)


def as_xlsx(told: list[dict[str, str]], path: Path) -> bytes:
    workbook(path, [("Sheet1", [["合成数据"], list(told[0]), *(list(row.values()) for row in told)])])
    return path.read_bytes()


def bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (64 << 20))
    return data.getvalue()


def cut(data: bytes) -> bytes:
    """A transfer that broke off in the middle of a character."""
    return data[:max(place for place, byte in enumerate(data) if byte > 0x7F)]


BAD = {
    "zero bytes": (lambda good, xlsx: b"", CSV_FEED, "empty_file", "zero bytes"),
    "wrong encoding": (lambda good, xlsx: good + b"\xff\xfe\xfa\n", CSV_FEED, "wrong_encoding", "is not"),
    "a quote that swallows the next row": (
        lambda good, xlsx: good.replace(b"\r\n", b'\r\n"', 2),
        CSV_FEED,
        "stray_quote",
        "line",
    ),
    "cut off": (lambda good, xlsx: cut(good), CSV_FEED, "truncated", "in the middle of"),
    "text for a workbook": (lambda good, xlsx: good, XLSX_FEED, "not_an_xlsx", "looks like text"),
    "a page for a workbook": (lambda good, xlsx: b"<html><table/></html>", XLSX_FEED, "not_an_xlsx", "an HTML page"),
    "a workbook for text": (lambda good, xlsx: xlsx, CSV_FEED, "not_text", "a zip archive"),
    "half a workbook": (lambda good, xlsx: xlsx[: len(xlsx) // 2], XLSX_FEED, "damaged", "zip archive"),
    "a bomb": (lambda good, xlsx: bomb(), XLSX_FEED, "bomb", "times as many"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_file_that_cannot_be_read_is_quarantined_with_why_and_kept(take, home, declared, tmp_path, what):
    make, feed, reason, said = BAD[what]
    xlsx = as_xlsx(rows(declared, XLSX_FEED), tmp_path / "good.xlsx")
    [delivery] = take(make(as_csv(rows(declared)), xlsx), feed, f"{reason}.bin")
    assert (delivery["delivery_status"], delivery["reason"]) == ("quarantined", reason)
    assert f"{reason}.bin" in delivery["message"]
    assert said in delivery["message"]
    assert objects(home).has(raw_key(delivery["object_sha256"]))
    assert delivery["rows_object"] is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_encoding_in_use_is_read_with_quoted_line_feeds(take, declared, encoding):
    told = [{**row, "business_scope": f"{encoding}\n第二行"} if "business_scope" in row else row for row in rows(declared)]
    [delivery] = take(as_csv(told, encoding), name=f"{encoding}.csv")
    assert (delivery["delivery_status"], delivery["rows_received"]) == ("received", len(told))


def test_ragged_rows_are_rows_and_counted(take, declared):
    good = as_csv(rows(declared))
    [delivery] = take(good + b"one,two\r\n", name="ragged.csv")
    assert (delivery["rows_received"], delivery["rows_ragged"]) == (len(rows(declared)) + 1, 1)


def test_the_same_bytes_for_the_same_day_are_one_delivery_under_whatever_name(take, declared):
    data = as_csv(rows(declared)[:1])
    assert len(take(data, name="a.csv")) == 1
    assert take(data, name="a.csv") == []
    assert take(data, name="another.csv", received_at=datetime(2026, 11, 20, tzinfo=UTC)) == []


def test_one_changed_row_and_another_day_are_deliveries_of_their_own(take, declared):
    told = rows(declared)[:2]
    [first] = take(as_csv(told), name="day.csv")
    [changed] = take(as_csv([told[0], {**told[1], next(iter(told[1])): "changed"}]), name="day.csv")
    [past] = take(as_csv(told), name="day.csv", covers=date(2026, 3, 2))
    assert len({first["delivery_id"], changed["delivery_id"], past["delivery_id"]}) == 3
    assert (first["object_sha256"], past["covers"]) == (past["object_sha256"], date(2026, 3, 2))


def test_columns_in_another_order_are_found_by_their_labels(declared):
    header = list(rows(declared)[0])
    places, unknown = positions(declared.feeds[CSV_FEED], header[::-1])
    assert {label: header[::-1][place] for label, place in places.items()} == {label: label for label in places}
    assert unknown == []


def test_a_header_that_is_not_the_declared_one_says_what_is_missing_and_what_was_seen(declared):
    header = ["企业名称" if label == "company_name" else label for label in rows(declared)[0]]
    with pytest.raises(HeaderUnknown) as raised:
        positions(declared.feeds[CSV_FEED], header)
    for part in (
        f"config/feeds/{CSV_FEED}.yml",
        "labels not found in the header: company_name",
        "seen and not declared: 企业名称",
    ):
        assert part in str(raised.value)


def test_of_a_workbook_the_header_is_told_with_its_sheet(take, declared, tmp_path):
    row = rows(declared, XLSX_FEED)[0]
    lost = declared.feeds[XLSX_FEED].fields["document_no"].labels[0]
    without = {label: cell for label, cell in row.items() if label != lost}
    [delivery] = take(as_xlsx([without], tmp_path / "a.xlsx"), XLSX_FEED, "b.xlsx")
    assert delivery["sheet"] == "Sheet1"
    with pytest.raises(HeaderUnknown, match=f"labels not found in the header of sheet 'Sheet1': {lost}"):
        plan(declared, delivery, "r")


def test_a_file_that_is_not_there_is_an_error_of_the_argument(declared, tmp_path):
    from jobs.declarations import DeclarationError

    with pytest.raises(DeclarationError, match=r"absent\.csv: no such file"):
        list(given(declared.feeds[CSV_FEED], [tmp_path / "absent.csv"], None, AT))


class Growing:
    """The objects of a home, while somebody writes on at a file."""

    def __init__(self, path: Path, real: Any) -> None:
        self.path, self.real = path, real

    def has(self, key: str) -> bool:
        return self.real.has(key)

    def put(self, source: Path, key: str) -> None:
        self.real.put(source, key)
        with self.path.open("ab") as file:
            file.write(b"1,")


def test_a_file_that_grows_while_it_is_read_is_taken_at_the_next_look(home, declared, tmp_path):
    path, said = tmp_path / "growing.csv", []
    path.write_bytes(as_csv(rows(declared)))
    arrived, engine, real = [Arrival(CSV_FEED, path, date(2026, 11, 12), AT)], database.engine(home), objects(home)
    assert land(arrived, declared, engine, Growing(path, real), said.append) == []
    assert said == [f"land: {CSV_FEED}: growing.csv grew while it was read: it is taken at the next look"]
    path.write_bytes(as_csv(rows(declared)))
    assert [row["delivery_status"] for row in land(arrived, declared, engine, real, quiet)] == ["received"]

"""What no line of the catalogue in force allows is refused at the door, says so, and leaves no byte."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jobs.declarations import Declarations
from jobs.declarations.feeds import CategoryField
from jobs.facts.plan import plan
from jobs.facts.rows import cleaned_rows
from jobs.readers import Limits
from jobs.readers.inspect import inspect
from jobs.stages.land import take
from jobs.stores.objects import BATCH_ROWS, Folder
from jobs.stores.transports import Arrival

FEED, CATEGORY = "market_farming_registry", "registration"
OUTPUT = "年产值（万元）"
OPERATING = {"output_amount_yuan", "asset_amount_yuan", "pledged_amount_yuan", "electricity_volume", "water_volume"}
Taken = tuple[dict, list[Path]]


@pytest.fixture
def taken(declared: Declarations, tmp_path: Path) -> Callable[[str | None, datetime], Taken]:
    """A file of the feed, of its own category or another, taken when that cites this line: the ledger's row, the objects kept."""
    path = tmp_path / "file.csv"

    def took(line: str | None, received_at: datetime, of: str = CATEGORY, more: tuple[str, str] | None = None) -> Taken:
        row = declared.feeds[FEED].examples[0].row | dict([more] if more else [])
        cells = "\n".join(",".join(f'"{cell}"' for cell in cells) for cells in (row, row.values()))
        path.write_text(f"{cells}\n", encoding="utf-8")
        category = declared.categories[of].model_copy(update={"catalogue": line})
        feed = declared.feeds[FEED].model_copy(update={"category": of})
        changed = replace(declared, categories={**declared.categories, of: category}, feeds={**declared.feeds, FEED: feed})
        arrival = Arrival(FEED, path, date(2026, 11, 19), received_at)
        delivery = take(arrival, inspect(path, Limits()), changed, Folder(tmp_path / "objects"))
        return delivery, [one for one in (tmp_path / "objects").rglob("*") if one.is_file()]

    return took


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(hour=2, tzinfo=UTC)


@pytest.mark.parametrize(("line", "day", "said"), [
    (None, "2026-11-19", "registration.yml: catalogue: 登记注册基本信息 cites no line of config/catalogue.yml"),
    ("national-2022.registration", "2026-11-19", "2022-12-29 to 2024-02-29) is not in force on 2026-11-19"),
    ("national-2024.registration", "2024-02-28", "is not in force on 2024-02-28"),
])
def test_outside_the_catalogue_a_delivery_is_refused(taken, line: str | None, day: str, said: str) -> None:
    delivery, kept = taken(line, at(day))
    assert (delivery["delivery_status"], delivery["reason"]) == ("refused", "not_in_catalogue")
    assert said in delivery["message"]
    assert (delivery["rows_received"], delivery["rows_object"], delivery["header"], kept) == (0, None, None, [])


@pytest.mark.parametrize(("line", "day"), [
    ("national-2024.registration", "2026-11-19"), ("national-2022.registration", "2023-05-04")])
def test_within_it_a_delivery_is_taken(taken, line: str, day: str) -> None:
    delivery, kept = taken(line, at(day))
    assert (delivery["delivery_status"], delivery["reason"], delivery["rows_received"]) == ("received", None, 1)
    assert len(kept) == 2


# ---- operating data, and columns that nobody may collect

def test_operating_data_is_declared_and_refused_until_a_line_in_force_is_cited(taken, declared: Declarations) -> None:
    category = declared.categories["operating_data"]
    assert set(category.fields) >= OPERATING
    assert category.catalogue is None
    assert "operating_data" not in {feed.category for feed in declared.feeds.values()}
    for line, day, said in ((None, "2026-11-19", "operating_data.yml: catalogue: 生产经营数据 cites no line"),
                            ("local-2024.payment", "2024-02-28", "生产经营数据 may not be collected")):
        delivery, kept = taken(line, at(day), "operating_data")
        assert (delivery["delivery_status"], delivery["reason"], kept) == ("refused", "not_in_catalogue", [])
        assert said in delivery["message"]
    assert taken("local-2024.payment", at("2026-11-19"), "operating_data")[0]["delivery_status"] == "received"


def test_no_category_that_is_collected_has_a_field_of_operating_data(declared: Declarations) -> None:
    """Nor does any feed of one: what is refused as a whole does not come in by the back door."""
    assert {name: sorted(OPERATING & set(category.fields)) for name, category in declared.categories.items()
            if name != "operating_data" and OPERATING & set(category.fields)} == {}


def test_a_column_outside_the_catalogue_is_not_read_and_says_so(taken, declared: Declarations) -> None:
    """A column that nobody declared, and one whose field no line allows: both are named, and neither becomes a value."""
    delivery, kept = taken("national-2024.registration", at("2026-11-19"), more=(OUTPUT, "8800"))
    [rows] = [path for path in kept if path.suffix == ".parquet"]
    [address] = declared.feeds[FEED].fields["registered_address"].labels
    assert address in delivery["header"]
    category = declared.categories[CATEGORY]
    fields = {**category.fields, "registered_address": CategoryField(catalogue="national-2022.registration")}
    without = replace(declared, categories={**declared.categories, CATEGORY: category.model_copy(update={"fields": fields})})
    [batch] = pq.ParquetFile(rows).iter_batches(BATCH_ROWS)
    told = {}
    for name, declarations in (("allowed", declared), ("refused", without)):
        made = plan(declarations, delivery, "run")
        found = [row for part in cleaned_rows(made, batch) for row in part.to_pylist()]
        told[name] = (made.not_collected, made.unknown, [row["registered_address"] for row in found if row["outcome"] == "fact"])
        assert not [row for row in found if "8800" in map(str, row.values())]
    assert told["allowed"][:2] == ([], [OUTPUT])
    assert len(list(filter(None, told["allowed"][2]))) == 1
    assert told["refused"] == ([address], [OUTPUT], [None])

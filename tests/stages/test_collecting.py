"""What no line of the catalogue in force allows is refused at the door, says so, and leaves no byte."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from jobs.declarations import Declarations
from jobs.readers import Limits
from jobs.readers.inspect import inspect
from jobs.stages.land import take
from jobs.stores.objects import Folder
from jobs.stores.transports import Arrival

FEED, CATEGORY = "market_farming_registry", "registration"
Taken = tuple[dict, list[Path]]


@pytest.fixture
def taken(declared: Declarations, tmp_path: Path) -> Callable[[str | None, datetime], Taken]:
    """A file of the feed, taken when its category cites this line: the ledger's row, and the objects kept."""
    row = declared.feeds[FEED].examples[0].row
    path = tmp_path / "file.csv"
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in cells) for cells in (row, row.values())) + "\n", encoding="utf-8")

    def took(line: str | None, received_at: datetime) -> Taken:
        category = declared.categories[CATEGORY].model_copy(update={"catalogue": line})
        changed = replace(declared, categories={**declared.categories, CATEGORY: category})
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

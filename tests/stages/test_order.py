"""Deliveries that come late and out of order say the same: the same facts, and the same files of them."""
from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from jobs.declarations import Declarations
from jobs.declarations.settings import Settings
from jobs.stages.land import land
from jobs.stores import database
from jobs.stores.objects import objects
from jobs.stores.transports import Arrival
from tests.released import KNOWN_AT, as_far_as, quiet
from tests.standing import DERIVED, contents

REGISTRY, SNAPSHOT, INCREMENT = "market_small_registry", "district_abnormal_snapshot", "province_penalties"
SUBJECTS = {"示例市恒筑工程检测有限公司": "91340100MA0X00031H", "示例市启明广告传媒有限公司": "91340100MA0X00023N"}
DAYS = date(2026, 11, 18), date(2026, 11, 19)
NUMBER = {SNAPSHOT: "列入决定书文号", INCREMENT: "行政处罚决定书文号"}
TOLD = {SNAPSHOT: ((1, 2, 3), (1, 3)), INCREMENT: ((1, 2, 3), (2, 3, 4))}  # the acts that each day's file tells of


@pytest.fixture(scope="module")
def loose(declared: Declarations) -> Declarations:
    """The declarations without bounds of rows and fill rates, which files of three rows break."""
    free = {"fill": {}, "min_rows": 0}
    feeds = {feed: declared.feeds[feed].model_copy(update={"volume": declared.feeds[feed].volume.model_copy(update=free)})
             for feed in TOLD}
    return replace(declared, feeds={**declared.feeds, **feeds})


@pytest.fixture(scope="module")
def files(loose: Declarations, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, date, Path]]:
    """The registry of both subjects, and two files of each other feed: an entry vanishes, a penalty has another remark."""
    folder, made = tmp_path_factory.mktemp("order"), []
    for feed, days in TOLD.items():
        good = loose.feeds[feed].examples[0].row
        for day, told in zip(DAYS, days, strict=True):
            path = folder / f"{feed}_{day:%Y%m%d}.csv"
            with path.open("w", encoding="gb18030" if feed == INCREMENT else "utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(good))
                writer.writeheader()
                remark = {"备注": f"{day}"} if "备注" in good else {}
                writer.writerows(good | remark | {NUMBER[feed]: f"示例〔2026〕{number}号"} for number in told)
            made.append((feed, day, path))
    path = folder / f"{REGISTRY}.csv"
    good = loose.feeds[REGISTRY].examples[0].row
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(good))
        writer.writeheader()
        writer.writerows(good | {"name": name, "USCC": code, "TIN": code, "registed_num": ""} for name, code in SUBJECTS.items())
    return [*made, (REGISTRY, DAYS[0], path)]


def contents_of(home: Settings, loose: Declarations, told: list[tuple[tuple[str, date, Path], datetime]]) -> dict:
    arrived = [Arrival(feed, path, day, at) for (feed, day, path), at in told]
    land(arrived, loose, database.engine(home), objects(home), quiet)
    return contents(home, as_far_as(home, loose).snapshots)


def test_facts_and_files_are_the_same_in_any_order_of_arrival(
        new_home: Callable[..., Settings], loose: Declarations, files: list, spark: object) -> None:
    hours = [KNOWN_AT - timedelta(hours=hour) for hour in (6, 5, 4, 3, 2)]
    in_order = contents_of(new_home(), loose, list(zip(files, hours, strict=True)))
    backwards = contents_of(new_home(), loose, list(zip(reversed(files), hours, strict=True)))
    assert in_order == backwards
    assert set(in_order) == {*DERIVED, *(f"facts.{loose.feeds[feed].category}" for feed in (REGISTRY, *TOLD))}
    assert [in_order[f"facts.{loose.feeds[feed].category}"][0] for feed in TOLD] == [5, 6]
    assert (in_order["enterprises"][0], in_order["snapshot_changes"][0]) == (2, 1)
    assert in_order["events"][0] == 9  # two registrations, four penalties, three entries

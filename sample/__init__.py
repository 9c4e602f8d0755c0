"""A synthetic district: enterprises, their organs and the files that the organs deliver; nothing in it is real."""

import shutil
from collections import Counter
from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path
from typing import Any

from sample import accidents, schedule
from sample.district import District
from sample.files import Files

CONFIG = Path(__file__).parents[1] / "config"
FACTS_EACH = 10  # rows for each enterprise where their number is not given
LAST_DAY = date(2026, 11, 20)


def quiet(_: str) -> None:
    """Says nothing."""


def generate(
    to: Path, seed: int = 7, enterprises: int = 5000, facts: int | None = None, days: int = 10, last_day: date = LAST_DAY,
    plant: bool = False, config: Path = CONFIG, say: Callable[[str], None] = quiet, only: Collection[str] = (),
    renaming: Collection[str] = (),
) -> Counter[str]:  # fmt: skip
    """The district's files under `to`, replacing what stood there; how many rows there are, by what becomes of them.

    Of every feed, or of those that are named (`only`); those `renaming` send one file more, with a column called otherwise.
    """
    district = District(seed, enterprises, facts or enterprises * FACTS_EACH, days, last_day, config)
    shutil.rmtree(to / "inbox", ignore_errors=True)
    (to / "inbox").mkdir(parents=True)
    files = Files(district, to, plant, say)
    planned = [one for one in schedule.deliveries(district.days, district.feeds) if not only or one.feed in only]
    for delivery in planned:
        files.deliver(delivery)
    accidents.happen(files, planned, renaming)
    files.close()
    return files.totals


def village(to: Path, enterprises: int = 200, **more: Any) -> Counter[str]:
    """A district small enough for a test: the same feeds, dirt and accidents about 200 enterprises."""
    return generate(to, enterprises=enterprises, **more)

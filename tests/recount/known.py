"""What a night knew of the deliveries: its cut-off, and the truth of every row of what it admitted."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from jobs.declarations import Declarations
from jobs.declarations.feeds import Feed
from tests.recount import told
from tests.recount.clock import Clock
from tests.recount.told import Told

Delivery = dict[str, Any]
Tally = dict[str, Counter[str]]  # by what it is of; what was not counted is not there, and no zero


@dataclass(frozen=True)
class Known:
    """What a night knew: the deliveries that had come, and the nights so far, itself the last."""

    declared: Declarations
    folder: Path
    came: list[Delivery]
    nights: list[tuple[date, datetime]]

    @property
    def as_of(self) -> date:
        return self.nights[-1][0]

    @cached_property
    def clock(self) -> Clock:
        return Clock.read(self.declared.folder)

    @cached_property
    def deliveries(self) -> list[Delivery]:
        """The same bytes for the same day are one delivery."""
        return [one for one in self.came if one["delivery_status"] != "same" and one["covers"] <= self.as_of
                and one["received_at"] <= self.nights[-1][1]]

    @cached_property
    def admitted(self) -> list[Delivery]:
        return [one for one in self.deliveries if one["delivery_status"] == "received"]

    def taken_at(self, delivery: Delivery) -> datetime:
        """The first night that knew of it and was of its day or later."""
        return next(known_at for as_of, known_at in self.nights
                    if delivery["covers"] <= as_of and delivery["received_at"] <= known_at)

    @cached_property
    def rows(self) -> dict[str, list[Told]]:
        return told.rows(self.folder, self.declared.feeds, self.admitted)

    def feed(self, delivery: Delivery) -> Feed:
        return self.declared.feeds[delivery["feed"]]

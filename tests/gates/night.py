"""A night whose lake is a dictionary of Spark frames, over a real ledger."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from pyspark.sql import DataFrame

from jobs.stages.run import Night

AS_OF = date(2026, 11, 20)
KNOWN_AT = datetime(2026, 11, 20, 13, tzinfo=UTC)
NUMBERS = itertools.count(1)


@dataclass
class HandNight(Night):
    frames: dict[str, DataFrame] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.snapshots = dict.fromkeys(self.frames, 1)
        self.lake = SimpleNamespace(exists=self.frames.__contains__, admitted=self.appended)

    def read(self, table: str) -> DataFrame:
        return self.frames[table]

    def appended(self, table: str, pairs: list[tuple[str, str]]) -> DataFrame:
        """What these deliveries and runs appended."""
        visible = self.frames[table].sparkSession.createDataFrame(pairs, "delivery_id string, run_id string")
        return self.frames[table].join(visible, ["delivery_id", "run_id"], "left_semi")

    @property
    def results(self) -> list[dict[str, Any]]:
        """The check results that the ledger has of the run under way."""
        found = self.connection.execute(
            sa.text("select * from ledger.check_results where run_id = :run order by suite, position"), {"run": self.run_id}
        )
        return [dict(row) for row in found.mappings()]


def begun(night: HandNight, stage: str, before: str = "") -> HandNight:
    """The night with a run of its own under way, as the ledger has it; what the one before it was is in its inputs."""
    number = next(NUMBERS)
    night.run_id, night.inputs_hash = f"{stage}-{number}", night.inputs_hash or f"{number:064x}"
    night.ledger.add(
        "runs",
        [
            {
                "run_id": night.run_id,
                "stage": stage,
                "as_of": night.as_of,
                "known_at": night.known_at,
                "inputs_hash": night.inputs_hash,
                "inputs": {"before": before},
                "declarations_digest": "d",
                "code_version": "c",
                "started_at": KNOWN_AT,
            }
        ],
    )
    return night


def passed(night: HandNight) -> HandNight:
    night.ledger.add(
        "run_results",
        [
            {
                "run_id": night.run_id,
                "run_status": "passed",
                "finished_at": KNOWN_AT,
                "snapshots": {},
                "metrics": {},
                "message": None,
            }
        ],
    )
    return night


def delivery(name: str, **said: Any) -> dict[str, Any]:
    """The metrics of a delivery that nothing is wrong with, of ten facts."""
    return {
        "delivery_id": name,
        "feed": "city_penalties",
        "category": "penalty",
        "rows_received": 10,
        "rows_facts": 10,
        "rows_rejected": 0,
        "rows_duplicate": 0,
        "rows_household": 0,
        "rows_natural_person": 0,
        "rows_personal": 0,
        "facts": 10,
        "flaws": 0,
        "header_known": True,
        "balanced": True,
        "reject_rate": 0.0,
        "min_rows": 1,
        "max_rows": 100,
        "fill_low": "",
        **said,
    }

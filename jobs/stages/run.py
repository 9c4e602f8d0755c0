"""A run: one stage, its recorded inputs, its gate and its ledger row; a night is the list of them, each on what the one
before it made."""
from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.sql import functions as F

from jobs.declarations import Declarations
from jobs.declarations.settings import ROOT, Settings
from jobs.facts import cleaning, snapshots
from jobs.facts.keeping import gathered, kept
from jobs.stores.lake import Lake, opened
from jobs.stores.ledger import Ledger
from jobs.stores.objects import Objects, objects
from jobs.stores.sizing import fit

if TYPE_CHECKING:
    import sqlalchemy as sa
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

STAGES = ("standardise", "match", "assemble", "grade", "publish")


class GateStopped(Exception):
    """A suite failed that may stop the release; the last good one stays. Exit code 1."""


class Unfinished(Exception):
    """A stage was asked for whose earlier stage has not passed on the same inputs. Exit code 2."""


@dataclass
class Night:
    """One night's arguments, stores and what its stages have made so far; the clock is the door's."""

    as_of: date
    known_at: datetime
    settings: Settings
    declarations: Declarations
    connection: sa.Connection
    clock: Callable[[], datetime]
    say: Callable[[str], None] = lambda _: None
    anew: tuple[str, ...] | None = None
    snapshots: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    metrics: dict[str, dict[str, Any]] = field(default_factory=dict)
    run_id: str = ""
    inputs_hash: str = ""
    admissions: list[dict[str, Any]] = field(default_factory=list)
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    delivery_metrics: list[dict[str, Any]] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)
    completeness: list[dict[str, Any]] = field(default_factory=list)
    frames: dict[str, DataFrame | None] = field(default_factory=dict)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.connection)

    @cached_property
    def lake(self) -> Lake:
        """Made at its first use: a night with nothing to do pays for no Spark session."""
        found = opened(self.settings)
        fit(found.spark, self.ledger.rows_until(self.as_of, self.known_at) <= self.settings.spark.few_rows)
        return found

    @cached_property
    def objects(self) -> Objects:
        return objects(self.settings)

    def read(self, table: str) -> DataFrame:
        """A derived table exactly as the last passed run of its stage made it."""
        return self.lake.read(table, self.snapshots[table])

    def remembered(self, table: str) -> DataFrame | None:
        """What some night remembered last, for whoever checks each entry before it counts; None where there is nothing yet."""
        return self.lake.read(table, self.lake.snapshot(table)) if self.lake.exists(table) else None

    def write(self, table: str, frame: DataFrame) -> None:
        self.snapshots[table] = self.lake.replace(frame, table)

    @property
    def source(self) -> Lake:
        """Where what was appended is read."""
        return self.lake

    def facts(self, category: str, there: bool = False) -> DataFrame | None:
        """The admitted facts of a category, with every column the declarations give it now; one it lacks yet is null.

        Beside them the day that each fact's delivery covers and, where a later snapshot followed that, the day of the next one.
        None where nothing was admitted, or, where the frame must be `there`, one without rows.
        """
        visible = snapshots.dated(self.admissions, category, self.declarations.feeds)
        asked = hashed({"category": category, "visible": visible})
        if asked not in self.frames:  # each stage asks for every category's: to name one anew costs a tenth of a second
            self.frames[asked] = self.admitted_facts(category, visible)
        found = self.frames[asked]
        return self.lake.empty(self.fact_columns(category)) if found is None and there else found

    def fact_columns(self, category: str) -> StructType:
        """The columns of a category's admitted facts: what its facts have, and the days that `facts` adds."""
        declared = cleaning.fact_schema(self.declarations.categories[category], self.declarations.fields)
        return declared.add("covers", "date").add("absent_since", "date")

    def admitted_facts(self, category: str, visible: list[dict[str, Any]]) -> DataFrame | None:
        """The facts of these dated admissions in the columns declared now; None where there are none, or no table yet."""
        table = f"facts.{category}"
        if not visible or not self.source.exists(table):
            return None
        frame = self.source.dated(table, visible)
        has = {column: F.col(column) for column in frame.columns}
        return frame.select(*(has.get(one.name, F.lit(None)).cast(one.dataType).alias(one.name)
                              for one in self.fact_columns(category)))

    def told(self, table: str) -> DataFrame | None:
        """Rejects or flaws of what counts, and of deliveries held that never did; None where there is no table yet."""
        admitted = {row["delivery_id"] for row in self.admissions}
        held = [row for row in self.ledger.held(self.as_of, self.known_at) if row["delivery_id"] not in admitted]
        visible = [(row["delivery_id"], row["run_id"]) for row in [*self.admissions, *held]]
        return self.source.admitted(table, visible) if visible and self.source.exists(table) else None

    def written(self, table: str, held: set[str]) -> DataFrame | None:
        """What this run appended for the deliveries that are not held; None where it is nothing.

        The table `facts` is every category's facts in the columns they share.
        """
        if table == "facts":
            return self.every_fact(held)
        category = table.partition(".")[2]
        mine = [(row["delivery_id"], self.run_id) for row in self.delivery_metrics
                if row["delivery_id"] not in held and category in ("", row["category"])]
        if not mine or not self.lake.exists(table):
            return None
        return self.lake.admitted(table, mine).where(f"run_id = '{self.run_id}'")  # skips the files of every other run

    def every_fact(self, held: set[str]) -> DataFrame | None:
        shared = [cleaning.shared(rows, self.declarations.categories[name])
                  for name in sorted({row["category"] for row in self.delivery_metrics})
                  if (rows := self.written(f"facts.{name}", held)) is not None]
        # Kept, for each question about it would plan and read as many tables as there are categories.
        return kept(gathered(shared)) if shared else None


@lru_cache(maxsize=1)
def code_version() -> str:
    """The digest of our own code as this process began with it: a run is not reused by other code."""
    digest = hashlib.sha256()
    for path in sorted(Path(ROOT, "jobs").rglob("*.py")):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def hashed(inputs: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(inputs, sort_keys=True, default=str).encode()).hexdigest()


def inputs_of(night: Night, stage: str, before: str) -> dict[str, Any]:
    """What the stage's result is a function of; `before` is the inputs hash of the stage before it."""
    inputs = {"stage": stage, "declarations": night.declarations.digest, "code": code_version(), "before": before}
    if stage == "standardise":
        found = night.ledger.to_decide(night.as_of, night.known_at, night.anew)
        inputs["deliveries"] = [row["delivery_id"] for row in found]
    else:
        night.admissions = night.ledger.admitted(night.as_of, night.known_at)
        inputs["as_of"] = night.as_of
    if stage == "match":
        inputs["admissions"] = [(row["delivery_id"], row["run_id"]) for row in night.admissions]
        inputs["decisions"] = [row["decision_id"] for row in night.ledger.match_decisions(night.known_at)]
    if stage in ("assemble", "publish"):
        inputs["withdrawals"] = night.ledger.withdrawals(night.known_at)
    if stage == "publish":
        inputs["deliveries"] = night.ledger.arrived(night.as_of, night.known_at)
        inputs["held"] = [(row["delivery_id"], row["run_id"]) for row in night.ledger.held(night.as_of, night.known_at)]
        inputs["retractions"] = night.ledger.retractions(night.known_at)
        inputs["disputes"] = night.ledger.disputes(night.known_at)
    return inputs


def stands(night: Night, stage: str, before: str) -> str | None:
    """The chain so far where this stage needs not run: it passed on the same inputs, or has nothing to decide; else None.

    What standardise made is known to the stages after it by its admissions, so it adds nothing to the chain.
    """
    inputs = inputs_of(night, stage, before)
    if stage == "standardise":
        return before if not inputs["deliveries"] else None
    passed = night.ledger.passed(stage, hashed(inputs))
    return reuse(night, stage, passed) if passed else None


def perform(night: Night, stage: str, work: Callable[[Night], dict[str, Any]], before: str) -> str:
    """The chain after this stage, which stands by an earlier run on the same inputs, or has passed now."""
    if (chain := stands(night, stage, before)) is not None:
        night.say(f"{stage}: nothing new")
        return chain
    inputs = inputs_of(night, stage, before)
    night.inputs_hash = hashed(inputs)
    begin(night, stage, inputs)
    started = time.monotonic()
    try:
        metrics = work(night)
    except BaseException as error:
        stopped = isinstance(error, GateStopped)
        finish(night, "stopped" if stopped else "failed", {}, f"{type(error).__name__}: {error}"[:2000])
        raise
    night.seconds[stage] = time.monotonic() - started
    night.metrics[stage] = metrics
    finish(night, "passed", metrics, None)
    night.say(f"{stage}: passed in {night.seconds[stage]:.1f} s")
    return before if stage == "standardise" else night.inputs_hash


def reuse(night: Night, stage: str, passed: dict[str, Any]) -> str:
    night.snapshots |= passed["snapshots"]
    night.metrics[stage] = passed["metrics"]
    night.seconds[stage] = 0.0
    night.run_id, night.inputs_hash = passed["run_id"], passed["inputs_hash"]
    return passed["inputs_hash"]


def begin(night: Night, stage: str, inputs: dict[str, Any]) -> None:
    night.run_id = night.ledger.next_run_id(stage, night.as_of)
    night.say(f"{stage}: {night.run_id} begins")
    night.ledger.add("declarations", [{"digest": night.declarations.digest, "content": night.declarations.content}], known=True)
    night.ledger.add("runs", [{
        "run_id": night.run_id, "stage": stage, "as_of": night.as_of, "known_at": night.known_at,
        "inputs_hash": night.inputs_hash, "inputs": json.loads(json.dumps(inputs, default=str)),
        "declarations_digest": night.declarations.digest, "code_version": inputs["code"], "started_at": night.clock()}])
    night.connection.commit()


def finish(night: Night, status: str, metrics: dict[str, Any], message: str | None) -> None:
    """The run's result row, in one commit with whatever the stage added to the ledger last; a failed stage's rows go."""
    if status == "failed":
        night.connection.rollback()
    night.ledger.add("run_results", [{
        "run_id": night.run_id, "run_status": status, "finished_at": night.clock(), "snapshots": night.snapshots,
        "metrics": json.loads(json.dumps(metrics, default=str)), "message": message}])
    night.connection.commit()

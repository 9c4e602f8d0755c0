"""Replay: a release rebuilt from its admitted facts, its declarations and withdrawals and today's code, into scratch."""
from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pyspark.sql import functions as F

from jobs.answers import nights, releases
from jobs.answers.declared import unfolded
from jobs.declarations import DeclarationError, Declarations, load
from jobs.declarations.settings import Settings
from jobs.stages import assemble, grade, match, publish
from jobs.stages.run import Night, code_version
from jobs.stores import database
from jobs.stores.lake import Lake, opened
from jobs.stores.ledger import Ledger
from jobs.stores.serving import files
from jobs.stores.serving.tables import served
from jobs.stores.serving.withdrawals import withdrawal_id
from jobs.stores.sizing import fit

OF_DELIVERY = ("feed", "covers", "received_at")  # what an admission is told with, beside its own columns


class ReplayDiffers(Exception):
    """A release rebuilt has another content, or cannot be rebuilt as facts of it are gone. Exit code 1."""


@dataclass(frozen=True)
class Recorded:
    """What a release is a function of, as its runs recorded it; `admissions` with category, feed and counts."""

    release: dict[str, Any]
    run: dict[str, Any]
    declarations: dict[str, str]
    deliveries: list[dict[str, Any]]
    admissions: list[dict[str, Any]]
    held: list[dict[str, Any]]
    decisions: list[dict[str, Any]]
    before: dict[str, list[dict[str, Any]]]


@dataclass(kw_only=True)
class Rebuilt(Night):
    """A night whose facts are those of the real lake and whose every write goes to scratch; its admissions are given."""

    origin: Lake
    scratch: Lake

    @property
    def lake(self) -> Lake:  # type: ignore[override]
        return self.scratch

    @property
    def source(self) -> Lake:
        return self.origin


def replay(settings: Settings, release_id: str, clock: Callable[[], datetime], say: Callable[[str], None]) -> str:
    """That the release rebuilt has the same content hash; raises ReplayDiffers naming the tables that differ, and both codes."""
    with database.engine(settings).connect() as connection:
        told = recorded(Ledger(connection), release_id)
    say(f"replay: {told.release['release_id']} as of {told.release['as_of']}: {len(told.admissions)} deliveries admitted")
    origin = opened(settings)
    refuse_missing(origin, told)
    with tempfile.TemporaryDirectory(prefix="replay-") as folder, scratch(settings, Path(folder)) as own:
        manifest = rebuilt(own, written(told.declarations, Path(folder)), told, origin, clock, say)
        return releases.verdict(told.release, manifest, settings.home, own.home, codes(told), ReplayDiffers)


def codes(told: Recorded) -> str:
    then, now = told.run["code_version"], code_version()
    return f"code {now}, the same as then" if then == now else f"code then {then}, now {now}"


# ---- what was recorded

def recorded(ledger: Ledger, release_id: str) -> Recorded:
    """The release's own inputs; an id may be given by its beginning, or as a sequence number."""
    release = releases.made_by_night(ledger, releases.found(ledger, release_id))
    runs = {run["stage"]: run for run in nights.chain(ledger, release["release_id"])}
    run, pairs = runs["publish"], runs["match"]["inputs"]["admissions"]
    admissions = ledger.rows("""
        select a.*, d.feed, d.covers, d.received_at from ledger.admissions a join ledger.deliveries d using (delivery_id)
        where (a.delivery_id, a.run_id) in (select * from unnest(cast(:deliveries as text[]), cast(:runs as text[])))
        order by a.delivery_id""", deliveries=[pair[0] for pair in pairs], runs=[pair[1] for pair in pairs])
    held = ledger.rows("""
        select * from ledger.admissions where verdict = 'held' and known_at <= :known_at and delivery_id = any(:ids)
        order by delivery_id, run_id""", known_at=release["known_at"], ids=run["inputs"]["deliveries"])
    content = ledger.rows("select content from ledger.declarations where digest = :digest", digest=run["declarations_digest"])
    before = told_before(ledger, release, sorted({row["run_id"] for row in [*admissions, *held]}))
    decisions = ledger.rows("select * from ledger.match_decisions where decision_id = any(:ids) order by decision_id",
                            ids=runs["match"]["inputs"].get("decisions", []))
    deliveries = ledger.deliveries(run["inputs"]["deliveries"])
    return Recorded(release, run, content[0]["content"], deliveries, admissions, held, decisions, before)


def told_before(ledger: Ledger, release: dict[str, Any], runs: list[str]) -> dict[str, list[dict[str, Any]]]:
    """What return slips are told by: the runs that decided, and the releases that told organs before this one did."""
    earlier = ledger.rows("select * from credit.releases where known_at < :known_at and sequence < :sequence order by sequence",
                          known_at=release["known_at"], sequence=release["sequence"])
    found = {name: ledger.rows(f"select * from ledger.{name} where run_id = any(:runs) order by run_id", runs=runs)
             for name in ("runs", "run_results")}
    return {**found, "releases": [{**row, "supersedes": None} for row in earlier]}


def refuse_missing(origin: Lake, told: Recorded) -> None:
    """Every fact that was admitted is still there; raises ReplayDiffers naming the deliveries whose facts are gone."""
    there: dict[tuple[str, str], int] = {}
    for category in sorted({row["category"] for row in told.admissions}):
        pairs = [(row["delivery_id"], row["run_id"]) for row in told.admissions if row["category"] == category]
        if origin.exists(f"facts.{category}"):
            frame = origin.admitted(f"facts.{category}", pairs)
            counted = frame.groupBy("delivery_id", "run_id").agg(F.count("*").alias("facts")).collect()
            there |= {(row["delivery_id"], row["run_id"]): row["facts"] for row in counted}
    found = [(row, there.get((row["delivery_id"], row["run_id"]), 0)) for row in told.admissions]
    gone = [f"  {row['delivery_id']} ({row['feed']}): {row['facts']} facts admitted, {facts} there"
            for row, facts in found if facts != row["facts"]]
    if gone:
        why = f"facts of {len(gone)} deliveries are not in the lake any more (destroyed when their retention ended, or lost)"
        raise ReplayDiffers("\n".join([f"{told.release['release_id']} cannot be rebuilt: {why}:", *gone]))


# ---- scratch

@contextmanager
def scratch(settings: Settings, folder: Path) -> Iterator[Settings]:
    """Settings of an empty home in `folder` and an empty database of its own on the same server; both are gone afterwards."""
    name = folder.name.replace("-", "_").lower()
    database.create(settings, name)
    address = database.url(settings).set(database=name).render_as_string(hide_password=False)
    warehouse = f"{settings.spark.warehouse}-{name}" if settings.spark.warehouse else None
    spark = settings.spark.model_copy(update={"warehouse": warehouse})
    own = settings.model_copy(update={"home": folder / "home", "database_url": SecretStr(address), "spark": spark})
    try:
        database.up(own)
        yield own
    finally:
        database.engine(own).dispose()
        database.drop(settings, name)


def written(content: dict[str, str], folder: Path) -> Declarations:
    """The declarations as they were, whole, in a folder; raises DeclarationError where today's code cannot read them."""
    try:
        return load(unfolded(content, folder / "declared"))
    except DeclarationError as error:
        raise DeclarationError(f"today's code does not take the declarations of that release: {error}") from error


def rebuilt(own: Settings, declarations: Declarations, told: Recorded, origin: Lake, clock: Callable[[], datetime],
            say: Callable[[str], None]) -> dict[str, Any]:
    """The manifest of the release made anew in scratch; gates look at what is to be served, and nothing of this is."""
    with database.locked(own) as connection:
        night = Rebuilt(told.release["as_of"], told.release["known_at"], own, declarations, connection, clock, say,
                        inputs_hash=told.release["release_id"], run_id="replay", admissions=told.admissions,
                        origin=origin, scratch=opened(own))
        remembered(night.ledger, told)
        fit(night.lake.spark, night.ledger.rows_until(night.as_of, night.known_at) <= own.spark.few_rows)
        try:
            for stage in (match, assemble, grade):
                say(f"replay: {stage.__name__.rpartition('.')[2]}")
                stage.run(night)
            say("replay: publish, into scratch only")
            publish.prepare(night)
            return files.write(publish.staging_of(night), served(declarations), own.home, night.as_of)
        finally:
            night.lake.discard()


def remembered(ledger: Ledger, told: Recorded) -> None:
    """The scratch ledger knows what the release knew, and nothing later."""
    ledger.add("deliveries", told.deliveries)
    ledger.add("admissions", [{name: value for name, value in row.items() if name not in OF_DELIVERY} for row in told.admissions])
    ledger.add("admissions", told.held)
    for name in ("runs", "run_results"):
        ledger.add(name, told.before[name])
    ledger.add("releases", told.before["releases"], schema="credit")
    ledger.add("match_decisions", told.decisions)
    disputes = told.run["inputs"].get("disputes", [])
    ledger.add("disputes", [{name: value for name, value in row.items() if not name.startswith("rul")} for row in disputes])
    ledger.add("rulings", [{"dispute_id": row["dispute_id"], "ruling": row["ruling"], "because": row["ruled_because"],
                            "ruled_by": row["ruled_by"], "ruled_at": row["ruled_at"]} for row in disputes if row["ruling"]])
    ledger.add("retractions", told.run["inputs"].get("retractions", []))
    ledger.add("withdrawals", [{
        **row, "withdrawal_id": withdrawal_id(row["event_key"], row["channel"], row["effective_on"], row["document"]),
        "effective_on": date.fromisoformat(row["effective_on"]), "known_at": told.release["known_at"], "origin": "replay"}
        for row in told.run["inputs"]["withdrawals"]])
    ledger.connection.commit()

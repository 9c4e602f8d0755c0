"""Publish: everything a consumer reads goes to staging, is looked at by the gate, and becomes one release."""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from jobs.answers import scorecards, slips
from jobs.declarations.channels import read
from jobs.stages.run import Night
from jobs.stores.serving import compose, delta, files, shape, views
from jobs.stores.serving.staging import Staging
from jobs.stores.serving.tables import Served, empty_lines, facts_schema, organs, served

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def staging_of(night: Night) -> Staging:
    """The release is named by the hash of its inputs, its staging schema by the release."""
    return Staging(night.connection, night.inputs_hash)


def prepare(night: Night) -> dict[str, Any]:
    """Fills staging with exactly the rows that would be served; the gate comes next."""
    tables = served(night.declarations)
    staging = staging_of(night)
    staging.open()
    copied = staging.load({table: frame for one in tables for table, frame in frames(night, one).items()})
    cards = scorecards.table(night.declarations, night.ledger, staging, night.as_of, night.known_at)
    copied |= staging.load({"scorecards": cards})
    rows = compose.compose(staging, tables, night.as_of, night.known_at)
    staging.drop_raw()
    return {"staging": staging.schema, "rows_copied": sum(copied.values()), "rows": rows}


def release_of(night: Night, manifest: dict[str, Any]) -> delta.Release:
    return delta.Release(night.inputs_hash, night.as_of, night.known_at, manifest["content_hash"], manifest["manifest_sha256"],
                         inputs={"run_id": night.run_id, "declarations": night.declarations.digest}, snapshots=night.snapshots)


def frames(night: Night, table: Served) -> dict[str, DataFrame | pa.Table]:
    """What staging needs copied for one served table, by the name it has there."""
    if table.category:
        facts, needed = night.facts(table.category.category), facts_schema(night.declarations, table)
        return {f"facts_{table.category.category}": needed.empty_table() if facts is None else facts.select(needed.names)}
    if table.source == "declarations":
        return {table.name: organs(night.declarations)}
    if table.source == "slips":
        return {table.name: slips.table(night.ledger, night.declarations, night.as_of, night.known_at)}
    if table.name in ("rejects", "flaws"):
        lines = night.told(table.name)
        return {table.name: empty_lines(table) if lines is None else lines.select(list(table.columns))}
    return {table.lake: night.read(table.lake)} if table.lake else {}


def apply(night: Night) -> dict[str, Any]:
    """After the gate: files, and beside them the difference, which the release row, told of both, ends in one transaction.

    Once, however often it is run.
    """
    staging, tables = staging_of(night), served(night.declarations)
    if release := delta.published(night.connection, night.inputs_hash):
        staging.close()
        return {"release_id": release["release_id"], "content_hash": release["content_hash"], "already_published": True}
    delta.refuse_doubled_keys(staging, tables)
    shape.conform(staging, tables)
    views.regenerate(night.connection, tables, read(night.declarations))
    with ThreadPoolExecutor(1) as pool:
        manifest = pool.submit(files.write, staging, tables, night.settings.home, night.as_of)
        changes = delta.publish(staging, tables, night.as_of, lambda: release_of(night, manifest.result()))
    delta.analyze(staging, tables, changes)
    staging.close()
    release = delta.published(night.connection, night.inputs_hash)
    return {name: release[name] for name in ("release_id", "sequence", "release_status", "supersedes", "content_hash")} | {
        "already_published": False, "changes": changes}

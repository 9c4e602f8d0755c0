"""The gate after a stage: the suites over what it wrote; one may hold deliveries, every other may stop the release."""
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jobs.declarations.load import DeclarationError, known
from jobs.declarations.policies import Suite
from jobs.stages.run import GateStopped, Night
from jobs.stores.checks import batches, docs, reports, suites
from jobs.stores.checks.results import CheckResult, checked
from jobs.stores.serving.staging import schema_name

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def held(night: Night) -> dict[str, str]:
    """The deliveries that a suite over their metrics holds, with why; raises GateStopped where the rows of the others fail."""
    if not night.deliveries:
        return {}
    results = [result for suite in of(night, "standardise", "metrics") for result in on_metrics(night, suite)]
    reasons = reports.held(results)
    kept = {row["delivery_id"]: row["category"] for row in night.delivery_metrics if row["delivery_id"] not in {**night.held, **reasons}}
    for suite in of(night, "standardise", "spark"):
        if (rows := written(night, suite.table, kept)) is not None:
            results += checked(suite, batches.of_spark(suite, rows))
    decide(night, "standardise", results)
    return {delivery: reason for delivery, reason in reasons.items() if delivery not in night.held}


def check(night: Night, stage: str) -> list[CheckResult]:
    """Every suite of the stage over exactly what it wrote; raises GateStopped where one fails that may stop the release."""
    on = on_staging if stage == "publish" else on_snapshots
    return decide(night, stage, on(night, of(night, stage)))


def of(night: Night, stage: str, engine: str | None = None) -> list[Suite]:
    return [suite for _, suite in sorted(night.declarations.suites.items()) if suite.stage == stage and engine in (None, suite.engine)]


def on_metrics(night: Night, suite: Suite) -> list[CheckResult]:
    import pandas as pd

    frame = pd.DataFrame(night.delivery_metrics)
    return checked(suite, batches.of_metrics(suite, frame), keys=len(frame))


def written(night: Night, table: str, kept: dict[str, str]) -> DataFrame | None:
    """What this run appended for the deliveries that are not held, None where it is nothing."""
    category = table.partition(".")[2]
    mine = [(delivery, night.run_id) for delivery, of_category in sorted(kept.items()) if category in ("", of_category)]
    return night.lake.admitted(table, mine) if mine and night.lake.exists(table) else None


def on_snapshots(night: Night, declared: list[Suite]) -> list[CheckResult]:
    for suite in declared:
        suites.validate_suite(suite)
        if suite.table not in night.snapshots:
            raise DeclarationError(f"expectations/{suite.suite}.yml: table: {suite.table!r} is not written by {suite.stage} or before it; "
                                   f"known: {known(night.snapshots)}")
    return [result for suite in declared for result in checked(suite, batches.of_spark(suite, night.read(suite.table)))]


def on_staging(night: Night, declared: list[Suite]) -> list[CheckResult]:
    schema = schema_name(night.inputs_hash)
    with batches.staging(night.connection, schema) as source:
        return [result for suite in declared for result in checked(suite, batches.of_postgres(suite, source, schema))]


def decide(night: Night, stage: str, results: list[CheckResult]) -> list[CheckResult]:
    """The results in the ledger; what failed is said, and stops the release where it may."""
    night.ledger.add("check_results", [result.row(night.run_id) for result in results])
    for line in reports.warnings(results):
        night.say(f"{stage}: {line}")
    if stopping := reports.stopping(results, night.declarations.suites):
        raise GateStopped(reports.message(stage, night.as_of, results, stopping))
    return results


def write_docs(night: Night, folder: Path) -> int:
    """Data Docs of every check of this night, those of earlier processes too; the number of suites shown."""
    return docs.write(reports.of_night(night.ledger, night.inputs_hash, night.declarations.suites), folder, night.known_at)

"""The gate after a stage: the suites over what it wrote; one may hold deliveries, every other may stop the release."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from jobs.declarations.policies import Suite
from jobs.stages.run import GateStopped, Night
from jobs.stores.checks import batches, docs, reports, suites
from jobs.stores.checks.results import CheckResult, checked
from jobs.stores.serving.staging import schema_name


def held(night: Night) -> dict[str, str]:
    """The deliveries that a suite over their metrics holds, with why; raises GateStopped where rows of the others fail."""
    if not night.deliveries:
        return {}
    results = on_metrics(night, "standardise", night.delivery_metrics)
    low = {row["delivery_id"]: f"{row['fill_low']}: " for row in night.delivery_metrics if row["fill_low"]}
    reasons = {name: low.get(name, "") + why for name, why in reports.held(results).items() if name not in night.held}
    for suite in of(night, "standardise", "spark"):
        if (rows := night.written(suite.table, {*night.held, *reasons})) is not None:
            results += checked(suite, batches.of_spark(suite, rows))
            rows.unpersist()
    decide(night, "standardise", results)
    return reasons


def check(night: Night, stage: str) -> list[CheckResult]:
    """Every suite of the stage over exactly what it wrote; raises GateStopped where one fails that may stop the release."""
    on = on_staging if stage == "publish" else on_snapshots
    return decide(night, stage, on_metrics(night, stage, night.completeness) + on(night, of(night, stage, "spark", "postgres")))


def of(night: Night, stage: str, *engines: str) -> list[Suite]:
    return [suite for _, suite in sorted(night.declarations.suites.items()) if suite.stage == stage and suite.engine in engines]


def on_metrics(night: Night, stage: str, rows: list[dict[str, Any]]) -> list[CheckResult]:
    found = [suite for suite in of(night, stage, "metrics") if rows]
    return [result for suite in found for result in checked(suite, batches.of_metrics(suite, rows), keys=len(rows))]


def on_snapshots(night: Night, declared: list[Suite]) -> list[CheckResult]:
    suites.require_tables(declared, night.snapshots)
    return [result for suite in declared for result in checked(suite, batches.of_spark(suite, night.read(suite.table)))]


def on_staging(night: Night, declared: list[Suite]) -> list[CheckResult]:
    with batches.staging(night.connection, schema_name(night.inputs_hash)) as staging:
        return [result for suite in declared for result in checked(suite, batches.of_postgres(suite, staging))]


def decide(night: Night, stage: str, results: list[CheckResult]) -> list[CheckResult]:
    """The results in the ledger; what failed is said, and stops the release where it may."""
    night.ledger.add("check_results", [result.row(night.run_id) for result in results])
    for line in reports.warnings(results):
        night.say(f"{stage}: {line}")
    if stopping := reports.stopping(results, night.declarations.suites):
        raise GateStopped(reports.message(stage, night.as_of, results, stopping))
    return results


def write_docs(night: Night, folder: Path) -> int:
    """Data Docs of every check of this night, those of its earlier processes too; the number of suites shown."""
    return docs.write(reports.of_night(night.ledger, night.inputs_hash, night.declarations.suites), folder, night.known_at)

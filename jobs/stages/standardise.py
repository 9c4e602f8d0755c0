"""Standardise: the rows of undecided deliveries become facts, rejects, flaws and counts; what does not balance is held."""
from __future__ import annotations

from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.facts import accounts, cleaning
from jobs.facts.plan import HeaderUnknown, Plan, plan
from jobs.stages.run import Night
from jobs.stores.serving import withdrawals


def run(night: Night) -> dict[str, Any]:
    night.deliveries = night.ledger.undecided(night.as_of, night.known_at)
    plans, held = planned(night)
    counted, reasons = [], []
    for category in sorted({one.category.category for one in plans}):
        frame = cleaned(night, [one for one in plans if one.category.category == category]).persist()
        write(night, frame, category)
        withdraw(night, frame, category)
        counted += collected(cleaning.accounts(frame))
        reasons += collected(cleaning.reasons(frame))
        frame.unpersist()
    night.delivery_metrics = accounts.measured(night.declarations, night.deliveries, counted, held)
    night.held = held
    return {"deliveries": night.delivery_metrics, "reasons": reasons, "held": held, "warned": unknown_labels(plans)}


def planned(night: Night) -> tuple[list[Plan], dict[str, str]]:
    """How each delivery is to be read, and those whose header is not the declared one, with why."""
    plans, held = [], {}
    for delivery in night.deliveries:
        try:
            plans.append(plan(night.declarations, delivery, night.run_id))
        except HeaderUnknown as error:
            held[delivery["delivery_id"]] = f"header_unknown: {error}"
    return plans, held


def unknown_labels(plans: list[Plan]) -> dict[str, list[str]]:
    """Labels that arrived and no feed declares: read by nobody, and said."""
    return {one.delivery_id: one.unknown for one in plans if one.unknown}


def cleaned(night: Night, plans: list[Plan]) -> DataFrame:
    rows = {row["delivery_id"]: night.objects.address(row["rows_object"]) for row in night.deliveries}
    frame = cleaning.outcomes(night.lake.spark, plans, rows)
    return cleaning.with_duplicates(cleaning.checked(frame, plans[0].category).persist())


def write(night: Night, frame: DataFrame, category: str) -> None:
    night.lake.append(cleaning.facts(frame), f"facts.{category}")
    night.lake.append(cleaning.rejects(frame), "rejects")
    night.lake.append(cleaning.flaws(frame), "flaws")


def withdraw(night: Night, frame: DataFrame, category: str) -> None:
    """A repair takes its target out of every channel now, before any gate, and a held delivery's counts (law 9)."""
    if not night.declarations.categories[category].targets:
        return
    found = frame.where("outcome = 'fact' and target_event_key is not null").select(
        "target_event_key", "fact_id", F.coalesce("document_no", "fact_id").alias("document"),
        F.coalesce("effective_date", "decision_date", F.to_date("received_at")).alias("effective_on"))
    for row in collected(found.orderBy("target_event_key", "fact_id")):
        withdrawals.withdraw(night.connection, known_at=night.known_at, **accounts.withdrawal_of(row))


def collected(frame: DataFrame) -> list[dict[str, Any]]:
    return [row.asDict() for row in frame.collect()]


def admit(night: Night) -> None:
    """After the gate: the ledger says which deliveries count from now on."""
    night.ledger.add("admissions", accounts.admissions(night.delivery_metrics, night.held, night.run_id, night.known_at))

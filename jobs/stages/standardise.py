"""Standardise: the rows of undecided deliveries become facts, rejects, flaws and counts; what does not balance is held."""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.facts import accounts, cleaning
from jobs.facts.plan import HeaderUnknown, Plan, plan
from jobs.stages.run import Night
from jobs.stores.serving import withdrawals


AT_ONCE = 3  # categories under way: the planning of one overlaps the work of another


def run(night: Night) -> dict[str, Any]:
    night.deliveries = night.ledger.undecided(night.as_of, night.known_at)
    plans, held = planned(night)
    if plans:
        night.lake.ensure("rejects", cleaning.LINES)  # several categories write these two at once
        night.lake.ensure("flaws", cleaning.FLAW_LINES)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = list(pool.map(lambda category: decided(night, category, plans), sorted({one.category.category for one in plans})))
    for repairs in told:
        withdraw(night, repairs["withdrawals"])
    night.delivery_metrics = accounts.measured(night.declarations, night.deliveries, [row for one in told for row in one["accounts"]], held)
    night.held = held
    return {"deliveries": night.delivery_metrics, "reasons": [row for one in told for row in one["reasons"]], "held": held,
            "warned": unknown_labels(plans)}


def decided(night: Night, category: str, plans: list[Plan]) -> dict[str, list[dict[str, Any]]]:
    """All that one category's deliveries are: written, and told for the ledger."""
    night.say(f"standardise: {category}")
    frame = cleaned(night, [one for one in plans if one.category.category == category]).persist()
    again = cleaning.repeated(frame).persist()
    outcomes = cleaning.with_duplicates(frame, again)
    write(night, outcomes, category)
    told = {"accounts": collected(cleaning.accounts(outcomes)), "reasons": collected(cleaning.reasons(outcomes)),
            "withdrawals": withdrawing(night, outcomes, category)}
    frame.unpersist()
    again.unpersist()
    return told


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
    return cleaning.checked(cleaning.outcomes(night.lake.spark, plans, rows), plans[0].category)


def write(night: Night, frame: DataFrame, category: str) -> None:
    night.lake.append(cleaning.facts(frame), f"facts.{category}")
    night.lake.append(cleaning.rejects(frame), "rejects")
    night.lake.append(cleaning.flaws(frame), "flaws")


def withdrawing(night: Night, frame: DataFrame, category: str) -> list[dict[str, Any]]:
    """The withdrawals that the repairs among these facts are; of a held delivery too (law 9)."""
    if not night.declarations.categories[category].targets:
        return []
    found = frame.where("outcome = 'fact' and target_event_key is not null").select(
        "target_event_key", "fact_id", F.coalesce("document_no", "fact_id").alias("document"),
        F.coalesce("effective_date", "decision_date", F.to_date("received_at")).alias("effective_on"))
    return [accounts.withdrawal_of(row) for row in collected(found.orderBy("target_event_key", "fact_id"))]


def withdraw(night: Night, rows: list[dict[str, Any]]) -> None:
    """A repair takes its target out of every channel now, before any gate."""
    for row in rows:
        withdrawals.withdraw(night.connection, known_at=night.known_at, **row)


def collected(frame: DataFrame) -> list[dict[str, Any]]:
    return [row.asDict() for row in frame.collect()]


def admit(night: Night) -> None:
    """After the gate: the ledger says which deliveries count from now on."""
    night.ledger.add("admissions", accounts.admissions(night.delivery_metrics, night.held, night.run_id, night.known_at))

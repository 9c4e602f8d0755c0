"""Standardise: the rows of undecided deliveries become facts, rejects, flaws and counts; what does not balance is held."""
from __future__ import annotations

from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.facts import cleaning
from jobs.facts.plan import HeaderUnknown, Plan, plan
from jobs.stages import gate
from jobs.stages.run import Night
from jobs.stores.serving import withdraw


def run(night: Night) -> dict[str, Any]:
    deliveries = night.ledger.undecided(night.as_of, night.known_at)
    plans, held = planned(night, deliveries)
    accounts, reasons = [], []
    for category in sorted({one.category.category for one in plans}):
        frame = cleaned(night, [one for one in plans if one.category.category == category]).persist()
        write(night, frame, category)
        withdrawn(night, frame, category)
        accounts += [row.asDict() for row in cleaning.accounts(frame).collect()]
        reasons += [row.asDict() for row in cleaning.reasons(frame).collect()]
        frame.unpersist()
    night.delivery_metrics = measured(night, deliveries, accounts, held)
    held |= gate.held(night)
    admit(night, deliveries, night.delivery_metrics, held)
    return {"deliveries": night.delivery_metrics, "reasons": reasons, "held": held}


def planned(night: Night, deliveries: list[dict[str, Any]]) -> tuple[list[Plan], dict[str, str]]:
    """How each delivery is to be read, and those whose header is not the declared one, with why."""
    plans, held = [], {}
    for delivery in deliveries:
        try:
            plans.append(plan(night.declarations, delivery, night.run_id))
        except HeaderUnknown as error:
            held[delivery["delivery_id"]] = f"header_unknown: {error}"
    return plans, held

"""Standardise: the rows of undecided deliveries become facts, rejects, flaws and counts; what does not balance is held."""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from pyspark.sql import DataFrame

from jobs.facts import accounts, cleaning, versions
from jobs.facts.keeping import collected, kept, let_go
from jobs.facts.plan import HeaderUnknown, Plan, plan
from jobs.stages.run import Night
from jobs.stores.objects import rows
from jobs.stores.serving import withdrawals

AT_ONCE = 3  # tables under way: the planning of one overlaps the work of another


def run(night: Night) -> dict[str, Any]:
    night.deliveries = night.ledger.to_decide(night.as_of, night.known_at, night.anew)
    plans, night.held = planned(night)
    frames = {name: cleaned(night, [one for one in plans if one.category.category == name]).persist()
              for name in sorted({one.category.category for one in plans})}
    told = decided(night, frames) if frames else {"accounts": [], "reasons": []}
    night.delivery_metrics = accounts.measured(night.declarations, night.deliveries, told.pop("accounts"), night.held)
    unknown = {one.delivery_id: one.unknown for one in plans if one.unknown}  # labels nobody declares: not read, and said
    refused = {one.delivery_id: one.not_collected for one in plans if one.not_collected}
    return {"deliveries": night.delivery_metrics, **told, "held": night.held, "warned": unknown, "refused": refused}


def planned(night: Night) -> tuple[list[Plan], dict[str, str]]:
    """How each delivery is to be read, and those whose header is not the declared one, with why."""
    plans, held = [], {}
    for delivery in night.deliveries:
        try:
            plans.append(plan(night.declarations, delivery, night.run_id, night.settings.token_key))
        except HeaderUnknown as error:
            held[delivery["delivery_id"]] = f"header_unknown: {error}"
    return plans, held


def cleaned(night: Night, plans: list[Plan]) -> DataFrame:
    objects = {row["delivery_id"]: (row["rows_object"], row["rows_received"]) for row in night.deliveries}
    outcomes = cleaning.outcomes(night.lake.spark, plans, objects, partial(rows, night.settings))
    return cleaning.checked(outcomes, plans[0].category)


def decided(night: Night, frames: dict[str, DataFrame]) -> dict[str, list[dict[str, Any]]]:
    """All that the rows are, by category: written, withdrawn where they end an act, and told for the ledger."""
    night.say(f"standardise: {', '.join(frames)}")
    told = kept(cleaning.told(frames, declared := night.declarations))
    again = kept(cleaning.repeated(told))
    outcomes = {name: cleaning.with_duplicates(frame, again) for name, frame in frames.items()}
    every = cleaning.with_duplicates(told, again)
    write(night, outcomes, every)
    withdraw(night, versions.withdrawn(outcomes, declared.categories))
    counted = {"accounts": collected(cleaning.accounts(every, declared.feeds)), "reasons": collected(cleaning.reasons(every))}
    let_go(*frames.values(), told, again)
    return counted


def write(night: Night, outcomes: dict[str, DataFrame], every: DataFrame) -> None:
    """Facts by category, rejects and flaws of all: each table in one commit."""
    tables = {f"facts.{name}": cleaning.facts(frame) for name, frame in outcomes.items()}
    tables |= {"rejects": cleaning.rejects(every), "flaws": cleaning.flaws(every)}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda table: night.lake.append(tables[table], table), tables))


def withdraw(night: Night, ends: DataFrame | None) -> None:
    """What is repaired, revoked or replaced leaves every channel now, before any gate; that of a held delivery too (law 9)."""
    for one in accounts.withdrawals(collected(ends), night.deliveries) if ends else []:
        withdrawals.withdraw(night.connection, known_at=night.known_at, **one)


def admit(night: Night) -> None:
    """After the gate: the ledger says which deliveries count from now on."""
    decided = accounts.admissions(night.declarations, night.deliveries, night.delivery_metrics, night.held)
    night.ledger.add("admissions", [{**row, "run_id": night.run_id, "known_at": night.known_at} for row in decided])

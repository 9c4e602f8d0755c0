"""Files as they may arrive, taken at the door and cleaned by Spark with the checks between fields: accounted for to the row."""
from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from jobs.declarations import Declarations
from jobs.declarations.settings import Settings, settings
from jobs.facts import accounts, cleaning
from jobs.facts.plan import HeaderUnknown, Plan, plan
from jobs.readers import Limits
from jobs.readers.inspect import inspect
from jobs.readers.reading import ADVICE
from jobs.stages.deliveries import take
from jobs.stores.objects import objects, rows
from jobs.stores.transports import Arrival
from tests.readers.mutated import HOUSING_FUND, PENALTIES, Case, cases, mutated

FILES = 32  # of each feed
AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
ACCOUNT = ("rows_received", "rows_blank", "rows_title", "rows_footer", "rows_hidden")


def taken(declared: Declarations, home: Settings, folder: Path) -> list[dict[str, Any]]:
    """The ledger rows of some mutated files of each of three feeds, each delivery once."""
    known = cases(declared)
    chosen = {"csv": known["csv"], PENALTIES: known[PENALTIES], HOUSING_FUND: known[HOUSING_FUND]}
    told = [one(declared, home, folder / f"{name}-{seed}", case, seed) for name, case in chosen.items() for seed in range(FILES)]
    return list({delivery["delivery_id"]: delivery for delivery in told}.values())


def one(declared: Declarations, home: Settings, path: Path, case: Case, seed: int) -> dict[str, Any]:
    path.write_bytes(mutated(case, random.Random(seed)))
    return take(Arrival(case.feed, path, date(2026, 11, 20), AT), inspect(path, Limits()), declared, objects(home))


def plans_of(declared: Declarations, received: list[dict[str, Any]]) -> tuple[list[Plan], dict[str, str]]:
    plans, held = [], {}
    for delivery in received:
        try:
            plans.append(plan(declared, delivery, "run"))
        except HeaderUnknown as error:
            held[delivery["delivery_id"]] = str(error)
    return plans, held


@pytest.fixture(scope="module")
def mutants(declared: Declarations, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, list[dict[str, Any]]]:
    home = settings(home=tmp_path_factory.mktemp("mutants"))
    return home, taken(declared, home, tmp_path_factory.mktemp("files"))


def test_at_the_door_every_record_is_counted_or_the_file_says_why_not(mutants) -> None:
    for delivery in mutants[1]:
        if delivery["delivery_status"] == "received":
            assert delivery["rows_physical"] == sum(delivery[name] for name in ACCOUNT)
        else:
            assert delivery["delivery_status"] == "quarantined"
            assert delivery["reason"] in ADVICE
    assert min(Counter(delivery["delivery_status"] for delivery in mutants[1]).values()) > 5


def test_after_the_checks_between_fields_every_row_has_one_outcome_and_each_loss_its_reason(
        mutants, declared: Declarations, spark: SparkSession) -> None:
    home, deliveries = mutants
    received = [delivery for delivery in deliveries if delivery["delivery_status"] == "received"]
    plans, held = plans_of(declared, received)
    keys = {one["delivery_id"]: (one["rows_object"], one["rows_received"]) for one in received}
    frames = {}
    for category in sorted({one.category.category for one in plans}):
        of = [one for one in plans if one.category.category == category]
        frames[category] = cleaning.checked(cleaning.outcomes(spark, of, keys, partial(rows, home)), of[0].category)
    told = cleaning.told(frames, declared).persist()
    every = cleaning.with_duplicates(told, cleaning.repeated(told))
    counted = [row.asDict() for row in cleaning.accounts(every, declared.feeds).collect()]
    taken = [{**one, "first_admitted_at": one["received_at"]} for one in received]
    metrics = accounts.measured(declared, taken, counted, held)
    assert [one for one in metrics if not one["balanced"]] == []
    total = Counter()
    for one in metrics:
        total.update({name: one[name] for name in ("facts", "flaws", "rows_rejected", "rows_duplicate", "rows_personal")})
    assert min(total.values()) > 5, total
    lost = [row for row in every.select("outcome", "reject_field", "reject_reason", "flaws").collect()]
    assert [row for row in lost if bool(row.reject_field and row.reject_reason) != (row.outcome == "reject")] == []
    assert [flaw for row in lost for flaw in row.flaws or () if not (flaw.field and flaw.reason)] == []
    broken = {check.reason for one in plans for check in one.category.checks}
    assert broken & {flaw.reason for row in lost for flaw in row.flaws or ()}
    assert broken & {row.reject_reason for row in lost}
    told.unpersist()

"""How the rows of a category's deliveries are shared out among tasks."""
from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from jobs.declarations import Declarations
from jobs.facts.cleaning import LEAST_ROWS, TASK_ROWS, shares
from jobs.facts.plan import plan


@pytest.mark.parametrize(("rows", "at_least", "tasks"), [
    ([LEAST_ROWS, LEAST_ROWS], 2, 2), ([LEAST_ROWS * 2], 2, 2), ([LEAST_ROWS], 2, 1), ([0], 2, 1), ([1, 1, 1], 4, 1),
    ([LEAST_ROWS * 20, 1, 1, 1], 2, 3), ([TASK_ROWS * 5], 2, 5)])
def test_every_part_of_every_delivery_is_read_once(declared: Declarations, rows: list[int], at_least: int, tasks: int) -> None:
    labels = declared.feeds["city_penalties"].labels
    delivery = {"feed": "city_penalties", "header": labels, "covers": date(2026, 11, 20),
                "received_at": datetime(2026, 11, 20, tzinfo=UTC)}
    plans = [plan(declared, {**delivery, "delivery_id": f"{place}"}, "run") for place in range(len(rows))]
    shared = shares(plans, {f"{place}": (f"rows/{place}", count) for place, count in enumerate(rows)}, at_least)
    assert len(shared) == tasks
    told = [(share.key, share.number, share.of) for task in shared for share in task]
    assert len(set(told)) == len(told)
    assert {key for key, _, _ in told} == {f"rows/{place}" for place in range(len(rows))}
    assert all(sorted(number for other, number, _ in told if other == key) == list(range(of)) for key, _, of in told)

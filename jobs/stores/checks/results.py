"""What the checks found: verdicts first, then of the failures alone how many rows and which, by key."""
from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jobs.declarations.policies import Suite
from jobs.stores.checks import suites

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.datasource.fluent.interfaces import Batch
    from great_expectations.expectations.expectation import Expectation

KEYS = 100  # row keys kept of a failure
BY_FEED = ("feed", "rows")  # what a query may give instead of row keys, where many rows of a feed say one thing
LONGEST = 200  # characters of an argument on one line: a query over working days names hundreds of them
RAISED = re.compile(r"^([A-Za-z_][\w.]*(?:Error|Exception))\b", re.MULTILINE)


class CheckError(Exception):
    """An expectation could be neither met nor missed: the check itself failed. Exit code 3."""


@dataclass(frozen=True)
class CheckResult:
    """One expectation of one suite: whether it holds, and which rows break it."""

    suite: str
    position: int
    expectation: str
    arguments: dict[str, Any]
    severity: str
    because: str
    success: bool
    unexpected_count: int = 0
    keys: tuple[dict[str, Any], ...] = ()

    @property
    def told(self) -> str:
        """The expectation with its arguments, on one line."""
        given = ", ".join(f"{name}={textwrap.shorten(str(value), LONGEST, placeholder=' …')}"
                          for name, value in self.arguments.items())
        return f"{self.expectation}({given})"

    def row(self, run_id: str) -> dict[str, Any]:
        """The ledger's row."""
        names = ("suite", "expectation", "severity", "position", "success", "unexpected_count", "because")
        return {"run_id": run_id, **{name: getattr(self, name) for name in names}, "keys": list(self.keys)}


def checked(suite: Suite, batch: Batch, keys: int = KEYS) -> list[CheckResult]:
    """One result for each expectation, in declared order; of each failure up to `keys` row keys."""
    from great_expectations import ExpectationSuite

    expectations = suites.built(suite)
    verdicts = batch.validate(ExpectationSuite(suite.suite, expectations), result_format="BOOLEAN_ONLY").results
    success = {verdict.expectation_config.meta["position"]: passed(suite, verdict) for verdict in verdicts}
    return [result(suite, position, True) if success[position] else failure(suite, position, batch, expectation, keys)
            for position, expectation in enumerate(expectations)]


def result(suite: Suite, position: int, success: bool, **found: Any) -> CheckResult:
    declared = suite.expectations[position]
    return CheckResult(suite.suite, position, declared.expectation, declared.arguments, declared.severity, declared.because,
                       success, **found)


def failure(suite: Suite, position: int, batch: Batch, expectation: Expectation, keys: int) -> CheckResult:
    """The failure once more, with its rows; the values that break the expectation stay where they are."""
    query = suites.QUERY in suite.expectations[position].arguments
    found = batch.validate(expectation, result_format={
        "result_format": "COMPLETE" if query else "SUMMARY", "partial_unexpected_count": keys,
        "unexpected_index_column_names": suite.key, "exclude_unexpected_values": True, "include_unexpected_rows": False,
        "return_unexpected_index_query": False})
    passed(suite, found)
    count, rows = rows_of_query(found.result) if query else rows_of_map(found.result)
    names = BY_FEED if by_feed(rows) else suite.key
    kept = sorted(({name: readable(row[name]) for name in names if name in row} for row in rows), key=str)
    return result(suite, position, False, unexpected_count=count, keys=tuple(kept[:keys]))


def rows_of_query(found: dict[str, Any]) -> tuple[int, list[dict[str, Any]]]:
    rows = found["details"]["unexpected_rows"]
    return sum(row["rows"] for row in rows) if by_feed(rows) else found["observed_value"], rows


def by_feed(rows: list[dict[str, Any]]) -> bool:
    return bool(rows) and all(set(BY_FEED) <= set(row) for row in rows)


def rows_of_map(found: dict[str, Any]) -> tuple[int, list[dict[str, Any]]]:
    """A list for each key column, side by side; an expectation about the table as a whole names no rows."""
    told = found.get("partial_unexpected_index_list") or [{}]
    rows = [dict(zip(told[0], row, strict=True)) for row in zip(*told[0].values(), strict=True)]
    return found.get("unexpected_count") or 0, rows


def readable(value: Any) -> str | int | bool | None:
    return value if isinstance(value, (str, int, bool)) or value is None else str(value)


def passed(suite: Suite, verdict: ExpectationValidationResult) -> bool:
    """Whether it holds; one that raised does neither, and of its message, which may quote values, only the kind is told."""
    info = verdict.exception_info or {}
    told = [info] if "raised_exception" in info else list(info.values())
    if any(one["raised_exception"] for one in told):
        kinds = sorted({kind for one in told for kind in RAISED.findall(one["exception_traceback"] or "")})
        where = suites.place(suite, verdict.expectation_config.meta["position"])
        raise CheckError(f"{where}: {verdict.expectation_config.type} could not be run on table {suite.table}: "
                          f"{', '.join(kinds)}")
    return bool(verdict.success)

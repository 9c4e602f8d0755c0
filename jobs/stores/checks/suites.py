"""Declared suites as expectations of the library; what is wrong with one is said with file, key, value seen, values known."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from jobs.declarations.files import DeclarationError, among
from jobs.declarations.policies import Suite
from jobs.stores.checks import engine

if TYPE_CHECKING:
    from great_expectations.expectations.expectation import Expectation

QUERY = "unexpected_rows_query"
COLUMNS = ("column", "column_A", "column_B", "column_list")
# What the library takes beside the arguments proper; the declaration says these by keys of its own, or not at all.
OURS = {"id", "meta", "notes", "result_format", "description", "catch_exceptions", "rendered_content", "severity", "windows",
        "batch_id"}
SEVERITY = {"fail": "critical", "warn": "warning"}
ENGINES = {"standardise": {"metrics", "spark"}, "assemble": {"metrics", "spark"}, "publish": {"postgres"}}  # every other: spark


def place(suite: Suite, position: int) -> str:
    """Where an expectation is declared."""
    return f"expectations/{suite.suite}.yml: expectations.{position}"


def validate(declared: Mapping[str, Suite]) -> None:
    """Raises DeclarationError for the first suite that could not be run: before hours of work, not after them."""
    for suite in declared.values():
        validate_suite(suite)


def validate_suite(suite: Suite) -> None:
    """Raises DeclarationError unless every expectation exists, takes its arguments and fits the engine of the suite."""
    allowed = ENGINES.get(suite.stage, {"spark"})
    if suite.engine not in allowed:
        raise DeclarationError(f"expectations/{suite.suite}.yml: engine: {suite.engine!r} does not read what {suite.stage} "
                               f"wrote; {among(suite.engine, allowed)}")
    for position, expectation in enumerate(built(suite)):
        declared = suite.expectations[position]
        if suite.engine == "metrics" and declared.severity == "fail" and suite.stage != "standardise":
            raise DeclarationError(f"{place(suite, position)}.severity: metrics of {suite.stage} hold and stop nothing "
                                   "(seen: 'fail'); known: warn")
        if suite.engine == "metrics" and declared.severity == "fail" and not engine.names_rows(type(expectation)):
            raise DeclarationError(f"{place(suite, position)}: {declared.expectation} does not say which rows failed, so it "
                                   "cannot hold a delivery: make it a `warn`, or expect something of each row")


def built(suite: Suite) -> list[Expectation]:
    """The suite's expectations in declared order, each knowing its position."""
    return [one(suite, position) for position in range(len(suite.expectations))]


def one(suite: Suite, position: int) -> Expectation:
    from pydantic.v1 import ValidationError

    declared, names = suite.expectations[position], engine.known()
    if declared.expectation not in names:
        raise DeclarationError(f"{place(suite, position)}.expectation: {declared.expectation!r} is unknown; "
                               f"known: {', '.join(names)}")
    kind = engine.named(declared.expectation)
    takes = sorted(set(kind.__fields__) - OURS)
    if unknown := sorted(set(declared.arguments) - set(takes)):
        raise DeclarationError(f"{place(suite, position)}.arguments: {', '.join(unknown)} not taken by {declared.expectation}; "
                               f"known: {', '.join(takes)}")
    query = declared.arguments.get(QUERY)
    if query is not None and "{batch}" not in query:
        raise DeclarationError(f"{place(suite, position)}.arguments.{QUERY}: must read from {{batch}}, the rows under check")
    try:
        return kind(**declared.arguments, severity=SEVERITY[declared.severity], meta={"position": position})
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise DeclarationError(f"{place(suite, position)}.arguments: {faults} (seen: {declared.arguments}); "
                               f"known: {', '.join(takes)}") from error


def columns(suite: Suite) -> dict[str, str]:
    """Every column the suite compares or names rows by, with the place that names it; the columns in a query are its own."""
    named = {column: f"expectations/{suite.suite}.yml: key" for column in suite.key}
    for position, declared in enumerate(suite.expectations):
        for argument in COLUMNS:
            for column in listed(declared.arguments.get(argument)):
                named.setdefault(column, f"{place(suite, position)}.arguments.{argument}")
    return named


def listed(value: Any) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def whole_rows(suite: Suite) -> bool:
    """Whether the suite may look at columns that it does not name one by one: in a query or a row condition."""
    return any({QUERY, "row_condition"} & set(declared.arguments) or not set(COLUMNS) & set(declared.arguments)
               for declared in suite.expectations)


def require_tables(declared: list[Suite], written: Collection[str]) -> None:
    """Raises DeclarationError for the first suite over a table that the night has not written."""
    for suite in declared:
        if suite.table not in written:
            raise DeclarationError(f"expectations/{suite.suite}.yml: table: {suite.table!r} is not written by {suite.stage} "
                                   f"nor before it; {among(suite.table, written)}")


def require_columns(suite: Suite, present: Collection[str]) -> None:
    """Raises DeclarationError for the first column of the suite that the table does not have."""
    for column, where in columns(suite).items():
        if column not in present:
            raise DeclarationError(f"{where}: column {column!r} is not in table {suite.table}; {among(column, present)}")

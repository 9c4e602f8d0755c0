"""The rows under check as the library wants them: a Spark frame, a pandas frame of metrics, a table in PostgreSQL staging."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jobs.declarations.policies import Suite
from jobs.stores import database
from jobs.stores.checks import engine, suites

if TYPE_CHECKING:
    import sqlalchemy as sa
    from great_expectations.datasource.fluent.interfaces import Batch, Datasource
    from pyspark.sql import DataFrame

WHOLE = "whole"


def of_spark(suite: Suite, frame: DataFrame) -> Batch:
    """The frame's rows, read anew for each question: only the columns that are asked about, where the suite tells them."""
    suites.require_columns(suite, frame.columns)
    rows = frame if suites.whole_rows(suite) else frame.select(*suites.columns(suite))
    return of_frame(engine.context().data_sources.add_or_update_spark("spark", persist=False), suite, rows)


def of_metrics(suite: Suite, rows: list[dict[str, Any]]) -> Batch:
    """One row a delivery, or a feed."""
    import pandas as pd

    frame = pd.DataFrame(rows)
    suites.require_columns(suite, list(frame.columns))
    return of_frame(engine.context().data_sources.add_or_update_pandas("metrics"), suite, frame)


def of_frame(source: Datasource, suite: Suite, frame: Any) -> Batch:
    asset = source.add_dataframe_asset(suite.suite)
    return asset.add_batch_definition_whole_dataframe(WHOLE).get_batch({"dataframe": frame})


@dataclass(frozen=True)
class Staging:
    """The staging schema of a release as a source of batches."""

    source: Datasource
    schema: str


@contextmanager
def staging(connection: sa.Connection, schema: str) -> Iterator[Staging]:
    """Staging tables, read only, through connections that are gone afterwards: one left open would block the release."""
    address = connection.engine.url.render_as_string(hide_password=False)
    # What a query compares with must fit the hash: beyond that PostgreSQL looks through the whole table for every row.
    memory = "-c work_mem=512MB"
    options = f"{database.OPTIONS} -c default_transaction_read_only=on -c search_path={schema} {memory}"
    source = engine.context().data_sources.add_or_update_postgres(
        "staging", connection_string=address, create_temp_table=False,
        kwargs={"connect_args": {"options": options}, "isolation_level": "AUTOCOMMIT"})
    try:
        yield Staging(source, schema)
    finally:
        source.get_engine().dispose()
        engine.context().data_sources.delete("staging")


def of_postgres(suite: Suite, staging: Staging) -> Batch:
    """One staging table; in a query the other tables of the release are known by their names."""
    import sqlalchemy as sa

    found = sa.inspect(staging.source.get_engine()).get_columns(suite.table, schema=staging.schema)
    suites.require_columns(suite, [column["name"] for column in found])
    asset = staging.source.add_table_asset(suite.suite, table_name=suite.table, schema_name=staging.schema)
    return asset.add_batch_definition_whole_table(WHOLE).get_batch()

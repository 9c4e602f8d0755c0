"""Lake tables of an older code: what is written to them now may have more columns, or others, in any order."""
from __future__ import annotations

from collections.abc import Callable

import pytest
from pyspark.sql import SparkSession

from jobs.declarations.settings import Settings
from jobs.stores.lake import Lake, opened

OLDER = "select 1 as known, array('core:a') as keys, 'said so' as said"
NEWER = "select 2 as known, 'a' as parts, array('core:b') as keys, 'v2' as version"


@pytest.fixture(scope="module")
def lake(new_home: Callable[..., Settings], spark: SparkSession) -> Lake:
    return opened(new_home())


def test_a_derived_table_takes_a_column_between_its_own(lake: Lake, spark: SparkSession) -> None:
    older = lake.replace(spark.sql(OLDER), "compared_names")
    newer = lake.replace(spark.sql(NEWER), "compared_names")
    [row] = lake.read("compared_names", newer).select("known", "parts", "keys", "version", "said").collect()
    assert tuple(row) == (2, "a", ["core:b"], "v2", None)
    [row] = lake.read("compared_names", older).collect()
    assert row.asDict() == {"known": 1, "keys": ["core:a"], "said": "said so"}


def test_facts_take_a_field_between_their_own(lake: Lake, spark: SparkSession) -> None:
    on = "timestamp '2026-11-20 00:00:00' as received_at"
    lake.append(spark.sql(f"select 'd1' as delivery_id, {on}, 'a' as first_field, 'z' as last_field"), "facts.example")
    lake.append(spark.sql(f"select 'd2' as delivery_id, {on}, 'b' as first_field, 'new' as between, 'y' as last_field"),
                "facts.example")
    rows = spark.table(lake.name("facts.example")).orderBy("delivery_id").drop("received_at").collect()
    assert [row.asDict() for row in rows] == [
        {"delivery_id": "d1", "first_field": "a", "last_field": "z", "between": None},
        {"delivery_id": "d2", "first_field": "b", "last_field": "y", "between": "new"}]

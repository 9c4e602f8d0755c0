"""How Spark works on few rows: as one part, not watched while it runs, and without code compiled for them (decision 0023)."""
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# To split few rows, to watch how large they are and to compile for them costs more than it saves; the result is the same.
FOR_FEW = {"spark.sql.shuffle.partitions": "1", "spark.sql.adaptive.enabled": "false", "spark.sql.codegen.wholeStage": "false",
           "spark.sql.codegen.factoryMode": "NO_CODEGEN"}


def fit(spark: SparkSession, few: bool) -> None:
    """The session works from now on as is best for few rows, or as it began."""
    for key, value in FOR_FEW.items():
        if few:
            spark.conf.set(key, value)
        else:
            spark.conf.unset(key)

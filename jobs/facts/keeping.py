"""Frames that several questions are asked of: kept once, asked, let go; and what became of many categories, gathered as one."""
from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any

from pyspark.sql import DataFrame

PARTS_A_CORE = 4  # of what is gathered from every category


def gathered(frames: Iterable[DataFrame]) -> DataFrame:
    """The frames as one, in few parts for each core there is: those of categories are many, and most of them small."""
    whole = reduce(DataFrame.unionByName, frames)
    return whole.coalesce(PARTS_A_CORE * whole.sparkSession.sparkContext.defaultParallelism)


def kept(frame: DataFrame) -> DataFrame:
    """The rows of the frame, computed once, at their first use; the plan that made them is left behind.

    Spark would go through that plan, of dozens of categories, anew with every step and every question that follows. A part that
    is lost is still computed anew, by the rows' own lineage.
    """
    session = frame.sparkSession
    rows = frame._jdf.queryExecution().toRdd()
    return DataFrame(session._jsparkSession.internalCreateDataFrame(rows, frame._jdf.schema(), False), session).persist()


def let_go(*frames: DataFrame) -> None:
    """What was kept for several questions is kept no longer."""
    for frame in frames:
        frame.unpersist()


def collected(frame: DataFrame) -> list[dict[str, Any]]:
    """The rows of a small frame."""
    return [row.asDict() for row in frame.collect()]

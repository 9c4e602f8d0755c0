"""From when until when an enterprise can have borne a name, as far as registrations and changes bound it."""
from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

# How a name is told: borne on a day, taken or given up on it, or borne before it.
BORNE, START, END, FORMER = "borne", "start", "end", "former"
HELPERS = ["said_first", "said_last", "starts", "ends", "formers"]


def days(*uses: str) -> Column:
    """The days on which a name was told so."""
    return F.sort_array(F.collect_set(F.when(F.col("use").isin(*uses), F.col("on_date"))))


def bounds() -> list[Column]:
    """What a group of tellings of one name says of its period, for `bounded`."""
    there = F.when(F.col("use").isin(BORNE, START), F.col("on_date"))
    return [F.min(there).alias("said_first"), F.max(there).alias("said_last"), days(START).alias("starts"),
            days(END).alias("ends"), days(FORMER).alias("formers")]


def bounded(names: DataFrame, members: DataFrame) -> DataFrame:
    """The names with `valid_from`, the first day on which the enterprise may have borne it, and `valid_until`, the first on which
    it cannot any more; null where nothing bounds it.

    Before it was founded it bore none; on a day on which a registry approved it under another name it bore that one.
    """
    lives = members.groupBy("enterprise_id").agg(
        F.min("founding_date").alias("founded"),
        F.collect_set(F.when(F.col("event_date").isNotNull(), F.struct("event_date", "name_key"))).alias("approved"))
    told = names.join(lives, "enterprise_id", "left")
    told = told.withColumns({"valid_from": earliest(), "valid_until": latest()})
    strange = F.coalesce(F.col("valid_from") >= F.col("valid_until"), F.lit(False))  # the sources contradict each other
    told = told.withColumns({name: F.when(~strange, F.col(name)) for name in ("valid_from", "valid_until")})
    return told.drop(*HELPERS, "founded", "approved")


def others() -> Column:
    """The days on which a registry approved the enterprise under another name."""
    elsewhere = F.filter("approved", lambda one: one.name_key != F.col("name_key"))
    return F.transform(elsewhere, lambda one: one.event_date)


def earliest() -> Column:
    taken = F.filter("starts", lambda day: day <= F.col("said_first"))
    another = F.filter(others(), lambda day: day < F.col("said_first"))
    return F.array_max(F.concat(taken, another, F.array("founded")))


def latest() -> Column:
    """Of a current name only what a change says; of others also what calls them former, and what was approved after them."""
    unsaid = F.col("said_last").isNull()
    end = F.when(unsaid, F.array_max("ends")).otherwise(F.array_min(after("ends")))
    rest = F.when(unsaid, F.array_min("formers")).otherwise(F.array_min(F.concat(after("formers"), F.filter(
        others(), lambda day: day > F.col("said_last")))))
    return F.when(F.col("current"), end).otherwise(F.least(end, rest))


def after(name: str) -> Column:
    return F.filter(name, lambda day: day >= F.col("said_last"))

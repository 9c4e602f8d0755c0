"""Whose name it was on the day of a fact, where several enterprises bear or bore it."""
from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.enterprises.exact import BY_NAME


def at_date(linked: DataFrame, said: DataFrame, names: DataFrame) -> DataFrame:
    """The links, where of the several bearers of a subject's name only one can have borne it on the fact's day with that one.

    Asked fact by fact, as subjects have no day; it is a link by name, in doubt as any (design law 3).
    """
    several = linked.where("reason = 'name_of_several'").select("fact_id", "category")
    asked = several.join(said.select("fact_id", "category", "name_key", "event_date"), ["fact_id", "category"])
    may = (F.col("valid_from").isNull() | (F.col("valid_from") <= F.col("event_date"))) \
        & (F.col("valid_until").isNull() | (F.col("event_date") < F.col("valid_until")))
    borne = names.select("name_key", "enterprise_id", "valid_from", "valid_until")
    met = asked.where("event_date is not null").join(borne, "name_key")
    one = met.where(may).groupBy("fact_id", "category").agg(
        F.count_distinct("enterprise_id").alias("bearers"), F.min("enterprise_id").alias("bearer")).where("bearers = 1")
    told = linked.join(one.drop("bearers"), ["fact_id", "category"], "left")
    found = F.col("bearer").isNotNull()
    return told.withColumns({
        "enterprise_id": F.coalesce("bearer", "enterprise_id"), "tier": F.when(found, BY_NAME).otherwise(F.col("tier")),
        "score": F.when(~found, F.col("score")), "pending": F.col("pending") | (found & F.col("adverse")),
        "reason": F.when(found, "unique_name_at_date").otherwise(F.col("reason"))}).select(linked.columns)

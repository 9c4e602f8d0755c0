"""Whose name it was on the day of a fact, where several enterprises bear or bore it."""
from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.enterprises.exact import BY_NAME, OF_SEVERAL, TOLD_APART


def at_date(linked: DataFrame, said: DataFrame, names: DataFrame) -> DataFrame:
    """The links, where of the several bearers of a subject's name only one can have borne it on the fact's day with that one.

    Asked fact by fact, as subjects have no day; it is a link by name, in doubt as any (design law 3). Of who was told apart by
    something else, but cannot have borne the name on that day as others can, nothing is believed.
    """
    several = linked.where(F.col("reason").isin(OF_SEVERAL, TOLD_APART)).select("fact_id", "category")
    asked = several.join(said.select("fact_id", "category", "name_key", "event_date"), ["fact_id", "category"])
    may = (F.col("valid_from").isNull() | (F.col("valid_from") <= F.col("event_date"))) \
        & (F.col("valid_until").isNull() | (F.col("event_date") < F.col("valid_until")))
    borne = names.select("name_key", "enterprise_id", "valid_from", "valid_until")
    met = asked.where("event_date is not null").join(borne, "name_key")
    then = met.where(may).groupBy("fact_id", "category").agg(F.collect_set("enterprise_id").alias("bearers"))
    told = linked.join(then, ["fact_id", "category"], "left")
    whose, nobody = F.col("enterprise_id"), F.col("enterprise_id").isNull()
    found = F.coalesce(nobody & (F.size("bearers") == 1), F.lit(False))
    against = F.coalesce(~nobody & ~F.array_contains("bearers", whose), F.lit(False))
    reason = F.when(found, "unique_name_at_date").when(against, OF_SEVERAL).otherwise(F.col("reason"))
    return told.withColumns({
        "enterprise_id": F.when(found, F.get("bearers", F.lit(0))).when(~against, whose),
        "tier": F.when(found, BY_NAME).when(~against, F.col("tier")), "score": F.when(~found & ~against, F.col("score")),
        "pending": (F.col("pending") & ~against) | (found & F.col("adverse")),
        "reason": reason}).select(linked.columns)

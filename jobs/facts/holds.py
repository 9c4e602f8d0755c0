"""Acts that are held until a person decides: told with a word that nobody declared, under an item that was not valid on their
day, or on a list of another kind."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs.declarations import Declarations
from jobs.facts.events import identity, looked_up, united
from jobs.facts.periods import NOTHING

REVIEW = {"review_id": "string", "fact_id": "string", "category": "string", "adverse": "boolean", "reason": "string",
          "candidates": "array<string>", "priority": "int"}
NEVER = date(9999, 12, 31)


def of_item(declarations: Declarations) -> Column:
    """Why an act (`item_code`, `event_date`) is held; null where its item was valid, or nobody knows its item or its day."""
    if not declarations.items:
        return F.expr(NOTHING)
    first = looked_up("item_code", {code: item.valid_from for code, item in declarations.items.items()})
    last = looked_up("item_code", {code: item.valid_to or NEVER for code, item in declarations.items.items()})
    return F.when(F.col("event_date") > last, F.concat_ws(" ", F.lit("item_retired"), "item_code", F.lit("after"), last)) \
            .when(F.col("event_date") < first, F.concat_ws(" ", F.lit("item_not_yet"), "item_code", F.lit("before"), first))


def of_list(declarations: Declarations) -> Column:
    """Why an entry (`list_kind`, `category`) is held: the name of its list meant another one than the category's is."""
    lists = {name: category.list_name for name, category in declarations.categories.items() if category.list_name}
    if not lists:
        return F.expr(NOTHING)
    another = F.col("list_kind") != looked_up("category", lists)
    return F.when(another, F.concat_ws(" ", F.lit("list_of_another_kind"), "list_kind"))


def held(made: DataFrame, suspended: DataFrame, declarations: Declarations) -> DataFrame:
    """The acts that are suspended, each with why: for what was said of it already, else because of its words, item or list."""
    why = F.coalesce(F.col("held_because"), of_item(declarations), of_list(declarations)).alias("suspended_because")
    under = made.select("event_id", why).where("suspended_because is not null")
    return suspended.unionByName(under.join(suspended, "event_id", "left_anti"))


def reviews(facts: Mapping[str, DataFrame], declarations: Declarations, spark: SparkSession) -> DataFrame:
    """The facts that wait for a person because of their words, item or list, in the shape of the review queue."""
    held_words = {feed.category for feed in declarations.feeds.values()
                  if any(source.unknown_words == "hold" for one in feed.versions for source in one.fields.values())}
    told = [of_category(frame, name, declarations) for name, frame in sorted(facts.items())
            if name in held_words or {"item_code", "list_kind"} & set(frame.columns)]
    return united(told, REVIEW, spark)


def of_category(facts: DataFrame, category: str, declarations: Declarations) -> DataFrame:
    adverse = declarations.categories[category].adverse
    whys = {"item_code": of_item(declarations), "list_kind": of_list(declarations)}
    why = F.coalesce("held_because", *(told for column, told in whys.items() if column in facts.columns))
    # A fact is the same in every delivery that tells it again: by its id alone it is one.
    waiting = facts.withColumn("category", F.lit(category)).select("fact_id", "category", why.alias("reason")) \
                   .where("reason is not null").dropDuplicates(["fact_id"])
    review_id = identity(F.lit("review"), F.lit("held"), F.col("fact_id")).alias("review_id")
    return waiting.select(
        review_id, "fact_id", "category", F.lit(adverse).alias("adverse"), "reason",
        F.array().cast("array<string>").alias("candidates"), F.lit(2 if adverse else 3).alias("priority"))

"""What the facts say of whom they are about, and the one link of each fact, with what of it waits for a person."""
from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.declarations.feeds import Category
from jobs.enterprises import decided
from jobs.enterprises.exact import SUBJECT
from jobs.enterprises.index import identity

TOLD = {"fact_id": "string", "feed": "string", "category": "string", "adverse": "boolean", "organ_code": "string",
        **dict.fromkeys(SUBJECT, "string"), "former_name": "string", "document_no": "string",
        "event_date": "date",
        "covers": "date", "received_at": "timestamp", "delivery_id": "string", "row_no": "int", "part": "int"}
LINK = ["fact_id", "category", "feed", "enterprise_id", "tier", "score", "reason", "pending", "subject"]


def told(facts: DataFrame, category: Category) -> DataFrame:
    """What the facts of a category say of whom they are about, who says it, and when they said it."""
    has = set(facts.columns)

    def held(name: str) -> Column:
        return F.col(name) if name in has else F.lit(None)

    damaged = F.when(F.col("credit_code").isNull(), held("credit_code_damaged"))
    known = {"category": F.lit(category.category), "adverse": F.lit(category.adverse), "damaged_code": damaged,
             "suggestion": held("credit_code_suggestion"), "region": F.substring(held("organ_code"), 3, 6),
             "address": held("registered_address"), "person": held("legal_representative_token")}
    return facts.select(*(known.get(name, held(name)).cast(kind).alias(name) for name, kind in TOLD.items()))


def linked(said: DataFrame, answers: DataFrame, members: DataFrame) -> DataFrame:
    """One row a fact, linked or not, each with its reason; adverse and linked by less than a number or a decision is pending.

    `answers` are the engine's after what was decided (`decided.applied`).
    """
    pending = F.col("adverse") & F.col("enterprise_id").isNotNull() & decided.doubtful()
    found = said.select("fact_id", "category", "feed", "adverse", "organ_code", "subject").join(answers, "subject")
    told = found.withColumn("pending", F.coalesce(pending, F.lit(False))).drop("certain", "certain_for", "contradicted")
    return told.unionByName(of_registry(members), allowMissingColumns=True)


def of_registry(members: DataFrame) -> DataFrame:
    """Registrations make the index: each is linked to the enterprise it made."""
    null = F.lit(None).cast("string")
    return members.select(
        "fact_id", F.lit("registration").alias("category"), "feed", F.lit(False).alias("adverse"), null.alias("organ_code"),
        null.alias("subject"), "enterprise_id", "tier", F.lit(None).cast("decimal(5,4)").alias("score"),
        F.when(F.col("tier") == 1, "credit_code").otherwise("registered_number").alias("reason"),
        F.array().cast("array<string>").alias("candidates"), F.lit(False).alias("pending"))


def reviews(links: DataFrame) -> DataFrame:
    """What waits for a person, in the order of what a decision is worth: facts linked to nobody, and pending ones.

    Adverse first, then those with candidates; of one place those whose subject stands behind the most facts. The enterprise of a
    pending link is the first candidate.
    """
    waiting = links.where("enterprise_id is null or pending")
    priority = (
        F.when(F.col("adverse") & F.col("pending"), 1).when(F.col("adverse"), 2).when(F.size("candidates") > 0, 3).otherwise(4)
    )
    candidates = F.array_distinct(F.concat(F.array_compact(F.array("enterprise_id")), "candidates"))
    behind = waiting.groupBy("subject").agg(F.count("*").alias("facts"))
    return waiting.join(behind, "subject").select(
        identity(F.lit("review"), F.col("fact_id")).alias("review_id"), "fact_id", "category", "adverse", "reason",
        candidates.alias("candidates"), priority.alias("priority"), "subject", F.col("facts").cast("int").alias("facts"),
        "answered")

"""Tiers 1 to 3: a fact is linked by a number the index knows, or by a name only one enterprise bears; what contradicts
itself, and everything else, waits for a person."""
from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.declarations.feeds import Category
from jobs.enterprises.index import identity, organisation_of
from jobs.values.names import name_core

SUBJECT = ["credit_code", "organisation_code", "registration_number", "tax_number", "name_key"]
TOLD = {"fact_id": "string", "feed": "string", "category": "string", "adverse": "boolean", **dict.fromkeys(SUBJECT, "string"),
        "covers": "date", "received_at": "timestamp", "delivery_id": "string", "row_no": "int", "part": "int"}
BY_NAME = 3  # a unique name alone is doubt (design law 3)


def told(facts: DataFrame, category: Category) -> DataFrame:
    """What the facts of a category say of whom they are about, and when they said it."""
    known = {"category": F.lit(category.category), "adverse": F.lit(category.adverse)}
    return facts.select(*(known[name].alias(name) if name in known else name for name in TOLD))


def subjects(reports: DataFrame) -> DataFrame:
    """What each fact says of whom it is about, with the key of what it says."""
    key = F.md5(F.concat_ws("|", *(F.coalesce(F.col(column), F.lit("")) for column in SUBJECT)))
    return reports.select("fact_id", "feed", "category", "adverse", *SUBJECT).withColumn("subject", key)


def owners(numbers: DataFrame, kind: str, alias: str) -> DataFrame:
    """Each value of a kind of number with its enterprise, where it has only one."""
    return numbers.where(F.col("kind") == kind).groupBy(F.col("value").alias(f"{alias}_value")).agg(
        F.count_distinct("enterprise_id").alias("owners"), F.min("enterprise_id").alias(alias)).where("owners = 1").drop("owners")


def bearers(names: DataFrame, key: str, alias: str) -> DataFrame:
    """Each name with the enterprises that bear it, at most ten of them named."""
    return names.where(F.col(key) != "").groupBy(F.col(key).alias(f"{alias}_value")).agg(
        F.slice(F.sort_array(F.collect_set("enterprise_id")), 1, 10).alias(alias))


def with_core(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The weak key of each subject's name beside its exact one."""
    for batch in batches:
        cores = [None if key is None else name_core(key) for key in batch.column("name_key").to_pylist()]
        yield batch.append_column("core", pa.array(cores, pa.string()))


def known_by(said: DataFrame, numbers: DataFrame, names: DataFrame) -> DataFrame:
    """Each distinct subject with what the index knows by each of its numbers and by its name."""
    distinct = said.select("subject", *SUBJECT).dropDuplicates(["subject"])
    columns = ", ".join(f"{column} string" for column in ("subject", *SUBJECT, "core"))
    organisation = F.coalesce(F.col("organisation_code"), organisation_of(F.col("credit_code")))
    found = distinct.mapInArrow(with_core, columns).withColumn("organisation", organisation)
    for column, kind, alias in (
        ("credit_code", "credit_code", "by_code"),
        ("organisation", "organisation_code", "by_organisation"),
        ("registration_number", "registration_number", "by_registration"),
        ("tax_number", "tax_number", "by_tax"),
    ):
        found = found.join(owners(numbers, kind, alias), F.col(column) == F.col(f"{alias}_value"), "left")
    found = found.join(bearers(names, "name_key", "by_name"), F.col("name_key") == F.col("by_name_value"), "left")
    found = found.join(bearers(names, "name_core", "by_core"), F.col("core") == F.col("by_core_value"), "left")
    coded = numbers.where("kind = 'credit_code'").select(F.col("enterprise_id").alias("coded")).distinct()
    none = F.array().cast("array<string>")
    return found.withColumns({"by_number": F.coalesce("by_organisation", "by_registration", "by_tax"),
                              "by_name": F.coalesce("by_name", none), "by_core": F.coalesce("by_core", none)}) \
                .join(coded, F.col("by_number") == F.col("coded"), "left")


def agrees(enterprise: str) -> Column:
    """Whether the subject's name is one the enterprise bears or bore, or differs from one only in its legal form."""
    return (
        F.col("name_key").isNull()
        | F.array_contains("by_name", F.col(enterprise))
        | F.array_contains("by_core", F.col(enterprise))
    )


def resolved(found: DataFrame) -> DataFrame:
    """Each subject with enterprise, tier and reason: numbers in order of trust, each against the name, then the name alone."""
    unknown = F.col("credit_code").isNotNull() & F.col("by_code").isNull()
    said = F.array_compact(F.array("by_code", "by_organisation", "by_registration", "by_tax"))
    clash = F.size(F.array_distinct(said)) > 1  # the organisation code inside the code must not hide what other numbers say
    # A code the registry does not know, beside a number or a name it knows under another code: whose record is it?
    foreign = unknown & (F.coalesce(F.col("by_number"), F.get("by_name", F.lit(0))) .isNotNull())
    rules = [
        (clash, None, "numbers_disagree"),
        (F.col("by_code").isNotNull() & agrees("by_code"), 1, "credit_code"),
        (F.col("by_code").isNotNull(), None, "credit_code_contradicts_name"),
        (unknown & F.col("by_number").isNotNull() & agrees("by_number") & F.col("coded").isNull(), 2, "registered_number"),
        (foreign, None, "credit_code_not_of_this_name"),
        (unknown, None, "credit_code_not_in_registry"),
        (F.col("by_number").isNotNull() & agrees("by_number"), 2, "registered_number"),
        (F.col("by_number").isNotNull(), None, "registered_number_contradicts_name"),
        (F.size("by_name") == 1, BY_NAME, "unique_name"),
        (F.size("by_name") > 1, None, "name_of_several"),
        (F.size("by_core") > 0, None, "name_close"),
    ]
    chosen = {1: F.col("by_code"), 2: F.col("by_number"), BY_NAME: F.get("by_name", F.lit(0))}
    tier = when(rules, lambda _, tier, __: F.lit(tier).cast("int"), None)
    reason = when(rules, lambda _, __, why: F.lit(why), "name_not_in_registry")
    enterprise = when(rules, lambda _, tier, __: chosen[tier] if tier else F.lit(None).cast("string"), None)
    candidates = F.array_sort(F.array_distinct(F.concat(said, "by_name", "by_core")))
    return found.select("subject", enterprise.alias("enterprise_id"), tier.alias("tier"), reason.alias("reason"),
                        candidates.alias("candidates"))


def when(rules: list[tuple], value, otherwise) -> Column:
    """The value of the first rule whose condition holds."""
    chain = reduce(lambda so_far, rule: so_far.when(rule[0], value(*rule)), rules, F.when(F.lit(False), value(*rules[0])))
    return chain.otherwise(F.lit(otherwise))


def links(said: DataFrame, answers: DataFrame, of: DataFrame) -> DataFrame:
    """One row a fact, linked or not, each with its reason; adverse and linked by name alone is pending."""
    joined = said.join(answers, "subject")
    score, pending = F.lit(None).cast("decimal(5,4)"), F.coalesce(F.col("adverse") & (F.col("tier") == BY_NAME), F.lit(False))
    told = joined.select("fact_id", "category", "feed", "adverse", "enterprise_id", "tier", score.alias("score"), "reason",
                         pending.alias("pending"), "candidates")
    reason = F.when(F.col("tier") == 1, "credit_code").otherwise("registered_number")
    registry = of.select(
        "fact_id",
        F.lit("registration").alias("category"),
        "feed",
        F.lit(False).alias("adverse"),
        "enterprise_id",
        "tier",
        score.alias("score"),
        reason.alias("reason"),
        F.lit(False).alias("pending"),
        F.array().cast("array<string>").alias("candidates"),
    )
    return told.unionByName(registry)


def reviews(linked: DataFrame) -> DataFrame:
    """What waits for a person, adverse first: facts linked to nobody, and adverse ones linked by name alone."""
    waiting = linked.where("enterprise_id is null or pending")
    priority = (
        F.when(F.col("adverse") & F.col("pending"), 1).when(F.col("adverse"), 2).when(F.size("candidates") > 0, 3).otherwise(4)
    )
    return waiting.select(
        identity(F.lit("review"), F.col("fact_id")).alias("review_id"),
        "fact_id",
        "category",
        "adverse",
        "reason",
        "candidates",
        priority.alias("priority"),
    )

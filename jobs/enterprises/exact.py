"""Tiers 1 to 4: a record is linked by a number the index knows, by a name only one enterprise bears, or by the one repair of
a damaged code that its name agrees with; a number that its name contradicts waits for a person."""
from __future__ import annotations

from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.enterprises.index import organisation_of

NUMBERS = ["credit_code", "organisation_code", "registration_number", "tax_number"]
# By what number an enterprise is looked up: what of the subject, as which kind of the index's.
LOOKED_UP = {"by_code": ("credit_code", "credit_code"), "by_organisation": ("organisation", "organisation_code"),
             "by_registration": ("registration_number", "registration_number"), "by_tax": ("tax_number", "tax_number"),
             "by_repair": ("suggestion", "credit_code")}
# What else a record says of whom it is about; asked only where no valid credit code answers.
SOFT = ["damaged_code", "suggestion", "region", "address", "person"]
SUBJECT = [*NUMBERS, "name_key", *SOFT]
BY_NAME, BY_REPAIR, BY_SCORE = 3, 4, 5  # each of them alone is doubt (design law 3)
OF_SEVERAL, TOLD_APART = "name_of_several", "homonym_told_apart"  # nobody's, until something beside the name tells whose
NAME_UNKNOWN = ("credit_code_name_unknown", "registered_number_name_unknown")  # and so is a number under a name nobody knows


def distinct(reports: DataFrame) -> DataFrame:
    """The reports with `subject`, the key of all that they say of whom they are about."""
    return keyed(reports.withColumns({name: F.when(F.col("credit_code").isNull(), F.col(name)) for name in SOFT}))


def keyed(said: DataFrame) -> DataFrame:
    """The frame with `subject`, the key of all that a row says of whom it is about."""
    key = F.md5(F.concat_ws("|", *(F.coalesce(F.col(column), F.lit("")) for column in SUBJECT)))
    return said.withColumn("subject", key)


def owned(numbers: DataFrame, kind: str) -> DataFrame:
    """Each number of a kind that only one enterprise has: value, owner."""
    told = numbers.where(F.col("kind") == kind).groupBy("value").agg(
        F.min("enterprise_id").alias("owner"), F.max("enterprise_id").alias("last"))
    return told.where("owner = last").drop("last")


def bearers(names: DataFrame) -> DataFrame:
    """Each name with the enterprises that bear it, at most ten of them named: name_key, bearers."""
    return names.where("name_key != ''").groupBy("name_key").agg(
        F.slice(F.sort_array(F.collect_set("enterprise_id")), 1, 10).alias("bearers"))


def known_by(subjects: DataFrame, numbers: DataFrame, names: DataFrame) -> DataFrame:
    """Each distinct subject with what the index knows by each of its numbers and by its name, and whether the enterprise of the
    other numbers has no credit code (`uncoded`)."""
    organisation = F.coalesce(F.col("organisation_code"), organisation_of(F.col("credit_code")))
    found = subjects.select("subject", *SUBJECT).withColumn("organisation", organisation)
    for by, (column, kind) in LOOKED_UP.items():
        known = owned(numbers, kind).select(F.col("value").alias(column), F.col("owner").alias(by))
        found = found.join(known, column, "left")
    coded = F.bool_or(F.col("kind") == "credit_code").alias("coded")
    uncoded = numbers.groupBy("enterprise_id").agg(coded).where("not coded")
    uncoded = uncoded.select(F.col("enterprise_id").alias("by_number"), F.lit(True).alias("uncoded"))
    return found.join(bearers(names), "name_key", "left").withColumns({
        "by_number": F.coalesce("by_organisation", "by_registration", "by_tax"),
        "by_name": F.coalesce("bearers", F.array().cast("array<string>"))}).drop("bearers").join(uncoded, "by_number", "left")


def claims(found: DataFrame) -> DataFrame:
    """The pairs of subject and enterprise that a number claims and that the name, letter by letter, does not confirm."""
    said = F.array_distinct(F.array_compact(F.array("by_code", "by_organisation", "by_registration", "by_tax", "by_repair")))
    pairs = found.where("name_key is not null").select("subject", "by_name", F.explode(said).alias("enterprise_id"))
    return pairs.where(~F.array_contains("by_name", F.col("enterprise_id"))).select("subject", "enterprise_id")


def agrees(enterprise: str) -> Column:
    """Whether the subject's name is one the enterprise bears or bore, or differs from one as a slip does and is nobody's."""
    return (
        F.col("name_key").isNull()
        | F.array_contains("by_name", F.col(enterprise))
        | (F.array_contains("agreeing", F.col(enterprise)) & (F.size("by_name") == 0))
    )


def resolved(found: DataFrame) -> DataFrame:
    """Each subject with enterprise, tier and reason: numbers in order of trust, each against the name, then the name alone.

    `found` is known_by with the enterprises of its claims: `agreeing`, whose names agree, and `fitting`, whose places do.
    """
    unknown = F.col("credit_code").isNotNull() & F.col("by_code").isNull()
    said = F.array_compact(F.array("by_code", "by_organisation", "by_registration", "by_tax"))
    clash = F.size(F.array_distinct(said)) > 1  # the organisation code inside the code must not hide what other numbers say
    # A code the registry does not know, beside a number or a name it knows under another code: whose record is it?
    foreign = unknown & (F.coalesce(F.col("by_number"), F.get("by_name", F.lit(0))).isNotNull())
    repaired = F.col("by_repair").isNotNull() & F.col("name_key").isNotNull() & agrees("by_repair")
    rules = [
        (clash, None, "numbers_disagree"),
        (F.col("by_code").isNotNull() & agrees("by_code"), 1, "credit_code"),
        (F.col("by_code").isNotNull(), None, "credit_code_contradicts_name"),
        (unknown & F.col("by_number").isNotNull() & agrees("by_number") & F.col("uncoded"), 2, "registered_number"),
        (foreign, None, "credit_code_not_of_this_name"),
        (unknown, None, "credit_code_not_in_registry"),
        (F.col("by_number").isNotNull() & agrees("by_number"), 2, "registered_number"),
        (F.col("by_number").isNotNull(), None, "registered_number_contradicts_name"),
        (F.size("by_name") == 1, BY_NAME, "unique_name"),
        (repaired, BY_REPAIR, "repaired_code"),
        (F.size("by_name") > 1, None, OF_SEVERAL),
        (F.lit(True), None, "name_not_in_registry"),
    ]
    chosen = {1: F.col("by_code"), 2: F.col("by_number"), BY_NAME: F.get("by_name", F.lit(0)), BY_REPAIR: F.col("by_repair")}
    tier = when(rules, lambda _, tier, __: F.lit(tier).cast("int"))
    reason = when(rules, lambda _, __, why: F.lit(why))
    enterprise = when(rules, lambda _, tier, __: chosen[tier] if tier else F.lit(None).cast("string"))
    candidates = F.array_distinct(F.concat(said, F.array_compact(F.array("by_repair")), "by_name"))  # the most trusted first
    claimed = F.coalesce("by_code", "by_number")
    fits = F.array_contains("fitting", claimed) & (F.size("by_name") == 0)
    return found.select("subject", *SUBJECT, enterprise.alias("enterprise_id"), tier.alias("tier"), reason.alias("reason"),
                        candidates.alias("candidates"), claimed.alias("claimed"), F.coalesce(fits, F.lit(False)).alias("fits"))


def when(rules: list[tuple], value) -> Column:
    """The value of the first rule whose condition holds."""
    return reduce(lambda so_far, rule: so_far.when(rule[0], value(*rule)), rules, F.when(F.lit(False), value(*rules[0])))


def doubtful() -> Column:
    """Whether a link is one that no adverse fact may rest on without a person (design law 3)."""
    return F.coalesce((F.col("tier") >= BY_NAME) | F.col("reason").isin(*NAME_UNKNOWN), F.lit(False))

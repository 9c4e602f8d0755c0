"""The life of enterprises: whose branch one is, what merged, split, ended, and which codes were issued anew.

It tells and moves nothing: a branch's act stays the branch's, and an act of what merged stays with what merged.
"""
from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.declarations.matching import Indexing
from jobs.enterprises.index import identity, newest
from jobs.enterprises.model import Sent
from jobs.enterprises.parts import branch_of
from jobs.enterprises.stated import SIDES

LIFE = ["enterprise_id", "kind", "other_enterprise_id", "on_date", "fact_ids"]
BRANCH, REISSUED = "branch_of", "code_reissued"


def lifecycle(members: DataFrame, names: DataFrame, changed: DataFrame, declared: Indexing, sent: Sent) -> DataFrame:
    """life_id, enterprise_id, kind, other_enterprise_id, on_date, fact_ids: one row a kind and other enterprise; the other is
    null where it is not known, or is one of several of its name."""
    rows = branches(members, names, declared, sent).unionByName(ended(members, declared)).unionByName(
        combined(changed, names)).unionByName(reissued(changed, members).select(*LIFE))
    life = F.concat_ws("|", "enterprise_id", "kind", F.coalesce("other_enterprise_id", F.lit("")))
    return rows.groupBy(identity(F.lit("life"), life).alias("life_id"), "enterprise_id", "kind", "other_enterprise_id").agg(
        F.min("on_date").alias("on_date"),
        F.array_sort(F.array_distinct(F.flatten(F.collect_list("fact_ids")))).alias("fact_ids"))


def ended(members: DataFrame, declared: Indexing) -> DataFrame:
    """The enterprises whose newest registration says that they are no more, and since when one does."""
    last = Window.partitionBy("enterprise_id").orderBy(*newest())
    kind = kind_of(F.col("registration_status"), declared)
    now = members.withColumn("_n", F.row_number().over(last)).where("_n = 1").select("enterprise_id", kind.alias("kind"))
    since = members.withColumn("kind", kind).join(now.where("kind is not null"), ["enterprise_id", "kind"], "left_semi")
    return since.groupBy("enterprise_id", "kind").agg(
        F.min("event_date").alias("on_date"), F.sort_array(F.collect_set("fact_id")).alias("fact_ids")).select(
        "enterprise_id", "kind", F.lit(None).cast("string").alias("other_enterprise_id"), "on_date", "fact_ids")


def kind_of(status: Column, declared: Indexing) -> Column:
    told = F.lit(None).cast("string")
    for one, kind in sorted(declared.ended.items()):
        told = F.when(status == one, kind).otherwise(told)
    return told


# ---- branches

def branches(members: DataFrame, names: DataFrame, declared: Indexing, sent: Sent) -> DataFrame:
    """Who is a branch by its name (`X有限公司Y分公司`) or by its registered form, with the one enterprise that bears X."""
    typed = members.where(F.col("enterprise_type").rlike("|".join(declared.branch_types))).groupBy("enterprise_id").agg(
        F.collect_set("fact_id").alias("typed"))
    current = names.where("current").select("enterprise_id", "name_key", "fact_ids")
    named = current.mapInArrow(parents(sent), "enterprise_id string, parent string, fact_ids array<string>")
    told = named.join(typed, "enterprise_id", "full").select(
        "enterprise_id", "parent", F.sort_array(F.coalesce("fact_ids", "typed")).alias("fact_ids"))
    heads = alone(names).withColumnsRenamed({"name_key": "parent", "owner": "other_enterprise_id"})
    founded = members.groupBy("enterprise_id").agg(F.min("founding_date").alias("on_date"))
    return told.join(heads, "parent", "left").join(founded, "enterprise_id", "left").where(
        "other_enterprise_id is distinct from enterprise_id").select(
        "enterprise_id", F.lit(BRANCH).alias("kind"), "other_enterprise_id", "on_date", "fact_ids")


def parents(sent: Sent):
    """Keeps the names of branches, each with the name of what it is a branch of; null where the name does not say."""

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        by = sent.value.words
        for batch in batches:
            rows = []
            for row in batch.to_pylist():
                head, branch = branch_of(row["name_key"], by)
                if branch:
                    rows.append({**row, "parent": head if head != row["name_key"] else None})
            yield pa.RecordBatch.from_pylist(rows, pa.schema([
                ("enterprise_id", pa.string()), ("parent", pa.string()), ("fact_ids", pa.list_(pa.string()))]))

    return read


def alone(names: DataFrame) -> DataFrame:
    """The names that only one enterprise bears or bore: name_key, owner."""
    owners = F.count_distinct("enterprise_id").alias("owners")
    return names.groupBy("name_key").agg(owners, F.min("enterprise_id").alias("owner")).where("owners = 1").drop("owners")


# ---- mergers, splits, new codes

def combined(changed: DataFrame, names: DataFrame) -> DataFrame:
    """What merged into what, and what split from what: the side of each enterprise is that on which its name stands."""
    rows = changed.where("change_item in ('merger', 'split')")
    owners = alone(names)
    told = rows
    for side in SIDES:
        named = rows.select("fact_id", "enterprise_id", F.explode(f"{side}_keys").alias("name_key")).distinct()
        found = named.join(owners, "name_key").groupBy("fact_id", "enterprise_id").agg(F.collect_set("owner").alias("ids"))
        told = told.join(found.withColumnRenamed("ids", f"{side}_ids"), ["fact_id", "enterprise_id"], "left")
    return directed(told.withColumns({f"{side}_ids": with_subject(side) for side in SIDES}))


def with_subject(side: str) -> Column:
    """The enterprises on a side, the subject among them where its name stands there."""
    none = F.array().cast("array<string>")
    subject = F.when(F.array_contains(f"{side}_keys", F.col("name_key")), F.array("enterprise_id"))
    return F.array_distinct(F.concat(F.coalesce(f"{side}_ids", none), F.coalesce(subject, none)))


def directed(told: DataFrame) -> DataFrame:
    """Each pair of what is no more and what it became, or of what is new and what it came of; the subject alone where the sides
    do not tell."""
    gone, came = F.array_except("before_ids", "after_ids"), F.array_except("after_ids", "before_ids")
    merged = F.col("change_item") == "merger"
    one, other = F.when(merged, gone).otherwise(came), F.when(merged, F.col("after_ids")).otherwise(F.col("before_ids"))
    pairs = F.flatten(F.transform(one, lambda mine: F.transform(other, lambda theirs: F.struct(
        mine.alias("mine"), theirs.alias("theirs")))))
    nobody = F.array(F.struct(F.col("enterprise_id").alias("mine"), F.lit(None).cast("string").alias("theirs")))
    rows = told.withColumn("pair", F.explode(F.when(F.size(pairs) > 0, pairs).otherwise(nobody)))
    kind = F.when(merged, "merged_into").otherwise("split_from")
    return rows.select(
        F.col("pair.mine").alias("enterprise_id"), F.when(F.col("pair.theirs").isNull(), F.col("change_item")).otherwise(kind)
        .alias("kind"), F.col("pair.theirs").alias("other_enterprise_id"), F.col("change_date").alias("on_date"),
        F.array("fact_id").alias("fact_ids"))


def reissued(changed: DataFrame, members: DataFrame) -> DataFrame:
    """Codes issued anew, with both codes and the enterprises that the index has under them (`LIFE`, before_code, after_code).

    The enterprise is that of the new code where the index has it; the older stays an enterprise of its own. Of two codes that
    nobody has nothing is said, as a slip in both of a row makes them.
    """
    codes = members.where("credit_code is not null").select("credit_code", "enterprise_id").distinct()
    told = changed.where("change_item = 'code_reissue' and before_code <> after_code").groupBy("before_code", "after_code").agg(
        F.min("change_date").alias("on_date"), F.sort_array(F.collect_set("fact_id")).alias("fact_ids"))
    for side in SIDES:
        own = codes.withColumnsRenamed({"credit_code": f"{side}_code", "enterprise_id": f"by_{side}"})
        told = told.join(own, f"{side}_code", "left")
    other = F.when(F.col("by_after").isNotNull(), F.col("by_before"))
    return told.select(F.coalesce("by_after", "by_before").alias("enterprise_id"), F.lit(REISSUED).alias("kind"),
                       other.alias("other_enterprise_id"), "on_date", "fact_ids", "before_code", "after_code") \
               .where("enterprise_id is not null")


def referents(numbers: DataFrame, lives: DataFrame, codes: DataFrame) -> DataFrame:
    """The ids under which an enterprise is found as well: of the other code of one that was issued anew, of what merged into it,
    and of what it split from; `numbers` are those of jobs.enterprises.index. None of them is merged: an id may lead to two."""
    older = F.col("enterprise_id") == identity(F.lit("credit_code"), F.col("after_code"))
    code = F.when(older, F.col("before_code")).otherwise(F.col("after_code"))
    of_codes = codes.select(identity(F.lit("credit_code"), code).alias("referent_id"), "enterprise_id",
                            F.lit(REISSUED).alias("kind"), code.alias("value"))
    became = lives.where((F.col("kind") == "merged_into") & F.col("other_enterprise_id").isNotNull()).select(
        F.col("enterprise_id").alias("referent_id"), F.col("other_enterprise_id").alias("enterprise_id"), "kind",
        F.col("enterprise_id").alias("value"))
    came = lives.where((F.col("kind") == "split_from") & F.col("other_enterprise_id").isNotNull()).select(
        F.col("other_enterprise_id").alias("referent_id"), "enterprise_id", "kind", F.col("other_enterprise_id").alias("value"))
    more = of_codes.unionByName(became).unionByName(came).join(numbers, ["referent_id", "enterprise_id"], "left_anti")
    return numbers.unionByName(more.groupBy("referent_id", "enterprise_id").agg(
        F.min("kind").alias("kind"), F.min_by("value", "kind").alias("value")))

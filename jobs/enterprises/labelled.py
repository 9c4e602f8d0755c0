"""Records whose enterprise is known, asked as if it were not, and how often the engine is right about them."""
from __future__ import annotations

from functools import reduce

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from jobs.enterprises import exact

LABEL = ("subject", "enterprise_id", "same")
LEFT = ("region", "address", "person")  # what is asked beside the name
HIDDEN = [*exact.NUMBERS, "damaged_code", "suggestion"]


def first_received(reports: DataFrame) -> DataFrame:
    """The reports, each with the time at which its fact was first received, whatever number of deliveries told it again."""
    return reports.withColumn("first_received", F.min("received_at").over(Window.partitionBy("fact_id")))


def coded(reports: DataFrame, numbers: DataFrame, most: int) -> DataFrame:
    """Subjects of reports whose credit code is one enterprise's, with every number hidden: LABEL, what is asked, and the subject
    with its code (`open_subject`). At most so many, the same ones as long as they are there."""
    open_ = reports.where("credit_code is not null and name_key is not null")
    open_ = open_.withColumns({f"said_{one}": F.col(one) for one in LEFT})
    told = exact.distinct(open_).select(F.col("subject").alias("open_subject"), F.col("credit_code").alias("code"), "name_key",
                                        *(F.col(f"said_{one}").alias(one) for one in LEFT))
    owned = exact.owned(numbers, "credit_code")
    known = told.join(owned.select(F.col("value").alias("code"), F.col("owner").alias("enterprise_id")), "code")
    hidden = exact.distinct(known.withColumns({name: F.lit(None).cast("string") for name in HIDDEN}))
    each = hidden.groupBy("subject", "enterprise_id", *exact.SUBJECT).agg(F.min("open_subject").alias("open_subject"))
    ordered = each.orderBy(F.xxhash64("subject", "enterprise_id"), "subject", "enterprise_id").limit(most)
    return ordered.select("subject", "enterprise_id", F.lit(True).alias("same"), "open_subject", *exact.SUBJECT)


def asked(said: DataFrame, labels: DataFrame) -> DataFrame:
    """What the engine is asked in one go: the facts' subjects, and the labelled ones."""
    return said.select("subject", *exact.SUBJECT).unionByName(labels.select("subject", *exact.SUBJECT))


def agreeing(labels: DataFrame, answers: DataFrame) -> DataFrame:
    """The labels whose report, with its code, is answered by it: where its name contradicts the code the truth is not known."""
    sure = answers.where("tier = 1 and reason = 'credit_code'").select(F.col("subject").alias("open_subject"))
    return labels.join(sure, "open_subject", "left_semi")


def shares_of(name: str, labels: DataFrame, answers: DataFrame) -> DataFrame:
    """Precision and recall of the answers on labels, and recall where the first candidate of a review counts: part, name, figure,
    count, whole."""
    told = labels.select(*LABEL).join(
        answers.select("subject", F.col("enterprise_id").alias("said"), F.get("candidates", F.lit(0)).alias("first")), "subject")
    linked, hit = F.col("said").isNotNull(), F.col("said").eqNullSafe(F.col("enterprise_id"))
    right = F.col("same") & hit
    shown = F.col("same") & (hit | (~linked & F.col("first").eqNullSafe(F.col("enterprise_id"))))
    counts = {"precision": (right, linked & (F.col("same") | hit)), "recall": (right, F.col("same")),
              "recall_with_review": (shown, F.col("same"))}
    rows = [told.agg(F.count_if(part).alias("count"), F.count_if(whole).alias("whole")).select(
        F.lit("labels").alias("part"), F.lit(name).alias("name"), F.lit(figure).alias("figure"), "count", "whole")
        for figure, (part, whole) in counts.items()]
    return reduce(DataFrame.unionByName, rows)

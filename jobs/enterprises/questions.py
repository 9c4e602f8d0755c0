"""Whom the review queue waits for: the organ that made the act is asked first (回填代码), and what it cannot say is ours."""
from __future__ import annotations

from collections.abc import Collection, Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.enterprises.exact import SUBJECT
from jobs.enterprises.rulings import EVERY, OFFERED

# What a reader is told of the subject: nobody's token, and no address, which may be somebody's home.
SAID = [name for name in SUBJECT if name not in ("person", "address")]


def waiting(reviews: DataFrame, said: DataFrame, organs: Collection[str], heirs: Mapping[str, str | None]) -> DataFrame:
    """The review queue with what each record said and whom it waits for.

    `organs` are the codes of those declared, `heirs` who answers for those out of office. An organ is waited for where its
    adverse act has a candidate it did not answer of yet.
    """
    told = said.select("fact_id", "organ_code", "document_no", "event_date",
                       F.to_json(F.struct(*SAID), {"ignoreNullFields": "true"}).alias("said"))
    answered = F.coalesce("answered", F.array().cast("array<string>"))
    open_ = F.filter("candidates", lambda one: ~F.arrays_overlap(answered, F.array(
        *(F.concat_ws(" ", F.col("organ_code"), which) for which in (one, F.lit(EVERY))))))
    asked = F.when(F.col("adverse") & (F.size(open_) > 0), answering(organs, heirs))
    return reviews.join(told, "fact_id", "left").withColumns({
        "asked_organ_code": asked, "offered": F.when(asked.isNotNull(), F.slice(open_, 1, OFFERED)),
        "waiting_on": F.when(asked.isNotNull(), "organ").otherwise("us")}).drop("answered")


def answering(organs: Collection[str], heirs: Mapping[str, str | None]) -> Column:
    """The code of the organ that answers for the fact's today; null of one that nobody declared or took over from."""
    known = {code: heirs.get(code, code) for code in organs}
    pairs = [F.lit(part) for code, heir in sorted(known.items()) if heir for part in (code, heir)]
    return F.create_map(*pairs)[F.col("organ_code")] if pairs else F.lit(None).cast("string")


def counts(reviews: DataFrame) -> dict[str, int]:
    """How many questions wait on organs, one a subject and deciding organ, and how many on us, one a subject."""
    by_organ = F.col("waiting_on") == "organ"
    one = F.coalesce("subject", "fact_id")
    told = reviews.agg(F.count_distinct(F.when(by_organ, F.concat_ws("|", "subject", "organ_code"))).alias("organ"),
                       F.count_distinct(F.when(~by_organ, one)).alias("us")).first()
    return {"organ": told["organ"], "us": told["us"]}

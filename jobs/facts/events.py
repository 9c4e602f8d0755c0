"""One act from its reports: supersession within a feed, the report that stands for the act, and what the others said."""
from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F

from jobs.declarations import Declarations
from jobs.declarations.expressions import names_in
from jobs.facts import standing

TYPES = {"string": "string", "date": "date", "timestamp": "timestamp", "decimal": "decimal(20,2)", "integer": "int",
         "boolean": "boolean", "strings": "array<string>"}
ENVELOPE = {"fact_id": "string", "event_key": "string", "replaces_event_key": "string", "held_because": "string",
            "feed": "string", "delivery_id": "string", "row_no": "int", "part": "int", "received_at": "timestamp",
            "event_date": "date", "covers": "date", "absent_since": "date"}
ACT = {"organ_code": "string", "document_no": "string", "item_code": "string", "list_kind": "string",
       "penalty_status": "string"}
ONE_OF = {"amount_yuan": ("fine_amount_yuan", "award_amount_yuan"), "basis": ("listing_basis", "listing_reason")}
REPORT_ONLY = ("feed", "level", "penalty_status", "rank", "digest", "covers", "absent_since", "retold_on", "received_at",
               "delivery_id", "row_no", "part")
SUBJECT = ("subject_name", "former_name", "credit_code", "organisation_code", "registration_number", "tax_number", "subject_kind")
SAID = {"fact_id": "string", "feed": "string", "covers": "date", "received_at": "timestamp", "delivery_id": "string",
        "row_no": "int", "part": "int"}


def life_fields(declarations: Declarations) -> dict[str, str]:
    """The fields by which the regimes class and end an act, with their Spark types."""
    regimes = declarations.regimes.values()
    closings = {closing.field for regime in regimes for closing in regime.closings}
    crosswalks = [one for regime in regimes for version in regime.versions for one in version.crosswalk]
    classing = {name for one in crosswalks for name in names_in(one.when)}
    return {name: TYPES[declarations.fields[name].type] for name in sorted(closings | classing | {"severity"})}


def looked_up(key: str, values: Mapping[str, object]) -> Column:
    """The value of the key's column; null for a key without one."""
    if not values:
        return F.lit(None)
    return F.create_map(*(F.lit(part) for pair in sorted(values.items()) for part in pair))[F.col(key)]


def held(frame: DataFrame, name: str, kind: str) -> Column:
    """The column where this category has it, else null."""
    return (F.col(name) if name in frame.columns else F.lit(None)).cast(kind).alias(name)


def slim(frame: DataFrame, category: str, declarations: Declarations) -> DataFrame:
    """The reports among the facts of one category in the shape that all categories share; what revokes an act reports none."""
    preference = declarations.survivorship.of_category(category)
    mine = {name: feed for name, feed in declarations.feeds.items() if feed.category == category}
    ranks = {name: preference.rank(feed) for name, feed in mine.items()}
    levels = {name: feed.level for name, feed in mine.items()}
    plain = {**ENVELOPE, **ACT, **life_fields(declarations)}
    merged = [F.coalesce(*(held(frame, name, TYPES[declarations.fields[name].type]) for name in names)).alias(merged)
              for merged, names in ONE_OF.items()]
    told = frame.where("report_action is distinct from 'revoke'") if "report_action" in frame.columns else frame
    if declarations.categories[category].snapshot_key:  # an entry goes on under the key of its next event
        told = told.withColumn("absent_since", F.lit(None).cast("date"))
    return told.select(F.lit(category).alias("category"), *(held(frame, name, kind) for name, kind in plain.items()), *merged,
                        looked_up("feed", ranks).alias("rank"), looked_up("feed", levels).alias("level"),
                        digest(category, declarations).alias("digest"))


def reports(facts: Mapping[str, DataFrame], declarations: Declarations, spark: SparkSession) -> DataFrame:
    """Every admitted fact as one report of an act, each once: as last told."""
    shape = {"category": "string", **ENVELOPE, **ACT, **life_fields(declarations), "amount_yuan": "decimal(20,2)",
             "basis": "string", "rank": "int", "level": "string", "digest": "bigint"}
    return latest(united([slim(facts[category], category, declarations) for category in sorted(facts)], shape, spark))


def united(frames: list[DataFrame], shape: Mapping[str, str], spark: SparkSession) -> DataFrame:
    """The frames as one; without any, no row of this shape."""
    if frames:
        return reduce(DataFrame.unionByName, frames)
    return spark.sql(f"select {', '.join(f'cast(null as {kind}) as {name}' for name, kind in shape.items())} where false")


def newest() -> list[Column]:
    """The order of reports, those of the last day first whenever they came; of one day the last received, then by fact id."""
    return [F.desc("covers"), F.desc("received_at"), F.desc("delivery_id"), F.desc("row_no"), F.desc("part"), F.asc("fact_id")]


def latest(facts: DataFrame) -> DataFrame:
    """Each fact once; the same fact in a later delivery is one more report of the same content."""
    order = Window.partitionBy("fact_id").orderBy(*newest())
    return facts.withColumn("_newest", F.row_number().over(order)).where("_newest = 1").drop("_newest")


def linked(facts: DataFrame, links: DataFrame) -> DataFrame:
    """The facts whose enterprise is not in doubt, with it: a pending link reaches nothing (design law 3)."""
    certain = links.where("enterprise_id is not null and not pending").groupBy("fact_id")
    return facts.join(certain.agg(F.min("enterprise_id").alias("enterprise_id")), "fact_id")


def identity(*parts: str) -> Column:
    return F.substring(F.sha2(F.concat_ws("|", *parts), 256), 1, 32)


def gathered(reported: DataFrame) -> DataFrame:
    """One row an act and enterprise with its reports, first the one that stands for it.

    Within a feed the newest report counts, unless the feed tells that row of another act or subject by now (`retold_on`); of
    those the best believed feed's; the fact id breaks the tie.
    """
    by_feed = Window.partitionBy("event_id", "feed").orderBy(*newest())
    # By hand, so that both the window and the grouping find their rows in place: one shuffle instead of two.
    placed = reported.withColumn("event_id", identity("event_key", "enterprise_id")).repartition("event_id")
    marked = placed.withColumn("superseded", (F.row_number().over(by_feed) > 1) | F.col("retold_on").isNotNull())
    first = ("superseded", "rank", "fact_id")
    values = [name for name in reported.columns if name not in first]
    return marked.groupBy("event_id").agg(F.array_sort(F.collect_list(F.struct(*first, *values))).alias("reports"))


def acts(reported: DataFrame, declarations: Declarations, retold: DataFrame | None = None,
         corrections: DataFrame | None = None) -> DataFrame:
    """One row an act and enterprise: the values of the report that stands for it, and all its reports as `members`.

    `retold` and `corrections` are what later rows of the same feeds do to reports (jobs.facts.versions).
    """
    adverse = {name: one.adverse for name, one in declarations.categories.items()}
    evidence = {name: one.evidence for name, one in declarations.categories.items()}
    told = [name for name in reported.columns if name not in REPORT_ONLY]
    nothing = F.lit(None).cast("date").alias("retold_on")
    versioned = reported.select("*", nothing) if retold is None else reported.join(F.broadcast(retold), "fact_id", "left")
    stands = gathered(versioned).withColumn("won", F.get("reports", F.lit(0)))
    won = stands.select("event_id", "reports", *(f"won.{name}" for name in told))
    marked = won.withColumns({"adverse": looked_up("category", adverse), "evidence": looked_up("category", evidence)})
    if corrections is not None:
        marked = marked.join(F.broadcast(corrections), "event_key", "left")
    return marked.withColumns(mildest(declarations)).withColumns(standing.doubts(marked, declarations)).withColumns({
        "fact_ids": F.array_sort("reports.fact_id"),
        "feeds": F.array_sort(F.array_distinct("reports.feed")),
        "levels": F.size(F.array_distinct("reports.level")),
        "members": F.transform("reports", lambda one: F.struct(one.fact_id, one.feed, one["rank"], one.superseded, one.digest)),
    }).drop("reports", "corrections")


def mildest(declarations: Declarations) -> dict[str, Column]:
    """For adverse acts with several reports in force: the lightest class and the earliest closing dates among them."""
    classes = list(declarations.fields["severity"].options["choices"])
    in_force = F.filter("reports", lambda report: ~report.superseded)
    places = F.transform(in_force, lambda report: F.nullif(F.array_position(F.lit(classes), report.severity), F.lit(0)))
    closings = sorted({closing.field for regime in declarations.regimes.values() for closing in regime.closings})
    several = F.col("adverse") & (F.size("reports") > 1)
    found = {"severity": F.get(F.lit(classes), F.array_min(places).cast("int") - 1)}
    found |= {name: F.array_min(in_force.getField(name)) for name in closings}
    return {name: F.when(several, value).otherwise(F.col(name)) for name, value in found.items()}


def losing_values(facts: Mapping[str, DataFrame], made: DataFrame, declarations: Declarations) -> DataFrame:
    """What reports of an act say otherwise than the one that stands for it: one row a field and report.

    What registration facts say is weighed field by field in the header (jobs.facts.files), not here.
    """
    winner = F.get("members", F.lit(0))
    differing = made.where((F.size("members") > 1) & (F.col("category") != "registration")) \
                    .where(F.exists("members", lambda one: one.digest != winner.digest))
    members = differing.select("event_id", "enterprise_id", winner.alias("winner"), F.inline("members")).drop("feed", "digest")
    compared = [said(frame, category, declarations) for category, frame in sorted(facts.items()) if category != "registration"]
    values = united(compared, {**SAID, "said": "array<struct<field: string, value: string>>"}, made.sparkSession)
    # Few reports differ: by broadcast the texts of all others are never shuffled.
    told = latest(values.join(F.broadcast(members), "fact_id"))
    winning = F.first(F.when(F.col("fact_id") == F.col("winner.fact_id"), F.col("said")), ignorenulls=True)
    return differences(told.withColumn("won", winning.over(Window.partitionBy("event_id"))))


def differences(told: DataFrame) -> DataFrame:
    """The fields in which each report differs from the one that won, with why it lost."""
    less = F.col("rank") > F.col("winner.rank")
    reason = F.when(F.col("superseded"), "superseded").when(less, "less_believed").otherwise("tie")
    return told.where("fact_id != winner.fact_id").select(
        "enterprise_id", "event_id", "fact_id", "feed", F.col("winner.fact_id").alias("winner_fact_id"), reason.alias("reason"),
        F.explode(F.arrays_zip("said", "won")).alias("pair")) \
        .where("pair.said.value is not null and not (pair.said.value <=> pair.won.value)") \
        .select("enterprise_id", "event_id", "pair.said.field", "pair.said.value", "fact_id", "feed", "winner_fact_id", "reason")


def compared_fields(category: str, declarations: Declarations) -> list[str]:
    """The fields in which reports of one act may contradict each other; the subject block is what match has weighed."""
    left_out = {*SUBJECT, *declarations.survivorship.not_compared,
                *(name for name, field in declarations.fields.items() if field.sensitivity == "never")}
    return [name for name in declarations.categories[category].fields if name not in left_out]


def as_text(name: str, declarations: Declarations) -> Column:
    return F.array_join(name, ";") if declarations.fields[name].type == "strings" else F.col(name).cast("string")


def digest(category: str, declarations: Declarations) -> Column:
    """One number for all compared values; null is spelt, as the hash passes over it."""
    return F.xxhash64(*(F.coalesce(as_text(name, declarations), F.lit("\0")) for name in compared_fields(category, declarations)))


def said(frame: DataFrame, category: str, declarations: Declarations) -> DataFrame:
    """Each fact with its compared values as text, in the order of the category's fields."""
    pairs = [F.struct(F.lit(name).alias("field"), as_text(name, declarations).alias("value"))
             for name in compared_fields(category, declarations)]
    return frame.select(*SAID, F.array(*pairs).alias("said"))

"""The enterprise index (识别库): registration facts folded to enterprises, their identifiers, names and referents."""
from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

import pyarrow as pa
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.enterprises import periods
from jobs.values import names as spelling

# In order of trust; the strongest that an enterprise has makes its id (design §5).
KINDS = ("credit_code", "organisation_code", "registration_number")
# Where it is, a token of who speaks for it, and what its life is told by.
BESIDE = {"registered_region": "string", "registered_address": "string", "legal_representative_token": "string",
          "founding_date": "date", "registration_status": "string", "enterprise_type": "string"}
REGISTRY, STATED = "registry", "stated"  # who says a name or a number: a registry of its own, or others beside code and name
SAID = ["enterprise_id", "name", "fact_id", "feed", "teller", "use", "on_date", "newest"]
SPELT = ("enterprise_id string, name string, fact_id string, feed string, teller string, use string, on_date date, "
         "newest boolean, name_key string, name_core string")


def identity(kind: Column, value: Column) -> Column:
    """The id that an identifier stands for: 32 hexadecimal digits of sha256 over `kind|value`."""
    return F.substring(F.sha2(F.concat_ws("|", kind, value), 256), 1, 32)


def organisation_of(code: Column) -> Column:
    """Positions 9 to 17 of a credit code are the organisation code (GB 32100-2015)."""
    return F.substring(code, 9, 9)


def registered(registrations: DataFrame) -> DataFrame:
    """Registration facts with the organisation code that their credit code holds, where they say none."""
    return registrations.select(
        "fact_id",
        "feed",
        "credit_code",
        "registration_number",
        "tax_number",
        "subject_name",
        "former_name",
        "name_key",
        "event_date",
        "covers",
        "received_at",
        *(F.col(name) if name in registrations.columns else F.lit(None).cast(kind).alias(name) for name, kind in BESIDE.items()),
        F.coalesce("organisation_code", organisation_of(F.col("credit_code"))).alias("organisation_code"),
    )


def owned(coded: DataFrame, kind: str) -> DataFrame:
    """Each value of a number with the one credit code it stands beside, under each name it has there."""
    by_value = coded.where(F.col(kind).isNotNull()).groupBy(kind)
    one = by_value.agg(F.count_distinct("credit_code").alias("codes"), F.min("credit_code").alias(f"code_by_{kind}"),
                       F.collect_set("name_key").alias(f"names_by_{kind}"))
    return one.where("codes = 1").drop("codes")


def members(registrations: DataFrame) -> DataFrame:
    """Each registration fact with its enterprise: by its credit code, else by a number that stands beside one credit code
    under the same name, else by the strongest number of its own."""
    facts = registered(registrations)
    coded = facts.where("credit_code is not null")
    bare = facts.where("credit_code is null")
    for kind in KINDS[1:]:
        bare = bare.join(owned(coded, kind), kind, "left")
    adopted = F.coalesce(
        *(F.when(F.array_contains(f"names_by_{kind}", F.col("name_key")), F.col(f"code_by_{kind}")) for kind in KINDS[1:])
    )
    own = reduce(lambda chain, kind: chain.when(F.col(kind).isNotNull(), identity(F.lit(kind), F.col(kind))), KINDS[1:],
                 F.when(adopted.isNotNull(), identity(F.lit("credit_code"), adopted)))
    kept = facts.columns
    by_code = coded.withColumns({"enterprise_id": identity(F.lit("credit_code"), F.col("credit_code")), "tier": F.lit(1)})
    return by_code.unionByName(bare.withColumns({"enterprise_id": own, "tier": F.lit(2)}).select(*kept, "enterprise_id", "tier"))


def identifiers(of: DataFrame, stated: DataFrame | None = None) -> DataFrame:
    """Every number of every enterprise, with who says so: enterprise_id, kind, value, fact_ids, trust, feeds.

    `stated` are the numbers that other feeds say, none of which a registry contradicts.
    """
    kinds = [F.struct(F.lit(kind).alias("kind"), F.col(kind).alias("value")) for kind in (*KINDS, "tax_number")]
    each = F.explode(F.array(*kinds)).alias("number")
    said = of.select("enterprise_id", "fact_id", "feed", F.lit(REGISTRY).alias("teller"), each) \
             .where("number.value is not null").select("*", "number.kind", "number.value").drop("number")
    if stated is not None:
        said = said.unionByName(stated.withColumn("teller", F.lit(STATED)).select(said.columns))
    return said.groupBy("enterprise_id", "kind", "value").agg(*tellers())


def tellers() -> list[Column]:
    """Of a group of tellings the facts and feeds of the most trusted: where a registry says it, those of registries alone."""
    told = F.sort_array(F.collect_set(F.struct("teller", "fact_id", "feed")))  # registry < stated
    best = F.filter(told, lambda one: one.teller == F.get(told, F.lit(0)).teller)
    return [F.array_distinct(best.fact_id).alias("fact_ids"), F.min("teller").alias("trust"),
            F.sort_array(F.array_distinct(best.feed)).alias("feeds")]


def referents(numbers: DataFrame) -> DataFrame:
    """The ids that the numbers of exactly one enterprise would have made: whoever kept an older id finds it here."""
    alone = numbers.where("kind != 'tax_number'").groupBy("kind", "value").agg(
        F.count_distinct("enterprise_id").alias("owners"), F.min("enterprise_id").alias("enterprise_id")).where("owners = 1")
    return alone.select(identity(F.col("kind"), F.col("value")).alias("referent_id"), "enterprise_id", "kind", "value")


def spelt(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Each name with its keys; a former-name cell that lists several becomes as many rows."""
    for batch in batches:
        rows = [{**row, "name": name, "name_key": spelling.name_key(name), "name_core": spelling.name_core(name)}
                for row in batch.to_pylist() for name in spelling.split_names(row["name"])]
        yield pa.RecordBatch.from_pylist(rows, pa.schema([
            *((name, pa.string()) for name in SAID[:6]), ("on_date", pa.date32()), ("newest", pa.bool_()),
            ("name_key", pa.string()), ("name_core", pa.string())]))


def newest() -> list[Column]:
    """The order of an enterprise's registrations, the one approved last first (then of the last day, then received last)."""
    return [F.desc_nulls_last("event_date"), F.desc("covers"), F.desc("received_at"), F.desc("fact_id")]


def known(of: DataFrame, names_: DataFrame) -> DataFrame:
    """Every name of every enterprise with what else is compared: where the enterprise is registered, its code, its seat."""
    last = Window.partitionBy("enterprise_id").orderBy(*newest())
    seats = of.withColumn("_newest", F.row_number().over(last)).where("_newest = 1").select(
        "enterprise_id", F.col("registered_region").alias("region"), F.col("credit_code").alias("code"),
        F.col("registered_address").alias("address"), F.col("legal_representative_token").alias("person"))
    number = F.xxhash64("enterprise_id", "name_key").alias("known")
    return names_.join(seats, "enterprise_id").select(
        number, "enterprise_id", "name_key", "region", "code", "address", "person")


def borne(of: DataFrame) -> DataFrame:
    """Each telling of a name by a registration, spelt: the name it bears on the day it was approved, and those it bore before."""
    last = Window.partitionBy("enterprise_id").orderBy(*newest())
    told = of.withColumns({"newest": F.row_number().over(last) == 1, "teller": F.lit(REGISTRY)})
    own = told.select("enterprise_id", F.col("subject_name").alias("name"), "fact_id", "feed", "teller",
                      F.lit(periods.BORNE).alias("use"), F.col("event_date").alias("on_date"), "newest")
    before = told.where("former_name is not null").select(
        "enterprise_id", F.col("former_name").alias("name"), "fact_id", "feed", "teller", F.lit(periods.FORMER).alias("use"),
        F.coalesce("event_date", "covers").alias("on_date"), F.lit(False).alias("newest"))
    return own.unionByName(before).select(*SAID).mapInArrow(spelt, SPELT)


def also(stated: DataFrame) -> DataFrame:
    """Each telling of a name by another feed than a registry (jobs.enterprises.stated), spelt."""
    told = stated.where(F.col("kind").isin(periods.START, periods.END, periods.FORMER)).select(
        "enterprise_id", F.col("value").alias("name"), "fact_id", "feed", F.lit(STATED).alias("teller"),
        F.col("kind").alias("use"), "on_date", F.lit(False).alias("newest"))
    return told.select(*SAID).mapInArrow(spelt, SPELT)


def names(of: DataFrame, said: DataFrame | None = None) -> DataFrame:
    """Every name an enterprise bears or bore: enterprise_id, name_key, name, name_core, current, fact_ids, trust, feeds,
    valid_from, valid_until (jobs.enterprises.periods); by its registrations, or by the tellings given.

    Current is the name of the registration approved last (then of the last day, then received last, then of the greater fact id).
    """
    told = (borne(of) if said is None else said).groupBy("enterprise_id", "name_key").agg(
        F.min_by("name", F.struct(~F.col("newest"), "teller", "fact_id")).alias("name"), F.min("name_core").alias("name_core"),
        F.bool_or("newest").alias("current"), *tellers(), *periods.bounds())
    return periods.bounded(told, of)

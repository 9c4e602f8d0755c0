"""The enterprise index (识别库): registration facts folded to enterprises, their identifiers, names and referents."""
from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

import pyarrow as pa
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.values import names as spelling

# In order of trust; the strongest that an enterprise has makes its id (design §5).
KINDS = ("credit_code", "organisation_code", "registration_number")
SEAT = ("registered_region", "registered_address", "legal_representative_token")  # where it is, and a token of who speaks for it
NAMES = "enterprise_id string, name string, fact_id string, newest boolean, name_key string, name_core string"


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
        *(F.col(name) if name in registrations.columns else F.lit(None).cast("string").alias(name) for name in SEAT),
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


def identifiers(of: DataFrame) -> DataFrame:
    """Every number of every enterprise, with the facts that say so: enterprise_id, kind, value, fact_ids."""
    kinds = [F.struct(F.lit(kind).alias("kind"), F.col(kind).alias("value")) for kind in (*KINDS, "tax_number")]
    said = of.select("enterprise_id", "fact_id", F.explode(F.array(*kinds)).alias("number")).where("number.value is not null")
    return said.groupBy("enterprise_id", F.col("number.kind").alias("kind"), F.col("number.value").alias("value")) \
               .agg(F.sort_array(F.collect_set("fact_id")).alias("fact_ids"))


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
            ("enterprise_id", pa.string()), ("name", pa.string()), ("fact_id", pa.string()), ("newest", pa.bool_()),
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
        number, "enterprise_id", "name_key", "region", "code", F.lit(True).alias("code_is_valid"), "address", "person")


def names(of: DataFrame) -> DataFrame:
    """Every name an enterprise bears or bore: enterprise_id, name_key, name, name_core, current, fact_ids.

    Current is the name of the registration approved last (then of the last day, then received last, then of the greater fact id).
    """
    last = Window.partitionBy("enterprise_id").orderBy(*newest())
    ranked = of.withColumn("newest", F.row_number().over(last) == 1)
    borne = ranked.select("enterprise_id", F.col("subject_name").alias("name"), "fact_id", "newest")
    former = ranked.where("former_name is not null").select("enterprise_id", F.col("former_name").alias("name"), "fact_id",
                                                            F.lit(False).alias("newest"))
    said = borne.unionByName(former).mapInArrow(spelt, NAMES)
    return said.groupBy("enterprise_id", "name_key").agg(
        F.min_by("name", F.struct(~F.col("newest"), "fact_id")).alias("name"), F.min("name_core").alias("name_core"),
        F.bool_or("newest").alias("current"), F.sort_array(F.collect_set("fact_id")).alias("fact_ids"))

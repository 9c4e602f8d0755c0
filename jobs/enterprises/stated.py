"""What other feeds than registries say of an enterprise beside its valid credit code and a name it bears or bore."""
from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.declarations import Declarations
from jobs.declarations.matching import Learnt
from jobs.enterprises.index import organisation_of
from jobs.enterprises.periods import END, FORMER, START
from jobs.values import names as spelling

NUMBERS = ("organisation_code", "registration_number", "tax_number")
STATED = {**dict.fromkeys(("enterprise_id", "kind", "value", "fact_id", "feed"), "string"), "on_date": "date"}
SIDES = ("before", "after")
LIVES = ["merger", "split", "code_reissue"]
CODE = "[0-9A-HJ-NPQRTUWXY]{18}"  # GB 32100-2015: without I, O, S, V, Z
ARROW = {"string": pa.string(), "date": pa.date32(), "array<string>": pa.list_(pa.string())}
CHANGES = {**dict.fromkeys(("fact_id", "feed", "change_item", "name_key", "before_code", "after_code"), "string"),
           "change_date": "date", **dict.fromkeys(("codes", "before", "after", "before_keys", "after_keys"), "array<string>")}


def stated(reports: DataFrame, members: DataFrame, names: DataFrame, changed: DataFrame, declarations: Declarations) -> DataFrame:
    """Numbers and former names (`STATED`): what is said beside the code, and the names that an approved change gave or took.

    `reports` is what the facts of every other category say of whom they are about (jobs.enterprises.links).
    """
    coded = members.where("credit_code is not null").select("credit_code", "enterprise_id").distinct()
    known = names.select("enterprise_id", "name_key")
    agreed = beside(reports, declarations).join(coded, "credit_code").join(known, ["enterprise_id", "name_key"], "left_semi")
    return agreed.select(*STATED).unionByName(renamings(changed.where("change_item = 'name'")))


def beside(reports: DataFrame, declarations: Declarations) -> DataFrame:
    """What the reports of feeds that are believed of it say: the kind, the value and, of a name, a day."""
    said = []
    for kind, told in {**dict.fromkeys(NUMBERS), "former_name": FORMER}.items():
        day = F.col("covers") if told else F.lit(None).cast("date")
        believed = F.col("feed").isin(declarations.indexing.feeds(kind, declarations)) & new(kind)
        one = F.struct(F.lit(told or kind).alias("kind"), F.col(kind).alias("value"), day.alias("on_date"))
        said.append(F.when(believed, one))
    rows = reports.where("credit_code is not null and name_key is not null")
    return rows.select("fact_id", "feed", "credit_code", "name_key", F.explode(F.array_compact(F.array(*said))).alias("one")) \
               .select("fact_id", "feed", "credit_code", "name_key", "one.kind", "one.value", "one.on_date")


def new(kind: str) -> Column:
    """Whether the value says more than the credit code beside it."""
    value, code = F.col(kind), F.col("credit_code")
    return value.isNotNull() & (value != code) & (value != organisation_of(code))


def against(told: DataFrame, registered: DataFrame) -> DataFrame:
    """The numbers stated, each with whether a registry says otherwise (`contradicted`), and whose it says it is (`owner`)."""
    numbers = told.where(F.col("kind").isin(*NUMBERS))
    owners = registered.groupBy("kind", "value").agg(F.collect_set("enterprise_id").alias("owners"))
    own = registered.groupBy("enterprise_id", "kind").agg(F.collect_set("value").alias("own"))
    met = numbers.join(owners, ["kind", "value"], "left").join(own, ["enterprise_id", "kind"], "left")
    mine = F.coalesce(F.array_contains("owners", F.col("enterprise_id")), F.lit(False))
    return met.withColumn("contradicted", (F.col("owners").isNotNull() | (F.size(F.coalesce("own", F.array())) > 0)) & ~mine)


# ---- changes that a registry approved

def spelt(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Each change with the names and the code that stand on either side of it; names like a person's are left out."""
    for batch in batches:
        rows = batch.to_pylist()
        for row in rows:
            for side in SIDES:
                found = spelling.split_names(spelling.former_names(row.pop(f"value_{side}") or "")[0] or "")
                row[side], row[f"{side}_keys"] = found, [spelling.name_key(name) for name in found]
        yield pa.RecordBatch.from_pylist(rows, pa.schema([(name, ARROW[kind]) for name, kind in CHANGES.items()]))


def changes(frame: DataFrame, members: DataFrame, names: DataFrame, declarations: Declarations) -> DataFrame:
    """The changes of names, and mergers, splits and new codes, by believed feeds, each with the enterprise whose code stands in
    it and whose name the row, or one side of it, bears."""
    believed = told_by("name_change", ["name"], declarations) | told_by("lifecycle", LIVES, declarations)
    code = {side: F.nullif(F.regexp_extract(F.upper(f"value_{side}"), CODE, 0), F.lit("")) for side in SIDES}
    reissued = F.col("change_item") == "code_reissue"
    told = frame.where(believed).select(
        "fact_id", "feed", "change_item", "change_date", "name_key",
        F.array_compact(F.array("credit_code", *(F.when(reissued, one) for one in code.values()))).alias("codes"),
        *(F.when(~reissued, F.col(f"value_{side}")).alias(f"value_{side}") for side in SIDES),
        *(F.when(reissued, one).alias(f"{side}_code") for side, one in code.items()))
    coded = members.where("credit_code is not null").select(F.col("credit_code").alias("code"), "enterprise_id").distinct()
    keys = F.array_compact(F.array_distinct(F.concat(F.array("name_key"), "before_keys", "after_keys")))
    rows = told.distinct().mapInArrow(spelt, ", ".join(f"{name} {kind}" for name, kind in CHANGES.items()))
    candidates = rows.withColumn("code", F.explode(F.array_distinct("codes"))).join(coded, "code")
    agreed = candidates.select("fact_id", "enterprise_id", F.explode(keys).alias("name_key")).join(
        names.select("enterprise_id", "name_key"), ["enterprise_id", "name_key"], "left_semi").select("fact_id", "enterprise_id")
    return candidates.drop("code", "codes").join(agreed.distinct(), ["fact_id", "enterprise_id"])


def told_by(kind: Learnt, items: list[str], declarations: Declarations) -> Column:
    """Changes of these kinds by a feed that is believed of them."""
    return F.col("change_item").isin(items) & F.col("feed").isin(declarations.indexing.feeds(kind, declarations))


def renamings(renamed: DataFrame) -> DataFrame:
    """The names that changes of names took and gave, each with its day."""
    sides = {END: "before", START: "after"}
    frames = [renamed.select("enterprise_id", F.lit(use).alias("kind"), F.explode(side).alias("value"), "fact_id", "feed",
                             F.col("change_date").alias("on_date")) for use, side in sides.items()]
    return frames[0].unionByName(frames[1])



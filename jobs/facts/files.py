"""The header of each credit file: for every field the best believed registration fact, its source, and what the others say."""
from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.declarations import Declarations
from jobs.declarations.policies import HeaderField
from jobs.facts.events import SAID, TYPES, looked_up


def led(declarations: Declarations) -> dict[str, tuple[HeaderField, list[str]]]:
    """Each field that leads, with the header fields that come from the same fact: itself first."""
    return {name: (field, [name, *field.together]) for name, field in declarations.survivorship.header.items()}


def source_of(name: str, declarations: Declarations) -> str:
    """The field of registration facts behind a header field."""
    field = declarations.survivorship.header.get(name)
    return field.of if field and field.of else name


def standing(field: HeaderField, declarations: Declarations) -> Column:
    """How much a fact is believed for a field, least first: feed, newest approval, newest day, newest arrival, fact id."""
    preference = declarations.survivorship.preferences[field.believe]
    return F.struct(
        looked_up("feed", {name: preference.rank(feed) for name, feed in declarations.feeds.items()}).alias("rank"),
        F.coalesce(-F.unix_date("approval_date"), F.lit(2 ** 31 - 1)).alias("approved"),
        (-F.unix_date("covers")).alias("covered"), (-F.unix_micros("received_at")).alias("received"), F.col("fact_id"))


def winners(registered: DataFrame, declarations: Declarations) -> DataFrame:
    """One row an enterprise: for each leading field the standing and the values of the best fact, null where none has one."""
    best = []
    for name, (field, fields) in led(declarations).items():
        values = [F.col(source_of(one, declarations)).alias(one) for one in fields]
        told = F.struct(standing(field, declarations).alias("standing"), *values)
        best.append(F.min(F.when(F.col(source_of(name, declarations)).isNotNull(), told)).alias(f"_{name}"))
    return registered.groupBy("enterprise_id").agg(*best)


def headers(won: DataFrame, declarations: Declarations) -> DataFrame:
    """The enterprises: each header field's winning value, and in `sources` the fact it comes from."""
    columns, sources = [], []
    for name, (_, fields) in led(declarations).items():
        columns += [F.col(f"_{name}.{one}").alias(one) for one in fields]
        source = F.col(f"_{name}.standing.fact_id")
        sources += [F.struct(F.lit(one), F.when(F.col(f"_{name}.{one}").isNotNull(), source).alias("fact_id")) for one in fields]
    known = F.filter(F.array(*sources), lambda source: source.fact_id.isNotNull())
    return won.select("enterprise_id", *columns, F.map_from_entries(known).alias("sources"))


def losing_values(registered: DataFrame, won: DataFrame, declarations: Declarations) -> DataFrame:
    """What registration facts say otherwise than the header, one row a field and fact, with why they lost."""
    pairs = [pair(name, one, field, declarations) for name, (field, fields) in led(declarations).items() for one in fields]
    beside = registered.join(won, "enterprise_id").select("enterprise_id", "fact_id", "feed", F.inline(F.array(*pairs)))
    # A companion where nobody has the field that leads it (a currency without an amount) is no value that could lose.
    lost = beside.where("value is not null and not (value <=> won) and by.fact_id is not null")
    return lost.selectExpr(
        "enterprise_id", "cast(null as string) as event_id", "field", "value", "fact_id", "feed", "by.fact_id as winner_fact_id",
        """case when own.rank > by.rank then 'less_believed'
                when own.approved > by.approved or own.covered > by.covered or own.received > by.received then 'older'
                else 'tie' end as reason""")


def pair(leader: str, name: str, field: HeaderField, declarations: Declarations) -> Column:
    return F.struct(F.lit(name).alias("field"), F.col(source_of(name, declarations)).cast("string").alias("value"),
                    F.col(f"_{leader}.{name}").cast("string").alias("won"), standing(field, declarations).alias("own"),
                    F.col(f"_{leader}.standing").alias("by"))


def shape(declarations: Declarations) -> dict[str, str]:
    """The columns of registration facts that a header needs, with their Spark types."""
    fields = {source_of(one, declarations) for _, names in led(declarations).values() for one in names} | {"approval_date"}
    return {"enterprise_id": "string", **SAID, **{name: TYPES[declarations.fields[name].type] for name in sorted(fields)}}

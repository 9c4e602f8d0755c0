"""Hand-written facts and links as Spark frames: what a test does not say is null, or the same for all."""
from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from jobs.declarations import Declarations, load
from jobs.facts import events, holds, lives, versions

CONFIG = Path(__file__).parent.parent / "config"
AS_OF = date(2026, 11, 21)
KEY = "penalty|示市监罚字〔2026〕1号|11340100MB0C0001XL|2026-05-12"
ARROW = {"string": pa.string(), "date": pa.date32(), "timestamp": pa.timestamp("us", tz="UTC"),
         "decimal(20,2)": pa.decimal128(20, 2), "decimal(5,4)": pa.decimal128(5, 4), "int": pa.int32(), "boolean": pa.bool_(),
         "array<string>": pa.list_(pa.string())}
LINK = {"fact_id": "string", "category": "string", "feed": "string", "enterprise_id": "string", "tier": "int", "reason": "string",
        "pending": "boolean"}
REVIEW = {"review_id": "string", "fact_id": "string", "category": "string", "candidates": "array<string>"}


def declarations() -> Declarations:
    return load(CONFIG)


def frame(spark: SparkSession, shape: dict[str, str], rows: list[dict[str, Any]]) -> DataFrame:
    """Rows of this shape (Spark types); dates may be ISO text."""
    def value(row: dict[str, Any], name: str) -> Any:
        said = row.get(name)
        return date.fromisoformat(said) if shape[name] == "date" and isinstance(said, str) else said

    columns = {name: pa.array([value(row, name) for row in rows], ARROW[kind]) for name, kind in shape.items()}
    return spark.createDataFrame(pa.table(columns))


def at(day: str) -> datetime:
    """Ten in the morning (Shanghai) of a day."""
    return datetime.fromisoformat(day).replace(hour=2, tzinfo=UTC)


def facts(spark: SparkSession, declared: Declarations, category: str, *rows: dict[str, Any]) -> DataFrame:
    """Facts of one category; `received` is a day, and each day is one delivery of a feed."""
    fields, event_date = declared.categories[category].fields, declared.categories[category].event_date
    kinds = {name: events.TYPES[declared.fields[name].type] for name in fields}
    told = []
    for number, row in enumerate(rows, 1):
        day = row.get("received", "2026-11-20")
        told.append({"row_no": number, "part": 0, "delivery_id": f"{row['feed']}-{day}", "received_at": at(day),
                     "covers": day, "event_date": row.get(event_date), **row})
    return frame(spark, {**events.ENVELOPE, "target_event_key": "string", **kinds}, told)


def penalty(fact_id: str, **said: Any) -> dict[str, Any]:
    """A penalty of the market regulator, decided on 12 May 2026, as the city reports it."""
    return {"fact_id": fact_id, "event_key": KEY, "feed": "city_penalties", "document_no": "示市监罚字〔2026〕1号",
            "organ_code": "11340100MB0C0001XL", "decision_date": "2026-05-12", "penalty_kinds": ["confiscation_of_gains"], **said}


def links(spark: SparkSession, of: dict[str, str], pending: tuple[str, ...] = ()) -> DataFrame:
    """Fact id -> enterprise."""
    return frame(spark, LINK, [{"fact_id": fact, "enterprise_id": enterprise, "tier": 1, "pending": fact in pending}
                               for fact, enterprise in of.items()])


def folded(spark: SparkSession, declared: Declarations, by_category: dict[str, DataFrame], linked: DataFrame,
           withdrawals: tuple[dict[str, Any], ...] = (), reviews: tuple[dict[str, Any], ...] = ()) -> DataFrame:
    """The events of these facts as of AS_OF, by the steps of the assemble stage."""
    reported = events.reports(by_category, declared, spark)
    later = versions.retold(by_category, declared), versions.corrections(by_category, declared)
    made = events.acts(events.linked(reported, linked), declared, *later).persist()
    ended = lives.endings(versions.ended(by_category, declared, spark), list(withdrawals))
    unmatched = versions.unmatched(versions.claims(by_category, declared, spark), by_category, declared)
    suspended = lives.suspensions(made, unmatched, linked, frame(spark, REVIEW, list(reviews)))
    return lives.lived(made, ended, holds.held(made, suspended, declared), declared, AS_OF)

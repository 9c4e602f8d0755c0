"""Rows as received, many deliveries of one category at once, as one Spark frame of outcomes; and what is told of it."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from typing import NamedTuple

import pyarrow as pa
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from jobs.declarations import Declarations
from jobs.declarations.feeds import Category, Feed, FieldDeclaration
from jobs.declarations.row_rules import CrossCheck
from jobs.facts import scores
from jobs.facts.keeping import gathered
from jobs.facts.plan import Plan
from jobs.facts.rows import cleaned_rows, schema
from jobs.values.dates import Calendar

TASK_ROWS = 200_000
LEAST_ROWS = 2_000  # of a task: fewer are cleaned sooner than a second task is begun
TELLING = ["outcome", "reject_field", "reject_value", "reject_reason", "flaws"]  # what a fact's own row does not keep
PLACE = ["feed", "delivery_id", "run_id", "row_no", "part", "received_at"]
# A row of several parts counts once, as the best that became of any of them.
RANKS = ["fact", "duplicate", "reject", "household", "natural_person"]


class Share(NamedTuple):
    """What a task reads of a delivery: every `of`-th part of its rows object, from the `number`-th on."""

    plan: Plan
    key: str
    number: int
    of: int


def outcomes(spark: SparkSession, plans: list[Plan], objects: Mapping[str, tuple[str, int]],
             rows_of: Callable[[str, int, int], Iterator[pa.RecordBatch]]) -> DataFrame:
    """Every row of these deliveries (all of one category) with its outcome.

    `objects` names each delivery's rows object and says how many rows it holds; `rows_of` reads a share of one. The workers
    read for themselves: rows that came through the JVM would be decoded and encoded twice more on their way. What they need to
    know goes to them once, for with every job Spark sends the functions of all frames that its own rests on.
    """
    tasks = shares(plans, objects, spark.sparkContext.defaultParallelism)
    sent = spark.sparkContext.broadcast((tasks, rows_of))
    shape = schema(plans[0].category, {name: field.type for name, field in plans[0].fields.items()})

    def cleaned(numbers: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        given, read = sent.value
        for number in (number for batch in numbers for number in batch.column("id").to_pylist()):
            for share in given[number]:
                for batch in read(share.key, share.number, share.of):
                    yield from cleaned_rows(share.plan, batch)

    return spark.range(0, len(tasks), 1, len(tasks)).mapInArrow(cleaned, from_arrow_schema(shape))


def shares(plans: list[Plan], objects: Mapping[str, tuple[str, int]], at_least: int) -> list[list[Share]]:
    """The tasks: of about as many rows each, `at_least` so many where the deliveries have rows enough for it."""
    size = max(LEAST_ROWS, min(TASK_ROWS, sum(objects[one.delivery_id][1] for one in plans) // at_least))
    tasks: list[list[Share]] = [[]]
    left = size
    for one in plans:
        key, rows = objects[one.delivery_id]
        of = max(1, round(rows / size))
        part = rows // of
        for number in range(of):
            if 2 * left < part:  # less than half of it would fit
                tasks.append([])
                left = size
            tasks[-1].append(Share(one, key, number, of))
            left -= part
    return tasks


def fact_schema(category: Category, fields: dict[str, FieldDeclaration]) -> StructType:
    """The columns of a category's facts: envelope, then its fields in dictionary order."""
    shape = schema(category, {name: field.type for name, field in fields.items() if name in category.fields})
    return from_arrow_schema(pa.schema([column for column in shape if column.name not in TELLING]))


def shared(facts: DataFrame, category: Category) -> DataFrame:
    """Facts in the columns that every category has; `lacks` is the first required field that is null, null where none is.

    What takes back an earlier report lacks nothing: turned away, it would keep in public what must go.
    """
    required = [name for name, field in category.fields.items() if field.required]
    lacks = F.coalesce(*(F.when(F.col(name).isNull(), name) for name in required)) if required else F.lit(None).cast("string")
    if "report_action" in category.fields:
        lacks = F.when(F.col("report_action").eqNullSafe("revoke"), F.lit(None).cast("string")).otherwise(lacks)
    return facts.select(*PLACE, "fact_id", "event_key", "event_date", "credit_code", lacks.alias("lacks"))


def failed(check: CrossCheck) -> Column:
    """Whether the row breaks the check; what is not known breaks nothing."""
    return (F.col("outcome") == "fact") & ~F.coalesce(F.expr(check.expects), F.lit(True))


def checked(frame: DataFrame, category: Category) -> DataFrame:
    """The outcomes after the category's cross-field checks: a broken one rejects the row or empties the field."""
    order = list(category.fields)
    rejecting = sorted(
        (check for check in category.checks if check.severity == "reject"), key=lambda check: order.index(check.field)
    )
    flawing = [check for check in category.checks if check.severity == "flaw"]
    return rejected(flawed(frame, flawing), rejecting)


def flawed(frame: DataFrame, checks: list[CrossCheck]) -> DataFrame:
    if not checks:
        return frame
    marks = frame.withColumns({f"_broken{number}": failed(check) for number, check in enumerate(checks)})
    told = [F.when(F.col(f"_broken{number}"), F.struct(
        F.lit(check.field).alias("field"), F.col(check.field).cast("string").alias("value"), F.lit(check.reason).alias("reason")))
        for number, check in enumerate(checks)]
    emptied = {}
    for number, check in enumerate(checks):
        emptied[check.field] = F.when(~F.col(f"_broken{number}"), emptied.get(check.field, F.col(check.field)))
    also = F.filter(F.array(*told), lambda flaw: flaw.isNotNull())
    return marks.withColumns({**emptied, "flaws": F.concat(F.coalesce("flaws", F.array()), also)}) \
                .drop(*(f"_broken{number}" for number in range(len(checks))))


def rejected(frame: DataFrame, checks: list[CrossCheck]) -> DataFrame:
    """Rows that break a rejecting check keep their place and the reason, and nothing else; a revocation is never turned away."""
    if not checks:
        return frame
    reports = F.lit(True) if "report_action" not in frame.columns else ~F.col("report_action").eqNullSafe("revoke")
    first = F.coalesce(*(F.when(reports & failed(check), F.struct(
        F.lit(check.field).alias("field"), F.col(check.field).cast("string").alias("value"), F.lit(check.reason).alias("reason")))
        for check in checks))
    marked = frame.withColumn("_first", first)
    broken = F.col("_first").isNotNull()
    told = {
        "outcome": F.when(broken, "reject").otherwise(F.col("outcome")),
        "reject_field": F.coalesce("_first.field", "reject_field"),
        "reject_value": F.coalesce("_first.value", "reject_value"),
        "reject_reason": F.coalesce("_first.reason", "reject_reason"),
    }
    kept = {name: F.when(~broken, F.col(name)) for name in frame.columns if name not in {*told, *PLACE}}
    return marked.withColumns({**told, **kept}).drop("_first")


def watched(category: str, feeds: Mapping[str, Feed]) -> list[str]:
    """The fields of a category whose fill rate any of its feeds bounds, or did."""
    return sorted({name for feed in feeds.values() if feed.category == category
                   for one in feed.versions for name in one.volume.fill})


def filled(names: list[str]) -> Column:
    """Which of these fields have a value, as bits of one number, the first lowest."""
    bits = (F.when(F.col(name).isNotNull(), F.lit(1 << n)).otherwise(F.lit(0)) for n, name in enumerate(names))
    return reduce(Column.__add__, bits, F.lit(0)).cast("long").alias("filled")


def told(frames: Mapping[str, DataFrame], declarations: Declarations) -> DataFrame:
    """Of every row of all categories its place, its outcome and why; of a fact its id, its flaws, which of the fields whose
    fill rate is bounded it has, and what scorecards count."""
    calendar = Calendar.load(declarations.folder / "codes" / "working_days.csv")
    each = (frame.select(*PLACE, "fact_id", *TELLING, filled(watched(name, declarations.feeds)),
                         *scores.of_category(name, declarations)) for name, frame in frames.items())
    return gathered(each).select(*PLACE, "fact_id", *TELLING, "filled", "there", *scores.of_all(declarations, calendar))


def repeated(frame: DataFrame) -> DataFrame:
    """The facts told more than once within one delivery, each with its first row: delivery_id, fact_id, first.

    Looked for by a number first, as almost none are: of those alone the ids are compared.
    """
    facts = frame.where("outcome = 'fact'").withColumn("number", F.xxhash64("delivery_id", "fact_id"))
    suspects = facts.groupBy("number").count().where("count > 1")
    told = facts.join(F.broadcast(suspects), "number", "left_semi").groupBy("delivery_id", "fact_id")
    times = told.agg(F.min(F.struct("row_no", "part")).alias("first"), F.count("*").alias("times"))
    return times.where("times > 1").drop("times")


def with_duplicates(frame: DataFrame, again: DataFrame) -> DataFrame:
    """The outcomes where a fact told again within its delivery (`repeated`) stands once, and is a duplicate after that."""
    later = (F.col("outcome") == "fact") & (F.struct("row_no", "part") != F.col("first"))
    joined = frame.join(F.broadcast(again), ["delivery_id", "fact_id"], "left")
    return joined.withColumn("outcome", F.when(F.coalesce(later, F.lit(False)), "duplicate").otherwise(F.col("outcome"))) \
                 .select(*frame.columns)


def facts(frame: DataFrame) -> DataFrame:
    return frame.where("outcome = 'fact'").drop(*TELLING)


def rejects(frame: DataFrame) -> DataFrame:
    told = [F.col("reject_field").alias("field"), F.col("reject_value").alias("value"), F.col("reject_reason").alias("reason")]
    return frame.where("outcome = 'reject'").select(*PLACE, *told)


def flaws(frame: DataFrame) -> DataFrame:
    return frame.where("outcome = 'fact' and size(flaws) > 0").select(*PLACE, "fact_id", F.explode("flaws").alias("flaw")) \
                .select(*PLACE, "fact_id", "flaw.field", "flaw.value", "flaw.reason")


def accounts(frame: DataFrame, feeds: Mapping[str, Feed]) -> DataFrame:
    """One row a delivery: how many of its rows had each outcome, how many facts and flaws came of them, how many of the facts
    have each of its category's watched fields (`filled_<place>`), and what scorecards count of facts and of rows."""
    most = max((len(watched(feed.category, feeds)) for feed in feeds.values()), default=0)
    rank = reduce(lambda so_far, n: so_far.when(F.col("outcome") == RANKS[n], n), range(1, len(RANKS)),
                  F.when(F.col("outcome") == RANKS[0], 0))
    is_fact = F.col("outcome") == "fact"
    told = frame.select("delivery_id", "row_no", "part", rank.alias("rank"), is_fact.cast("long").alias("facts"),
                        F.when(is_fact, F.size(F.coalesce("flaws", F.array()))).otherwise(0).alias("flaws"), "inconsistent",
                        *(F.when(is_fact, F.col(name)).otherwise(0).alias(name) for name in scores.OF_FACTS),
                        *((is_fact & F.col("filled").bitwiseAND(1 << n).cast("boolean")).cast("long").alias(f"filled_{n}")
                          for n in range(most)))
    counts = [F.sum(name).alias(name) for name in ("facts", "flaws", *scores.OF_FACTS, *(f"filled_{n}" for n in range(most)))]
    broken = F.max("inconsistent").alias("inconsistent")
    parts = told.where("part > 0").groupBy("delivery_id", "row_no").agg(F.min("rank").alias("rank"), broken, *counts)
    whole = told.where("part = 0").select(parts.columns)
    kinds = [F.count_if(F.col("rank") == n).alias(f"rows_{name}") for n, name in enumerate(RANKS)]
    return whole.unionByName(parts).groupBy("delivery_id").agg(*kinds, F.sum("inconsistent").alias("inconsistent"), *counts)


def reasons(frame: DataFrame) -> DataFrame:
    """How often each reject and flaw reason was given, by delivery and field."""
    kind = [F.lit("reject").alias("kind")]
    told = rejects(frame).select("delivery_id", *kind, "field", "reason")
    also = flaws(frame).select("delivery_id", F.lit("flaw").alias("kind"), "field", "reason")
    return told.unionByName(also).groupBy("delivery_id", "kind", "field", "reason").count()

"""Names read: taken apart, with the keys of the blocks they stand in; those of the index are remembered from night to night."""
from __future__ import annotations

from collections.abc import Callable, Iterator

import pyarrow as pa
from pyspark import Broadcast
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.enterprises import blocks
from jobs.enterprises.comparing import Said
from jobs.enterprises.model import Scorer
from jobs.enterprises.parts import Parts, taken_apart

READ_OF = ["name_key", "region", "code"]  # all that parts and keys are made of
BESIDE = ["region", "code", "address", "person"]  # what is compared beside the name
READ = "parts string, keys array<string>"
# compared_names: no person stands in it, whose tokens stay in facts (decision 0021).
COMPARED = ["known", "enterprise_id", *READ_OF, "address", "parts", "keys", "version"]
BETWEEN = "\x1f"


def unpacked(told: str) -> Said:
    """The side of a comparison that `ready` made the string of."""
    cells = told.split(BETWEEN)
    return Said(Parts(*cells[:8]), *cells[8:])


def reading(sent: Broadcast[Scorer], known: bool) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Takes names apart, a batch at a time: each row gets its parts, as one string, and its block keys, unless it brings them."""
    keyed = blocks.of_known if known else blocks.of_record

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        by = sent.value.words
        for batch in batches:
            columns = [batch.column(one).to_pylist() for one in (*READ_OF, "parts", "keys")]
            for row, (name, region, code, told, _) in enumerate(zip(*columns, strict=True)):
                if told is None:
                    parts = taken_apart(name or "", by)
                    columns[3][row] = BETWEEN.join(parts)
                    columns[4][row] = keyed(parts, blocks.cities_of(parts.region, region or ""), code or "") if name else []
            read_ = {"parts": pa.array(columns[3], pa.string()), "keys": pa.array(columns[4], pa.list_(pa.string()))}
            yield pa.RecordBatch.from_pydict({name: read_.get(name, batch.column(name)) for name in batch.schema.names})

    return read


def read(frame: DataFrame, sent: Broadcast[Scorer], known: bool = False) -> DataFrame:
    """The frame with the parts of each row's name, its block keys, and what is compared of it."""
    frame = frame if "parts" in frame.columns else frame.selectExpr("*", "cast(null as string) as parts",
                                                                    "cast(null as array<string>) as keys")
    columns = ", ".join(f"`{field.name}` {field.dataType.simpleString()}" for field in frame.schema.fields)
    return ready(frame.mapInArrow(reading(sent, known), columns))


def ready(read_: DataFrame) -> DataFrame:
    """What was read, with the key of its person, and with what is compared as one string, `said`: a join carries one column."""
    person = F.coalesce("person", F.lit(""))
    said = F.concat_ws(BETWEEN, "parts", *(F.coalesce(name, F.lit("")) for name in BESIDE))
    named = (person != "") & (F.coalesce("name_key", F.lit("")) != "")
    keys = F.when(named, F.concat("keys", F.array(F.concat(F.lit("person:"), person)))).otherwise(F.col("keys"))
    return read_.withColumns({"said": said, "keys": keys})


def known(asked: DataFrame, remembered: DataFrame | None, sent: Broadcast[Scorer]) -> DataFrame:
    """The names of the index as they are compared; none is taken apart anew that `compared_names` remembers by this version."""
    if remembered is None or "version" not in remembered.columns:
        return read(asked, sent, known=True)
    same = remembered.where(F.col("version") == sent.value.version).select(
        *(F.col(name).alias(f"_{name}") for name in ("enterprise_id", *READ_OF)), "parts", "keys")
    stands = [F.col(name).eqNullSafe(F.col(f"_{name}")) for name in ("enterprise_id", *READ_OF)]
    return read(asked.join(same, stands, "left").select(*asked.columns, "parts", "keys"), sent, known=True)


def compared(known_: DataFrame, version: str) -> DataFrame:
    """The names of the index as the next night and `resolve` read them, which never ask for a person."""
    bare = F.filter("keys", lambda key: ~key.startswith("person:"))
    return known_.withColumns({"keys": bare, "version": F.lit(version)}).select(*COMPARED)


def of_compared(names: DataFrame) -> DataFrame:
    """The names of the index as a release kept them."""
    return ready(names.withColumn("person", F.lit(None).cast("string")))


def numbered(read_: DataFrame) -> DataFrame:
    """What was read, with its block keys as numbers: shorter to keep and faster to join.

    Two keys of one number would only add a candidate.
    """
    return read_.withColumn("keys", F.transform(F.array_distinct("keys"), lambda key: F.xxhash64(key)))

"""What was scored once is remembered (`match_memory`): an answer stands while nothing that it was made of has changed.

An entry rests on the scorer's version and on every block its subject met, with all that stands under it in the index. A night
looks up who met what, which is a join of numbers, and scores only the subjects whose entry is missing or rests on something
else; so it gives exactly what a run without memory gives (tests/enterprises/test_memory_of_matching.py).
"""
from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

CANDIDATE = {"order": "int", "enterprise_id": "string", "known_name": "string", "blocks": "string", "levels": "string",
             "weight": "int", "correction": "int", "allowed": "boolean"}
RANKED = f"array<struct<{','.join(f'{name}:{kind}' for name, kind in CANDIDATE.items())}>>"
ENTRY = {"subject": "string", "kind": "string", "version": "string", "keys": "array<bigint>", "met": "bigint", "ranked": RANKED,
         "score": "double", "margin": "int", "accepted": "boolean", "agreeing": "array<string>", "fitting": "array<string>"}
CLAIM, OPEN = "claim", "open"  # a number's claim against the name; a subject that only scores may answer


def recalled(memory: DataFrame | None, kind: str, version: str, like: DataFrame) -> DataFrame:
    """The entries of a kind that this version of the scorer made; without a memory, none."""
    if memory is None:
        told = ", ".join(f"cast(null as {kind_}) as `{name}`" for name, kind_ in ENTRY.items())
        return like.sparkSession.sql(f"select {told} where false")
    return memory.where((F.col("kind") == kind) & (F.col("version") == version))


def met(meetings: DataFrame) -> DataFrame:
    """Of each subject one number that stands for every block it met and all that is under it: subject, met."""
    one = F.xxhash64("block", "digest")
    return meetings.groupBy("subject").agg(F.bit_xor(one).alias("met"))


def standing(entries: DataFrame, now: DataFrame) -> DataFrame:
    """The entries whose subject meets today what it met when it was answered."""
    return entries.join(now.withColumnRenamed("met", "met_now"), "subject").where("met = met_now").drop("met_now")

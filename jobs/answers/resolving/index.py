"""The enterprise index of a release, as its night left it in the lake, and the scorer of that night."""
from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.answers.resolving.columns import ListRefused
from jobs.declarations import Declarations
from jobs.declarations.matching import FOLDER
from jobs.declarations.settings import Settings
from jobs.enterprises import decided, model, reading, scored, tiers
from jobs.enterprises.rulings import Ruling
from jobs.facts.keeping import kept
from jobs.stores.lake import opened
from jobs.stores.ledger import Ledger

FEW = 20  # rows whose part of the index is taken out of it first: to plan and to join is then all there is to wait for
NUMBERS = ("credit_code", "organisation_code", "registration_number", "tax_number", "suggestion")
TABLES = ("identifiers", "names", "compared_names", "referents")


@dataclass(frozen=True)
class Whole:
    """The tables of a release's index, read once in a session that stays."""

    release: dict[str, Any]
    sent: model.Sent
    numbers: DataFrame
    names: DataFrame
    known: DataFrame
    ruled: list[Ruling]


def release_of(ledger: Ledger, known_at: datetime | None) -> dict[str, Any]:
    """The newest release that was known then, or now; raises ListRefused where there is none, or none with such an index."""
    served = ledger.rows("select * from credit.releases where release_status = 'served' order by sequence desc")
    found = next((row for row in served if known_at is None or row["known_at"] <= known_at), None)
    if found is None:
        first = f"; the first knows until {served[-1]['known_at'].isoformat()}" if served else ""
        when = "was known then" if known_at else "is there yet"
        raise ListRefused(f"no release {when}{first}: `python -m jobs night` makes one")
    if missing := set(TABLES) - found["snapshots"].keys():
        raise kept_no(found, ", ".join(sorted(missing)))
    return found


def kept_no(release: dict[str, Any], what: str) -> ListRefused:
    return ListRefused(f"release {release['release_id'][:12]}… kept no {what} to ask: "
                       "an older version made it; the next night's has them")


def whole(settings: Settings, ledger: Ledger, declared: Declarations, release: dict[str, Any], stays: bool) -> Whole:
    """The index of the release; one that stays is held in memory."""
    lake = opened(settings)
    tables = {name: lake.read(name, release["snapshots"][name]) for name in TABLES}
    if missing := set(reading.COMPARED) - set(tables["compared_names"].columns):
        raise kept_no(release, f"{', '.join(sorted(missing))} in compared_names")
    tables["compared_names"] = reading.of_compared(tables["compared_names"])
    with tempfile.TemporaryDirectory(prefix="scorer-") as folder:
        sent = model.sent(lake.spark, scorer_of(ledger, declared, release, Path(folder)))
    ruled = decided.ruled(ledger.match_decisions(release["known_at"]), tables["identifiers"], tables.pop("referents"))
    return Whole(release, sent, *(table.persist() if stays else table for table in tables.values()), ruled)


def scorer_of(ledger: Ledger, declared: Declarations, release: dict[str, Any], folder: Path) -> Path:
    """The configuration that the release was matched by: today's, or in `folder` what of that of then the scorer reads."""
    digest = release["inputs"]["declarations"]
    if digest == declared.digest:
        return declared.folder
    [row] = ledger.rows("select content from ledger.declarations where digest = :digest", digest=digest)
    for name, text in row["content"].items():
        below = Path(*Path(name).parts[1:])
        if below.parts[0] in (FOLDER.name, "codes"):
            (folder / below).parent.mkdir(parents=True, exist_ok=True)
            (folder / below).write_text(text, encoding="utf-8")
    return folder


def index_for(of: Whole, asked: pa.Table) -> tiers.Index:
    """The index as the engine asks it for these rows."""
    if len(asked) <= FEW:
        return touched(of, asked)
    known = kept(of.known)
    return tiers.Index(of.numbers, of.names, known, kept(scored.blocked(known, of.sent.value.policy.caps)))


def touched(of: Whole, asked: pa.Table) -> tiers.Index:
    """All of the index that a few rows can meet: what has a number or a name of theirs, or shares a block with them."""
    said = {name: [value for value in asked[name].to_pylist() if value] for name in (*NUMBERS, "name_key")}
    values = [value for name in NUMBERS for value in said[name]] + [code[8:17] for code in said["credit_code"]]
    hit = of.numbers.where(F.col("value").isin(values)).toArrow()
    claimed = sorted(set(hit["enterprise_id"].to_pylist()))
    coded = of.numbers.where(F.col("enterprise_id").isin(claimed) & ~F.col("value").isin(values)).toArrow()
    names = of.names.where(F.col("name_key").isin(said["name_key"])).toArrow()
    shares = F.arrays_overlap("keys", F.array(*map(F.lit, keys_of(of, asked))).cast("array<string>"))
    known = of.known.where(F.col("enterprise_id").isin(claimed) | shares).toArrow()
    numbers, names, known = (local(of, table) for table in (pa.concat_tables([hit, coded]), names, known))
    return tiers.Index(numbers, names, known, scored.blocked(known, of.sent.value.policy.caps))


def keys_of(of: Whole, asked: pa.Table) -> list[str]:
    """The block keys that the rows ask for."""
    said = pa.table({"name_key": asked["name_key"], "region": asked["region"], "code": asked["damaged_code"],
                     "parts": pa.nulls(len(asked), pa.string()), "keys": pa.nulls(len(asked), pa.list_(pa.string()))})
    [batch] = said.combine_chunks().to_batches()
    read = next(reading.reading(of.sent, known=False)(iter([batch])))
    return sorted({key for keys in read.column("keys").to_pylist() for key in keys})


def local(of: Whole, table: pa.Table) -> DataFrame:
    """The rows of a small table, in the plan itself."""
    return of.known.sparkSession.createDataFrame(table)

"""How well a night matched: what match writes of it for its gate, for programs and for the page beside the release."""
from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.answers import match_page
from jobs.answers.layout import shown
from jobs.declarations.files import read_one
from jobs.declarations.matching import FOLDER, Quality
from jobs.enterprises import quality
from jobs.facts.keeping import collected
from jobs.stages.run import Night

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from jobs.enterprises.tiers import Answer

RELEASE_BEFORE = """
    select snapshots from credit.releases where as_of < :as_of and known_at <= :known_at
    order by as_of desc, sequence desc limit 1"""


def declared(night: Night) -> Quality:
    """What is counted of the matching, as declared."""
    return read_one(night.declarations.folder / FOLDER / "quality.yml", Quality)


def write(night: Night, linked: DataFrame, reports: DataFrame, labels: dict[str, DataFrame], answer: Answer,
          by: Quality) -> None:
    """The figures of the night, and what moved since the release of the last date before it.

    What moved is for the gate and the page alone: which release came before is no input of this one.
    """
    first = reports.select("category", "fact_id", "first_received")
    matched = quality.Matched(
        linked.where("category <> 'registration'"), night.read("reviews").join(first, ["category", "fact_id"]), labels,
        answer.answers, night.read("index_conflicts"), night.read("names"), night.as_of)
    night.write("match_quality", quality.figures(matched, by))
    now = night.read("match_quality")
    night.write("match_drift", quality.drift(now, before(night, now)))


def before(night: Night, now: DataFrame) -> DataFrame:
    """The figures of the last release of an earlier date, of those known then; none where there is none."""
    rows = night.ledger.rows(RELEASE_BEFORE, as_of=night.as_of, known_at=night.known_at)
    snapshot = rows[0]["snapshots"].get("match_quality") if rows else None
    return night.source.read("match_quality", snapshot) if snapshot else now.limit(0)


def keep(night: Night, release_id: str) -> None:
    """The page of the matching beside the files of the release."""
    about = {"release_id": release_id, "as_of": night.as_of, "known_at": shown(night.known_at)}
    match_page.keep(night.settings.home / "releases" / release_id, collected(night.read("match_quality")),
                    collected(night.read("match_drift")), night.metrics["match"], about, night.declarations)

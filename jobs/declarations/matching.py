"""Models of config/matching/: how names are taken apart, what is compared, when a link is accepted, and the trained weights."""
from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator

from jobs.declarations.feeds import Level
from jobs.declarations.files import Declared, known


class Vocabulary(Declared):
    """config/matching/names.yml: the words that names of enterprises are made of."""

    forms: dict[str, list[str]] = Field(description="legal forms by class")
    form_notes: list[str] = Field(description="what stands in brackets and says only more of the form")
    group: list[str] = Field(description="the words of a group before the form")
    branch_endings: list[str]
    tells_apart: list[str] = Field(description="characters that tell sister enterprises apart")
    numerals: dict[str, str]
    zones: list[str] = Field(description="development zones: a place, but no division")
    trades: list[str]

    @field_validator("trades", mode="before")
    @classmethod
    def words(cls, value: Any) -> Any:
        """A long list reads better as a paragraph of words."""
        return value.split() if isinstance(value, str) else value


class Shapes(Declared):
    """config/matching/shapes.yml: sets of characters that are read for one another although they share no part."""

    alike: list[str]


FOLDER = Path("matching")


class Weight(Declared):
    """What one level of a comparison says: its share among true pairs and among other candidates, and log2 of their ratio."""

    m: float
    u: float
    weight: int = Field(description="in thousandths of a bit")


class Model(Declared):
    """config/matching/model.yml: written by `python -m jobs train`, never by hand."""

    trained_on: str
    pairs: int = Field(description="candidate pairs that it was trained on")
    prior: int = Field(description="log2 odds of a candidate pair to be one enterprise, in thousandths of a bit")
    term_slope: float = Field(description="how much of the logarithm of a term's frequency counts")
    weights: dict[str, dict[str, Weight]]


class Policy(Declared):
    """config/matching/policy.yml: when a scored link is accepted, what goes to people, and what a night may cost."""

    accept: dict[str, float] = Field(description="the least probability of an accepted link, usually and by how the cores differ")
    margin: float = Field(description="bits by which it must beat the second enterprise", ge=0)
    review: float = Field(description="the least probability that is worth a person's look", ge=0, lt=1)
    likely: float = Field(description="the probability of another enterprise at which a number under an unknown name is doubted")
    alternatives: int = Field(description="candidates told", ge=1, le=10)
    may_be: dict[str, list[str]] = Field(description="the levels at which a link may still be accepted")
    backs: dict[str, list[str]] = Field(description="the levels at which something beside the name says who is meant")
    may_be_backed: dict[str, list[str]] = Field(description="the levels at which a link that something backs may be accepted")
    at_most: dict[str, dict[str, float]] = Field(description="bits that a level may say for a link at most, whatever was learnt")
    agrees: dict[str, list[str]] = Field(description="the levels at which a name agrees with the number beside it")
    fits: dict[str, list[str]] = Field(description="the levels at which a number counts, in doubt, under an unknown name")
    caps: dict[str, int] = Field(description="names that one key of a block may have; a commoner key finds nobody")
    pair_budget: int = Field(description="pairs a night may compare; above it the night stops", gt=0)


class Quality(Declared):
    """config/matching/quality.yml: what is counted of a night's matching, and how finely."""

    labels: int = Field(description="records with a known code that are asked again with the code hidden", ge=0)
    z: float = Field(description="standard deviations that an interval reaches to each side", gt=0)
    score_edges: list[float] = Field(description="where each band of scores begins", min_length=1)
    age_days: list[int] = Field(description="where each band of ages in the review queue begins, in days", min_length=1)
    clusters: int = Field(description="enterprises with the most names, and with the most scored facts, that are named", ge=0)

    @field_validator("score_edges", "age_days")
    @classmethod
    def rising(cls, value: list[Any]) -> list[Any]:
        if value != sorted(set(value)) or value[0] != 0:
            raise ValueError("rising from 0")
        return value


class InWords(Declared):
    """What something is called for people."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Comparison(InWords):
    """What is compared, and each level that it may show."""

    levels: dict[str, InWords] = Field(min_length=2)


class Comparisons(Declared):
    """config/matching/comparisons.yml: comparisons, levels, blocks, forms and claims in words; no score depends on it."""

    comparisons: dict[str, Comparison]
    blocks: dict[str, InWords]
    forms: dict[str, InWords]
    claims: dict[str, InWords]
    agreements: dict[str, InWords]


class Believed(Declared):
    """The feeds, named or by their level, whose word is taken, and why."""

    feeds: list[str] = []
    levels: list[Level] = []
    because: str


Learnt = Literal["former_name", "name_change", "lifecycle", "organisation_code", "registration_number", "tax_number"]


class Indexing(Declared):
    """config/matching/index.yml: what the enterprise index takes from other feeds than registries."""

    believed: dict[Learnt, Believed]
    ended: dict[str, str] = Field(description="registration_status -> as what it ends the enterprise in `lifecycle`")
    branch_types: list[str] = Field(description="parts of enterprise_type that a branch's has")

    def feeds(self, kind: Learnt, all_: Any) -> list[str]:
        """The feeds believed of this kind, of categories that an organ decided or checked; registries are asked first anyway."""
        one = self.believed.get(kind)
        solid = {name for name, category in all_.categories.items() if category.evidence in ("decided", "checked")}
        return sorted(name for name, feed in all_.feeds.items() if one and feed.category in solid - {"registration"}
                      and (name in one.feeds or feed.level in one.levels))


def index_faults(declared: Indexing, all_: Any) -> Iterator[str]:
    """What index.yml names must be declared elsewhere."""
    where = f"{FOLDER}/index.yml"
    for kind, one in declared.believed.items():
        if strange := set(one.feeds) - set(all_.feeds):
            yield f"{where}: believed.{kind}.feeds: {known(strange)} is unknown; known: {known(all_.feeds)}"
    choices = all_.fields["registration_status"].options["choices"]
    if strange := set(declared.ended) - set(choices):
        yield f"{where}: ended: {known(strange)} is no registration_status; known: {known(choices)}"


# What else is in the folder, or in the room, changes no score.
SCORED_BY = ("model.yml", "names.yml", "policy.yml", "shapes.yml", "terms.csv")
SCORED_IN = ("alike", "blocks", "comparing", "memory", "parts", "places", "reading", "scored", "tiers")


def version(config: Path) -> str:
    """The digest of all that a score depends on: words, places, shapes, policy, weights, frozen terms, and the scoring code."""
    room = Path(__file__).parents[1] / "enterprises"
    files = [config / "codes" / "divisions.csv", *(config / FOLDER / name for name in SCORED_BY),
             *(room / f"{one}.py" for one in SCORED_IN)]
    return hashlib.sha256(b"\0".join(file.name.encode() + b"\0" + file.read_bytes() for file in files)).hexdigest()[:16]


def terms(path: Path) -> dict[str, dict[str, int]]:
    """How many enterprises bear each core, brand and trade that several bear, as frozen when the model was trained."""
    found: dict[str, dict[str, int]] = {"core": {}, "brand": {}, "trade": {}, "pair": {}}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["kind"]][row["term"]] = int(row["count"])
    return found

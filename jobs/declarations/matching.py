"""Models of config/matching/: how names are taken apart, what is compared, when a link is accepted, and the trained weights."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from jobs.declarations.files import Declared


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
    at_most: dict[str, float] = Field(description="bits that a comparison may say for a link at most, whatever was learnt")
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

"""The declared comparisons, the trained weights and the frozen term frequencies, ready to score by."""
from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyspark import Broadcast
from pyspark.sql import SparkSession

from jobs.declarations.files import DeclarationError, read_one
from jobs.declarations.matching import FOLDER, Model, Policy, terms, version
from jobs.enterprises import alike, parts
from jobs.enterprises.comparing import LEVELS, Said, levels

THOUSANDTHS = 1000  # weights are whole thousandths of a bit, so that a sum is the same in any order
# Which term's frequency corrects which level of `core`: what agrees there is the rarer the more it says.
TERM_OF = {
    **dict.fromkeys(("same", "place_slip", "swapped", "alike", "two_alike", "doubled"), "core"),
    **dict.fromkeys(("alike_in_short_brand", "wrong_in_brand", "wrong_in_short_brand", "lost", "lost_in_short_brand", "inserted",
                     "inserted_in_short_brand", "other_brand", "reversed"), "trade"),
    **dict.fromkeys(("wrong_in_trade", "alike_in_trade", "lost_in_trade", "inserted_in_trade", "other_trade", "brand_only"),
                    "brand"),
}  # fmt: skip
Sent = Broadcast  # of a Scorer
_SENT: dict[tuple[str, Path, str], Broadcast] = {}


@dataclass(frozen=True)
class Scorer:
    """Everything that a pair's score depends on."""

    version: str
    model: Model
    policy: Policy
    words: parts.Words
    shapes: Mapping[str, frozenset[int]]
    terms: Mapping[str, Mapping[str, int]]

    def levels(self, record: Said, known: Said) -> tuple[str, ...]:
        return levels(record, known, self.words, self.shapes, self.terms)

    def weights(self, found: Sequence[str], known: Said) -> list[int]:
        """The weight of each comparison's level, in thousandths of a bit, and last the correction by the term's frequency."""
        told = [self.weight(name, level) for name, level in zip(LEVELS, found, strict=True)]
        return [*told, self.correction(found[0], known)]

    def weight(self, name: str, level: str) -> int:
        """The trained weight, no greater than what the policy lets that level say."""
        learnt, bound = self.model.weights[name][level].weight, self.policy.at_most.get(name, {}).get(level)
        return learnt if bound is None else min(learnt, round(THOUSANDTHS * bound))

    def correction(self, core: str, known: Said) -> int:
        """How much less an agreement says than one in a term that a single enterprise bears."""
        kind = TERM_OF.get(core)
        if kind is None:
            return 0
        count = self.terms[kind].get(getattr(known.parts, kind), 1)
        return -round(THOUSANDTHS * self.model.term_slope * math.log2(count))

    def allowed(self, found: Sequence[str]) -> bool:
        """Whether the policy lets a link be accepted where the names differ so: more where something else backs it."""
        of = dict(zip(LEVELS, found, strict=True))
        return within(of, self.policy.may_be) or (
            any(of[name] in levels for name, levels in self.policy.backs.items()) and within(of, self.policy.may_be_backed))


def within(found: Mapping[str, str], may_be: Mapping[str, list[str]]) -> bool:
    """Whether each comparison that is named shows one of its levels."""
    return all(found[name] in levels for name, levels in may_be.items())


def sent(spark: SparkSession, config: Path, **instead: float) -> Broadcast[Scorer]:
    """The scorer of a configuration, sent to Spark's workers once a session; training asks for another slope `instead`."""
    asked = spark.sparkContext.applicationId, config, f"{version(config)}{instead or ''}"
    if asked not in _SENT:
        by = scorer(config)
        _SENT[asked] = spark.sparkContext.broadcast(replace(by, model=by.model.model_copy(update=instead)))
    return _SENT[asked]


def faults(policy: Policy) -> Iterator[str]:
    """The comparisons and levels that the policy names and that are none."""
    named = {name: getattr(policy, name) for name in ("may_be", "backs", "may_be_backed", "at_most", "agrees", "fits")}
    for key, levels_ in (*named.items(), ("accept", {"core": set(policy.accept) - {"usually"}})):
        for comparison, told in levels_.items():
            if unknown := sorted(set(told) - set(LEVELS.get(comparison, ()))):
                yield f"{key}.{comparison}: {unknown} is no level of it; known: {LEVELS.get(comparison) or sorted(LEVELS)}"


def scorer(config: Path) -> Scorer:
    """The scorer of a configuration; a model that knows other levels than the code does is refused."""
    folder = config / FOLDER
    model, policy = read_one(folder / "model.yml", Model), read_one(folder / "policy.yml", Policy)
    for name, known in LEVELS.items():
        if missing := set(known) - set(model.weights.get(name, {})):
            raise DeclarationError(f"{folder / 'model.yml'}: weights.{name}: no weight for {sorted(missing)}; "
                                   "train it anew: python -m jobs train")
    for fault in faults(policy):
        raise DeclarationError(f"{folder / 'policy.yml'}: {fault}")
    return Scorer(version(config), model, policy, parts.words(config), alike.shapes(config), terms(folder / "terms.csv"))

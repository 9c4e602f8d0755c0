"""A reason in words, whoever says it: config/reasons.yml, or the code that gives it."""
from __future__ import annotations

from dataclasses import dataclass

from jobs.declarations import Declarations
from jobs.facts import outcomes, references
from jobs.values import REASONS

SAID = {**REASONS, **references.REASONS, **outcomes.REASONS}


@dataclass(frozen=True)
class Explained:
    """The reason as the organ is told it; `basis` is empty where no standard or rule stands behind it."""

    zh: str
    en: str
    basis: str


def explained(declarations: Declarations, reason: str) -> Explained:
    """Of a reason that is not declared any more the code alone: an old release may have given it."""
    declared = declarations.reasons.get(reason)
    english, chinese = SAID.get(reason, (reason, reason))
    if declared is None:
        return Explained(chinese, english, "")
    return Explained(declared.zh or chinese, declared.en or english, "" if declared.basis == "none" else declared.basis)


def notes(declarations: Declarations) -> list[str]:
    """The reasons that are no fault of the sender."""
    return sorted(reason for reason, declared in declarations.reasons.items() if declared.kind == "note")

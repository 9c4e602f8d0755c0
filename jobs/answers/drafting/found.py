"""What is found about one column: the fields that it gives, that it is dropped, or that it is open, and why."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from jobs.answers.drafting.columns import Column
from jobs.answers.drafting.dictionary import WHOLE
from jobs.answers.drafting.evidence import Reading


@dataclass(frozen=True)
class Proposed:
    """What is proposed of one column: its fields, or that it is dropped or ignored; or that it is open, and between what."""

    column: Column
    role: str  # field, personal, person_if_filled, ignored or open
    because: str
    fields: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    near: int = WHOLE
    readings: dict[str, Reading] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.column.label

    @property
    def rank(self) -> tuple[int, str]:
        return self.near, self.label


def opened(one: Proposed, candidates: Sequence[str], because: str) -> Proposed:
    return replace(one, role="open", because=because, fields=(), candidates=tuple(dict.fromkeys(candidates)), readings={})

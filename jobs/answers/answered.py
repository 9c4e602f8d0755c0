"""What organs answered before: an organ's file may hold it again, as who adds to one file from month to month hands it in."""
from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobs.answers.decision_list import today
from jobs.answers.questions import id_of
from jobs.declarations.organs import Organ
from jobs.stores.ledger import Ledger

NUMBERS = "select enterprise_id, value from credit.identifiers where enterprise_id = any(:ids)"
Row = dict[str, Any]


Said = dict[tuple[str, str], Row]  # by number of a candidate and verdict the decision that says so


@dataclass(frozen=True)
class Answered:
    """By question what an organ's decisions say that stand, and what those said that were withdrawn."""

    standing: dict[str, Said]
    withdrawn: dict[str, Said]

    def says_again(self, question_id: str, verdicts: dict[str, str]) -> bool:
        """Whether decisions that stand say all that these verdicts by number say."""
        return bool(verdicts) and self.standing.get(question_id, {}).keys() >= verdicts.items()

    def taken_back(self, question_id: str, verdicts: dict[str, str], because: str) -> Row | None:
        """A withdrawn decision that these verdicts say again for the reason given then: nobody meant anything new by it."""
        before = self.withdrawn.get(question_id, {})
        again = [before[one] for one in verdicts.items() if one in before and before[one]["because"] == because]
        return again[0] if again and len(again) == len(verdicts) else None


def answered(ledger: Ledger, organ: Organ, now: datetime) -> Answered:
    """What this organ answered by now."""
    standing, withdrawn = ([one for one in decisions if one["answered_by_organ"] == organ.code]
                           for decisions in (ledger.match_decisions(now), ledger.withdrawn_decisions(now)))
    numbers = numbers_of(ledger, [*standing, *withdrawn])
    return Answered(by_question(standing, numbers), by_question(withdrawn, numbers))


def numbers_of(ledger: Ledger, decisions: Collection[Row]) -> dict[str, list[str]]:
    """By the enterprise that a decision was on, the numbers that it bears today."""
    now = today(ledger, list(decisions))
    borne: dict[str, list[str]] = {}
    for row in ledger.rows(NUMBERS, ids=sorted(set(now.values()))):
        borne.setdefault(row["enterprise_id"], []).append(row["value"])
    return {asked: borne.get(enterprise, []) for asked, enterprise in now.items()}


def by_question(decisions: Iterable[Row], numbers: dict[str, list[str]]) -> dict[str, Said]:
    found: dict[str, Said] = {}
    for one in decisions:
        mine = found.setdefault(id_of(one["subject"], one["organ_code"]), {})
        mine |= {(number, one["verdict"]): one for number in numbers.get(one["enterprise_id"], [])}
    return found

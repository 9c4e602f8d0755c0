"""A ruling on what an organ disputes; where the rule was wrong, every delivery that it hit is read anew at once."""
from __future__ import annotations

from argparse import Namespace
from functools import partial
from typing import Any

from jobs.answers import disputes, reread
from jobs.stages.night import decide
from jobs.stages.run import Night, code_version, perform


def rule(night: Night, asked: Namespace) -> str:
    """What the ruling that was typed did."""
    if asked.upheld:
        uphold(night, asked.dispute, asked.because, asked.by)
        return "upheld: its lines are open again; scores and slips of consumers say so after the next night"
    return withdraw(night, asked.dispute, asked.because, asked.by)


def uphold(night: Night, dispute_id: str, because: str, by: str) -> None:
    """What is disputed is open again, and why."""
    disputes.unruled(night.ledger, dispute_id, night.known_at)
    disputes.ruled(night.ledger, dispute_id, "upheld", because, by, night.known_at)
    night.connection.commit()


def withdraw(night: Night, dispute_id: str, because: str, by: str) -> str:
    """Every delivery that the rule hit, of every feed, is standardised anew, which is told; refused where nobody corrected it."""
    disputed = disputes.unruled(night.ledger, dispute_id, night.known_at)
    rule = disputed["field"], disputed["reason"]
    rows = disputes.hit(night.ledger, rule, night.as_of, night.known_at)
    if not disputes.corrected(night.ledger, night.declarations, code_version(), rows, rule):
        disputes.refuse_uncorrected(disputed, rows, night.declarations)
    night.anew = tuple(row["delivery_id"] for row in rows)
    perform(night, "standardise", partial(decided, dispute_id=dispute_id, because=because, by=by), "")
    return reread.told(night.ledger, rule, rows, night.run_id, night.as_of)


def decided(night: Night, dispute_id: str, because: str, by: str) -> dict[str, Any]:
    """The decisions, and the ruling in one commit with them: a run that is killed leaves neither."""
    metrics = decide(night)
    disputes.ruled(night.ledger, dispute_id, "withdrawn", because, by, night.known_at, run_id=night.run_id,
                   deliveries=list(night.anew or ()))
    return metrics

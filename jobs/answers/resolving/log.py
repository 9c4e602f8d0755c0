"""The log of queries (`ledger.query_log`): who asked, what for, when, of which release, and how many rows were answered how.

No name and no number of anybody asked about stands in it, nor what would give one away.
"""
from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from jobs.answers.match_words import of_tier
from jobs.answers.resolving.answers import Answer
from jobs.answers.resolving.columns import ListRefused
from jobs.answers.resolving.rows import OUT_OF_SCOPE
from jobs.declarations.asking import Lists
from jobs.stores.ledger import Ledger

UNANSWERED = "unanswered"


class Asker(NamedTuple):
    """Who asks, what for, and as of which knowledge."""

    by: str
    purpose: str
    known_at: datetime | None


def refuse_unknown(asked: Lists, purpose: str | None) -> None:
    """Raises ListRefused where no declared purpose is given, with those there are."""
    if purpose not in asked.purposes:
        listed = "\n".join(f"  {code}  {one.zh} ({one.en}); {one.basis}" for code, one in sorted(asked.purposes.items()))
        seen = f"{purpose!r} is unknown" if purpose else "nothing is asked without one"
        raise ListRefused(f"--purpose: {seen}; known (config/resolve.yml):\n{listed}")


def counts(answers: Iterable[Answer]) -> Counter[str]:
    """How many rows each tier answers, and how many are `out_of_scope` or `unanswered`."""
    return Counter(f"{one.tier}" if one.enterprise_id else OUT_OF_SCOPE if one.reason == OUT_OF_SCOPE else UNANSWERED
                   for one in answers)


def logged(ledger: Ledger, asker: Asker, release_id: str, found: Counter[str], at: datetime, file: Path | None) -> None:
    """One query is in the log; the commit is the caller's, and goes before any answer is given."""
    by_tier = {tier: count for tier, count in sorted(found.items()) if tier not in (OUT_OF_SCOPE, UNANSWERED)}
    ledger.add("query_log", [{
        "at": at, "asked_by": asker.by, "purpose": asker.purpose, "command": "resolve", "release_id": release_id,
        "asked_known_at": asker.known_at, "rows": found.total(), "out_of_scope": found[OUT_OF_SCOPE],
        "unanswered": found[UNANSWERED], "by_tier": by_tier, "input_sha256": None if found[OUT_OF_SCOPE] else digest(file)}])


def digest(file: Path | None) -> str | None:
    """The sha256 of the file that was asked with. Of a list with a person in it none is kept: who guesses the text finds it."""
    if file is None:
        return None
    with open(file, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def in_words(found: Counter[str]) -> str:
    """The counts on one line."""
    told = [f"{of_tier(key) if key.isdigit() else key.replace('_', ' ')}: {count:,}" for key, count in sorted(found.items())]
    return "; ".join([f"{found.total():,} rows", *told])

"""Files read by a declared feed, and its examples: what an engineer who corrects a declaration sees before any night."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from jobs.answers.drafting.renewed import agrees
from jobs.answers.drafting.report import accounted
from jobs.answers.drafting.trial import one_row, tried
from jobs.declarations import DeclarationError, Declarations, known
from jobs.declarations.feeds import Example, Feed
from jobs.facts.plan import HeaderUnknown
from jobs.readers import Limits, Unreadable


def retried(name: str, files: Sequence[Path], declared: Declarations, at: datetime) -> str:
    """What becomes of every row of the files, by the newest version of the feed, and which of its examples say otherwise."""
    if name not in declared.feeds:
        raise DeclarationError(f"--feed: {name!r} is unknown; known: {known(declared.feeds)}")
    feed = declared.feeds[name].versions[-1]
    try:
        account = tried(feed, files, declared, Limits(), at)
    except Unreadable as error:
        raise DeclarationError(f"{name} cannot read it: {error}") from error
    return "\n".join([*accounted(account, f"feed {name} as it is declared"), "", *examples(feed, declared)])


def examples(feed: Feed, declared: Declarations) -> Iterator[str]:
    """How many examples hold; of the others what becomes of the row. What only a check between fields says is not asked here."""
    later = {(check.field, check.reason) for check in declared.categories[feed.category].checks}
    asked = {number: one for number, one in enumerate(feed.examples, start=1)
             if not later & {*(one.flaws or {}).items(), *(one.rejects or {}).items()}}
    told = [said for number, one in asked.items() if (said := otherwise(feed, number, one, declared))]
    waits = len(feed.examples) - len(asked)
    yield f"examples: {len(asked) - len(told)} of {len(feed.examples)} hold" + (
        f", {waits} say what checks between fields come to" if waits else "")
    yield from told


def otherwise(feed: Feed, number: int, one: Example, declared: Declarations) -> str | None:
    """What becomes of an example's row, where its declaration says otherwise."""
    try:
        outcome = one_row(feed, one.row, declared, datetime.fromisoformat(one.received_at))
    except HeaderUnknown as error:
        return f"  example {number}: {error}"
    if agrees(one, outcome):
        return None
    if outcome["outcome"] == "reject":
        return f"  example {number} is a reject: {outcome['reject_field']} {outcome['reject_reason']}"
    given = {name: str(outcome[name]) for name in one.gives or {} if outcome.get(name) is not None}
    flaws = {flaw["field"]: flaw["reason"] for flaw in outcome["flaws"] or ()}
    return f"  example {number} is a {outcome['outcome']} that gives {given or 'nothing'}, flaws {flaws or 'none'}"

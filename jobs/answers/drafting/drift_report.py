"""An old and a new header side by side, with fill rates, coded words and what became of rows; no value of a column is told."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from jobs.answers.arrived import SHORT
from jobs.answers.drafting.columns import Column
from jobs.answers.drafting.drift import Drift, Line, conflicts
from jobs.answers.drafting.report import KINDS, reasons
from jobs.answers.drafting.side_words import Word
from jobs.answers.drafting.taken import Taken
from jobs.answers.drafting.trial import OUTCOMES, Account
from jobs.answers.layout import counted, table
from jobs.values.text import mask_value

FILL_MOVED = 0.2  # of rows: a fill rate that moved so far is pointed out


@dataclass(frozen=True)
class Redraft:
    """What was compared, what follows, and what it makes of the deliveries; no text where nothing can be proposed, with why."""

    taken: Taken
    found: Drift
    words: list[Word]
    text: str
    versioned: bool
    why_none: str
    accounts: list[tuple[dict[str, Any], Account]]
    data: bool = False  # the header may be a row of data: no label of it is shown

    def label(self, line: Line) -> str:
        return mask_value(line.label) if self.data and line.state == "new" else line.label


def as_text(one: Redraft) -> str:
    """The report that a person reads beside the proposed file."""
    return "\n".join([*head(one), "", *columns(one), "", *coded(one), *settled(one), "", *accounted(one)])


def head(one: Redraft) -> Iterator[str]:
    row = one.taken.one
    what = "held, its header is unknown" if one.taken.held else \
        "no delivery of the feed is held for its header; this is the one compared"
    yield (f"feed {row['feed']}: delivery {row['delivery_id'][:SHORT]} {row['source_name']}, covers {row['covers']}, "
           f"{row['rows_received']:,} rows: {what}")
    beside = [f"{each['delivery_id'][:SHORT]} (covers {each['covers']})" for each in one.taken.before]
    yield f"beside it the last admitted: {', '.join(beside) or 'none'}"
    states = [line.state for line in one.found.lines]
    yield f"labels: {counted((state, states.count(state)) for state in dict.fromkeys(states))}{moved(one)}"
    yield from (f"  OPEN: {why}" for why in conflicts(one.found))


def moved(one: Redraft) -> str:
    """Whether columns stand in another order: they are read by their labels, so nothing changes by it."""
    if not one.taken.before:
        return ""
    before, now = (row["header"] for row in (one.taken.before[0], one.taken.one))
    same = [[label for label in header if label in set(before) & set(now)] for header in (before, now)]
    return "; columns moved, which are read by their labels" if same[0] != same[1] else ""


def columns(one: Redraft) -> list[str]:
    rows = [[one.label(line), line.state, ", ".join(line.was), ", ".join(line.becomes), rate(line.old), rate(line.new),
             told(line)] for line in one.found.lines]
    return table(("column", "is", "said", "says now", "filled", "now", "because"), rows, longest=70)


def rate(column: Column | None) -> str:
    return f"{column.fill_rate:.0%}" if column else ""


def told(line: Line) -> str:
    apart = line.old and line.new and abs(line.old.fill_rate - line.new.fill_rate) >= FILL_MOVED
    return "; ".join(filter(None, [line.because, "filled otherwise" if apart else ""]))


def coded(one: Redraft) -> list[str]:
    rows = [[word.field, word.word, word.old, word.new, code(word)] for word in one.words]
    return [*table(("field", "word", "times", "now", "code"), rows), ""] if rows else []


def code(word: Word) -> str:
    if word.code:
        return word.code
    return f"{word.proposed} (others read it so)" if word.proposed else f"OPEN: {' or '.join(word.codes) or 'nobody knows it'}"


def settled(one: Redraft) -> Iterator[str]:
    if not one.text:
        yield f"nothing is proposed: {one.why_none}"
    elif one.versioned:
        yield "proposed: a new version; what is `to fill` is refused until it is said, what is `unsure` nobody decided"
    else:
        yield "proposed: further words or marks in `lookups`; no new version, as no label is otherwise"


def accounted(one: Redraft) -> Iterator[str]:
    """The accounting law of design §1 for each delivery, duplicates and checks between fields not looked for."""
    if one.accounts:
        yield "read by what is proposed, each by the version of its day; duplicates and checks between fields come later:"
    for row, account in one.accounts:
        yield f"  {row['delivery_id'][:SHORT]} covers {row['covers']}: " + " + ".join(
            f"{account.read[kind]:,} {kind}" for kind in KINDS) + f" = {account.read['physical']:,} physical"
        if account.held:
            yield f"    is held: {'; '.join(account.held.values())}"
            continue
        outcomes = " + ".join(f"{account.rows[outcome]:,} {outcome}" for outcome in OUTCOMES)
        yield f"    {account.read['rows']:,} rows = {outcomes}" + ("" if account.balances else "  THESE DO NOT AGREE")
        for what, counts in (("rejects", account.rejects), ("flaws", account.flaws)):
            yield f"    {what}: {counted((f'{name} {reason}', many) for (name, reason), many in counts.items())}"


def as_data(one: Redraft) -> dict[str, Any]:
    """The same for programs."""
    row = one.taken.one
    return {"feed": row["feed"], "delivery": row["delivery_id"], "covers": row["covers"].isoformat(), "held": one.taken.held,
            "before": [each["delivery_id"] for each in one.taken.before],
            "columns": [column(one, line) for line in one.found.lines], "labels": one.found.labels, "dropped": one.found.dropped,
            "conflicts": list(conflicts(one.found)), "words": [asdict(word) | {"open": word.open} for word in one.words],
            "new_version": one.versioned, "why_none": one.why_none or None, "yaml": one.text or None,
            "accounts": [account(each, told) for each, told in one.accounts]}


def column(one: Redraft, line: Line) -> dict[str, Any]:
    filled = {side: round(column.fill_rate, 4) if column else None for side, column in (("old", line.old), ("new", line.new))}
    return {"label": one.label(line), "state": line.state, "said": list(line.was), "says_now": list(line.becomes),
            "because": line.because, "filled": filled}


def account(row: dict[str, Any], told: Account) -> dict[str, Any]:
    return {"delivery": row["delivery_id"], "covers": row["covers"].isoformat(), "read": dict(told.read), "rows": dict(told.rows),
            "balances": told.balances, "held": list(told.held.values()), "rejects": reasons(told.rejects),
            "flaws": reasons(told.flaws)}

"""What was seen in the examples and became of their rows, for a person and for programs; no value of theirs is shown whole."""
from __future__ import annotations

from collections import Counter
from typing import Any

from jobs.answers.drafting.evidence import Words
from jobs.answers.drafting.found import Proposed
from jobs.answers.drafting.proposal import TO_FILL, Proposal, missing
from jobs.answers.drafting.trial import OUTCOMES, Account
from jobs.answers.layout import counted, table
from jobs.declarations import Declarations

KINDS = ("rows", "blank", "title", "footer", "hidden")


def as_text(one: Proposal, told: Account, declared: Declarations) -> str:
    """The report that a person reads beside the proposed file."""
    rivals = f"open between {', '.join((one.choice.category, *one.choice.rivals))}" if one.choice.open else one.choice.category
    spec = one.shape.spec.model_dump(exclude_defaults=True)
    files = "one file" if len(one.files) == 1 else f"{len(one.files)} files"
    lines = [f"{files}, {sum(reading.rows for reading in one.readings):,} rows; format {spec}",
             *(f"  unsure: {key}: {why}" for key, why in one.shape.unsure.items()),
             f"category {rivals}: {one.choice.because}; behind it {one.choice.runner_up}", "",
             *table(("column", "is", "fields", "filled", "accepted", "because"), map(line, one.columns), longest=70), "",
             *summed(one), *parts(one), "", *coded(one),
             *accounted(told, "this declaration, with a stand-in for what is to fill"), "", *still(one, declared)]
    return "\n".join(lines)


def line(each: Proposed) -> list[Any]:
    shares = [reading.accepted for reading in each.readings.values() if reading.accepted is not None]
    named = each.fields if each.role == "field" else [f"{name}?" for name in each.candidates]
    doubts = doubts_of(each)
    return [each.label, each.role.upper() if each.role == "open" else each.role, ", ".join(named), f"{each.column.fill_rate:.0%}",
            f"{min(shares):.0%}" if shares else "", "; ".join([*(f"unsure: {doubt}" for doubt in doubts), each.because])]


def doubts_of(each: Proposed) -> list[str]:
    return list(dict.fromkeys(doubt for reading in each.readings.values() for doubt in reading.unsure))


def summed(one: Proposal) -> list[str]:
    roles = Counter(each.role for each in one.columns)
    return [f"columns: {counted(roles.items())}"]


def parts(one: Proposal) -> list[str]:
    """What is seen of cells that name several subjects."""
    if one.several is None:
        return []
    unsure = f"unsure, {one.several.unsure}: " if one.several.unsure else ""
    return [f"split of {one.several.label} at {one.several.on}: {unsure}{one.several.because}"]


def coded(one: Proposal) -> list[str]:
    """The coded words with their counts: each with the code that everybody gives it, or open."""
    rows = [[name, word, words.counts[word], code] for name, words in one.words.items() for word, code in words.lookup.items()]
    rows += [[name, word, many, f"OPEN: {' or '.join(codes) or 'nobody knows it'}"]
             for name, words in one.words.items() for word, many, codes in words.open]
    return [*table(("field", "word", "times", "code"), rows), ""] if rows else []


def accounted(told: Account, by: str) -> list[str]:
    """The accounting law of design §1 over the examples, duplicates within a file not looked for."""
    kinds = " + ".join(f"{told.read[kind]:,} {kind}" for kind in KINDS)
    rows = " + ".join(f"{told.rows[outcome]:,} {outcome}" for outcome in OUTCOMES)
    lines = [f"read by {by}; duplicates and checks between fields come later:",
             f"  {told.read['physical']:,} physical = {kinds}", f"  {told.read['rows']:,} rows = {rows}"]
    if not told.balances:
        lines.append("  THESE DO NOT AGREE")
    lines += [f"  {name} is held: {why}" for name, why in told.held.items()]
    for what, counts in (("rejects", told.rejects), ("flaws", told.flaws)):
        lines.append(f"  {what}: {counted((f'{name} {reason}', many) for (name, reason), many in counts.items())}")
    return lines


def still(one: Proposal, declared: Declarations) -> list[str]:
    """What the engineer has to do."""
    wanted = [*TO_FILL, *(["category"] if one.choice.open else []), *(" or ".join(group) for group in missing(one, declared))]
    split = ["split"] if one.several and one.several.unsure else []
    words = [f"{len(found.open)} words of {name}" for name, found in one.words.items() if found.open]
    doubts = [*split, *(f"column {each.label}" for each in one.of("open")), *words,
              *(f"{doubt.partition(':')[0]} of {each.label}" for each in one.columns for doubt in doubts_of(each))]
    return [f"to fill: {', '.join(wanted)}", f"unsure: {', '.join(dict.fromkeys(doubts)) or 'nothing'}"]


def as_data(one: Proposal, told: Account, declared: Declarations, text: str) -> dict[str, Any]:
    """The same for programs."""
    return {
        "feed": one.name, "files": [str(path) for path in one.files],
        "format": one.shape.spec.model_dump(mode="json", exclude_defaults=True), "format_unsure": one.shape.unsure,
        "category": None if one.choice.open else one.choice.category,
        "categories": [one.choice.category, *one.choice.rivals], "runner_up": one.choice.runner_up, "because": one.choice.because,
        "columns": [column(each) for each in one.columns],
        "words": {name: coded_words(words) for name, words in one.words.items()},
        "split": vars(one.several) if one.several else None,
        "nulls": one.nulls, "missing": missing(one, declared), "to_fill": list(TO_FILL),
        "account": {"read": dict(told.read), "rows": dict(told.rows), "balances": told.balances, "held": told.held,
                    "rejects": reasons(told.rejects), "flaws": reasons(told.flaws)},
        "yaml": text,
    }


def coded_words(words: Words) -> dict[str, Any]:
    return {"known": [{"word": word, "code": code, "count": words.counts[word]} for word, code in words.lookup.items()],
            "open": [{"word": word, "count": many, "codes": codes} for word, many, codes in words.open]}


def column(each: Proposed) -> dict[str, Any]:
    return {"label": each.label, "role": each.role, "fields": list(each.fields), "candidates": list(each.candidates),
            "because": each.because, "rows": each.column.rows, "filled": each.column.filled, "distinct": len(each.column.values),
            "read_as": {name: vars(reading) for name, reading in each.readings.items()}}


def reasons(counts: Any) -> list[dict[str, Any]]:
    return [{"field": name, "reason": reason, "rows": many} for (name, reason), many in counts.most_common()]

"""A proposal as the YAML of a feed's file: what is unsure is marked, what is to fill is empty, and so refused by the loader."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from jobs.answers.drafting.dictionary import BY_VALUES
from jobs.answers.drafting.found import Proposed
from jobs.answers.drafting.proposal import TO_FILL, Proposal, content, is_coded, missing, split, zeros
from jobs.declarations import Declarations

HEAD = """\
# Proposed by `python -m jobs draft` from {rows:,} rows of {files}; no value of a person is in it.
# `to fill`: empty, and the file is refused until it is said. `unsure`: nobody decided it; say what is right and drop the mark."""


def written(one: Proposal, example: dict[str, Any], declared: Declarations) -> str:
    """The text of the file."""
    told, rows = content(one), sum(reading.rows for reading in one.readings)
    files = ", ".join(path.name for path in one.files[:3]) + (f" and {len(one.files) - 3} more" if len(one.files) > 3 else "")
    lines = [HEAD.format(rows=rows, files=files), f"feed: {flow(one.name)}", *to_fill("zh", "en"), *category(one),
             *to_fill("organ", "level", "legal_basis", "owner", "snapshot"), f"transport: {flow(told['transport'])}",
             *format_of(one, told), *to_fill("schedule", "deadline"), f"volume: {flow(told['volume'])}"]
    lines += [note("", f"nulls: a 0 stands in {', '.join(zero)}: does it say nothing?")] if (zero := zeros(one, declared)) else []
    lines += [f"nulls: {flow(told['nulls'])}"] if told["nulls"] else []
    lines.append("fields:" if one.fields or missing(one, declared) else "fields:  # to fill: no column is known")
    for name, columns in one.fields.items():
        lines += field_lines(name, columns, told["fields"][name])
    lines += [*kinds(one, told), *lacking(one, declared), *lookups(one, declared), *listed("personal", one),
              *listed("person_if_filled", one), *listed("ignored", one, "open"), *several(one), *example_lines(example)]
    return "\n".join(lines) + "\n"


def flow(value: Any) -> str:
    """A value on one line, as YAML reads it back."""
    return yaml.safe_dump([value], default_flow_style=True, allow_unicode=True, width=10**9, sort_keys=False)[1:-2]


def to_fill(*keys: str) -> list[str]:
    return [f"{key}:  # to fill: {TO_FILL[key]}" for key in keys]


def note(indent: str, text: str) -> str:
    return f"{indent}# unsure: {' '.join(text.split())}"


def category(one: Proposal) -> list[str]:
    choice = one.choice
    if choice.open:
        among = " or ".join((choice.category, *choice.rivals))
        return [note("", f"category: of {choice.category} {choice.because}; the fields below are those on which all agree"),
                f"category:  # to fill: {among}; `draft --category` proposes more once it is said"]
    return [f"category: {choice.category}  # {choice.because}; behind it: {choice.runner_up}"]


def format_of(one: Proposal, told: dict[str, Any]) -> Iterator[str]:
    for key, why in one.shape.unsure.items():
        yield note("", f"format.{key}: {why}")
    spec = {key: list(value) if isinstance(value, tuple) else value for key, value in told["format"].items()}
    yield f"format: {flow(spec)}"


def field_lines(name: str, columns: list[Proposed], source: dict[str, Any]) -> Iterator[str]:
    """The field with what speaks for it, and before it what is unsure."""
    for each in columns:
        for doubt in each.readings[name].unsure if name in each.readings else ():
            yield note("  ", f"{doubt}")
    yield f"  {name}: {flow(source)}  # {'; '.join(shown(each, name) for each in columns[:1])}"


def shown(each: Proposed, name: str) -> str:
    reading = each.readings.get(name)
    if reading is None or reading.accepted is None:
        return f"filled {each.column.fill_rate:.0%}"
    by_values = [each.because] if each.near == BY_VALUES else []
    taken = f"{reading.accepted:.0%} of its distinct values accepted"
    return "; ".join([f"filled {each.column.fill_rate:.0%}, {taken}", *reading.because, *by_values])


def kinds(one: Proposal, told: dict[str, Any]) -> Iterator[str]:
    if one.kinds:
        yield f"  subject_kind: {flow(told['fields']['subject_kind'])}  # {one.kinds.rows:,} rows say so: of them nothing is kept"


def lacking(one: Proposal, declared: Declarations) -> Iterator[str]:
    """What the category requires and no column gives: empty, so that the loader asks for it."""
    constants = []
    for group in missing(one, declared):
        name = group[0]
        if len(group) > 1:
            yield f"  {name}:  # to fill: the category requires one of {', '.join(group)}, and no column gives any; or a constant"
        elif is_coded(name, declared):
            choices = ", ".join(declared.fields[name].options["choices"])
            constants.append(f"  {name}:  # to fill: required and given by no column: {choices}")
        else:
            yield f"  {name}:  # to fill: required by the category and given by no column ({declared.fields[name].zh})"
    yield from ["constants:", *constants] if constants else ()


def lookups(one: Proposal, declared: Declarations) -> Iterator[str]:
    """The words of coded columns with their counts; those that nobody knows, or that several read differently, are open."""
    if one.words or one.kinds:
        yield "lookups:"
    if one.kinds:
        yield f"  subject_kind: {flow(one.kinds.words)}"
    for name, words in one.words.items():
        choices = declared.fields[name].options.get("choices", [])
        yield f"  {name}:" + ("" if words.lookup else " {}")
        yield from (f"    {flow(word)}: {flow(code)}  # {words.counts[word]:,} times" for word, code in words.lookup.items())
        for word, many, codes in words.open[:50]:
            may = " or ".join(codes) or f"nobody knows it; one of {', '.join(choices)}"
            yield note("    ", f"{flow(word)}, {many:,} times: {may}")


def listed(key: str, one: Proposal, *also: str) -> Iterator[str]:
    """A list of labels; those that are open stand among the ignored ones, each with what it may be."""
    columns = one.of(key, *also)
    if not columns:
        return
    yield f"{key}:"
    for each in columns:
        if each.role != "open":
            yield f"  - {flow(each.label)}"
            continue
        may = f"it may give {' or '.join(each.candidates)}" if each.candidates else "it gives nothing that is known"
        if each.candidates == ("personal",):
            may = "it may be personal: then name it under personal"
        yield f"  - {flow(each.label)}  # unsure: {may}; {each.because} (filled {each.column.fill_rate:.0%})"


def several(one: Proposal) -> Iterator[str]:
    """The cells that name several subjects: split, or why that is open."""
    if one.several and one.several.unsure:
        yield note("", f"split: {flow(split(one.several))}, so that each is a row? {one.several.because}; {one.several.unsure}")
    elif one.several:
        yield f"split: {flow(split(one.several))}  # {one.several.because}"


def example_lines(example: dict[str, Any]) -> Iterator[str]:
    yield "# to correct: a made-up row; a feed shows a fact, a flaw, and a row without fact (tests/declarations/test_examples.py)"
    yield "examples:"
    yield "  - row:"
    yield from (f"      {flow(label)}: {flow(value)}" for label, value in example["row"].items())
    for key in ("gives", "rejects", "flaws"):
        if key in example:
            yield f"    {key}: {flow(example[key])}"

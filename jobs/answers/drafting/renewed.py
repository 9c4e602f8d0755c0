"""The new version of a feed that a drift asks for: the keys that are otherwise, with why, what is unsure and what is to fill."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jobs.answers.drafting.categories import required
from jobs.answers.drafting.drift import DROPPED, Drift, options_now
from jobs.answers.drafting.evidence import read_as
from jobs.answers.drafting.side_words import Word, is_worded
from jobs.answers.drafting.trial import one_row
from jobs.declarations import Declarations
from jobs.declarations.feeds import ColumnSource, Example, Feed

Keys = dict[str, Any]
GONE = "{} is gone, and nothing in the header is known to say it"


@dataclass
class Renewal:
    """The keys of the version that change, each whole; by field why, and what is unsure; what nothing says any more."""

    keys: Keys = field(default_factory=dict)
    because: dict[str, str] = field(default_factory=dict)
    unsure: dict[str, list[str]] = field(default_factory=dict)
    missing: list[list[str]] = field(default_factory=list)
    times: dict[tuple[str, str], int] = field(default_factory=dict)  # by lookup and further word how often it is said
    open: dict[str, str] = field(default_factory=dict)  # new labels under `ignored`, and what they may be
    versioned: bool = False
    examples: list[Example] = field(default_factory=list)

    def doubt(self, key: str, why: str) -> None:
        if why:
            self.unsure.setdefault(key, []).append(why)


def renewed(found: Drift, words: list[Word], declared: Declarations) -> Renewal:
    """What is proposed: a new version where labels or the reading of a column changed, else at most further words."""
    one, version = Renewal(), found.version
    said_now = fields(found, one, declared)
    keys = {"fields": said_now, "lookups": lookups(version, said_now, words, one), **lists(found, one)}
    said = {name: getattr(version, name) for name in keys}
    said["fields"] = {name: plain(source) for name, source in version.fields.items()}
    one.keys = {name: value for name, value in keys.items() if value != said[name]}
    one.versioned = bool(one.keys.keys() - {"lookups"})
    given = {*keys["fields"], *version.constants}
    one.missing = [group for group in required(declared.categories[version.category])
                   if not given & set(group) and ({*version.fields} & set(group))]
    return one


def plain(source: ColumnSource) -> Keys:
    return source.model_dump(exclude_unset=True)


def fields(found: Drift, one: Renewal, declared: Declarations) -> Keys:
    """Every field that a column still gives, under its label of now and as it is read from there; and the new ones."""
    told: Keys = {}
    for name, source in found.version.fields.items():
        kept = [found.labels.get(label, label) for label in source.labels if label not in found.dropped]
        if not kept:
            one.doubt("fields", f"{name} is given no more: {GONE.format(' and '.join(source.labels))}")
            continue
        options, why, doubt = options_now(name, source, found, declared)
        one.doubt(name, doubt)
        told[name] = {**plain(source), "label": kept if isinstance(source.label, list) else kept[0],
                      **({"options": options} if options else {})}
        if not options:
            told[name].pop("options", None)
        one.because[name] = "; ".join(filter(None, [*reasons(source, found), why]))
    for label, (role, names) in found.added.items():
        for name in names if role == "field" else ():
            told[name] = added(name, label, found, one, declared)
    return told


def added(name: str, label: str, found: Drift, one: Renewal, declared: Declarations) -> Keys:
    """A field that only a new column gives, as its values show that it is read."""
    column = next(line.new for line in found.lines if line.label == label and line.new)
    reading = read_as(column, name, declared)
    one.because[name] = "; ".join(["a column that was not there", *reading.because])
    for doubt in [*reading.unsure, *(["no word of it is seen yet"] if is_worded(name, declared) and not column.values else [])]:
        one.doubt(name, doubt)
    return {"label": label, **({"options": reading.options} if reading.options else {}),
            **({"lookup": name} if is_worded(name, declared) else {})}


def reasons(source: ColumnSource, found: Drift) -> Iterator[str]:
    for label in source.labels:
        if label in found.labels:
            yield f"was {label}"
        elif label in found.dropped:
            yield f"{label} is gone"


def lookups(version: Feed, said: Keys, words: list[Word], one: Renewal) -> Keys:
    """The lookups with the words whose code other feeds agree on; what nobody knows is a mark."""
    told: Keys = {name: dict(lookup) for name, lookup in version.lookups.items()}
    told |= {source["lookup"]: {} for source in said.values() if source.get("lookup") and source["lookup"] not in told}
    for word in words:
        source = version.fields.get(word.field)
        name = source.lookup or "" if source else word.field
        if word.new and word.proposed:
            told[name][word.word] = word.proposed
            one.times[name, word.word] = word.new
        elif word.new and word.open:
            may = " or ".join(word.codes) or "nobody knows it"
            one.doubt(f"lookups.{name}", f"{word.word}, {word.new:,} times: {may}")
    return told


def lists(found: Drift, one: Renewal) -> Keys:
    """The labels that are dropped, by what is done with them; open ones stand under `ignored`: nothing of them is read."""
    version, told = found.version, {}
    for role in DROPPED:
        kept = [found.labels.get(label, label) for label in getattr(version, role) if label not in found.dropped]
        for label in getattr(version, role):
            one.doubt(role, GONE.format(label) if label in found.dropped else "")
        told[role] = kept + [label for label, (what, _) in found.added.items() if what == role]
    for label, (what, names) in found.added.items():
        if what == "open":
            told["ignored"].append(label)
            one.open[label] = f"it may give {' or '.join(names)}" if names else "it gives nothing that is known"
    whens = [when.model_copy(update={"label": found.labels.get(when.label, when.label)}) for when in version.reject_when
             if when.label not in found.dropped]
    return {**told, "reject_when": whens}


# ---- examples

def examples(version: Feed, feed: Feed, found: Drift, declared: Declarations) -> Iterator[Example]:
    """Of the examples, under the new labels, those of which the new version says the same: one of each kind of outcome."""
    seen: set[str] = set()
    newest = feed.model_copy(update={"earlier": []})  # whatever day an example was received on
    for one in version.examples:
        row = {found.labels.get(label, label): cell for label, cell in one.row.items() if label not in found.dropped}
        row |= dict.fromkeys(found.added, "")
        kind = "rejects" if one.rejects else one.drops or ("flaws" if one.flaws else "gives")
        if kind not in seen and agrees(one, one_row(newest, row, declared, datetime.fromisoformat(one.received_at))):
            seen.add(kind)
            yield one.model_copy(update={"row": row})


def agrees(one: Example, outcome: dict[str, Any]) -> bool:
    """What becomes of the row is what its example says, as far as one row shows it."""
    if one.drops or one.rejects:
        why = {outcome["reject_field"]: outcome["reject_reason"]} if outcome["outcome"] == "reject" else None
        return outcome["outcome"] == one.drops or (one.rejects is not None and why == one.rejects)
    flaws = {flaw["field"]: flaw["reason"] for flaw in outcome["flaws"] or ()}
    return outcome["outcome"] == "fact" and flaws == one.flaws and all(
        same(outcome.get(name), value) for name, value in (one.gives or {}).items())


def same(value: Any, said: Any) -> bool:
    return value == said or (value is not None and not isinstance(value, list) and str(value) == str(said))

"""An old header beside a new one: which labels stayed, are gone or new, and what says now what another label said before."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from jobs.answers.drafting.columns import Column
from jobs.answers.drafting.dictionary import BY_VALUES, Dictionary
from jobs.answers.drafting.evidence import CHOICES, MONEY, accepted, read_as, strict
from jobs.answers.drafting.found import Proposed
from jobs.answers.drafting.mapping import ACCEPTS, LEAST_ACCEPTED, REFUSES, mapped
from jobs.declarations import Declarations
from jobs.declarations.feeds import ColumnSource, Feed
from jobs.facts.plan import with_table
from jobs.values.raw import normalised

FILL_APART = 0.25  # of rows: columns that are filled so differently are not one column under two names
SAME_VALUES, LEAST_VALUES = 0.5, 2  # of the new distinct values those that the old column has too, of so many at least
DROPPED = ("personal", "person_if_filled", "ignored")


@dataclass(frozen=True)
class Line:
    """One label: whether it stayed, is gone, absent by right or new; what it said, what it is proposed to say, and why."""

    label: str
    state: str
    was: tuple[str, ...]
    becomes: tuple[str, ...]
    because: str
    old: Column | None
    new: Column | None


@dataclass
class Drift:
    """All lines, and what follows: labels that are others now, those that nothing says any more, and those that are new."""

    version: Feed
    lines: list[Line]
    labels: dict[str, str] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    added: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)  # role, and fields or candidates
    twice: list[str] = field(default_factory=list)

    def column(self, source: ColumnSource, side: str) -> Column | None:
        """The old or new column of a field that has one label."""
        if len(source.labels) != 1:
            return None
        label = source.labels[0] if side == "old" else self.labels.get(source.labels[0], source.labels[0])
        found = (line for line in self.lines if normalised(line.label) == normalised(label))
        return next((getattr(line, side) for line in found if getattr(line, side)), None)


def roles(version: Feed) -> dict[str, tuple[str, ...]]:
    """By declared label the fields that it gives, or what is done with it."""
    found: dict[str, list[str]] = {}
    for name, source in version.fields.items():
        for label in source.labels:
            found.setdefault(label, []).append(name)
    for role in DROPPED:
        for label in getattr(version, role):
            found.setdefault(label, []).append(role)
    for when in version.reject_when:
        found.setdefault(when.label, []).append("reject_when")
    return {label: tuple(names) for label, names in found.items()}


def drift(version: Feed, old: Sequence[Column], new: Sequence[Column], header: Sequence[str], known: Dictionary,
          declared: Declarations) -> Drift:
    """What became of every label between the declaration and the header."""
    was = roles(version)
    olds, news = by_label(old), by_label(new)
    gone = [label for label in was if normalised(label) not in news]
    fresh = [one for one in mapped(new, version.category, known, declared) if normalised(one.label) not in by_label_of(was)]
    pairs = {**named(fresh, gone, was), **exchanged(version, was, olds, news, declared)}
    pairs |= by_values([one for one in fresh if one.label not in sayings(pairs)], [each for each in gone if each not in pairs],
                       was, olds, version, declared)
    spelt = [normalised(label) for label in header]
    found = Drift(version, [], {label: one for label, (one, _) in pairs.items()},
                  twice=[label for label in was if spelt.count(normalised(label)) > 1])
    found.dropped = [label for label in gone if label not in pairs and label not in version.optional_labels]
    found.added = {one.label: joined(one, was, gone) for one in fresh if one.label not in sayings(pairs)}
    found.lines = [*(stayed(label, was, pairs, version, olds, news) for label in was),
                   *(came(one, pairs, was, found.added) for one in fresh)]
    return found


def by_label(columns: Sequence[Column]) -> dict[str, Column]:
    return {normalised(column.label): column for column in columns}


def by_label_of(labels: dict[str, Any]) -> set[str]:
    return set(map(normalised, labels))


def sayings(pairs: dict[str, tuple[str, str]]) -> set[str]:
    return {label for label, _ in pairs.values()}


# ---- which label says now what another one said

def named(fresh: Sequence[Proposed], gone: Sequence[str], was: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, str]]:
    """Gone labels whose field one new label is known by, and no label that stayed gives."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in fresh:
        givers = [label for label, names in was.items() if set(names) & set(one.fields)] if one.role == "field" else []
        if len(givers) == 1 and givers[0] in gone:
            found.setdefault(givers[0], []).append((one.label, one.because))
    return {label: ones[0] for label, ones in found.items() if len(ones) == 1}


def joined(one: Proposed, was: dict[str, tuple[str, ...]], gone: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """What a label that replaces no other is; open where a field that it would give is given, or was by a label that is gone."""
    given = {name for names in was.values() for name in names}
    if one.role == "field" and not given & set(one.fields):
        return "field", one.fields
    return ("open", one.fields or one.candidates) if one.role in ("field", "open") else (one.role, ())


def by_values(fresh: Sequence[Proposed], gone: Sequence[str], was: dict[str, tuple[str, ...]], olds: dict[str, Column],
              version: Feed, declared: Declarations) -> dict[str, tuple[str, str]]:
    """Gone labels with the one open new label whose column is of the same values, fill and kind, and of no other's."""
    open_ = [one for one in fresh if one.role == "open"]
    like = {label: [one.label for one in open_ if (old := olds.get(normalised(label)))
                    and possible(one, was[label]) and alike(was[label], old, one.column, version, declared)] for label in gone}
    taken = [label for ones in like.values() for label in ones]
    return {label: (ones[0], "the same values, filled alike; no other column is like it") for label, ones in like.items()
            if len(ones) == 1 and taken.count(ones[0]) == 1}


def possible(one: Proposed, names: tuple[str, ...]) -> bool:
    return not one.candidates or one.near == BY_VALUES or bool(set(one.candidates) & set(names))


def alike(names: tuple[str, ...], old: Column, new: Column, version: Feed, declared: Declarations) -> bool:
    """Filled alike, taken by the same cleaners, and half of the new values are old ones."""
    if abs(old.fill_rate - new.fill_rate) > FILL_APART or len(new.values) < LEAST_VALUES:
        return False
    kinds = [share for name in names if (share := taken_by(name, new, version, declared)) is not None]
    shared = sum(value in old.values for value in new.values) / len(new.values)
    return shared >= SAME_VALUES and all(share >= ACCEPTS for share in kinds)


def taken_by(name: str, column: Column | None, version: Feed, declared: Declarations) -> float | None:
    """The share of a column's distinct values that the field's cleaner takes as the feed has it; None where it takes anything."""
    source = version.fields.get(name)
    if source is None or column is None or source.extract:
        return None
    one = with_table(declared.fields[name], declared)
    if source.cleaner:
        one = one.model_copy(update={"cleaner": source.cleaner, "options": {}})
    if not (strict(one) or one.cleaner.startswith(CHOICES)):
        return None
    return accepted(column, one, source.options, version.lookups[source.lookup] if source.lookup else None)


def exchanged(version: Feed, was: dict[str, tuple[str, ...]], olds: dict[str, Column], news: dict[str, Column],
              declared: Declarations) -> dict[str, tuple[str, str]]:
    """Two labels that stayed and whose columns changed places, told by a cleaner that took one and takes only the other now."""
    found: dict[str, tuple[str, str]] = {}
    both = [label for label in was if normalised(label) in olds and normalised(label) in news]
    for label in both:
        for name in was[label]:
            if label in found or not moved_away(name, label, olds, news, version, declared):
                continue
            fits = [other for other in both if other != label and moved_away(name, other, news, olds, version, declared)]
            if len(fits) == 1 and fits[0] not in found and "reject_when" not in was[fits[0]]:
                why = f"the values that {name} takes stand under the other label now"
                found |= {label: (fits[0], why), fits[0]: (label, why)}
    return found


def moved_away(name: str, label: str, olds: dict[str, Column], news: dict[str, Column], version: Feed,
               declared: Declarations) -> bool:
    """What the field took most of, it takes next to nothing of any more."""
    key = normalised(label)
    before, now = (taken_by(name, side[key], version, declared) for side in (olds, news))
    return before is not None and now is not None and before >= ACCEPTS and now <= REFUSES


# ---- the lines

def stayed(label: str, was: dict[str, tuple[str, ...]], pairs: dict[str, tuple[str, str]], version: Feed,
           olds: dict[str, Column], news: dict[str, Column]) -> Line:
    key = normalised(label)
    old, new = olds.get(key), news.get(key)
    if label in pairs and new is None:
        return Line(label, "gone", was[label], was[label], f"now {pairs[label][0]}: {pairs[label][1]}", old, None)
    if label in pairs:
        other, why = next((before, why) for before, (now, why) in pairs.items() if now == label)
        return Line(label, "exchanged", was[label], was[other], why, old, new)
    if new is None:
        absent = label in version.optional_labels
        return Line(label, "absent" if absent else "gone", was[label], (), "it may be absent" if absent else
                    "OPEN: nothing in the header is known to say it", old, None)
    return Line(label, "stayed", was[label], was[label], "", old, new)


def came(one: Proposed, pairs: dict[str, tuple[str, str]], was: dict[str, tuple[str, ...]],
         added: dict[str, tuple[str, tuple[str, ...]]]) -> Line:
    for before, (now, why) in pairs.items():
        if now == one.label:
            return Line(one.label, "new", (), was[before], f"was {before}: {why}", None, one.column)
    role, names = added[one.label]
    if role == "open":
        return Line(one.label, "new", (), (), f"OPEN: {one.because} {' or '.join(names)}".rstrip(), None, one.column)
    return Line(one.label, "new", (), names or (role,), one.because, None, one.column)


# ---- how a field is read from its new column

def options_now(name: str, source: ColumnSource, found: Drift, declared: Declarations) -> tuple[dict[str, Any], str, str]:
    """The options of the field for its new column, why they changed, and what is unsure of them."""
    column, one = found.column(source, "new"), declared.fields[name]
    if column is None or source.cleaner or source.extract:
        return source.options, "", ""
    reading = read_as(column, name, declared)
    if one.cleaner == MONEY:
        return unit_now(source, column, reading.options, reading.because, found)
    share = taken_by(name, column, found.version, declared)
    before = taken_by(name, found.column(source, "old"), found.version, declared)
    # Of days exchanged with months those up to the twelfth are taken still; an order that the values show outweighs them.
    most = ACCEPTS if reading.options.get("order", order := source.options.get("order")) != order else LEAST_ACCEPTED
    if share is None or share >= most or not strict(one) or (before or 0) < ACCEPTS:
        return source.options, "", ""
    if reading.options and (reading.accepted or 0) >= ACCEPTS:
        return {**source.options, **reading.options}, "; ".join(reading.because), ""
    return source.options, "", "; ".join(reading.unsure) or f"its cleaner took {before:.0%} of the old values, now {share:.0%}"


def unit_now(source: ColumnSource, column: Column, read: dict[str, Any], because: list[str],
             found: Drift) -> tuple[dict[str, Any], str, str]:
    """The unit that a new label says; where it says none and the old one did, nobody knows."""
    if source.labels[0] not in found.labels or (read.get("unit", "yuan") == source.options.get("unit", "yuan") and because):
        return source.options, "", ""
    if "unit" in read:
        return {**source.options, **read}, "; ".join(because), ""
    if because:
        return {key: value for key, value in source.options.items() if key != "unit"}, "; ".join(because), ""
    return source.options, "", f"unit: the label {column.label} does not say it; as before until it is said"


def conflicts(found: Drift) -> Iterator[str]:
    """What no proposal can settle."""
    for label in found.twice:
        yield f"{label} stands in the header twice but for its spelling: which column is meant nobody can say"

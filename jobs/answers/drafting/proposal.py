"""All that is proposed of a feed, and the same as a declaration: with what an engineer must fill in left out, or stood in for."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobs.answers.drafting.categories import Choice, required
from jobs.answers.drafting.columns import Column, columns_of
from jobs.answers.drafting.dictionary import Dictionary
from jobs.answers.drafting.evidence import CHOICES, Words, words_of
from jobs.answers.drafting.found import Proposed
from jobs.answers.drafting.mapping import proposed
from jobs.answers.drafting.several import Several, several_in
from jobs.answers.drafting.shape import Shape, shape_of
from jobs.declarations import DeclarationError, Declarations, among
from jobs.declarations.feeds import Feed
from jobs.readers import Limits, Reading

TO_FILL = {
    "zh": "its name in Chinese", "en": "its name in English", "organ": "who delivers it, a name of config/organs.yml",
    "level": "province, city or ministry", "legal_basis": "the provision under which it is delivered",
    "owner": "who answers for it at the organ", "snapshot": "full (all that stands) or increment (what is new)",
    "schedule": 'when it is looked for, as "0 18 * * 1"', "deadline": 'when it is due, as {working_days: 1, time: "18:00"}',
}
STAND_IN = {"zh": "示例", "en": "example", "level": "city", "legal_basis": "example", "owner": "example", "snapshot": "increment",
            "schedule": "0 18 * * 1", "deadline": {"working_days": 1, "time": "18:00"}}
MORE_ROWS = 10  # times the largest example: beyond it a delivery warns


@dataclass(frozen=True)
class Kinds:
    """A column of another field whose texts also say which subjects are households, by these words."""

    label: str
    words: dict[str, str]
    rows: int


@dataclass(frozen=True)
class Proposal:
    """What the examples say of a feed: its format, category, columns, coded words and rows."""

    name: str
    files: list[Path]
    shape: Shape
    choice: Choice
    columns: list[Proposed]
    words: dict[str, Words]
    readings: list[Reading]
    kinds: Kinds | None = None
    several: Several | None = None

    @property
    def fields(self) -> dict[str, list[Proposed]]:
        """By field the columns that give it."""
        found: dict[str, list[Proposed]] = {}
        for one in self.columns:
            for name in one.fields if one.role == "field" else ():
                found.setdefault(name, []).append(one)
        return found

    def of(self, *roles: str) -> list[Proposed]:
        return [one for one in self.columns if one.role in roles]

    @property
    def nulls(self) -> list[str]:
        """The spellings of nothing in the examples, the most frequent first."""
        counts: Counter[str] = Counter()
        for one in self.columns:
            counts += one.column.nothings
        return [spelt for spelt, _ in counts.most_common() if spelt]


def proposal_of(name: str, files: Sequence[Path], known_: Dictionary, declared: Declarations, limits: Limits,
                category: str | None = None) -> Proposal:
    """What the files say of their feed; a DeclarationError where they are not laid out alike."""
    if category and category not in declared.categories:
        raise DeclarationError(f"--category: {category!r} is unknown; {among(category, declared.categories)}")
    shape = shape_of_all(files, limits, known_)
    columns, readings = columns_of(files, shape.spec, limits)
    titles = [*shape.titles, *(path.stem for path in files)]
    choice, found = proposed(columns, titles, known_, declared, category)
    words = words_in(found, known_, declared)
    kinds = kinds_in(found, words, known_)
    return Proposal(name, list(files), shape, choice, found, words, readings, kinds, several_in(found))


def kinds_in(found: Sequence[Proposed], words: dict[str, Words], known_: Dictionary) -> Kinds | None:
    """Where no column says the kind of a subject, the one of legal forms whose texts name households.

    Not persons: 有限责任公司(自然人独资) is a company.
    """
    told = {word: "household" for word, codes in known_.words["subject_kind"].items() if codes == {"household"} and len(word) > 2}
    for one in found if "subject_kind" not in words else ():
        if one.fields == ("enterprise_type",):
            rows = Counter({word: sum(many for value, many in one.column.values.items() if word in value) for word in told})
            if seen := {word: told[word] for word in told if rows[word]}:
                return Kinds(one.label, seen, max(rows.values()))
    return None


def shape_of_all(files: Sequence[Path], limits: Limits, known_: Dictionary) -> Shape:
    """The one format of all files; they may differ in encoding and foot."""
    shapes = [shape_of(path, limits, known_.knows) for path in files]
    first = shapes[0]
    footer = tuple(dict.fromkeys(pattern for shape in shapes for pattern in shape.spec.footer))
    encodings = {shape.spec.encoding for shape in shapes}
    encoding = first.spec.encoding if len(encodings) == 1 else "detect"
    specs = [shape.spec.model_copy(update={"footer": footer, "encoding": encoding}) for shape in shapes]
    for path, spec in zip(files, specs, strict=True):
        if spec != specs[0]:
            raise DeclarationError(f"{path} is laid out otherwise than {files[0]}: {spec.model_dump(exclude_defaults=True)} and "
                                   f"{specs[0].model_dump(exclude_defaults=True)}; draft each layout by itself")
    return Shape(specs[0], {key: why for shape in shapes for key, why in shape.unsure.items()},
                 [title for shape in shapes for title in shape.titles])


def words_in(found: Sequence[Proposed], known_: Dictionary, declared: Declarations) -> dict[str, Words]:
    """The coded words of every field that is read by a lookup."""
    said: dict[str, Column] = {}
    for one in found:
        for name in one.fields if one.role == "field" else ():
            if declared.fields[name].cleaner.startswith(CHOICES):
                joined = said.setdefault(name, Column(one.label))
                joined.values += one.column.values
    return {name: words_of(column, declared.fields[name], known_.words[name]) for name, column in said.items()}


def content(one: Proposal) -> dict[str, Any]:
    """The declaration but for what an engineer must fill in."""
    return {"feed": one.name, "category": one.choice.category, "transport": {"kind": "folder", "pattern": pattern(one.files)},
            "format": one.shape.spec.model_dump(exclude_defaults=True), "volume": volume(one), "nulls": one.nulls,
            "fields": {**{name: source(name, columns, one) for name, columns in one.fields.items()}, **kind_field(one)},
            "lookups": {name: words.lookup for name, words in one.words.items()} | kind_words(one),
            "personal": [each.label for each in one.of("personal")],
            "person_if_filled": [each.label for each in one.of("person_if_filled")],
            "ignored": [each.label for each in one.of("ignored", "open")],
            **({"split": split(one.several)} if one.several and not one.several.unsure else {})}


def split(several: Several) -> dict[str, str]:
    return {"field": "subject_name", "on": several.on}


def kind_words(one: Proposal) -> dict[str, dict[str, str]]:
    return {"subject_kind": one.kinds.words} if one.kinds else {}


def kind_field(one: Proposal) -> dict[str, Any]:
    if one.kinds is None:
        return {}
    found = "|".join(sorted(map(re.escape, one.kinds.words), key=lambda word: (-len(word), word)))
    return {"subject_kind": {"label": one.kinds.label, "extract": f"({found})", "lookup": "subject_kind"}}


def zeros(one: Proposal, declared: Declarations) -> list[str]:
    """The columns of texts and dates in which a 0 stands: it may say nothing."""
    return [each.label for each in one.of("field") if "0" in each.column.values
            and all(declared.fields[name].type in ("string", "date") and name not in one.words for name in each.fields)]


def pattern(files: Sequence[Path]) -> str:
    endings = {"".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix for path in files}
    return f"*{endings.pop()}" if len(endings) == 1 else "*"


def volume(one: Proposal) -> dict[str, Any]:
    rows = sorted(reading.rows for reading in one.readings)
    seen = f"one example of {rows[0]:,} rows" if len(rows) == 1 else f"{len(rows)} examples of {rows[0]:,} to {rows[-1]:,} rows"
    because = f"a proposal from {seen} and nothing else; correct it"
    return {"min_rows": min(1, rows[0]), "max_rows": max(MORE_ROWS * rows[-1], 1), "because": because}


def source(name: str, columns: list[Proposed], one: Proposal) -> dict[str, Any]:
    """Where a field comes from, as a feed declares it."""
    labels = [each.label for each in columns]
    options = next((each.readings[name].options for each in columns if name in each.readings), {})
    return {"label": labels[0] if len(labels) == 1 else labels, **({"options": options} if options else {}),
            **({"lookup": name} if name in one.words else {})}


def missing(one: Proposal, declared: Declarations) -> list[list[str]]:
    """What the category requires and no column gives: single fields, or groups of which one is needed."""
    given = set(one.fields)
    category = declared.categories[one.choice.category]
    needed = {name for name, field in category.fields.items() if field.required}
    return [group for group in required(category) if not given & set(group) and (len(group) > 1 or group[0] in needed)]


def is_coded(name: str, declared: Declarations) -> bool:
    """The field is one word of few: what no column gives may be a constant."""
    return "choices" in declared.fields[name].options and declared.fields[name].type == "string"


def stood_in(one: Proposal, declared: Declarations, example: dict[str, Any] | None = None) -> Feed:
    """The feed with stand-ins for what is still to fill: enough to read the examples by."""
    organ = next(iter(declared.organs))
    lacking = missing(one, declared)
    constants = {name: declared.fields[name].options["choices"][0] for [name, *_] in lacking if is_coded(name, declared)}
    if any("organ_name" in group for group in lacking):
        constants["organ_name"] = declared.organs[organ].zh
    return Feed.model_validate({**STAND_IN, **content(one), "organ": organ, "constants": constants,
                                "examples": [example or {"row": {}, "gives": {}}]})

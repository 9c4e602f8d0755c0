"""Which category a file is of: the one whose required fields, key and own fields its header covers best."""
from __future__ import annotations

from dataclasses import dataclass
from math import log

from jobs.answers.drafting.dictionary import Dictionary
from jobs.declarations import Declarations
from jobs.declarations.feeds import Category
from jobs.values.raw import normalised

CLOSE = 0.85  # of the best one's score: nearer than this nobody decides
WEAK = 0.5  # of what the best one requires: with less of it given, the categories behind it are rivals too
MOST_RIVALS = 4
NAMED = 1.5  # how much more it counts that a title, a sheet or the file's name says the category


@dataclass(frozen=True)
class Choice:
    """The best category, the one behind it, those that it does not beat clearly, and why."""

    category: str
    runner_up: str
    rivals: tuple[str, ...]
    because: str

    @property
    def open(self) -> bool:
        return bool(self.rivals)


def fed(category: Category) -> list[str]:
    """The fields of the category that a feed may give."""
    return [name for name, field in category.fields.items() if not field.of]


def chosen(labels: list[str], titles: list[str], known: Dictionary, declared: Declarations) -> Choice:
    """The category that the labels and titles fit best."""
    given = [{claim.field for claim in known.claims(label)} for label in labels]
    scores = {name: score(one, given, titles, declared) for name, one in declared.categories.items()}
    best, *behind = sorted(scores, key=lambda name: (-scores[name], name))
    category = declared.categories[best]
    have = {field for fields in given for field in fields}
    wanted, covered = required(category), covers(category, have)
    said = f"; a title or the file's name says {category.zh}" if named(category, titles) else ""
    because = (f"the header covers {covered} of {len(wanted)} of what it requires and its key, "
               f"{len(have & set(fed(category)))} of its fields{said}")
    alone = [name for name, one in declared.categories.items() if named(one, titles)] == [best]
    weak = covered < WEAK * len(wanted) and not alone  # a title that says this category, and no other, is no weak sign
    rivals = [name for name in behind[:MOST_RIVALS] if weak or scores[name] > CLOSE * scores[best]
              or (covered < len(wanted) and whole(declared.categories[name], have))]
    return Choice(best, behind[0], tuple(rivals), because)


def score(category: Category, given: list[set[str]], titles: list[str], declared: Declarations) -> float:
    """The rarer the fields that the columns give it, and the more of what it requires, the more."""
    own = set(fed(category))
    mapped = {field for fields in given for field in fields & own}
    every = list(declared.categories.values())
    rare = sum(log(len(every) / sum(field in each.fields for each in every)) for field in sorted(mapped))
    share = covers(category, mapped) / len(required(category))
    return rare * (0.1 + 0.9 * share**2) * (NAMED if named(category, titles) else 1)


def required(category: Category) -> list[list[str]]:
    """What a row must have: each required field and part of the key, and one of each group."""
    single = dict.fromkeys([name for name, field in category.fields.items() if field.required] + category.event_key)
    groups = category.required_any
    return [*([name] for name in single if not any(name in group for group in groups)), *groups]


def covers(category: Category, have: set[str]) -> int:
    return sum(bool(have & set(group)) for group in required(category))


def whole(category: Category, have: set[str]) -> bool:
    return covers(category, have) == len(required(category))


def named(category: Category, titles: list[str]) -> bool:
    return any(normalised(category.zh).removesuffix("信息") in normalised(title) for title in titles)

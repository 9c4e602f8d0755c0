"""The items of config/items.yml (事项清单): what an organ may do, on what basis, from when to when, and how it is supervised."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field

from jobs.declarations.feeds import Declared, Level
from jobs.declarations.files import among
from jobs.declarations.organs import Organ
from jobs.declarations.regimes import Mark
from jobs.declarations.terms import Termed, same_names

Kind = Literal["permit", "inspection", "commitment", "confirmation", "levy", "payment", "reward", "other"]
PARTS = ("template", "check", "supervision")  # 一诺一模板、一诺一核查、一诺一监管


class Item(Termed):
    """One matter; a commitment has a template, a check and a supervision rule of its own."""

    kind: Kind
    basis: str
    level: Level
    organ: str
    measure: str = Field(description="how acts under it are supervised (监管举措)")
    source: str
    mark: Mark
    template: str | None = None
    check: str | None = None
    supervision: str | None = None


class Template(Declared):
    zh: str
    en: str


class Check(Declared):
    """How what was promised is checked: by double random draw, on the spot, from afar, or not at all."""

    zh: str
    en: str
    way: Literal["double_random", "on_site", "off_site", "exempt"]
    within_days: int | None = Field(default=None, ge=1)


class Supervision(Declared):
    """What follows where a promise is not kept."""

    zh: str
    en: str
    basis: str


class ItemList(Declared):
    items: dict[str, Item]
    templates: dict[str, Template]
    checks: dict[str, Check]
    supervisions: dict[str, Supervision]

    def part(self, name: str) -> dict[str, Any]:
        return {"template": self.templates, "check": self.checks, "supervision": self.supervisions}[name]


def item_faults(listed: ItemList, organs: Mapping[str, Organ]) -> Iterator[str]:
    """Each fault of the items as one line with file and key."""
    for code, item in listed.items.items():
        where = f"items.yml: items.{code}"
        if item.valid_to and item.valid_to < item.valid_from:
            yield f"{where}.valid_to: {item.valid_to} is before valid_from {item.valid_from}"
        yield from organ_of_item(where, item, organs)
        for name in PARTS:
            yield from part_faults(where, item, name, listed)
    for name in PARTS:
        yield from one_each(name, listed)
    yield from same_names("items.yml: items", listed.items)


def organ_of_item(where: str, item: Item, organs: Mapping[str, Organ]) -> Iterator[str]:
    if item.organ not in organs:
        yield f"{where}.organ: {item.organ!r} is unknown; {among(item.organ, organs)}"
    elif organs[item.organ].level != item.level:
        yield f"{where}.level: {item.level!r} is not the level of {item.organ}, {organs[item.organ].level}"
    elif not organs[item.organ].meets(item):
        yield f"{where}.organ: {item.organ!r} is in office on no day on which the item is valid"


def part_faults(where: str, item: Item, name: str, listed: ItemList) -> Iterator[str]:
    said = getattr(item, name)
    if item.kind == "commitment" and said is None:
        yield f"{where}.{name}: missing; a commitment has template, check and supervision (一诺一模板、一诺一核查、一诺一监管)"
    elif item.kind != "commitment" and said is not None:
        yield f"{where}.{name}: {said!r} is only for items of kind commitment, not {item.kind}"
    elif said is not None and said not in listed.part(name):
        yield f"{where}.{name}: {said!r} is unknown; {among(said, listed.part(name))}"


def one_each(name: str, listed: ItemList) -> Iterator[str]:
    """One of each kind to a commitment: none is shared, none is left over."""
    used = Counter(getattr(item, name) for item in listed.items.values())
    for part in listed.part(name):
        if used[part] != 1:
            yield f"items.yml: {name} {part!r} belongs to {used[part]} items, must be one"

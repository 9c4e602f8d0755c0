"""The organs that decide and those that hand on, as declared in config/organs.yml."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from jobs.declarations.organs import Organ

# Abbreviations of the matters for document numbers, as organs of the kind use them.
_WORDS = {
    "market": "市监", "credit": "发改", "environment": "环", "transport": "交", "construction": "建", "work_safety": "应急",
    "drug": "药监", "agriculture": "农", "urban_management": "城管", "health": "卫", "fire": "消",
}  # fmt: skip


class Decider(NamedTuple):
    name: str
    alias: str
    code: str
    word: str  # what its document numbers begin with


class Organs:
    """Those in office during the window that may decide on penalties and permits, by level."""

    def __init__(self, declared: Mapping[str, Organ]):
        self.declared = declared
        self.deciders = {level: _deciders(declared, level) for level in ("city", "province")}
        self.sitting = [_decider(organ, number) for number, organ in enumerate(declared.values()) if not organ.valid_to]
        self.units = {level: declared[f"{level}_credit_centre"] for level in ("city", "province")}
        market = [organ for name, organ in declared.items() if name.endswith("_market_regulation")]
        self.districts = [organ for organ in market if not organ.region.endswith("00")]
        self.market = {level: declared[f"{level}_market_regulation"] for level in ("city", "province")}

    def competent(self, name: str, level: str, category: str, since: date) -> list[Decider]:
        """Those in office since then at the level that may decide acts of the category, the one of that name first."""
        at_level = {one: organ for one, organ in self.declared.items() if organ.level == level}
        sitting = [one for one, organ in at_level.items() if organ.valid_from <= since and not organ.valid_to]
        able = [one for one in sitting if category in self.declared[one].competence and one != name]
        return [_decider(self.declared[one], number) for number, one in enumerate((name, *able))]


def _deciders(declared: Mapping[str, Organ], level: str) -> list[Decider]:
    sitting = [organ for organ in declared.values() if organ.level == level and not organ.valid_to]
    return [_decider(organ, number) for number, organ in enumerate(sitting) if {"permit", "penalty"} <= set(organ.competence)]


def _decider(organ: Organ, number: int) -> Decider:
    return Decider(organ.zh, (organ.aliases or [organ.zh])[0], organ.code, _word(organ, number))


def _word(organ: Organ, number: int) -> str:
    matter = next((_WORDS[matter] for matter in organ.competence if matter in _WORDS), "")
    return f"示{'省' if organ.level == 'province' else ''}{matter}{number}"

"""The organs of config/organs.yml: what each may decide, from when to when it is in office, and who takes over."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from difflib import get_close_matches

from jobs.declarations.feeds import Level
from jobs.declarations.files import DeclarationError, among, known
from jobs.declarations.terms import Termed, same_names
from jobs.values.checks import is_credit_code
from jobs.values.raw import normalised

REGION = re.compile(r"\d{6}")
CLOSE, LIKENESS = 3, 0.5  # organs that an unknown name may have meant; Chinese names are short, so half of one says much


class Organ(Termed):
    code: str
    level: Level
    region: str
    competence: list[str]
    successor: str | None = None


def successor_on(organs: Mapping[str, Organ], name: str, day: date) -> Organ | None:
    """Who answers on that day for what this organ did: itself, or who took over; None where nobody is declared to."""
    organ = organs[name]
    while organ.valid_to is not None and organ.valid_to < day:
        if organ.successor is None:
            return None
        organ = organs[organ.successor]
    return organ


def called(organs: Mapping[str, Organ], asked: str) -> Organ:
    """The organ that a person means: by its name in organs.yml, its code, or what it is called in Chinese or English; raises
    DeclarationError, which tells the organs with a close name."""
    spelt = {name: {*organ.names, *map(normalised, (name, organ.code, organ.en))} for name, organ in organs.items()}
    meant = [name for name, spellings in spelt.items() if normalised(asked) in spellings]
    if len(meant) == 1:
        return organs[meant[0]]
    near = meant or close(normalised(asked), spelt)
    listed = "; ".join(f"{name} {organs[name].zh}" for name in near)
    seen = f"is what {len(meant)} are called, say which" if meant else "is unknown"
    raise DeclarationError(f"--organ: {asked!r} {seen}" + (f"; did you mean {listed}?" if near else f"; known: {known(organs)}"))


def close(asked: str, spelt: Mapping[str, set[str]]) -> list[str]:
    """The few whose spellings are most like what was asked, the likest first."""
    owners = {spelling: name for name, spellings in spelt.items() for spelling in spellings}
    near = get_close_matches(asked, owners, n=2 * CLOSE, cutoff=LIKENESS)
    return list(dict.fromkeys(owners[spelling] for spelling in near))[:CLOSE]


def answering(organs: Mapping[str, Organ], day: date) -> dict[str, str | None]:
    """By the code of each organ out of office on that day the code of who answers for it, None where nobody is declared to."""
    left = {name: organ for name, organ in organs.items() if organ.valid_to is not None and organ.valid_to < day}
    heirs = {organ.code: successor_on(organs, name, day) for name, organ in left.items()}
    return {code: heir.code if heir else None for code, heir in heirs.items()}


# ---- what must hold between organs

def organ_faults(organs: Mapping[str, Organ]) -> Iterator[str]:
    """Each fault of the organs as one line with file and key."""
    for name, organ in organs.items():
        where = f"organs.yml: {name}"
        if not is_credit_code(organ.code):
            yield f"{where}.code: {organ.code!r} is not a well-formed credit code (GB 32100)"
        if organ.valid_to and organ.valid_to < organ.valid_from:
            yield f"{where}.valid_to: {organ.valid_to} is before valid_from {organ.valid_from}"
        if not REGION.fullmatch(organ.region) or not fits(organ):
            yield f"{where}.region: {organ.region!r} does not fit level {organ.level}; " \
                  "a province's ends in 0000, a city's and its districts' does not"
        yield from succession_faults(where, organ, organs)
    yield from same_code(organs)
    yield from same_names("organs.yml", organs)


def fits(organ: Organ) -> bool:
    """A vertical ministry has organs in divisions of every kind."""
    return organ.level == "ministry" or organ.region.endswith("0000") == (organ.level == "province")


def succession_faults(where: str, organ: Organ, organs: Mapping[str, Organ]) -> Iterator[str]:
    if organ.successor is None:
        return
    if organ.successor not in organs:
        yield f"{where}.successor: {organ.successor!r} is unknown; {among(organ.successor, organs)}"
        return
    heir = organs[organ.successor]
    if organ.valid_to is None:
        yield f"{where}.successor: {organ.successor!r} succeeds an organ without valid_to"
    elif heir.valid_from > organ.valid_to + timedelta(days=1):
        yield f"{where}.successor: {organ.successor!r} begins on {heir.valid_from}, more than a day after {organ.valid_to}"
    if heir.level != organ.level:
        yield f"{where}.successor: {organ.successor!r} is of level {heir.level}, not {organ.level}"
    if cyclic(organ, organs):
        yield f"{where}.successor: {organ.successor!r} leads back to {organ.zh}"


def cyclic(organ: Organ, organs: Mapping[str, Organ]) -> bool:
    seen, at = set(), organ
    while at.successor in organs:
        if at.code in seen:
            return True
        seen.add(at.code)
        at = organs[at.successor]
    return False


def same_code(organs: Mapping[str, Organ]) -> Iterator[str]:
    first: dict[str, str] = {}
    for name, organ in organs.items():
        if first.setdefault(organ.code, name) != name:
            yield f"organs.yml: {name}.code: {organ.code!r} is that of {first[organ.code]}"

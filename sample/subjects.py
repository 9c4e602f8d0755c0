"""Who an act is about, as its organ writes it: most rows rightly, some in the ways that real rows are wrong."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from sample import dirt, issue, naming
from sample.draw import Draw
from sample.organs import Decider
from sample.truth import Mark
from sample.world import Enterprise, World

LEGAL, HOUSEHOLD, NATURAL = "法人及非法人组织", "个体工商户", "自然人"


class Subject(NamedTuple):
    """The cells of a subject block, and what is true of it."""

    name: str
    kind: str
    code: str
    registration_number: str
    organisation_code: str
    representative: str
    identity_number: str  # of a natural person alone
    mark: Mark


class Columns(NamedTuple):
    """The numbers that a feed has columns for, and whether its category takes no row without one."""

    code: bool
    registration_number: bool
    organisation_code: bool
    numbered: bool


def enterprise_of(world: World, draw: Draw) -> Enterprise:
    """Somebody of the district, seldom a household; one in fifty is of elsewhere and in no registry here."""
    number = 1 + draw.below(world.size)
    if draw.below(50) == 0:
        number += world.size
    enterprise = world.enterprise(number)
    return world.enterprise(number + 18) if enterprise.kind == "household" and draw.chance(800) else enterprise


def written(world: World, draw: Draw, day: date, act: str, persons: int = 12) -> Subject:
    """The subject of an act of that day; `persons` in a thousand are natural persons."""
    if draw.chance(persons):
        return _person(draw, act)
    enterprise = enterprise_of(world, draw)
    if enterprise.kind == "household":
        return _household(enterprise, act)
    return _dirty(world, draw, enterprise, enterprise.name_on(day), act)


def fitted(world: World, draw: Draw, enterprise: Enterprise, day: date, act: str, columns: Columns) -> Subject:
    """The subject of an act of that day in a feed that has those columns alone."""
    if draw.chance(12):
        return _person(draw, act)
    if enterprise.kind == "household":
        return _household(enterprise, act)
    name = enterprise.name_on(day)
    clean, chosen = _clean(world, enterprise, name, act), draw.below(1000)
    if not columns.code or (not clean.code and not columns.registration_number):
        return _name_only(world, draw, enterprise, clean)
    if chosen >= 130 or not clean.code:
        return clean
    spoil = _spoil(chosen)
    if spoil is _organisation_code and not columns.organisation_code:
        spoil = _name_only
    if spoil is _registration_number and not columns.registration_number:
        spoil = _name_only
    return clean if spoil in (_name_only, _placeholder) and columns.numbered else spoil(world, draw, enterprise, clean)


def nobody(act: str) -> Subject:
    """The subject of a row about no enterprise."""
    return Subject("", LEGAL, "", "", "", "", "", Mark(act=act))


def organ(decider: Decider, act: str) -> Subject:
    """The subject of a row about an organ, which no registry here knows."""
    return nobody(act)._replace(name=decider.name, code=decider.code)


def _person(draw: Draw, act: str) -> Subject:
    name = naming.person(draw)
    return Subject(name, NATURAL, "", "", "", "", issue.identity(draw), Mark(becomes="natural_person", act=act))


def _household(enterprise: Enterprise, act: str) -> Subject:
    mark = Mark(str(enterprise.number), act, "household")
    return Subject(enterprise.name, HOUSEHOLD, enterprise.code, "", "", enterprise.representative, "", mark)


def report(world: World, enterprise: Enterprise, day: date, act: str) -> Subject:
    """The subject of an act as written rightly."""
    return _clean(world, enterprise, enterprise.name_on(day), act)


def without_organisation_code(world: World, draw: Draw, subject: Subject) -> Subject:
    """The subject in a feed that has no column for that code: who was known by it alone is left with the name."""
    if not subject.organisation_code:
        return subject
    enterprise = world.enterprise(int(subject.mark.enterprise))
    return _name_only(world, draw, enterprise, subject)._replace(organisation_code="")


def _clean(world: World, enterprise: Enterprise, name: str, act: str) -> Subject:
    code = enterprise.code
    mark = Mark(str(enterprise.number), act, "fact", "", "", _tier(world, enterprise, "1" if code else "2"))
    return Subject(name, LEGAL, code, "" if code else enterprise.registration_number, "", enterprise.representative, "", mark)


def _tier(world: World, enterprise: Enterprise, tier: str) -> str:
    """The tier that links, where the enterprise is in the index at all; a name that two bear links nobody."""
    if not world.is_registered(enterprise.number) or (tier == "3" and not enterprise.unique_name):
        return ""
    return tier


def _dirty(world: World, draw: Draw, enterprise: Enterprise, name: str, act: str) -> Subject:
    clean = _clean(world, enterprise, name, act)
    chosen = draw.below(1000)
    if chosen >= 130 or not enterprise.code:
        return clean
    return _spoil(chosen)(world, draw, enterprise, clean)


def _spoil(chosen: int) -> Callable[[World, Draw, Enterprise, Subject], Subject]:
    return next(spoil for limit, spoil in _SPOILS if chosen < limit)


def _marked(clean: Subject, dirt_name: str, **changed: str) -> Mark:
    return clean.mark._replace(dirt=dirt_name, **changed)


def _name_only(world: World, draw: Draw, enterprise: Enterprise, clean: Subject) -> Subject:
    return clean._replace(code="", mark=_marked(clean, "name_only", tier=_tier(world, enterprise, "3")))


def _placeholder(world: World, draw: Draw, enterprise: Enterprise, clean: Subject) -> Subject:
    mark = _marked(clean, "placeholder", tier=_tier(world, enterprise, "3"))
    return clean._replace(code=draw.pick(dirt.PLACEHOLDERS), mark=mark)


def _untidy(world: World, draw: Draw, enterprise: Enterprise, clean: Subject) -> Subject:
    return clean._replace(code=dirt.untidy_code(draw, clean.code), mark=_marked(clean, "untidy_code"))


def _untidy_name(world: World, draw: Draw, enterprise: Enterprise, clean: Subject) -> Subject:
    return clean._replace(name=dirt.untidy_name(draw, clean.name), mark=_marked(clean, "untidy_name"))


def _wrong_digit(world: World, draw: Draw, enterprise: Enterprise, clean: Subject) -> Subject:
    mark = _marked(clean, "wrong_digit", tier=_tier(world, enterprise, "3"), field="credit_code", reason="total_check")
    return clean._replace(code=dirt.one_digit_wrong(draw, clean.code), mark=mark)


def _letter(world: World, draw: Draw, enterprise: Enterprise, clean: Subject) -> Subject:
    mark = _marked(clean, "letter_for_nought", tier=_tier(world, enterprise, "3"), field="credit_code", reason="wrong_character")
    return clean._replace(code=dirt.letter_for_nought(clean.code), mark=mark)


def _float(world: World, draw: Draw, enterprise: Enterprise, clean: Subject) -> Subject:
    if not clean.code.isdigit():
        return _letter(world, draw, enterprise, clean)
    mark = _marked(clean, "spreadsheet_float", tier=_tier(world, enterprise, "3"), field="credit_code", reason="excel_float")
    return clean._replace(code=dirt.spreadsheet_float(clean.code), mark=mark)


def _registration_number(world: World, draw: Draw, enterprise: Enterprise, clean: Subject) -> Subject:
    known = any(registry != "province" for registry in enterprise.registries)  # the province does not tell old numbers
    mark = _marked(clean, "registration_number_only", tier=_tier(world, enterprise, "2" if known else "3"))
    return clean._replace(code="", registration_number=enterprise.registration_number, mark=mark)


def _organisation_code(world: World, draw: Draw, enterprise: Enterprise, clean: Subject) -> Subject:
    mark = _marked(clean, "organisation_code_only", tier=_tier(world, enterprise, "2"))
    return clean._replace(code="", organisation_code=dirt.hyphened(enterprise.organisation_code), mark=mark)


def _contradiction(world: World, draw: Draw, enterprise: Enterprise, clean: Subject) -> Subject:
    """A right code beside the name of somebody else: neither is believed."""
    other = world.enterprise(1 + (enterprise.number + 49) % world.size)
    if other.kind == "household" or other.name == clean.name:
        return _name_only(world, draw, enterprise, clean)
    return clean._replace(name=other.name, mark=_marked(clean, "contradiction", tier=""))


def _nameless(world: World, draw: Draw, enterprise: Enterprise, clean: Subject) -> Subject:
    mark = _marked(clean, "nameless", becomes="reject", field="subject_name", reason="missing", tier="")
    return clean._replace(name=draw.pick(("", "无", "-")), mark=mark)


# Of a thousand rows, those below the limit and not below the one before.
_SPOILS = (
    (30, _name_only), (65, _untidy), (80, _untidy_name), (90, _placeholder), (96, _wrong_digit), (100, _letter), (103, _float),
    (113, _registration_number), (120, _organisation_code), (126, _contradiction), (130, _nameless),
)  # fmt: skip

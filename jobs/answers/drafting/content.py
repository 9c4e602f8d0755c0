"""What values say of a column whose label nobody knows: its field where they prove it, else the fields that it could give."""
from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from jobs.answers.drafting.categories import fed, required
from jobs.answers.drafting.columns import Column
from jobs.answers.drafting.dictionary import BY_VALUES
from jobs.answers.drafting.evidence import TRIED
from jobs.answers.drafting.found import Proposed
from jobs.declarations import Declarations
from jobs.declarations.feeds import FieldDeclaration
from jobs.values import codes, names, regions
from jobs.values.divisions import Divisions, load_divisions

SURE, MOST, LEAST = 0.95, 0.8, 5  # shares of distinct values, and how many there must be for a share to say anything
ORGANS_CODE = "1"  # GB 32100: codes of organs and institutions begin with it
LEVELS = 3  # province, city, district
OWN = ("credit_code", "organisation_code", "registration_number")  # the subject's: check digits prove them
_DAY = re.compile(r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|(?:19|20)\d{6})(?:[ T]\d.*)?")
_DOCUMENT = re.compile(r".*[〔\[(（【［]\s*(?:19|20)\d\d\s*[〕\])）】］].*")
_AMOUNT = re.compile(r"(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?\s*(?:[万亿]?元)?")
_SAYS_AMOUNT = re.compile(r"金|款|价|资本|额|[万亿元]|amount|price|capital", re.IGNORECASE)
_OF_ORGANS = re.compile(r"(?:organ|unit)_(?:code|name)$")
_OFFICE = re.compile(r"(?:机关|单位|部门)(?:名称)?$")
_WHO = re.compile(r"(?:人|者|机构|单位|企业|主体|机关|部门)(?:名称)?(?:（.*）)?$")


@dataclass(frozen=True)
class Kind:
    """A kind of values: what they are, how one is told, which fields hold such, and whether being one is proof."""

    what: str
    is_one: Callable[[str], bool]
    holds: Callable[[FieldDeclaration], bool]
    proof: bool = False


def kinds(table: Divisions) -> list[Kind]:
    """The kinds that are told by their shape or check digits, the surest first."""
    return [
        Kind("credit codes whose check digits hold", lambda value: codes.credit_code(value)[0] is not None,
             cleaned_by("codes.credit_code"), proof=True),
        Kind("organisation codes whose check digits hold", lambda value: codes.organisation_code(value)[0] is not None,
             cleaned_by("codes.organisation_code"), proof=True),
        Kind("registration numbers whose check digits hold", is_registration_number,
             cleaned_by("codes.registration_number"), proof=True),
        Kind("numbers of documents", lambda value: bool(_DOCUMENT.fullmatch(value)), cleaned_by("codes.document_number")),
        Kind("dates", lambda value: bool(_DAY.fullmatch(value)), cleaned_by("dates.")),
        Kind("names of divisions", partial(is_division, table), cleaned_by("regions.region_code")),
        Kind("names of organisations", names.ends_as_organisation,
             lambda one: one.cleaner.startswith("names.") or bool(_WHO.search(one.zh))),
    ]


def cleaned_by(cleaner: str) -> Callable[[FieldDeclaration], bool]:
    return lambda one: one.cleaner.startswith(cleaner)


def is_registration_number(value: str) -> bool:
    return len(value) == 15 and codes.registration_number(value) == (value, None)


def is_division(table: Divisions, value: str) -> bool:
    return not value.isascii() and regions.region_code(value, table)[0] is not None


def kind_of(column: Column, every: Sequence[Kind], organs: set[str]) -> Kind | None:
    """The first kind that nearly all distinct values are of; amounts by their label as well, for any count is a number."""
    values = [value for value, _ in column.values.most_common(TRIED)]
    if values and organs.issuperset(map(names.name_key, values)):
        return Kind("names of declared organs", bool, lambda one: bool(_OFFICE.search(one.zh)))
    if len(values) < LEAST:
        return None
    if _SAYS_AMOUNT.search(column.label) and all(map(_AMOUNT.fullmatch, values)):
        return Kind("amounts", bool, lambda one: one.cleaner == "money.amount")
    return next((kind for kind in every if sum(map(kind.is_one, values)) >= SURE * len(values)), None)


def told_by_values(found: Sequence[Proposed], category: str, declared: Declarations) -> list[Proposed]:
    """The columns, with what their values say of those whose labels say nothing."""
    table = load_divisions(declared.folder / "codes" / "divisions.csv")
    every = kinds(table)
    organs = {names.name_key(name) for organ in declared.organs.values() for name in (organ.zh, *organ.aliases)}
    of_kind = {one.label: kind for one in found if unknown(one) and (kind := kind_of(one.column, every, organs))}
    alone = {label for label, kind in of_kind.items() if [each.what for each in of_kind.values()].count(kind.what) == 1}
    spoken = {name for one in found for name in (*one.fields, *one.candidates)}
    free = [name for name in fed(declared.categories[category]) if name not in spoken]
    said = [told(one, of_kind[one.label], one.label in alone, free, category, declared) if one.label in of_kind else one
            for one in found]
    return [nested(one, said, table, declared) if unknown(before) else one for before, one in zip(found, said, strict=True)]


def unknown(one: Proposed) -> bool:
    return one.role == "open" and not one.candidates


def told(one: Proposed, kind: Kind, alone: bool, free: Sequence[str], category: str, declared: Declarations) -> Proposed:
    """The subject's number or name where the values are such and no other column or field is left; else what may be."""
    may = [name for name in free if kind.holds(declared.fields[name])]
    if organs_codes(one.column):
        may = [name for name in may if name not in OWN]
    elif kind.proof or of_companies(one.column):
        may = [name for name in may if not _OF_ORGANS.search(name)]
    if "subject_name" in may:
        may = [name for name in may if name != "former_name"]  # which stands beside a name
    because = f"by its values alone: {kind.what}"
    needed = {name for group in required(declared.categories[category]) for name in group}
    if alone and len(may) == 1 and ((kind.proof and may[0] in OWN) or may[0] == "subject_name" in needed):
        return replace(one, role="field", fields=tuple(may), near=BY_VALUES, because=f"{because}; no other column's are")
    return replace(one, candidates=tuple(may), near=BY_VALUES, because=because)


def organs_codes(column: Column) -> bool:
    """Most codes are of organs, so they may not be the subject's."""
    return len(column.values) > 2 and sum(code.startswith(ORGANS_CODE) for code in column.values) > len(column.values) / 2


def of_companies(column: Column) -> bool:
    """Most values end in a legal form, as no organ's name does."""
    return sum(names.name_core(value) != names.name_key(value) for value in column.values) > len(column.values) / 2


def nested(one: Proposed, found: Sequence[Proposed], table: Divisions, declared: Declarations) -> Proposed:
    """A further level of the divisions that other columns give, where its divisions lie in theirs."""
    for name in {name for each in found if each.role == "field" for name in each.fields}:
        above = [each for each in found if each.role == "field" and name in each.fields]
        if declared.fields[name].cleaner == "regions.region_code" and len(above) < LEVELS and lies_in(one.column, above, table):
            labels = ", ".join(each.label for each in above)
            because = f"by its values alone: divisions that lie in those of {labels}"
            return replace(one, role="field", fields=(name,), candidates=(), near=BY_VALUES, because=because)
    return one


def lies_in(column: Column, above: Sequence[Proposed], table: Divisions) -> bool:
    """Nearly every division of the column lies below one of each of the columns above."""
    values = [value for value in column.values if table.named(value)]
    if len(values) < LEAST or len(values) < MOST * len(column.values):  # the others are zones, often
        return False
    return all(sum(below(value, codes_of(each.column, table), table) for value in values) >= SURE * len(values) for each in above)


def codes_of(column: Column, table: Divisions) -> set[str]:
    return {code for value in column.values for code in table.named(value)}


def below(name: str, upper: set[str], table: Divisions) -> bool:
    return any(upper & set(table.lineage(code)[1:]) for code in table.named(name))

"""Which column gives which field: by what is known of its label, where that is not enough by its values; else it is open."""
from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from jobs.answers.drafting.categories import Choice, chosen, fed
from jobs.answers.drafting.columns import Column
from jobs.answers.drafting.content import LEVELS, organs_codes, told_by_values
from jobs.answers.drafting.dictionary import BY_VALUES, WHOLE, Claim, Dictionary, is_naming, is_numbering, personal_kind
from jobs.answers.drafting.evidence import CHOICES, Reading, looks_personal, read_as, strict, words_of
from jobs.answers.drafting.found import Proposed, opened
from jobs.declarations import Declarations
from jobs.values.raw import normalised

ACCEPTS, REFUSES = 0.8, 0.3  # of distinct values: a cleaner that takes so many is theirs, one that takes so few is not
LEAST_ACCEPTED = 0.5  # below this the values speak against the label
ROW_ID = "source_row_id"


def proposed(columns: Sequence[Column], titles: list[str], known: Dictionary, declared: Declarations,
             category: str | None = None) -> tuple[Choice, list[Proposed]]:
    """The category, or the one that was said, and what each column is in it; what differs in a runner-up as near is open."""
    choice = chosen([column.label for column in columns], titles, known, declared)
    if category:
        behind = choice.runner_up if category == choice.category else choice.category
        return Choice(category, behind, (), "said"), mapped(columns, category, known, declared)
    found = mapped(columns, choice.category, known, declared)
    for rival in choice.rivals:
        other = mapped(columns, rival, known, declared)
        found = [agreed(one, two) for one, two in zip(found, other, strict=True)]
    return choice, found


def agreed(one: Proposed, other: Proposed) -> Proposed:
    """What a column is in two categories, or that it is open; by its values it may be only what it may be in both."""
    if (one.fields, one.role) != (other.fields, other.role):
        return opened(one, one.fields + one.candidates + other.fields, "the category is open")
    if one.near == BY_VALUES:
        return replace(one, candidates=tuple(name for name in one.candidates if name in other.candidates))
    return one


def mapped(columns: Sequence[Column], category: str, known: Dictionary, declared: Declarations) -> list[Proposed]:
    """What each column is in this category."""
    found = [alone(column, category, known, declared) for column in columns]
    taken = {name for one in found if one.role == "field" for name in one.fields}
    codes = [one.label for one in found if one.role == "open" or one.fields == ("tax_number",) if is_code(one.column, declared)]
    found = [left_over(one, taken, codes, declared) for one in found]
    found = told_by_values(once_each(found, declared), category, declared)
    return [checked(one, known, declared) for one in found]


def alone(column: Column, category: str, known: Dictionary, declared: Declarations) -> Proposed:
    """What a column is by itself: nobody has asked yet what the other columns are."""
    if kind := personal_kind(known, column.label):
        why = "it says which paper a person has" if kind == "ignored" else "the label is known to be of a person"
        return Proposed(column, kind, why)
    fields = set(fed(declared.categories[category]))
    claims = nearest([claim for claim in known.claims(column.label) if claim.field in fields], category)
    if not claims:
        return unclaimed(column, category, known, declared)
    names = tuple(dict.fromkeys(claim.field for claim in claims))
    because = f"{claims[0].by} knows the label" + ("" if claims[0].near == WHOLE else " in part")
    one = Proposed(column, "field", because, names, near=claims[0].near)
    return one if belong(names, known) else by_values(one, declared)


def nearest(claims: list[Claim], category: str) -> list[Claim]:
    """The claims that count: of the nearest form of the label those of dictionary and category's feeds, else the others."""
    if not claims:
        return []
    near = [claim for claim in claims if claim.near == claims[0].near]
    own = [claim for claim in near if claim.category in (None, category)] or near
    speakers: dict[str, set[str]] = defaultdict(set)
    for claim in own:
        speakers[claim.field].add(claim.by)
    # What only some of those say who know the label as another field too, such as the currency of a capital, they read beside it.
    beside = {name for name, by in speakers.items() if any(by < more for more in speakers.values())}
    return [claim for claim in own if claim.field not in beside]


def belong(names: Sequence[str], known: Dictionary) -> bool:
    """One field, or fields that one column is known to give all of."""
    return all(frozenset((one, other)) in known.together for one in names for other in names if one < other)


def unclaimed(column: Column, category: str, known: Dictionary, declared: Declarations) -> Proposed:
    if is_naming(column.label) and ROW_ID in declared.categories[category].fields:  # acts that are corrected by its number
        return opened(Proposed(column, "ignored", ""), [ROW_ID, "ignored"], "it numbers the rows, or names them for good")
    if is_numbering(column.label):
        return Proposed(column, "ignored", "it numbers the rows")
    if category in known.dropped["ignored"].get(normalised(column.label), ()):
        return Proposed(column, "ignored", "a feed of the category ignores it")
    if why := looks_personal(column):
        return opened(Proposed(column, "personal", ""), ["personal"], why)
    return opened(Proposed(column, "open", ""), (), "no field of the category is known by this label")


def by_values(one: Proposed, declared: Declarations) -> Proposed:
    """The candidate whose cleaner takes the values, where it takes them and every other one refuses them."""
    shares = {name: read_as(one.column, name, declared).accepted for name in one.fields if strict(declared.fields[name])}
    fitting = [name for name, share in shares.items() if share is not None and share >= ACCEPTS]
    others = [name for name in one.fields if name not in fitting]
    if len(fitting) == 1 and all((shares.get(name) is not None and shares[name] <= REFUSES) for name in others):
        return replace(one, fields=(fitting[0],), because=f"of {', '.join(one.fields)} only its cleaner takes the values")
    return opened(one, one.fields, "several fields are known by this label")


def is_code(column: Column, declared: Declarations) -> bool:
    return (read_as(column, "credit_code", declared).accepted or 0) >= ACCEPTS


def left_over(one: Proposed, taken: set[str], codes: Sequence[str], declared: Declarations) -> Proposed:
    """Of several candidates the one that no other column gives; a number that is a valid credit code is first of all that."""
    if one.fields == ("tax_number",) and "credit_code" not in taken and one.column.filled:
        one = opened(one, ("credit_code", "tax_number"), "a tax number may be the credit code")
    if one.role != "open" or len(one.candidates) < 2:
        return one
    free = [name for name in one.candidates if name not in taken]
    if set(free) == {"credit_code", "tax_number"} and codes == [one.label]:
        free = ["credit_code"]
        why = "no other column holds credit codes, and the check digits of these values hold"
    else:
        why = f"other columns give {', '.join(name for name in one.candidates if name in taken)}"
    if len(free) != 1 or len(free) == len(one.candidates):
        return one
    return replace(one, role="field", fields=(free[0],), candidates=(), because=why)


def once_each(found: list[Proposed], declared: Declarations) -> list[Proposed]:
    """No field is given by two columns that are not parts of it: the nearer label gives it, of equal ones neither does."""
    giving: dict[str, list[Proposed]] = defaultdict(list)
    for one in found:
        for name in one.fields if one.role == "field" else ():
            giving[name].append(one)
    lost: dict[str, str] = {}
    for name, several in giving.items():
        if len(several) < 2 or joined(name, several, declared):
            continue
        nearest_ = [one for one in several if one.near == min(each.near for each in several)]
        for one in several:
            if one is not nearest_[0] or len(nearest_) > 1:
                lost[one.label] = f"{name} may also be {', '.join(each.label for each in several if each is not one)}"
    return [opened(one, one.fields, lost[one.label]) if one.label in lost else one for one in found]


def joined(name: str, several: list[Proposed], declared: Declarations) -> bool:
    """The columns are the levels of a division, or the numbered columns of a list of words."""
    cleaner = declared.fields[name].cleaner
    if cleaner == "regions.region_code":
        return len(several) <= LEVELS
    return cleaner == "text.choices" and len({re.sub(r"\d+$", "", normalised(one.label)) for one in several}) == 1


def checked(one: Proposed, known: Dictionary, declared: Declarations) -> Proposed:
    """The column as read by its fields; open where their cleaners refuse most of what it holds."""
    if one.role != "field":
        return one
    readings = {name: as_field(one.column, name, known, declared) for name in one.fields}
    refused = [name for name, reading in readings.items() if against(one, name, reading, declared)]
    if len(refused) == len(readings):
        share = f"{readings[refused[0]].accepted:.0%}"
        return opened(one, one.fields, f"the label says {refused[0]}, but its cleaner takes {share} of the distinct values")
    if "credit_code" in readings and organs_codes(one.column):
        return opened(one, ("credit_code", "organ_code"), "most of its codes are of organs, so they may not be the subject's")
    kept = {name: reading for name, reading in readings.items() if name not in refused}
    return replace(one, fields=tuple(kept), readings=kept)


def as_field(column: Column, name: str, known: Dictionary, declared: Declarations) -> Reading:
    said = declared.fields[name]
    lookup = words_of(column, said, known.words[name]).lookup if said.cleaner.startswith(CHOICES) else None
    return read_as(column, name, declared, lookup)


def against(one: Proposed, name: str, reading: Reading, declared: Declarations) -> bool:
    """The values speak against the field; dates whose order nobody knows do not."""
    if not strict(declared.fields[name]) or reading.accepted is None or len(one.column.values) < 3:
        return False
    if declared.fields[name].cleaner == "regions.region_code" or any(doubt.startswith("order") for doubt in reading.unsure):
        return False
    return reading.accepted < LEAST_ACCEPTED

"""What a record says and what the index knows, compared: each comparison gives one of its declared levels."""
from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from jobs.enterprises.alike import alike
from jobs.enterprises.parts import Parts, Words

# Every level there is, by comparison: config/matching/comparisons.yml says each in words, the model weighs each.
LEVELS = {
    "core": ("same", "place_slip", "swapped", "reversed", "alike", "alike_in_short_brand", "alike_in_trade", "doubled", "lost",
             "lost_in_short_brand", "lost_in_trade", "inserted", "inserted_in_short_brand", "inserted_in_trade", "wrong_in_trade",
             "wrong_in_brand", "wrong_in_short_brand", "other_brand", "other_trade", "tells_apart", "two_alike", "two_edits",
             "brand_only", "contained", "close", "different"),
    "region": ("same", "within", "neither", "dropped_fits", "dropped", "dropped_unfit", "added_fits", "added", "added_unfit",
               "elsewhere_in_province", "elsewhere"),
    "seat": ("not_said", "same_county", "same_city", "same_province", "elsewhere"),
    "form": ("same", "one_missing", "short", "other"),
    "branch": ("neither", "same", "close", "one_only", "other"),
    "brackets": ("neither", "same", "one_only", "other"),
    "code": ("not_said", "near", "half", "far"),
    "address": ("not_said", "same", "similar", "other"),
    "person": ("not_said", "same", "other"),
}
SHORT_BRAND = 2
CLOSE = 0.6  # two names that share so much of their letters are no strangers
ALIKE_ADDRESS = 85


class Said(NamedTuple):
    """One side of a comparison: a record, or a name that the index knows. Empty is not said."""

    parts: Parts
    region: str  # of the record: where the deciding organ is; of the index: where the enterprise is registered
    code: str
    address: str
    person: str  # key id, purpose and token of the legal representative, never the name


def levels(record: Said, known: Said, by: Words, shapes: dict, seen: dict) -> tuple[str, ...]:
    """The level of every comparison, in the order of LEVELS; `seen` counts brands and pairs of characters of the index."""
    mine, theirs = record.parts, known.parts
    return (
        core(mine, theirs, by, shapes, seen),
        region(mine.region, theirs.region, record.region, known.region, by),
        seat(record.region, known.region),
        form(mine, theirs),
        branch(mine.branch, theirs.branch, by),
        part(mine.brackets, theirs.brackets),
        code(record, known),
        address(record.address, known.address),
        person(record.person, known.person),
    )


def core(mine: Parts, theirs: Parts, by: Words, shapes: dict, seen: dict) -> str:
    """How the brand and trade of one name differ from the other's."""
    one, other = mine.core, theirs.core
    if one == other:
        return "same"
    if mine.region != theirs.region and OSA.distance(mine.place + one, theirs.place + other, score_cutoff=1) <= 1:
        return "place_slip"
    edits = OSA.distance(one, other, score_cutoff=2)
    if edits == 1:
        return one_edit(mine, theirs, by, shapes, seen)
    pairs = zip(one, other, strict=False)
    if edits == 2 and len(one) == len(other) > 3 and all(a == b or near(a, b, by, shapes) for a, b in pairs):
        return "two_alike"
    if edits == 2 and apart(one, by) != apart(other, by):
        return "tells_apart"
    if mine.brand == theirs.brand:
        return "other_trade" if mine.trade and theirs.trade else "brand_only"
    if edits == 2 and min(len(one), len(other)) > 3 and set(mine.brand) & set(theirs.brand):
        return "two_edits"
    if len(min(one, other, key=len)) > 1 and (one in other or other in one):
        return "contained"
    return "close" if OSA.normalized_similarity(one, other) >= CLOSE else "different"


def apart(core: str, by: Words) -> list[str]:
    """The characters of a core that tell sister enterprises apart."""
    return sorted(filter(by.tells_apart.__contains__, core))


def near(one: str, other: str, by: Words, shapes: dict) -> bool:
    """Whether one character may have been read for the other, of which at most one tells enterprises apart."""
    if one in by.tells_apart and other in by.tells_apart:
        return False
    return alike(by.written.get(one, one), by.written.get(other, other), shapes)


def one_edit(mine: Parts, theirs: Parts, by: Words, shapes: dict, seen: dict) -> str:
    """What kind of slip a single edit is, or whether it makes another word and so another enterprise."""
    one, other = mine.core, theirs.core
    at = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    in_brand, short = at < len(theirs.brand), at < len(theirs.brand) <= SHORT_BRAND
    if len(one) != len(other):
        return added_or_lost(one, other, at, by, "_in_short_brand" if short else "" if in_brand else "_in_trade")
    if one[at + 1 : at + 2] != other[at + 1 : at + 2]:
        return "reversed" if short and at == 0 else "swapped"  # 昌顺 and 顺昌 are two brands
    if near(one[at], other[at], by, shapes):
        return "alike_in_short_brand" if short else "alike" if in_brand else "alike_in_trade"
    if one[at] in by.tells_apart or other[at] in by.tells_apart:
        return "tells_apart"
    if in_brand and mine.brand in seen["brand"]:
        return "other_brand"
    if at > 1 and (mine.brand == theirs.brand or makes_a_word(one, at, seen["pair"])):
        return "other_trade"
    return "wrong_in_short_brand" if short else "wrong_in_brand" if in_brand else "wrong_in_trade"


def makes_a_word(core: str, at: int, pairs: dict) -> bool:
    """Whether the character stands in a pair that names of the index often hold, so that it is a word and no slip."""
    return core[at - 1 : at + 1] in pairs or core[at : at + 2] in pairs


def added_or_lost(one: str, other: str, at: int, by: Words, where: str) -> str:
    longer = max(one, other, key=len)
    if longer[at] in by.tells_apart:
        return "tells_apart"
    if longer[at] in (longer[at - 1 : at], longer[at + 1 : at + 2]) and len(one) > len(other):
        return "doubled"
    return ("lost" if len(one) < len(other) else "inserted") + where


@lru_cache(maxsize=65536)
def _lineages(codes: str, by: Words) -> tuple[frozenset[str], ...]:
    """Of each code its own line up to the province."""
    known = by.divisions
    return tuple(frozenset(known.lineage(code)) if code in known else frozenset((code,)) for code in codes.split("|"))


@lru_cache(maxsize=262144)
def nearness(one: str, other: str, by: Words) -> str:
    """How near two places are: same, within one another, in one province, or elsewhere."""
    if set(one.split("|")) & set(other.split("|")):
        return "same"
    mine, theirs = _lineages(one, by), _lineages(other, by)
    below = any(code in line for code in one.split("|") for line in theirs)
    if below or any(code in line for code in other.split("|") for line in mine):
        return "within"
    shared = {code[:2] for code in one.split("|")} & {code[:2] for code in other.split("|")}
    return "elsewhere_in_province" if shared else "elsewhere"


def region(mine: str, theirs: str, deciding: str, registered: str, by: Words) -> str:
    """The places that the names name; where one names none, whether the place fits where the record or the enterprise is from."""
    if mine and theirs:
        return nearness(mine, theirs, by)
    if not mine and not theirs:
        return "neither"
    side, place, seat_ = ("dropped", theirs, deciding) if theirs else ("added", mine, registered)
    if not seat_:
        return side
    return f"{side}_fits" if nearness(place, seat_, by) in ("same", "within") else f"{side}_unfit"


def seat(deciding: str, registered: str) -> str:
    """How near the deciding organ's division is to the registered one."""
    if not deciding or not registered:
        return "not_said"
    if deciding == registered:
        return "same_county"
    if deciding[:4] == registered[:4]:
        return "same_city"
    return "same_province" if deciding[:2] == registered[:2] else "elsewhere"


def form(mine: Parts, theirs: Parts) -> str:
    """`公司` alone says no more than that it is one; a name with neither form nor place is a short one."""
    if mine.form == theirs.form:
        return "same"
    if not mine.form and not mine.region:
        return "short"
    return "one_missing" if {"", "company"} & {mine.form, theirs.form} else "other"


def either(mine: str, theirs: str, named: tuple[str, str, str]) -> str:
    if mine == theirs:
        return named[0]
    return named[2] if mine and theirs else named[1]


def part(mine: str, theirs: str) -> str:
    return either(mine, theirs, ("same", "one_only", "other")) if mine or theirs else "neither"


def branch(mine: str, theirs: str, by: Words) -> str:
    """Whether both are the same branch, or of names that one slip tells apart."""
    level = part(mine, theirs)
    if level == "other" and apart(mine, by) == apart(theirs, by) and OSA.distance(mine, theirs, score_cutoff=1) == 1:
        return "close"
    return level


def code(record: Said, known: Said) -> str:
    """How near a damaged code is to the enterprise's; what a valid code says, the exact tiers have answered."""
    if not record.code or not known.code:
        return "not_said"
    if OSA.distance(record.code, known.code, score_cutoff=2) <= 2:
        return "near"
    return "half" if sum(a == b for a, b in zip(record.code, known.code, strict=False)) >= 12 else "far"


def address(mine: str, theirs: str) -> str:
    if not mine or not theirs:
        return "not_said"
    if mine == theirs:
        return "same"
    return "similar" if fuzz.partial_ratio(mine, theirs) >= ALIKE_ADDRESS else "other"


def person(mine: str, theirs: str) -> str:
    """Tokens compare within one key and purpose only; of two keys nothing is known."""
    if not mine or not theirs or mine.rpartition(":")[0] != theirs.rpartition(":")[0]:
        return "not_said"
    return "same" if mine == theirs else "other"

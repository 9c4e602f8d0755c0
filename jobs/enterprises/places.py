"""The places a name begins with, or has in brackets, spelt right or with one slip, and the divisions that they are today."""
from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from jobs.values.divisions import Divisions

if TYPE_CHECKING:
    from jobs.enterprises.parts import Words

LONGEST_SLIPPED = 13
PLACE_ENDS = frozenset("省市区县州盟旗")


def place_names(name: str, divisions: Divisions) -> list[str]:
    """The spelling, where a name may begin with it: a district's without 区 is as often a brand (和平, 长安) and is left out."""
    if name in ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划") or len(name) < 2:
        return []
    bearers = divisions.named(name)
    full = {divisions.name_of(code) for code in bearers}
    if name in full or any(code.endswith("00") for code in bearers):
        return [name]
    return [name] if any(one[-1] in "县市旗" for one in full) else []


def region_of(name: str, by: Words, bracketed: list[str]) -> tuple[str, str, str]:
    """The name behind the places it begins with, the codes of the most special place that it names anywhere, and the places."""
    places = list(bracketed)
    written = "".join(bracketed)
    while found := next_place(name, places, by):
        place, size = found
        if places and not lies_in(place, tuple(places), by):
            break
        places.append(place)
        written += name[:size]
        name = name[size:]
    if places and (zone := by.zone.match(name)) and len(name) > len(zone[0]) + 1:
        name = name[len(zone[0]) :]
    return name, narrowed(tuple(places), by) if places else "", written


def next_place(name: str, places: list[str], by: Words) -> tuple[str, int] | None:
    """The place that the name begins with and its length; behind a short one (浙江) the rest of its full name, with one slip."""
    found = leading_place(name, by)
    if found and found[0][-1] in PLACE_ENDS:
        return found
    slipped = slipped_place(name, places, by)
    return slipped if slipped and (found is None or slipped[0].startswith(found[0])) else found


def leading_place(name: str, by: Words) -> tuple[str, int] | None:
    """The longest place that the name begins with and that leaves two characters of it at least, and its length."""
    for size in range(min(by.longest_place, len(name) - 2), 1, -1):
        if name[:size] in by.places:
            return name[:size], size
    return None


def slipped_place(name: str, places: list[str], by: Words) -> tuple[str, int] | None:
    """The one place whose full name the name's beginning is but for one slip, and how long that beginning is.

    Only what ends as a place does (市, 县, 区) is read so, and only one place may fit; behind a place, one that lies in it.
    """
    for size in range(2, min(LONGEST_SLIPPED, len(name) - 1)):
        head = name[:size]
        if head[-1] not in PLACE_ENDS:
            continue
        near = {place for key in (head, *without_one(head)) for place in by.near_places.get(key, ())}
        fits = [place for place in near if place[-1] == head[-1] and OSA.distance(head, place, score_cutoff=1) == 1
                and (not places or lies_in(place, tuple(places), by))]
        behind = leading_place(name[size:], by) if len(fits) > 1 or size == 2 else None
        if behind:
            fits = [place for place in fits if lies_in(behind[0], (place,), by)]
        if len(fits) == 1 and (behind or size > 2):
            return fits[0], size
    return None


def without_one(text: str) -> list[str]:
    """The text with each of its characters left out in turn."""
    return [text[:at] + text[at + 1 :] for at in range(len(text))]


def lies_in(place: str, places: tuple[str, ...], by: Words) -> bool:
    """Whether the place lies in those named before it; behind 舒兰市, 宝丰 is a brand and not the county of that name."""
    above = {code for one in places for code in by.divisions.named(one)}
    return any(above & set(by.divisions.lineage(code)) for code in by.divisions.named(place))


_NARROWED: dict[tuple[int, tuple[str, ...]], str] = {}


def narrowed(places: tuple[str, ...], by: Words) -> str:
    """The codes that the places leave together: the most special one's, in the areas of the others where they fit; of today."""
    asked = (id(by), places)
    if asked not in _NARROWED:
        _NARROWED[asked] = "|".join(codes_of(places, by.divisions))
    return _NARROWED[asked]


def codes_of(places: tuple[str, ...], divisions: Divisions) -> list[str]:
    left: set[str] = set()
    for place in sorted(places, key=lambda one: min(map(level, divisions.named(one)))):
        codes = set(divisions.named(place))
        inside = {code for code in codes if left & set(divisions.lineage(code))}
        left = inside or codes
    highest = min(map(level, left))
    now = {after for code in left if level(code) == highest for after in divisions.current(code) or (code,)}
    return sorted(now)


def level(code: str) -> int:
    """1 for a province, 2 for a city, 3 for a county."""
    return 1 if code.endswith("0000") else 2 if code.endswith("00") else 3

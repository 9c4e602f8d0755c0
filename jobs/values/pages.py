"""What web pages and conversions leave in a text: bytes cut apart, pinyin in brackets, traditional characters, page debris.

Nothing here invents: text whose bytes are all there is put together again, a number whose neighbour was lost stays lost.
"""

import html
import re
from functools import lru_cache

from opencc import OpenCC

# A converter lost the lead byte 8C of GBK, wrote `?qū)` for it, and paired every byte behind it anew, up to one of ASCII.
_CUT_APART = re.compile(r"\?qū\)([^\x00-\x7f]{0,40}[\x40-\x7e])")
_LEAD = b"\x8c"
_HAN = "㐀-鿿豈-﫿"
_ALL_HAN = re.compile(f"[{_HAN}]+")
_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿê"
_PINYIN = re.compile(f"(?<=[{_HAN}])[(（](?=[a-zü]*[{_TONED}])[a-zü{_TONED}]{{1,8}}[)）]")
_PERHAPS_PINYIN = re.compile(f"[{_TONED}]")
# A symbol glued to a number: the character it stands for was most likely a digit of it.
_SYMBOL = "?□▮■①-⒛㈠-㈩"
_DIGIT = "0-9０-９〇零一二两三四五六七八九十百千万萬亿億壹贰叁肆伍陆柒捌玖拾佰仟"
_PERHAPS_LOST = re.compile(f"[{_SYMBOL}]")
_LOST = re.compile(f"[{_SYMBOL}] ?[{_DIGIT}]|[0-9０-９][?□▮■]")
_PARTED_COUNT = re.compile(r"(?<=[0-9]) (?=[余餘多]?[个個家条條次人户戶件名项項份万萬亿億])")

_ORGANISATION = "司社厂店所院会部行处心团校局馆站)）"
_DEBRIS = re.compile(rf"(?<=[{_ORGANISATION}]) ?(?:查看(?:更多|全部|详情)|展开(?:全部|更多)?|收起|复制|更多|详情)$")
_BORDERS = " |｜»>"
_TAG = re.compile(r"</?(?:br|p|a|b|em|font|span|div|td|tr|li|strong)\b[^<>]{0,200}>", re.IGNORECASE)
_DEBRIS_ENDS = frozenset("多部情开起制|｜»>")
_MOST_LAYERS = 8


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """The text in simplified characters; what GB 2312 can write is left alone, or 乾 would become 干 in a name."""
    if text.isascii():
        return text
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        if any("\ud800" <= character <= "\udfff" for character in text):  # half a character, which no converter takes
            return text
        return _converter().convert(text)
    return text


def without_pinyin(text: str) -> str:
    """The text without the readings that a page writes behind characters: 建設(shè) is 建設."""
    return text if text.isascii() or not _PERHAPS_PINYIN.search(text) else _PINYIN.sub("", text)


def recovered(text: str) -> str:
    """The text with characters whose bytes were cut apart put together again, where every byte is still there."""
    return _CUT_APART.sub(_together, text) if "?q" in text else text


def _together(found: re.Match[str]) -> str:
    try:
        whole = (_LEAD + found[1].encode("gbk")).decode("gbk")
    except UnicodeError:
        return found[0]
    return whole if _ALL_HAN.fullmatch(whole) else found[0]


def loses_digit(text: str) -> bool:
    """A symbol is glued to a number of the text: `?40`, `⑷?万`; what it stands for nobody can know."""
    return _PERHAPS_LOST.search(text) is not None and _LOST.search(text) is not None


def without_debris(text: str) -> str:
    """The text without HTML entities and tags, and without what buttons and cell borders left at its end."""
    for _ in range(_MOST_LAYERS):
        if not text or (text[-1] not in _DEBRIS_ENDS and "&" not in text and "<" not in text):
            return text
        before = text
        text = _TAG.sub(" ", html.unescape(text) if "&" in text else text).strip()
        text = _DEBRIS.sub("", text.rstrip(_BORDERS) if text[-1:] in _BORDERS and "<" not in text else text)
        if text == before:
            break
    return text


def joined_counts(text: str) -> str:
    """The text without the spaces between a number and what it counts: `400 余条`, `34 个部门`."""
    return _PARTED_COUNT.sub("", text)

"""Amounts of money as exact decimals of yuan, the currency they name, and plain counts."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal

from jobs.values import pages, raw
from jobs.values.raw import Cleaned

CLEANERS = ("amount", "currency", "count")

REASONS = {
    "not_a_number": ("The value is no number in any known spelling.", "内容不是可识别的数字。"),
    "lower_bound": (
        "The value is only a bound (400余, 5万多, 5万元以上); the number itself is not said.",
        "内容仅为下限（如“400余”“5万多”“5万元以上”），并非确数。",
    ),
    "digit_lost": (
        "A symbol is glued to the number, so one of its digits was most likely lost; it is not guessed.",
        "数字紧邻异常符号，很可能已丢失数位，不作推测。",
    ),
    "negative": ("The value is below zero.", "数值为负。"),
    "foreign_currency": (
        "The amount is of another currency than yuan, and no rate is applied.",
        "金额币种非人民币，不作折算。",
    ),
    "percentage": ("The value is a rate, not an amount.", "内容为比率而非金额。"),
    "too_large": ("The value is larger than is plausible for the field.", "数值超出该字段的合理上限。"),
    "unknown_currency": ("The currency is none that is known.", "币种无法识别。"),
    "contains_personal_number": raw.REASONS["contains_personal_number"],
    "mojibake": raw.REASONS["mojibake"],
}

Amount = tuple[Decimal | None, str | None]
Unit = Literal["yuan", "wan", "yi"]

_FEN = Decimal("0.01")
_EXACT = Context(prec=120, rounding=ROUND_HALF_UP)
_SCALES = {"": 1, "十": 10, "百": 100, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7,
           "亿": 10**8, "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12}  # fmt: skip
_UNITS: dict[Unit, str] = {"yuan": "", "wan": "万", "yi": "亿"}
# What a spelling means in ISO 4217. 元 alone is the yuan.
_CURRENCIES = {
    "新加坡元": "SGD", "新加坡币": "SGD", "新币": "SGD", "SGD": "SGD", "新台币": "TWD", "台币": "TWD", "TWD": "TWD",
    "澳大利亚元": "AUD", "澳元": "AUD", "AUD": "AUD", "澳门元": "MOP", "澳门币": "MOP", "加拿大元": "CAD", "加元": "CAD",
    "CAD": "CAD", "新西兰元": "NZD", "瑞士法郎": "CHF", "CHF": "CHF", "林吉特": "MYR", "卢布": "RUB", "瑞典克朗": "SEK",
    "丹麦克朗": "DKK", "泰铢": "THB", "美元": "USD", "美金": "USD", "US$": "USD", "USD": "USD", "港元": "HKD", "港币": "HKD",
    "HK$": "HKD", "HKD": "HKD", "欧元": "EUR", "EUR": "EUR", "€": "EUR", "日元": "JPY", "日圆": "JPY", "JPY": "JPY",
    "英镑": "GBP", "GBP": "GBP", "£": "GBP", "韩元": "KRW", "韩圆": "KRW", "KRW": "KRW", "$": "USD",
    "人民币": "CNY", "RMB": "CNY", "CNY": "CNY", "¥": "CNY",
}  # fmt: skip
_CURRENCY = re.compile("|".join(re.escape(spelling) for spelling in sorted(_CURRENCIES, key=len, reverse=True)))
_PERHAPS_CURRENCY = re.compile("[元圆币金法镑卢特克铢A-Z$€£¥]")
_NUMBER = re.compile(
    r"(?P<sign>[-+]?)(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,40})(?:\.[0-9]{0,40})?|\.[0-9]{1,40})"
    r"(?:E(?P<exponent>[+-]?[0-9]{1,3}))?"
    r"(?P<scale>万亿|[十百千]?[万亿]|[十百千])?(?P<yuan>元|圆|块)?(?:整|正)?"
)
_NOISE = str.maketrans("−–—﹣萬億", "----万亿", "()[]{}【】〔〕'\"` ")
_PARTED = re.compile(r"[0-9] [0-9]")
_BOOKED_NEGATIVE = re.compile(r"\([0-9.,]+\)")
_MOBILE_LIKE = re.compile(r"\+?(?:86)?1[3-9][0-9]{9}(?<!000)")
_CLASSIFIER = "人|户|戶|个|個|家|次|名|件|条|條|份|辆|輛|台|项|項|笔|筆"
_COUNT = re.compile(
    r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,18})(?P<part>\.[0-9]{1,8})?"
    rf" ?(?P<scale>[万萬亿億]?) ?(?:{_CLASSIFIER})?"
)
_BOUND_NUMBER = "[0-9,.〇零一二两三四五六七八九十百千万萬亿億]+"
_BOUND = re.compile(
    rf"(?:(?:超过?|逾|不少于|不低于|至少){_BOUND_NUMBER}|{_BOUND_NUMBER}(?:[余餘多][万萬亿億]?|\+))(?:[元圆块]|{_CLASSIFIER})?(?:以上|\+)?"
    rf"|{_BOUND_NUMBER}(?:[元圆块]|{_CLASSIFIER})?以上"
)

_PLAIN_NUMERALS = {
    "0": "零〇", "1": "一壹", "2": "二贰貳两", "3": "三叁参", "4": "四肆", "5": "五伍", "6": "六陆", "7": "七柒", "8": "八捌",
    "9": "九玖", "十": "拾", "百": "佰", "千": "仟", "万": "萬", "亿": "億", "元": "圆",
}  # fmt: skip
_HAN = str.maketrans({variant: plain for plain, variants in _PLAIN_NUMERALS.items() for variant in variants})
# One spelling of each number: after 百 or 千 a bare digit needs its 零, for 一百五 is 150 in speech and 105 in no one's.
_TENS = "[1-9]?十[1-9]?"
_HUNDREDS = f"[1-9]百(?:0[1-9]|0?{_TENS})?"
_THOUSANDS = f"[1-9]千(?:0[1-9]|0?(?:{_HUNDREDS}|{_TENS}))?"
_LARGE = f"(?:{_THOUSANDS}|{_HUNDREDS}|{_TENS})"
_TAIL = f"(?:0?{_LARGE}|0[1-9])"
_MYRIADS = f"(?:{_LARGE}|[0-9])(?:万{_TAIL}?)?"
_HAN_NUMBER = re.compile(
    f"(?P<whole>(?:{_MYRIADS}亿(?:{_TAIL}万)?{_TAIL}?|{_MYRIADS}))?(?P<yuan>元)?"
    "(?:0?(?P<jiao>[0-9])角)?(?:0?(?P<fen>[1-9])分)?[整正]?"
)
_HAN_TERM = re.compile("([1-9]?)([千百十])|([1-9])")


def amount(value: str, unit: Unit = "yuan", currency: str = "CNY", most: str = "10000000000000") -> Amount:
    """The amount in yuan, to the fen (half up), in exact decimal arithmetic.

    `unit` (yuan, wan, yi) and `currency` count where the cell says none: `500万人民币` is five million in every feed.
    """
    text = raw.narrow(value).upper()
    if raw.is_blank(text):
        return None, None
    if raw.is_mojibake(text):
        return None, "mojibake"
    if pages.loses_digit(value):
        return None, "digit_lost"
    said = _currencies_in(text)
    codes = said or {currency}
    number, reason = _number(_CURRENCY.sub("", text) if said else text, _UNITS[unit])
    if number is None:
        return None, reason
    if codes != {"CNY"}:
        return None, "foreign_currency"
    if number < 0:
        return None, "negative"
    if number > Decimal(most):
        return None, "too_large"
    return abs(number.quantize(_FEN, context=_EXACT)), None


def currency(value: str, default: str | None = None) -> Cleaned:
    """The ISO 4217 code of the currency an amount or a currency cell names; 元 alone is CNY, silence is the default."""
    text = raw.narrow(value).upper()
    if raw.is_blank(text):
        return (_CURRENCIES[text], None) if text in _CURRENCIES else (None, None)
    codes = _currencies_in(text)
    if len(codes) == 1:
        return codes.pop(), None
    if codes or not (_number(text, "")[0] is not None or any(map(str.isdigit, text))):
        return None, "mojibake" if raw.is_mojibake(text) else "unknown_currency"
    return default, None


def count(value: str, most: int = 10_000_000) -> tuple[int | None, str | None]:
    """A whole number of things, such as `432人`."""
    text = raw.narrow(value)
    if raw.is_blank(text):
        return None, None
    if pages.loses_digit(value):
        return None, "digit_lost"
    found = _COUNT.fullmatch(text)
    if not found:
        return None, _why_no_count(text)
    scale = _SCALES[found["scale"].translate(_NOISE)]
    number = _EXACT.multiply(Decimal(found["number"].replace(",", "") + (found["part"] or "")), Decimal(scale))
    if number != number.to_integral_value():
        return None, "not_a_number"
    return (int(number), None) if number <= most else (None, "too_large")


def _why_no_count(text: str) -> str:
    if text[0] == "-" and _COUNT.fullmatch(text[1:]):
        return "negative"
    if _BOUND.fullmatch(text.replace(" ", "")):
        return "lower_bound"
    return "mojibake" if raw.is_mojibake(text) else "not_a_number"


def _currencies_in(text: str) -> set[str]:
    if not _PERHAPS_CURRENCY.search(text):
        return set()
    codes = {_CURRENCIES[spelling] for spelling in _CURRENCY.findall(text)}
    return codes or ({"CNY"} if "元" in text or "圆" in text else set())


def _number(text: str, unit: str) -> Amount:
    """The exact number of yuan, without limits, of a text without its currency."""
    if text.endswith(("%", "‰")):
        return None, "percentage"
    if _PARTED.search(text):
        return None, "not_a_number"
    if _BOOKED_NEGATIVE.fullmatch(text):
        text = "-" + text
    bare = text.translate(_NOISE)
    if _MOBILE_LIKE.fullmatch(bare):
        return None, "contains_personal_number"
    found = _NUMBER.fullmatch(bare)
    if not found:
        return _han_amount(bare.translate(_HAN), unit)
    digits = found["number"].replace(",", "") + "E" + (found["exponent"] or "0")
    scale = found["scale"] or ("" if found["yuan"] else unit)
    number = _EXACT.multiply(Decimal(found["sign"] + digits), Decimal(_SCALES[scale]))
    return (number, None) if number.adjusted() < 20 else (None, "too_large")


def _han_amount(text: str, unit: str) -> Amount:
    """The number of yuan in capitals (壹拾万元整) or plain numerals; 角 and 分 need no 元 before them."""
    found = _HAN_NUMBER.fullmatch(text)
    if not found or not (found["whole"] or found["jiao"] or found["fen"]):
        return None, "lower_bound" if _BOUND.fullmatch(text) else "not_a_number"
    scaled = found["yuan"] or found["jiao"] or found["fen"] or "万" in text or "亿" in text
    whole = Decimal(_han_whole(found["whole"] or "")) * _SCALES["" if scaled else unit]
    return whole + Decimal(found["jiao"] or 0) / 10 + Decimal(found["fen"] or 0) / 100, None


def _han_whole(text: str) -> int:
    for mark, size in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = text.rpartition(mark)
        if found:
            return _han_whole(head) * size + _han_whole(tail)
    return sum(int(digit or 1) * _SCALES[scale] if scale else int(one) for digit, scale, one in _HAN_TERM.findall(text))

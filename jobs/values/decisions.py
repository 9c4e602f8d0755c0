"""What the text of a penalty decision says of money: the fine, the confiscation and the daily penalty, each told apart.

Only an amount that stands right beside its word counts. Of several the text must state the total: nothing is added up here.
"""

import re
import unicodedata
from decimal import Decimal

from jobs.values import money
from jobs.values.money import Amount

CLEANERS = ("fine", "confiscation", "daily_percent")

REASONS = {
    "several_amounts": (
        "The text states several amounts, or one against a person beside the enterprise, and no total.",
        "文书载有多个金额或对个人的金额，且未写明合计。",
    ),
    "joint_total": (
        "The text states fine and confiscation in one total only.",
        "文书仅写明罚没合计，未分列罚款与没收金额。",
    ),
    "by_the_day": ("The text fines by the day, so how much in all it does not say.", "文书载明按日计罚，未写明总额。"),
    "capitals_disagree": (
        "The amount in digits and its repetition in capitals are not the same.",
        "小写金额与大写金额不一致。",
    ),
    "digit_lost": money.REASONS["digit_lost"],
}

_NUMERAL = "[0-9〇零一二两三四五六七八九十百千万亿壹贰貳叁參肆伍陆陸柒捌玖拾佰仟,.]"
_MONEY = rf"{_NUMERAL}{{1,40}}(?:[元圆](?:{_NUMERAL}角)?(?:{_NUMERAL}分)?[整正]?|(?<=[万亿])(?![元圆]))"
_SAID = r"(?:人民币|RMB|¥|大写|小写|计|:){0,4}"
_AGAIN = rf"(?:\({_SAID}(?P<again>{_NUMERAL}{{1,40}}(?:[元圆](?:{_NUMERAL}角)?(?:{_NUMERAL}分)?)?[整正]?)\))?"
# A bound (五万元以下) is of the provision that is quoted, never of the penalty.
_AMOUNT = rf"(?P<amount>{_MONEY})(?!余|多|以上|以下|以内|至|-|~){_AGAIN}"
_FILLER = r"(?:金额|数额|总额|共计|合计|总计|共|计|为|额|款|价值|折款|人民币|RMB|¥|大写|小写|:|\(|\))"
_ALONE = r"(?<![0-9.,])(?<![0-9] )"
_FINE = (
    re.compile(rf"(?P<head>(?:合计|共计|总计)?(?:处以?)?罚款{_FILLER}{{0,6}}){_AMOUNT}"),
    re.compile(rf"(?P<head>(?:合计|共计|总计)?){_ALONE}{_AMOUNT}的?(?:行政)?罚款"),
)
_TAKEN = "(?:违法|非法)?(?:所得|财物|收入|物品|货款|销售款)"
_CONFISCATION = (
    re.compile(rf"(?P<head>(?:合计|共计|总计)?没收(?:其|当事人)?的?{_TAKEN}{_FILLER}{{0,6}}){_AMOUNT}"),
    re.compile(rf"(?P<head>(?:合计|共计|总计)?没收){_AMOUNT}的?{_TAKEN}"),
    re.compile(rf"(?P<head>(?:违法|非法)所得{_FILLER}{{0,6}}){_AMOUNT},?(?:依法)?(?:予以)?没收"),
)
_JOINT = re.compile(rf"罚没(?:款|金额)?{_FILLER}{{0,6}}{_MONEY}")
_TOTAL = re.compile("合计|共计|总计")
_SOMEBODY = re.compile("法定代表人|负责人|责任人|主管人员|直接责任|股东|经营者|实际控制人")
_BY_DAY = re.compile("[每逐按][日天]")
_SENTENCE = re.compile("[。;\n]")
_CLAUSE = re.compile("[,。;\n]")
_SPACES = re.compile(r"(?<![0-9.,]) +| +(?![0-9])")
_MANY_DECIMALS = re.compile(r"[.][0-9]{3,}[元圆]")  # no fraction of a fen: the 2. of a list before 5000元, most likely
_LOST = re.compile(rf"[?□▮■①-⒛㈠-㈩] ?{_NUMERAL}*[元圆万亿]")
_PERCENT = re.compile(
    r"[每逐按][日天][^。;\n]{0,20}?(?:(?P<digits>[0-9]{1,2}(?:\.[0-9]{1,2})?)%|百分之(?P<han>[一二三四五六七八九十]))[^。;\n]{0,12}?加处罚款"
)
_LOOKED_BACK = 300  # characters
_HAN_DIGITS = {character: value for value, character in enumerate("一二三四五六七八九十", 1)}


def fine(value: str) -> Amount:
    """The fine that a decision text states for the enterprise, in yuan; a fine by the day is none."""
    return _stated(value, "罚款", _FINE)


def confiscation(value: str) -> Amount:
    """The unlawful gains and goods that a decision text confiscates, in yuan."""
    return _stated(value, "没收", _CONFISCATION)


def daily_percent(value: str) -> Amount:
    """The share of the fine that is added for each day of delay, in percent (行政处罚法 art 72: 3 at most)."""
    if "加处" not in value:
        return None, None
    said = {_percent(found) for found in _PERCENT.finditer(_plain(value))}
    return (said.pop(), None) if len(said) == 1 else (None, "several_amounts" if said else None)


def _percent(found: re.Match[str]) -> Decimal:
    return Decimal(found["digits"]) if found["digits"] else Decimal(_HAN_DIGITS[found["han"]])


def _plain(value: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", value).replace("\r", "\n").upper())


def _stated(value: str, word: str, patterns: tuple[re.Pattern[str], ...]) -> Amount:
    if word not in value and "罚没" not in value:
        return None, None
    if _LOST.search(value):
        return None, "digit_lost"
    text = _plain(value)
    found = [one for pattern in patterns for one in pattern.finditer(text)]
    whole = [one for one in found if not _BY_DAY.search(_before(text, one, _CLAUSE))]
    mine = [one for one in whole if not _SOMEBODY.search(_before(text, one, _SENTENCE))]
    totals = [one for one in mine if _TOTAL.search(one["head"])]
    amounts = {_amount(one) for one in totals or mine}
    if faults := sorted(reason for _, reason in amounts if reason):
        return None, faults[0]
    if len(amounts) == 1:
        return amounts.pop()
    if whole or found:
        return None, "several_amounts" if whole else "by_the_day"
    return None, "joint_total" if _JOINT.search(text) else None


def _before(text: str, found: re.Match[str], end: re.Pattern[str]) -> str:
    """What stands before the amount since the last end of a sentence or clause."""
    start = found.start("amount")
    return end.split(text[max(0, start - _LOOKED_BACK) : start])[-1]


def _amount(found: re.Match[str]) -> Amount:
    said, reason = money.amount(found["amount"])
    if said is None or _MANY_DECIMALS.search(found["amount"]):
        return None, reason or "several_amounts"
    if found["again"] and money.amount(found["again"])[0] != said:
        return None, "capitals_disagree"
    return said, None

"""Names of enterprises: the stored name, the keys that compare it, former names, lists of names, and people among them."""

import html
import re

from jobs.values import pages, raw
from jobs.values.personal import COMPOUND_SURNAMES, SURNAMES, has_number
from jobs.values.raw import Cleaned

CLEANERS = ("enterprise_name", "former_names")

REASONS = {
    "several_names": ("The cell holds the names of several enterprises.", "单元格内含多个企业名称。"),
    "not_a_name": ("The value holds no letter at all, or only one.", "内容不含文字，或仅有一个字。"),
    "person_name": (
        "A name among them looks like a person's and was not kept; the other names were.",
        "其中有疑似自然人姓名的名称，未予保留；其余名称保留。",
    ),
    "page_debris": (
        "Kept: what a web page or a table left in the cell was cut off the name.",
        "保留：已去除名称中网页或表格残留的内容。",
    ),
    "note_cut": ("Kept: a note behind the name was cut off.", "保留：已去除名称后的附注。"),
    "former_name_cut": (
        "Kept: a former name behind the name was cut off, and the row has no field of former names to hold it.",
        "保留：已去除名称后所附的曾用名，而该行没有可存放曾用名的字段。",
    ),
    "truncated": raw.REASONS["truncated"],
    "too_long": raw.REASONS["too_long"],
    "mojibake": raw.REASONS["mojibake"],
    "contains_personal_number": raw.REASONS["contains_personal_number"],
}

# Longest first: what a legal form leaves must not be another legal form.
LEGAL_FORMS = (
    "股份有限责任公司", "农民专业合作社联合社", "农民专业合作社", "股份有限公司", "有限责任公司", "有限責任公司", "责任有限公司",
    "专业合作社联合社", "专业合作社", "股份合作公司", "股份合作制", "有限公司", "股份公司", "总公司", "合作社",
    "CO.,LTD.", "CO.,LTD", "CO.LTD", "LIMITED", "LTD.", "LTD", "INC.", "INC",
)  # fmt: skip
_BRACKETED_FORM = re.compile(
    r"\((?:普通合伙|有限合伙|特殊普通合伙|特殊的普通合伙|个人独资|股份合作制?|外商独资|台港澳(?:与境内)?合资)\)$"
)
# A branch (分公司) is not the enterprise: its ending is no legal form.
_FORM = re.compile("(?:" + "|".join(map(re.escape, LEGAL_FORMS)) + "|(?<!分)公司)$")

_BRACKETS = str.maketrans("[{【〔〖「《<〈﹝]}】〕〗」》>〉﹞•・‧∙⋅●—–‐‑−―", "(" * 10 + ")" * 10 + "·" * 6 + "-" * 6, " ")
_FORMER = re.compile(r"\s*[（(\[【]\s*(?:曾用名称?|原名称|原名(?=\s*[:：]|\s)|旧称)\s*[:：]?\s*(.*?)\s*[）)\]】]?\s*$")
_NOTE = re.compile(
    r"\s*[（(\[【](?:已?注销|已?吊销|已更名|联合体(?:牵头人|牵头方|牵头单位|成员|成员单位|成员方|主办人)?|牵头人|牵头单位|成员单位|申报承诺"
    r"|原(?!名称|名\s*[:：]|名\s)[^（）()]{2,40}(?:公司|厂|社|院|所|店|中心|局)|[0-9]{4}-[0-9]{2}-[0-9]{2}合并[前后])[）)\]】]$"
)
_NOTE_WORDS = re.compile("[销名体人方位员诺司厂社院所店心局前后][）)\\]】]$")
_LONGEST_CELL = 2000  # nothing is cut off what no name can be
_CUT_SHORT = re.compile(r"(?:…|\.{3,})$|^…|[（(][^）)]*$")
_PERHAPS_CUT_SHORT = re.compile(r"[（(…]|\.\.")
_JOINED = re.compile(r"[;；|\n]")
_LISTED = re.compile(r"[、;；|\n]")
# What ends the name of an organisation and never that of a person.
_ORGANISATION_END = frozenset(
    "店厂社行部站院会局所馆园室队公司坊场铺摊点屋庄城楼阁轩斋堂区县市省镇乡村街组校团处委库矿港台网业吧"
)
_NO_PLACE = re.compile("(?:公司|商店|厂|社|行|局|院|会|所|中心|学校|大学|小学|中学|委|处|馆|站|总队|支队|大队|政府|部)$")
_PERSON = re.compile(r"[一-鿿]{2,4}|[一-鿿]{2,8}·[一-鿿·]{2,10}|[一-鿿][某＊*×xX]{1,3}|[一-鿿][＊*×][一-鿿]")


def enterprise_name(value: str, longest: int = 200) -> Cleaned:
    """The name as written, tidy, in its own characters and brackets.

    A `（曾用名：…）` behind it, what a page left in the cell and a note behind the name are cut off, and flagged.
    """
    text = raw.tidy(value)
    if raw.is_mojibake(text):
        return None, "mojibake"
    name, flag, _ = _bare(text)
    if raw.is_blank(name):
        return None, None
    if has_number(name):
        return None, "contains_personal_number"
    if _JOINED.search(value) and len(split_names(html.unescape(value), listed=False)) > 1:
        return None, "several_names"
    if len(name) > longest:
        return None, "too_long"
    if sum(map(str.isalpha, name)) < 2:
        return None, "not_a_name"
    return name, flag or ("truncated" if _PERHAPS_CUT_SHORT.search(name) and _CUT_SHORT.search(name) else None)


def _bare(text: str) -> tuple[str, str | None, list[str]]:
    """The name alone, why something was cut off it, and the former names among that; cut again until nothing more comes off."""
    name, flag, former = text, None, []
    while len(name) <= _LONGEST_CELL:
        before = name
        if (shorter := pages.without_debris(name)) != name:
            name, flag = raw.tidy(shorter), flag or "page_debris"
        if _NOTE_WORDS.search(name) and (shorter := _NOTE.sub("", name)) and shorter != name:
            name, flag = shorter, flag or "note_cut"
        if ("名" in name or "旧" in name) and (found := _FORMER.search(name)):
            name, flag, former = name[: found.start()], "former_name_cut", [*former, found[1]]
        if name == before:
            break
    return name, flag, former


def former_names_behind(value: str) -> Cleaned:
    """The former names that stand behind the name in its own cell, as `former_names` gives them."""
    former = _bare(raw.tidy(value))[2]
    return former_names("；".join(former)) if former else (None, None)


def former_names(value: str) -> Cleaned:
    """The former names of a cell, joined by `、`, in their order; one that looks like a person's is left out, and flagged.

    Nothing else tells a household that became a company, whose former name may be its owner's (PIPL art 6).
    """
    cleaned = [enterprise_name(part) for part in split_names(value)]
    borne = [name for name, _ in cleaned if name and not is_probably_person(name)]
    reasons = [reason for _, reason in cleaned if reason]
    if len(borne) < sum(name is not None for name, _ in cleaned):
        reasons.insert(0, "person_name")
    return "、".join(borne) or None, reasons[0] if reasons else None


def split_names(value: str, listed: bool = True) -> list[str]:
    """The names of a cell that holds several, joined by `;` or line ends, and when `listed` also by `、`, in their order."""
    parts = (_LISTED if listed else _JOINED).split(value)
    return [name for name in map(raw.tidy, parts) if not raw.is_blank(name)]


def name_key(name: str) -> str:
    """The key two spellings of one full name share: NFKC, one form of brackets, dots and dashes, no spaces, upper case.

    Traditional characters count as simplified ones, and readings that a page wrote behind them (建設(shè)) do not count.
    """
    return pages.simplified(pages.without_pinyin(raw.narrow(name))).translate(_BRACKETS).upper()


def name_core(name: str) -> str:
    """The key without its legal form: a weak key, which keeps region, brand, trade and branch, and is never empty of them."""
    key = name_key(name)
    core = _FORM.sub("", _BRACKETED_FORM.sub("", key))
    return core or key


def is_probably_person(name: str) -> bool:
    """The name looks like a person's: a common surname, two or three Han characters (four behind a compound surname).

    For rows whose category nobody said; an organisation's ending always speaks against it.
    """
    text = raw.narrow(name).replace(" ", "")
    if not _PERSON.fullmatch(text) or text[-1] in _ORGANISATION_END:
        return False
    if not text.isalpha() or "·" in text or text[1] == "某":
        return "·" in text or text[0] in SURNAMES
    return text[:2] in COMPOUND_SURNAMES if len(text) == 4 else text[0] in SURNAMES


def ends_as_organisation(name: str) -> bool:
    """The name ends in a legal form, or as organisations' names do, and neither persons' nor addresses."""
    key = name_key(name)
    return len(key) > 3 and bool(_FORM.search(key) or _BRACKETED_FORM.search(key) or _NO_PLACE.search(key))

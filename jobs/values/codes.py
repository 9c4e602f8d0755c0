"""Numbers that identify organisations and documents: credit code, organisation code, registration, tax, document number."""

import re
import unicodedata
from pathlib import Path

from jobs.values import raw
from jobs.values.checks import CREDIT_ALPHABET, credit_check, credit_remainder, organisation_check, registration_check
from jobs.values.divisions import Divisions, load_divisions
from jobs.values.personal import has_number, starts_with_identity
from jobs.values.raw import Cleaned

CLEANERS = ("credit_code", "organisation_code", "registration_number", "tax_number", "document_number")

REASONS = {
    "excel_float": (
        "A spreadsheet turned the number into a floating-point number; its last digits are lost.",
        "号码被电子表格转成了浮点数，末位数字已丢失。",
    ),
    "wrong_length": ("The number has not the length that its standard asks.", "号码长度不符合标准。"),
    "wrong_character": ("The number holds a character that its standard does not know.", "号码含有标准以外的字符。"),
    "unknown_pair": (
        "The first two characters are no pair of registering department and kind of organisation of GB 32100.",
        "前两位不是 GB 32100 规定的登记管理部门与机构类别组合。",
    ),
    "organisation_check": (
        "The check character of the organisation code (GB 11714) is wrong.",
        "组织机构代码（GB 11714）校验位错误。",
    ),
    "total_check": (
        "The check character of the credit code (GB 32100) is wrong.",
        "统一社会信用代码（GB 32100）校验位错误。",
    ),
    "check_complemented": (
        "Kept: the registrar issued the check character without the last subtraction from 31.",
        "保留：登记机关赋码时校验位未作最后一步“31 减余数”。",
    ),
    "division_unknown": (
        "Kept: the registering division is in no table of divisions, as with development zones.",
        "保留：登记机关行政区划码不在区划表中（开发区等常见）。",
    ),
    "registration_check": (
        "The check digit of the registration number (GS 15) is wrong.",
        "注册号（GS 15）校验位错误。",
    ),
    "nonstandard": ("Kept: the form is none that the standard knows.", "保留：写法不属于标准规定的形式。"),
    "no_number": (
        "The value holds no number, so it names no document; a title or a person's name stands in its place.",
        "内容不含编号，不能指明文书；该处为标题或人名等。",
    ),
    "mojibake": raw.REASONS["mojibake"],
    "contains_personal_number": raw.REASONS["contains_personal_number"],
}

# GB 32100-2015 with amendment XG1-2016: registering department and kind of organisation.
_PAIRS = "11 12 13 19 21 29 31 32 33 34 35 39 41 49 51 52 53 59 61 62 69 71 72 79 81 89 91 92 93 A1 A9 N1 N2 N3 N9 Y1"
PAIRS = frozenset(_PAIRS.split())
HOUSEHOLD_PAIR = "92"
NATIONAL_REGISTRAR = "100000"  # the market regulator of the state itself

_NOISE = re.compile("[- .'\"`=_‐‑‒–—−·,，、]")
_EXCEL_FLOAT = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]+|[0-9]\.[0-9]+E[0-9]+|[0-9]{9,}\.[0-9]{1,3}")
_CREDIT = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{8}[0-9X][0-9A-HJ-NP-RTUWXY]")
_ORGANISATION = re.compile(r"[0-9A-Z]{8}[0-9X]")
_PLACEHOLDER = re.compile(r"(.)\1*|0+X|123456(?:7.*)?")
_TAX = re.compile(r"[0-9]{6}[0-9A-Z]{8}[0-9X]")
_REGISTRATION = re.compile(r"[0-9A-Z]+")


def credit_code(value: str, table: Divisions | str | Path | None = None) -> Cleaned:
    """A credit code that holds the ladder of GB 32100-2015: length, characters, pair, organisation check, total check.

    With a `table` of divisions a code of none that ever was is flagged. A complemented check is kept, flagged.
    """
    code, reason = bare(value)
    if code is None:
        return None, reason
    fault = credit_fault(code)
    if fault and fault != "check_complemented":
        # A spreadsheet keeps 15 digits: an all-digit code comes back with three noughts at the end.
        return None, "excel_float" if len(code) == 18 and _is_digits(code) and code.endswith("000") else fault
    if fault is None and table is not None and code[2:8] != NATIONAL_REGISTRAR and code[2:8] not in known_divisions(table):
        fault = "division_unknown"
    return code, fault


def known_divisions(table: Divisions | str | Path) -> Divisions:
    return table if isinstance(table, Divisions) else load_divisions(table)


def organisation_code(value: str) -> Cleaned:
    """The nine characters of a GB 11714-1997 code, without its hyphen."""
    code, reason = bare(value)
    if code is None:
        return None, reason
    if len(code) != 9:
        return None, "wrong_length"
    if not _ORGANISATION.fullmatch(code):
        return None, "wrong_character"
    return (code, None) if organisation_check(code) == code[8] else (None, "organisation_check")


def registration_number(value: str) -> Cleaned:
    """A registration number: 15 digits of GS 15-2006, or 13 older ones without a check; any other form is flagged."""
    code, reason = bare(value)
    if code is None:
        return None, reason
    if _is_digits(code) and len(code) == 13:
        return code, None
    if _is_digits(code) and len(code) == 15:
        return (code, None) if registration_check(code) == code[14] else (None, "registration_check")
    if has_number(code):
        return None, "contains_personal_number"
    if not 6 <= len(code) <= 20:
        return None, "wrong_length"
    return (code, "nonstandard") if _REGISTRATION.fullmatch(code) else (None, "wrong_character")


def tax_number(value: str) -> Cleaned:
    """A credit code, or the older 15 characters: division and organisation code. Older forms around a person are not kept."""
    code, reason = bare(value)
    if code is None:
        return None, reason
    if len(code) == 18 and credit_fault(code) in (None, "check_complemented"):
        return code, credit_fault(code)
    if starts_with_identity(code) or has_number(code):
        return None, "contains_personal_number"
    if len(code) == 18:
        return None, credit_fault(code)
    if len(code) != 15:
        return None, "wrong_length"
    if not _TAX.fullmatch(code):
        return None, "wrong_character"
    return (code, None) if organisation_check(code[6:14]) == code[14] else (None, "organisation_check")


def document_number(value: str) -> Cleaned:
    """A document number (文号) in one spelling, so that an act reported by two levels has the same one.

    Brackets become 〔〕, spaces and 第 go, noughts before the number go, and a number after the year ends in 号. A text
    without any number names no document: acts would share it that are not one, and it may be a person's name.
    """
    text = unicodedata.normalize("NFKC", raw.narrow(value).upper().translate(_DOCUMENT_MARKS))
    if raw.is_mojibake(text):
        return None, "mojibake"
    if raw.is_blank(text):
        return None, None
    if has_number(text):
        return None, "contains_personal_number"
    text = _DOCUMENT_NOUGHTS.sub("", _DOCUMENT_ORDINAL.sub("", text))
    text = _DOCUMENT_OPEN_END.sub(r"\g<0>号", text)
    return (text, None) if _DOCUMENT_NUMBER.search(text) else (None, "no_number")


_DOCUMENT_MARKS = str.maketrans("([{【〔〖「<〈)]}】〕〗」>〉‐‑‒–—−―~", "〔" * 9 + "〕" * 9 + "-" * 8, " '\"`")
_DOCUMENT_ORDINAL = re.compile(r"第0*(?=[0-9])")
_DOCUMENT_NOUGHTS = re.compile(r"(?<=〕)0+(?=[0-9])")
_DOCUMENT_OPEN_END = re.compile(r"〕[0-9]+$")
_DOCUMENT_NUMBER = re.compile(r"[0-9]|[〇零一二三四五六七八九十百千]号")


def organisation_code_of(credit_code: str) -> str:
    """The organisation code inside a credit code: positions 9 to 17."""
    return credit_code[8:17]


def is_household(credit_code: str) -> bool:
    """The code belongs to an individually-owned business (个体工商户, pair 92)."""
    return credit_code[:2] == HOUSEHOLD_PAIR


def bare(value: str) -> Cleaned:
    """The bare characters of a number, or why there are none."""
    text = raw.narrow(value).upper()
    if _EXCEL_FLOAT.fullmatch(text.strip(" '\"=")):
        return None, "excel_float"
    if raw.is_blank(text):
        return None, None
    code = _NOISE.sub("", text)
    if not code.isascii() and raw.is_mojibake(text):
        return None, "mojibake"
    return (None, None) if _PLACEHOLDER.fullmatch(code) else (code, None)


def _is_digits(code: str) -> bool:
    return code.isascii() and code.isdigit()


def credit_fault(code: str) -> str | None:
    """The first rung of the ladder of GB 32100 that a bare code fails; None where it holds them all."""
    if len(code) != 18:
        return "wrong_length"
    if not _CREDIT.fullmatch(code):
        return "wrong_character"
    if code[:2] not in PAIRS:
        return "unknown_pair"
    if organisation_check(code[8:16]) != code[16]:
        return "organisation_check"
    if credit_check(code) == code[17]:
        return None
    return "check_complemented" if CREDIT_ALPHABET[credit_remainder(code)] == code[17] else "total_check"

"""The ways in which real cells are wrong, each as a function of the right value."""

from jobs.values.checks import CREDIT_ALPHABET, credit_remainder
from sample.draw import Draw

PLACEHOLDERS = ("000000000000000000", "00000000000000000X", "123456789012345678", "无", "暂无", "N/A", "/", "-")
NOT_A_DATE = ("见决定书", "2026-02-30", "详见附件", "不日")
NOT_AN_AMOUNT = ("详见决定书", "若干", "壹万左右")
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_NARROW_BRACKETS = str.maketrans("（）", "()")


def wide(value: str) -> str:
    """Full-width letters and digits, as an input method leaves them."""
    return value.translate(_WIDE)


def untidy_code(draw: Draw, code: str) -> str:
    """The code in another spelling of the same characters."""
    kind = draw.below(5)
    if kind == 0:
        return f" {code} "
    if kind == 1:
        return code.lower() if not code.isdigit() else f"{code}\t"
    if kind == 2:
        return wide(code)
    return f"{code[:8]} {code[8:17]} {code[17:]}" if kind == 3 else f"{code[:8]}-{code[8:]}"


def untidy_name(draw: Draw, name: str) -> str:
    """The name with other brackets, or with white space that people leave."""
    if "（" in name and draw.chance(700):
        return name.translate(_NARROW_BRACKETS)
    return draw.pick((f" {name}", f"{name} ", f"{name[:4]} {name[4:]}", f"{name}\u200b", f"{name}\u3000"))


def one_digit_wrong(draw: Draw, code: str) -> str:
    """The code with one digit of its division changed: characters, pair and organisation check hold, the total check does not."""
    while True:
        place = 2 + draw.below(6)
        wrong = code[:place] + str((int(code[place]) + 1 + draw.below(8)) % 10) + code[place + 1 :]
        if CREDIT_ALPHABET[credit_remainder(wrong)] != code[17]:  # else it would pass as a complemented check
            return wrong


def letter_for_nought(code: str) -> str:
    """O where a 0 stands after the pair."""
    return code[:2] + code[2:].replace("0", "O", 1)


def spreadsheet_float(code: str) -> str:
    """What a spreadsheet shows of an all-digit code."""
    return f"{float(code):.5E}"


def hyphened(organisation_code: str) -> str:
    return f"{organisation_code[:8]}-{organisation_code[8:]}"


def former_brackets(document_no: str) -> str:
    """The document number with square brackets, as the other level writes it."""
    return document_no.replace("〔", "[").replace("〕", "]")

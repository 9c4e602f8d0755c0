"""Well-formed numbers of nobody: credit codes, registration numbers, identity numbers, mobile numbers."""

from jobs.values.checks import (
    CREDIT_ALPHABET,
    credit_check,
    credit_remainder,
    identity_check,
    organisation_check,
    registration_check,
)
from sample.draw import Draw

_LETTERS = "ABCDEFGHJKLMNPQRTUWXY"


def organisation(number: int, digits_only: bool) -> str:
    """The organisation code (GB 11714) of a number: eight digits, or the letters MA and six characters as issued since 2015."""
    if digits_only:
        body = f"{10_000_000 + number * 8_999_993 % 89_999_999:08d}"
    else:
        body = "M" + _LETTERS[number // 31**6 % 10] + _base31(number * 87_654_317 % 31**6, 6)
    return body + organisation_check(body)


def credit(pair: str, division: str, organisation_code: str, complemented: bool = False) -> str:
    """The credit code (GB 32100); `complemented` as some registrars issued it, without the subtraction from 31."""
    body = pair + division + organisation_code
    return body + (CREDIT_ALPHABET[credit_remainder(body)] if complemented else credit_check(body))


def registration(division: str, number: int) -> str:
    """The 15-digit registration number (GS 15-2006)."""
    body = f"{division}{number % 10**8:08d}"
    return body + registration_check(body)


def identity(draw: Draw) -> str:
    """An identity number (GB 11643) with a right check character, in a division that is no place."""
    born = f"19{50 + draw.below(50)}{1 + draw.below(12):02d}{1 + draw.below(28):02d}"
    body = f"{draw.pick(('340199', '340198', '330699'))}{born}{draw.below(1000):03d}"
    return body + identity_check(body)


def mobile(draw: Draw) -> str:
    return f"1{draw.pick('3589')}{draw.below(10)}{draw.below(10**8):08d}"


def _base31(number: int, width: int) -> str:
    characters = []
    for _ in range(width):
        number, rest = divmod(number, 31)
        characters.append(CREDIT_ALPHABET[rest])
    return "".join(reversed(characters))

"""Check digits of the numbers we meet: GB 32100, GB 11714, GS 15, GB 11643 and the bank card's."""

from operator import mul

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT_VALUES = {character: value for value, character in enumerate(CREDIT_ALPHABET)}
# GB 11714-1997 counts over all 36 characters (A = 10 ... Z = 35), also inside a credit code.
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_VALUES = {character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
# ISO 7064 MOD 11,10 as a table: the product so far and the next digit give the next product.
_REGISTRATION_STEPS = [{digit: ((product + int(digit)) % 10 or 10) * 2 % 11 for digit in "0123456789"} for product in range(11)]
_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def credit_remainder(code: str) -> int:
    """Σ Ci·Wi mod 31 over the first 17 characters, all of the credit alphabet."""
    return sum(map(mul, map(_CREDIT_VALUES.__getitem__, code), _CREDIT_WEIGHTS)) % 31


def credit_check(code: str) -> str:
    """The 18th character that GB 32100-2015 asks of the first 17."""
    return CREDIT_ALPHABET[-credit_remainder(code) % 31]


def organisation_check(code: str) -> str:
    """The 9th character that GB 11714-1997 asks of the first 8."""
    remainder = -sum(map(mul, map(_ORGANISATION_VALUES.__getitem__, code), _ORGANISATION_WEIGHTS)) % 11
    return "X" if remainder == 10 else str(remainder)


def registration_check(digits: str) -> str:
    """The 15th digit that GS 15-2006 (ISO 7064 MOD 11,10) asks of the first 14."""
    product = 10
    for digit in digits[:14]:
        product = _REGISTRATION_STEPS[product][digit]
    return str((11 - product) % 10)


def identity_check(digits: str) -> str:
    """The 18th character that GB 11643-1999 (ISO 7064 MOD 11-2) asks of the first 17 digits."""
    return "10X98765432"[sum(map(mul, map(int, digits), _IDENTITY_WEIGHTS)) % 11]


def passes_luhn(digits: str) -> bool:
    """The digits of a bank card number agree with the last one (ISO/IEC 7812-1)."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def is_credit_code(code: str) -> bool:
    """Eighteen characters of the credit alphabet whose organisation check and total check both hold."""
    if len(code) != 18 or not _CREDIT_VALUES.keys() >= set(code):
        return False
    return organisation_check(code[8:16]) == code[16] and credit_check(code) == code[17]

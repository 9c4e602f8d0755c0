"""Numbers that stand in the wrong column or were misread: what they are beyond doubt, and what they may have been."""

from collections.abc import Iterator
from itertools import product

from jobs.values.codes import bare, credit_code, credit_fault, is_household, organisation_code, registration_number, tax_number
from jobs.values.personal import has_number, starts_with_identity

CLEANERS = ()

_FROM = {
    "credit_code": "统一社会信用代码",
    "organisation_code": "组织机构代码",
    "registration_number": "注册号",
    "tax_number": "税务登记号",
}
REASONS = {
    f"moved_from_{field}": (
        f"Kept: the number stood in the column of the {field.replace('_', ' ')} and was moved to its own.",
        f"保留：该号码原填在{zh}栏，已移至所属栏目。",
    )
    for field, zh in _FROM.items()
}

_CHECKED = {
    9: (("organisation_code", organisation_code),),
    15: (("registration_number", registration_number), ("tax_number", tax_number)),
    18: (("credit_code", credit_code),),
}
# Letters that GB 32100 leaves out because people read them for others, and what they are read for.
_LOOK_ALIKES = {"O": "0", "I": "1", "Z": "2", "S": "5", "V": "UY"}
_MOST_LETTERS = 4


def suggestion(value: str) -> str | None:
    """The one credit code that a damaged one may have been, for a person or a name to confirm; never a value.

    Read for it are the letters that the standard leaves out (O for 0, V for U or Y), or else two neighbours swapped; only where
    exactly one reading holds the pair and both checks. A household's code is suggested to nobody.
    """
    code, _ = bare(value)
    if code is None or len(code) != 18 or not code.isascii() or not code.isalnum():
        return None
    if credit_fault(code) in (None, "check_complemented"):
        return None
    found = {each for each in _readings(code) if credit_fault(each) is None}
    return found.pop() if len(found) == 1 and not any(map(is_household, found)) else None


def damaged(value: str) -> str | None:
    """A code that is none any more, where what is left can be compared and is no person's number; never a value."""
    code, _ = bare(value)
    if code is None or not 15 <= len(code) <= 20 or not code.isascii() or not code.isalnum():
        return None
    of_somebody = has_number(value) or has_number(code) or starts_with_identity(code) or is_household(code)
    return None if of_somebody else code


def _readings(code: str) -> Iterator[str]:
    wrong = [place for place, character in enumerate(code) if character in _LOOK_ALIKES]
    if wrong:
        choices = (_LOOK_ALIKES.get(character, character) for character in code)
        yield from map("".join, product(*choices)) if len(wrong) <= _MOST_LETTERS else ()
        return
    for place in range(17):
        yield code[:place] + code[place + 1] + code[place] + code[place + 2 :]


def kind_of(value: str) -> str | None:
    """Which number the cell holds beyond doubt, by the checks of its standard; None where it may be several or none.

    Registration numbers without a check (13 digits, other forms) are told from nothing, so they are none here.
    """
    code, _ = bare(value)
    if code is None or not code.isascii():
        return None
    if len(code) != 18 and starts_with_identity(code):
        return None
    good = [name for name, clean in _CHECKED.get(len(code), ()) if clean(code) == (code, None)]
    return good[0] if len(good) == 1 else None

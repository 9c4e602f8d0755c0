"""What becomes of a credit code on its way: characters changed places, were taken for others, or fell off."""

from jobs.values.checks import CREDIT_ALPHABET
from sample.draw import Draw
from sample.matching.words import LETTER_SHAPES


def damaged(draw: Draw, code: str) -> str:
    """The code with one damage; never the code itself."""
    way, at = draw.below(100), draw.below(16) + 1
    if way < 25:
        turned = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        return turned if turned != code else damaged(draw, code)
    if way < 55:
        return _misread(draw, code)
    if way < 75:
        return code[:at] + draw.pick(CREDIT_ALPHABET.replace(code[at], "")) + code[at + 1 :]
    if way < 83:
        return code[:at] + code[at + 1 :]
    if way < 88:
        return code[:at] + code[at] + code[at:]
    return code[: 10 + draw.below(8)] if way < 97 else _floated(code) or code[:15]


def _misread(draw: Draw, code: str) -> str:
    """One or two characters as a scanner or a tired eye reads them: O for 0, I for 1."""
    found = [at for at, character in enumerate(code) if character in LETTER_SHAPES]
    for _ in range(1 + draw.chance(200)):
        at = draw.pick(found)
        code = code[:at] + draw.pick(LETTER_SHAPES.get(code[at], code[at])) + code[at + 1 :]
    return code


def _floated(code: str) -> str:
    """What a spreadsheet makes of a code that is digits alone."""
    return f"{float(code):.14E}".replace("E+0", "E+") if code.isdigit() else ""

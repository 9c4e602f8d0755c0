"""Names that are unique by construction, apart from those that are meant to clash."""

from typing import NamedTuple

from sample.draw import Draw
from sample.material import (
    FARMING,
    FIRST,
    FORMERLY,
    GIVEN,
    INSTITUTIONS,
    PLACES,
    PREFIXES,
    PROVINCE_PREFIX,
    SECOND,
    SHARED,
    SHOPS,
    SURNAMES,
    THIRD,
    TRADES,
)

SPACE = len(FIRST) * len(SECOND) * len(TRADES) * len(PREFIXES)
_STEP = 1_000_003  # a prime that divides no factor of SPACE: numbers become bases one to one
_BRANCH_SEATS = ("合肥第一", "芜湖", "蚌埠", "绍兴", "南京")


class Named(NamedTuple):
    kind: str
    pair: str
    name: str
    former_name: str
    trade: str
    places: tuple[int, ...]  # indexes into PLACES
    owner: str  # of a household; empty for others
    unique: bool


class Base(NamedTuple):
    prefix: str
    places: tuple[int, ...]
    brand: str
    trade: str


def named(seed: int, number: int) -> Named:
    """What the enterprise of that number is called, and what it is: its place in the hundred decides the kind."""
    draw = Draw(f"{seed}|name|{number}")
    place = number % 100
    if place in (16, 17) and number % 200 < 100:
        return _homonym(seed, number)
    if place in (41, 42, 43):
        return _company(draw, _base(seed, number - place + 41), sibling=THIRD[place - 41])
    if place == 61:
        return _branch(draw, named(seed, number - 1), number)
    base = _base(seed, number)
    if 70 <= place < 82:
        return _household(draw, base)
    if 82 <= place < 87:
        return _plain("cooperative", "93", base, f"{base.brand}{FARMING[number % len(FARMING)]}专业合作社")
    if place == 87:
        return _plain("institution", "12", base, f"{base.brand}{base.trade}{draw.pick(INSTITUTIONS)}")
    if place == 88:
        return _plain("association", "51", base, f"{base.brand}{base.trade}协会")
    return _company(draw, base, bracketed=draw.chance(50))


def person(draw: Draw) -> str:
    given = draw.pick(GIVEN)
    return draw.pick(SURNAMES) + given + (draw.pick(GIVEN) if draw.chance(700) else "")


def _base(seed: int, number: int) -> Base:
    rest = (number * _STEP + seed * 7_919) % SPACE
    rest, prefix = divmod(rest, len(PREFIXES))
    rest, trade = divmod(rest, len(TRADES))
    second, first = divmod(rest, len(FIRST))
    return Base(*PREFIXES[prefix], FIRST[first] + SECOND[second], TRADES[trade])


def _company(draw: Draw, base: Base, sibling: str = "", bracketed: bool = False) -> Named:
    form = draw.pick(("有限公司", "有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司"))
    # What the legal form is called must not tell siblings apart: they differ in one character.
    tail = base.trade + ("有限公司" if sibling else form)
    name = f"{base.brand}（{base.prefix}）{tail}" if bracketed else f"{base.prefix}{base.brand}{sibling}{tail}"
    former = f"{base.prefix}{base.brand[0]}{FORMERLY}{base.brand[1]}{sibling}{tail}"
    return Named("company", "91", name, former, base.trade, base.places, "", True)


def _homonym(seed: int, number: int) -> Named:
    """Two enterprises with one name, in different cities."""
    first = number - number % 100 + 16
    base = _base(seed, first)
    name = f"{PREFIXES[PROVINCE_PREFIX][0]}{base.brand}{SHARED}{base.trade}有限公司"
    return Named("company", "91", name, name, base.trade, (0,) if number == first else (8,), "", False)


def _branch(draw: Draw, parent: Named, number: int) -> Named:
    name = f"{parent.name}{draw.pick(_BRANCH_SEATS)}分公司"
    return Named("branch", "91", name, name, parent.trade, parent.places, "", True)


def _household(draw: Draw, base: Base) -> Named:
    owner, seat = person(draw), PLACES[base.places[0]]
    name = owner if draw.chance(130) else f"{seat.city}{seat.district}{owner}{draw.pick(SHOPS)}"
    return Named("household", "92", name, name, base.trade, base.places[:1], owner, False)


def _plain(kind: str, pair: str, base: Base, rest: str) -> Named:
    return Named(kind, pair, base.prefix + rest, "", base.trade, base.places, "", True)

"""A name in its parts, so that it can be written in another way, and the names that are easily taken for it."""

from typing import NamedTuple

from sample.draw import Draw
from sample.matching.places import Place, short
from sample.matching.words import (
    CHARACTERS,
    FARMING,
    FORMS,
    INSTITUTIONS,
    NEAR_TRADES,
    NUMBERED,
    ORDINALS,
    SHAPES,
    SHOPS,
    SOUNDS,
    TRADES,
    brand,
)
from sample.naming import person

PAIRS = {"company": "91", "shop": "91", "cooperative": "93", "institution": "12", "association": "51"}


class Name(NamedTuple):
    region: str
    brand: str
    trade: str
    form: str
    bracketed: bool = False  # 华鑫（合肥）建筑工程有限公司
    branch: str = ""  # 芜湖分公司, behind the name of the parent

    def __str__(self) -> str:
        front = f"{self.brand}（{self.region}）" if self.bracketed and self.region else self.region + self.brand
        return front + self.trade + self.form + self.branch

    def scope(self, place: Place) -> str:
        """What one registrar registers once only: neither brackets nor the legal form tell two names apart."""
        above = "" if not self.region else place.code[: 2 if place.is_province(self.region) else 4]
        return f"{above}|{self.brand}|{self.trade}|{self.form if not self.trade else ''}|{self.branch}"


def kind_of(number: int) -> str:
    """What an enterprise of that number is: its place in the hundred decides."""
    place = number % 100
    if 70 <= place < 80:
        return "shop"
    if 80 <= place < 84:
        return "cooperative"
    return "institution" if place == 84 else "association" if place == 85 else "company"


def new_name(draw: Draw, kind: str, place: Place, founded: int) -> Name:
    region = region_of(draw, place, founded)
    if kind == "shop":
        owner = person(draw) if draw.chance(350) else brand(draw)
        return Name(place.district if draw.chance(700) else place.city + place.district, owner, "", draw.pick(SHOPS))
    if kind == "cooperative":
        return Name(place.district, brand(draw), draw.pick(FARMING), "农民专业合作社" if draw.chance(500) else "专业合作社")
    if kind in ("institution", "association"):
        return Name(region, "" if draw.chance(200) else brand(draw), TRADES.pick(draw), draw.pick(INSTITUTIONS))
    named = NUMBERED if draw.chance(15) else ORDINALS if draw.chance(10) else ("",)
    return Name(region, brand(draw) + draw.pick(named), TRADES.pick(draw), draw.pick(FORMS), draw.chance(60))


def region_of(draw: Draw, place: Place, founded: int) -> str:
    """How the name begins: often the city, the province or both levels; an abolished division where it is old enough."""
    if draw.chance(40):
        return ""
    old = [name for _, name in place.old if name != place.district]
    if old and founded < 2005 and draw.chance(400):
        return draw.pick(old)
    way = draw.below(100)
    return short(place.near) if way < 32 else place.near if way < 42 else (
        short(place.province) if way < 66 else draw.pick(place.regions()))  # fmt: skip


def sibling(draw: Draw, of: Name, way: int, place: Place, number: int) -> Name:
    """A name one word apart from the other: its ordinal, its trade, its region, or one character of its brand."""
    if way == 0:
        return of._replace(brand=of.brand.rstrip("一二三四五六建") + ORDINALS[number % 5])
    if way == 1:
        near = NEAR_TRADES.get(of.trade, ())
        return of._replace(trade=near[number % len(near)] if near else TRADES.pick(draw))
    if way == 2 and of.region:
        return of._replace(region=place.regions()[0] if of.region != place.regions()[0] else place.district)
    place_in = draw.below(len(of.brand) or 1)
    like = (SOUNDS if draw.chance(600) else SHAPES).get(of.brand[place_in : place_in + 1], "") or CHARACTERS.pick(draw)
    return of._replace(brand=of.brand[:place_in] + draw.pick(like) + of.brand[place_in + 1 :])


def former(draw: Draw, of: Name, place: Place, founded: int) -> Name:
    """What it was called before: another brand, trade, region or form, or more than one of them."""
    way = draw.below(100)
    if way < 30 or not of.trade:
        return of._replace(brand=brand(draw))
    if way < 60:
        near = NEAR_TRADES.get(of.trade, ())
        return of._replace(trade=draw.pick(near) if near and draw.chance(700) else TRADES.pick(draw))
    if way < 75:
        return of._replace(region=region_of(draw, place, founded))
    if way < 85:
        return of._replace(form="股份有限公司" if of.form == "有限公司" else "有限公司", region=region_of(draw, place, founded))
    return of._replace(brand=brand(draw), trade=TRADES.pick(draw), form="有限公司")


def branch_of(draw: Draw, parent: Name, place: Place) -> Name:
    way = draw.below(10)
    seat = place.regions()[0] if way < 7 else place.district if way < 9 else f"{place.regions()[0]}第{draw.pick('一二三四')}"
    return parent._replace(branch=seat + ("分公司" if draw.chance(850) else draw.pick(("营业部", "办事处", "分店", "项目部"))))

"""The enterprises of the matching world: those of the index, and those that the index has never heard of."""

from datetime import date, timedelta
from hashlib import blake2b
from typing import NamedTuple

from jobs.values.codes import tax_number
from sample import issue
from sample.draw import Draw
from sample.matching import names
from sample.matching.names import Name
from sample.matching.places import Place, Places
from sample.matching.words import CHARACTERS, PARKS, ROAD_KINDS, ROADS, TRADES
from sample.naming import person

LAST_DAY = date(2026, 11, 20)
_FIRST_DAY = date(1988, 1, 1)
_OLD_CODES_UNTIL = date(2015, 10, 1)  # 三证合一: since then organisation codes begin with MA
_APART = 37_182_819  # so that codes of neighbours in number share no more digits than others
UNKNOWN_OF = 12  # one unknown enterprise for so many of the index


class Enterprise(NamedTuple):
    number: int
    truth_id: str
    kind: str
    name: Name
    former: tuple[Name, ...]
    former_known: bool  # to the index
    kinds: tuple[str, ...]  # why it is easily taken for another: homonym, sibling, branch; unknown, unknown_shared_brand
    credit_code: str
    organisation_code: str
    registration_number: str
    tax_number: str  # the older one, of 15 characters
    place: Place
    registered_region: str
    address: str
    representative: str
    founded: date
    approved: date


class Named(NamedTuple):
    name: Name
    place: Place
    kinds: tuple[str, ...] = ()


class World:
    """`size` enterprises of the index, `known`, and beside them one in twelve that are `unknown`; all of it by the seed."""

    def __init__(self, seed: int, size: int):
        if size < 200:
            raise ValueError(f"--enterprises is {size}; it must be at least 200")
        self.seed, self.size, self.places = seed, size, Places(seed)
        self.taken: set[str] = set()
        self.known: list[Enterprise] = []
        self.known.extend(self._made(number, names.kind_of(number)) for number in range(size))
        self.unknown = [self._made(number, names.kind_of(number)) for number in range(size, size + size // UNKNOWN_OF)]

    def _made(self, number: int, kind: str) -> Enterprise:
        draw = Draw(f"{self.seed}|enterprise|{number}")
        place = self.places.pick(draw)
        founded = _FIRST_DAY + timedelta(days=int((draw.below(10**6) / 1e6) ** 0.6 * ((LAST_DAY - _FIRST_DAY).days - 400)))
        found = self._unheard(draw, number, place) if number >= self.size else self._confusing(draw, number, place)
        found = found or self._free(lambda: Named(names.new_name(draw, kind, place, founded.year), place))
        kinds = _confused(number) + found.kinds if number < self.size else ("unknown", *found.kinds)
        return self._registered(draw, number, kind, found._replace(kinds=kinds), founded)

    def _free(self, drawn) -> Named:
        """The first name drawn that its registrar has not given yet."""
        while (found := drawn()).name.scope(found.place) in self.taken or str(found.name) in self.taken:
            pass
        return self._take(found)

    def _take(self, found: Named) -> Named:
        self.taken |= {found.name.scope(found.place), str(found.name)}
        return found

    def _confusing(self, draw: Draw, number: int, place: Place) -> Named | None:
        """The name of an enterprise that shares it, or nearly so: by its number, in every hundred the same places."""
        at = number % 100
        if at < 12 and at % 3:
            return self._sibling(draw, self.known[number - at % 3], at // 3, number)
        if at == 13 and number // 100 % 5 < 3:
            first = self.known[number - 1]
            other = self.places.beside(draw, first.place) if draw.chance(500) else self.places.other(draw, first.place)
            return Named(first.name, other, ("homonym",))
        if 14 <= at < 18 and number > 100:
            parent = self._company(draw)
            other = parent.place if draw.chance(400) else place
            return self._free(lambda: Named(names.branch_of(draw, parent.name, other), other, ("branch",)))
        return None

    def _sibling(self, draw: Draw, first: Enterprise, way: int, number: int) -> Named | None:
        place = self.places.pick(draw) if way == 2 else first.place
        name = names.sibling(draw, first.name, way, place, number)
        return None if str(name) in self.taken else self._take(Named(name, place, ("sibling",)))

    def _company(self, draw: Draw) -> Enterprise:
        while (one := draw.pick(self.known)).kind != "company" or one.name.branch:
            pass
        return one

    def _unheard(self, draw: Draw, number: int, place: Place) -> Named | None:
        """Every second one shares a brand with the index; some are branches of there, one in a hundred bears a whole name."""
        if number % 2:
            return None
        of, way, shared = self._company(draw), draw.below(100), ("unknown_shared_brand",)
        near = of.place if draw.chance(500) else place
        region = names.region_of(draw, near, 2020)
        if way < 1:
            return Named(of.name, self.places.other(draw, of.place), (*shared, "homonym"))
        if way < 16:
            return self._free(lambda: Named(names.branch_of(draw, of.name, self.places.pick(draw)), near, (*shared, "branch")))
        if way < 31 and (found := self._sibling(draw, of, 1 if way < 23 else 3, draw.below(100))):
            return found._replace(kinds=(*shared, "sibling"))
        if way < 56:
            return self._free(lambda: self._elsewhere(draw, of, shared))
        longer = CHARACTERS.pick(draw) if way < 62 else ""
        return self._free(lambda: Named(of.name._replace(region=region, brand=of.name.brand + longer, trade=TRADES.pick(draw)),
                                        near, shared))  # fmt: skip

    def _elsewhere(self, draw: Draw, of: Enterprise, kinds: tuple[str, ...]) -> Named:
        place = self.places.other(draw, of.place)
        return Named(of.name._replace(region=names.region_of(draw, place, 2020)), place, kinds)

    def _registered(self, draw: Draw, number: int, kind: str, named: Named, founded: date) -> Enterprise:
        """The enterprise of that name with all that a registry says of it; one in five was called otherwise before."""
        place, name, old = named.place, named.name, founded < _OLD_CODES_UNTIL
        former = self._former(draw, named, founded) if number < self.size and draw.chance(220) else ()
        region = place.old[0][0] if place.old and founded.year < 2000 and draw.chance(100) else place.code
        organisation = issue.organisation((number + self.seed * 1_000_003) * _APART % 89_999_999, digits_only=old)
        approved = founded + timedelta(days=200 + draw.below(max((LAST_DAY - founded).days - 200, 1)))
        return Enterprise(
            number, "E" + blake2b(f"{self.seed}|{number}".encode(), digest_size=6).hexdigest(), kind, name, former,
            draw.chance(667), named.kinds, issue.credit(names.PAIRS[kind], region, organisation), organisation,
            issue.registration(region, number * 7919 + self.seed) if draw.chance(400) else "",
            tax_number(region + organisation)[0] or "" if old and draw.chance(500) else "",  # some are like an identity number
            place, region, address(draw, place), token(self.seed, person(draw)), founded,
            min(approved, LAST_DAY) if former or draw.chance(500) else founded,
        )  # fmt: skip

    def _former(self, draw: Draw, named: Named, founded: date) -> tuple[Name, ...]:
        found = tuple(names.former(draw, named.name, named.place, founded.year) for _ in range(2 if draw.chance(200) else 1))
        free = tuple(name for name in dict.fromkeys(found) if str(name) not in self.taken)
        self.taken |= {str(name) for name in free}
        return free


def _confused(number: int) -> tuple[str, ...]:
    """Why others are taken for the enterprise that they are made after: the first of three siblings, or of two homonyms."""
    at = number % 100
    return ("sibling",) if at < 12 and at % 3 == 0 else ("homonym",) if at == 12 and number // 100 % 5 < 3 else ()


def address(draw: Draw, place: Place) -> str:
    street = draw.pick(ROADS) + draw.pick(ROAD_KINDS)
    inside = f"{draw.pick(ROADS)}{draw.pick(PARKS)}{1 + draw.below(30)}栋" if draw.chance(500) else ""
    room = f"{1 + draw.below(32)}{draw.below(20):02d}室" if draw.chance(700) else ""
    return f"{place.province}{place.city}{place.district}{street}{1 + draw.below(900)}号{inside}{room}"


def token(seed: int, who: str) -> str:
    """What stands for a person: the same for those of one name, as with a keyed hash."""
    return blake2b(f"{seed}|person|{who}".encode(), digest_size=8).hexdigest()

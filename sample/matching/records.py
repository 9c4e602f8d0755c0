"""What organs write of the enterprises: some enterprises often and most seldom, a few spellings of each many times."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from typing import Any, NamedTuple

from sample.draw import Draw
from sample.matching.enterprises import LAST_DAY, Enterprise, World, address, token
from sample.matching.names import Name
from sample.matching.numbers import damaged
from sample.matching.slips import PARTS, PER_MILLE, SECOND_PER_MILLE, TEXT
from sample.naming import person

UNKNOWN_SHARE = 0.05
NO_CODE, DAMAGED, OTHERS_CODE = 300, 30, 1  # of a thousand records
FORMERLY = 275  # of a thousand records about who was renamed: 6 % of all
_MIXED = 7_368_787  # a prime: who is written of often has nothing to do with numbers
_TABLE = [kind for kind, share in PER_MILLE.items() for _ in range(share)]
_TEXT_TABLE = [kind for kind in _TABLE if kind in TEXT]  # what may come on top: a name cut elsewhere is in parts no longer
COLUMNS = ("credit_code", "organisation_code", "registration_number", "tax_number", "subject_name", "region", "address",
           "legal_representative", "event_date", "about", "kinds")  # fmt: skip


def shares(count: int, records: int) -> list[int]:
    """How many records are about each of so many: their sum is `records`, the n-th most written of has (n + 50) ** -0.9 parts."""
    weights = [((place * _MIXED) % count + 50) ** -0.9 for place in range(count)]
    total = sum(weights)
    upto = [round(records * reached / total) for reached in accumulate(weights)]
    return [reached - before for before, reached in zip([0, *upto], upto, strict=False)]


def records(world: World, count: int, night: int = 1) -> Iterator[tuple[Any, ...]]:
    """The records of a night, those of one enterprise after another."""
    about_unknown = round(count * UNKNOWN_SHARE)
    for enterprises, part in ((world.known, count - about_unknown), (world.unknown, about_unknown)):
        for one, mine in zip(enterprises, shares(len(enterprises), part), strict=True):
            writer = Writer(world, one, mine)
            for number in range(mine):
                yield writer.record(Draw(f"{world.seed}|record|{night}|{one.number}|{number}"))


class Organ(NamedTuple):
    """How one organ writes of one enterprise, apart from code, name and day: the same every time."""

    numbers: tuple[str | None, str | None, str | None]  # organisation code, registration number, tax number
    region: str | None
    foreign: bool  # it stands elsewhere than the enterprise
    address: str | None
    representative: str | None


class Writer:
    """Writes the records of one enterprise; the more there are, the more organs and the more spellings of each kind of dirt."""

    def __init__(self, world: World, one: Enterprise, mine: int):
        self.world, self.one, self.spellings, self.organs = world, one, 1 + mine // 10, 1 + mine // 6
        self.written: dict[tuple[object, ...], str] = {}
        self.writing: dict[int, Organ] = {}

    def record(self, draw: Draw) -> tuple[Any, ...]:
        one, kinds = self.one, []
        organ = self._organ(draw.below(self.organs))
        code, numbers = self._numbers(draw, organ, kinds)
        name, day = self._name_and_day(draw, kinds)
        subject = self._dirty(draw, name, kinds)
        kinds += ("region_foreign",) * organ.foreign + one.kinds
        return code, *numbers, subject, organ.region, organ.address, organ.representative, day, one.truth_id, kinds or ["none"]

    def _organ(self, number: int) -> Organ:
        if number not in self.writing:
            draw = Draw(f"{self.world.seed}|organ|{self.one.number}|{number}")
            region, foreign = self._region(draw)
            self.writing[number] = Organ(
                self._other_numbers(draw), region, foreign, self._address(draw), self._representative(draw))  # fmt: skip
        return self.writing[number]

    def _numbers(self, draw: Draw, organ: Organ, kinds: list[str]) -> tuple[str | None, tuple[str | None, ...]]:
        way, numbers = draw.below(1000), organ.numbers
        if way < NO_CODE:
            kinds.append("no_code")
            return None, numbers
        if way < NO_CODE + DAMAGED:
            kinds.append("damaged_code")
            # A damage comes again where the number was copied from the same file.
            again = ("code", draw.below(self.spellings))
            return self._once(again, lambda anew: damaged(anew, self.one.credit_code)), numbers
        if way < NO_CODE + DAMAGED + OTHERS_CODE:
            kinds.append("code_of_another")
            return draw.pick(self.world.known).credit_code, (None, None, None)
        return self.one.credit_code, numbers

    def _other_numbers(self, draw: Draw) -> tuple[str | None, ...]:
        one, way = self.one, draw.below(100)
        return (one.organisation_code if way < 4 else None, one.registration_number or None if 4 <= way < 12 else None,
                one.tax_number or None if 12 <= way < 16 else None)  # fmt: skip

    def _name_and_day(self, draw: Draw, kinds: list[str]) -> tuple[Name, date]:
        one = self.one
        since, until = one.founded, LAST_DAY
        if one.former and draw.chance(FORMERLY):
            kinds.append("former_name" if one.former_known else "former_name_unknown")
            # One in eight still writes the old name after the change.
            until = LAST_DAY if draw.chance(125) else one.approved
            name = draw.pick(one.former)
        else:
            name = one.name
            since = one.approved if one.former else one.founded
        return name, since + timedelta(days=draw.below((until - since).days + 1))

    def _dirty(self, draw: Draw, name: Name, kinds: list[str]) -> str:
        """The name with the dirt drawn for it; a spelling once made is made again by the next who errs so."""
        way, text = draw.below(1000), str(name)
        if way >= len(_TABLE):
            return text
        chosen = [_TABLE[way]]
        if draw.chance(SECOND_PER_MILLE) and (second := draw.pick(_TEXT_TABLE)) != chosen[0]:
            chosen.append(second)
        for kind in chosen:
            before = text
            key = (kind, before, draw.below(self.spellings))
            text = self._once(key, lambda anew, kind=kind, before=before: self._slip(anew, kind, name, before))
            if text != before:
                kinds.append(kind)
        return text

    def _slip(self, draw: Draw, kind: str, name: Name, text: str) -> str:
        return (TEXT[kind](draw, text) if kind in TEXT else PARTS[kind](draw, name, self.one.place)) or text

    def _once(self, key: tuple[object, ...], made) -> str:
        if key not in self.written:
            self.written[key] = made(Draw(f"{self.world.seed}|{self.one.number}|{key!r}"))
        return self.written[key]

    def _region(self, draw: Draw) -> tuple[str | None, bool]:
        """That of the organ: mostly the enterprise's district, or above it; one in twenty elsewhere."""
        place, way = self.one.place, draw.below(1000)
        if way < 760:
            return place.code, False
        if way < 890:
            return place.code[:4] + "00" if place.city else place.code, False
        if way < 930:
            return place.code[:2] + "0000", False
        return (None, False) if way < 950 else (self.world.places.other(draw, place).code, True)

    def _address(self, draw: Draw) -> str | None:
        """One organ in five says it: whole, without the province, without the room, or another one."""
        place, way, full = self.one.place, draw.below(100), self.one.address
        if way < 8:
            return full
        if way < 13:
            return full.removeprefix(place.province)
        if way < 15:
            return full.removeprefix(place.province + place.city)
        if way < 18:
            return full.split("号")[0] + "号"
        return address(draw, place) if way < 20 else None

    def _representative(self, draw: Draw) -> str | None:
        """One organ in four names the person; one in eight of those another."""
        way = draw.below(1000)
        if way < 220:
            return self.one.representative
        return token(self.world.seed, person(draw)) if way < 250 else None

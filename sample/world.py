"""The enterprises of the district: each a function of the seed and its number, so that no list of them is ever held."""

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from sample import issue, naming
from sample.draw import Draw
from sample.material import ALL, COMPANY_TYPES, INDUSTRIES, PLACES, ROADS, Place

CACHED = 1 << 16  # enterprises kept at hand; the rest are made again when they are spoken of
REGISTRIES = ("province", "farming", "mixed", "builders", "small")


class Enterprise(NamedTuple):
    number: int
    kind: str  # company, branch, cooperative, institution, association, household
    pair: str
    name: str
    former_name: str
    renamed_on: date | None
    code: str
    organisation_code: str
    registration_number: str
    division: str  # of the first registration: the code keeps it for life
    place: Place  # of today
    address: str
    old_place: Place
    old_address: str
    moved_on: date | None
    founded: date
    approved: date
    status: str  # as it ends; active until ended_on
    ended_on: date | None
    enterprise_type: str
    industry: str
    trade: str
    capital: int  # yuan
    paid_in: int
    term_end: date | None
    representative: str
    staff: int
    registries: tuple[str, ...]
    unique_name: bool

    def name_on(self, day: date) -> str:
        return self.former_name if self.renamed_on and day < self.renamed_on else self.name

    def changed_in(self, after: date, until: date) -> bool:
        """Something of its registration changed after the one day, by the other."""
        return any(day and after < day <= until for day in (self.renamed_on, self.moved_on, self.ended_on))


class World:
    """A district of `size` enterprises (numbers 1 to size) and, above that, enterprises that no registry here knows."""

    def __init__(self, seed: int, size: int, first_day: date, last_day: date):
        if not 20 <= size <= naming.SPACE // 2:
            raise ValueError(f"--enterprises is {size}; it must be between 20 and {naming.SPACE // 2}")
        self.seed, self.size, self.first_day, self.last_day = seed, size, first_day, last_day
        self.enterprise = lru_cache(CACHED)(self._enterprise)

    def is_registered(self, number: int) -> bool:
        return number <= self.size

    def _enterprise(self, number: int) -> Enterprise:
        draw = Draw(f"{self.seed}|enterprise|{number}")
        named = naming.named(self.seed, number)
        old_place = PLACES[draw.pick(named.places)]
        founded = self._founded(draw, named.kind)
        # Who is renamed in the window is so in its first days: the registries' later increments tell the new name.
        renamed_on = self._change(draw, founded, 60, within=4) if named.kind == "company" else None
        place, moved_on = self._move(draw, old_place, founded)
        status, ended_on = self._end(draw, founded)
        changes = [day for day in (renamed_on, moved_on, ended_on) if day]
        old_form = founded < date(2015, 10, 1)  # since 三证合一 the organisation codes begin with MA
        organisation_code = issue.organisation(number + self.seed * 1_000_003, digits_only=old_form)
        registration_number = issue.registration(old_place.code, number * 7919 + self.seed)
        codeless = old_form and named.kind == "company" and draw.chance(10)
        complemented = draw.chance(2)
        code = "" if codeless else issue.credit(named.pair, old_place.code, organisation_code, complemented)
        capital = draw.pick((10, 30, 50, 100, 100, 200, 500, 500, 1000, 2000, 5000)) * 10_000
        capital += draw.pick((0, 0, 0, 12_300, 9_600))
        return Enterprise(
            number, named.kind, named.pair, named.name, named.former_name if renamed_on else "", renamed_on,
            code, organisation_code, registration_number, old_place.code,
            place, _address(draw, place), old_place, _address(draw, old_place), moved_on,
            founded, max(changes, default=founded + timedelta(days=draw.below(400))), status, ended_on,
            _type(draw, named.kind), draw.pick(INDUSTRIES), named.trade, capital, capital * draw.below(3) // 2,
            founded + timedelta(days=7304) if draw.chance(250) else None,
            named.owner or naming.person(draw), draw.below(300),
            _registries(draw, named.kind, self._renamed(renamed_on), codeless), named.unique,
        )  # fmt: skip

    def _founded(self, draw: Draw, kind: str) -> date:
        since = date(1996, 1, 1) if kind != "household" else date(2012, 1, 1)
        return since + timedelta(days=draw.below((self.first_day - since).days - 400))

    def _change(self, draw: Draw, founded: date, per_mille: int, within: int = 366) -> date | None:
        """The day of a change, if there is one: one in eight in the first days of the window, the others in the years before."""
        if not draw.chance(per_mille):
            return None
        if draw.chance(125):
            return self.first_day + timedelta(days=draw.below(min((self.last_day - self.first_day).days + 1, within)))
        return founded + timedelta(days=200 + draw.below((self.first_day - founded).days - 210))

    def _renamed(self, renamed_on: date | None) -> str:
        """Whether and when: never, before the window, or within it."""
        return "" if renamed_on is None else "before" if renamed_on < self.first_day else "within"

    def _move(self, draw: Draw, old_place: Place, founded: date) -> tuple[Place, date | None]:
        moved_on = self._change(draw, founded, 50)
        return (PLACES[draw.pick(ALL)], moved_on) if moved_on else (old_place, None)

    def _end(self, draw: Draw, founded: date) -> tuple[str, date | None]:
        ended_on = self._change(draw, founded, 130)
        status = draw.pick(("注销", "注销", "注销", "吊销，未注销", "吊销，未注销", "吊销", "吊销，已注销", "已告解散"))
        return (status, ended_on) if ended_on else ("存续", None)


def _address(draw: Draw, place: Place) -> str:
    spelled = place.province + place.city if draw.chance(650) else place.city
    return f"{spelled}{place.district}{draw.pick(ROADS)}{1 + draw.below(900)}号{1 + draw.below(30)}-{100 + draw.below(2900)}室"


def _type(draw: Draw, kind: str) -> str:
    if kind == "company":
        return draw.pick(COMPANY_TYPES)
    types = {"branch": "有限责任公司分公司(自然人投资或控股)", "cooperative": "农民专业合作社", "household": "个体工商户"}
    return types.get(kind, "事业单位" if kind == "institution" else "社会团体")


def _registries(draw: Draw, kind: str, renamed: str, codeless: bool) -> tuple[str, ...]:
    if kind == "household":
        return ("farming",) if draw.chance(800) else ("mixed",)
    if kind in ("institution", "association"):
        return ("province", "builders") if draw.chance(150) else ("province",)
    odds = {"province": 720, "farming": 450 if kind == "cooperative" else 60, "mixed": 330, "builders": 200, "small": 370}
    chosen = tuple(registry for registry in REGISTRIES if draw.chance(odds[registry]))
    # A former name is written by the registries of builders, mixed and small firms only, so one of them knows who was renamed.
    if renamed and not {"mixed", "builders", "small"} & set(chosen):
        chosen += ("mixed",)
    # The registry of the province says every change within the window.
    if renamed == "within" and "province" not in chosen:
        chosen = ("province", *chosen)
    return chosen or (("farming",) if codeless else ("province",))

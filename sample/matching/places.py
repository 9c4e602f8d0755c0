"""Where the enterprises of the matching world stand, and how their names say so: the real divisions, abolished ones too."""

import csv
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from jobs.values.divisions import Divisions, load_divisions, spellings
from sample.draw import Draw
from sample.matching.words import Skewed

TABLE = Path(__file__).parents[2] / "config" / "codes" / "divisions.csv"
HOMES = ("34", "33", "32", "42", "37", "41", "51", "43", "36", "61")  # a world's own province; which one, the seed decides


class Place(NamedTuple):
    """A district in force, with the names that it and those above it have in a name: 安徽 of 安徽省, 居巢区 of 巢湖市."""

    code: str
    province: str
    city: str  # empty where the district stands right below its province
    district: str
    old: tuple[tuple[str, str], ...]  # code and name of divisions that became this one

    @property
    def near(self) -> str:
        """The city; right below a province the province, where that is a city itself, or else the district."""
        return self.city or (self.province if self.province.endswith("市") else self.district)

    def regions(self) -> tuple[str, ...]:
        """The ways in which names begin with this place: city, province, both, district."""
        forms = (short(self.near), self.near, short(self.province), self.province, self.near + self.district,
                 self.district, short(self.province) + short(self.near), self.province + self.near,
                 short(self.near) + self.district)  # fmt: skip
        twice = short(self.province) * 2
        return tuple(dict.fromkeys(form for form in forms if len(form) < 13 and not form.startswith(twice)))

    def is_province(self, region: str) -> bool:
        return region in (self.province, short(self.province))


class Places:
    """All districts, and those of the home province, where three in four enterprises stand."""

    def __init__(self, seed: int):
        found = districts(load_divisions(TABLE))
        draw = Draw(f"{seed}|places")
        home = HOMES[seed % len(HOMES)]
        self.of_city: dict[str, list[Place]] = defaultdict(list)
        for place in found:
            self.of_city[place.code[:4]].append(place)
        self.home = Skewed(_shuffled([place for place in found if place.code[:2] == home], draw), 0.6)
        self.away = Skewed(_shuffled([place for place in found if place.code[:2] != home], draw), 0.4)

    def pick(self, draw: Draw) -> Place:
        return (self.home if draw.chance(750) else self.away).pick(draw)

    def other(self, draw: Draw, than: Place) -> Place:
        """A place of another district."""
        while (place := self.pick(draw)).code == than.code:
            pass
        return place

    def beside(self, draw: Draw, place: Place) -> Place:
        """A district of the same city, where it has others."""
        return draw.pick(self.of_city[place.code[:4]])


@lru_cache(maxsize=8192)
def short(name: str) -> str:
    """安徽 of 安徽省, 合肥 of 合肥市."""
    return min(spellings(name), key=lambda each: (len(each), each), default=name)


def districts(table: Divisions) -> list[Place]:
    before: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()):
        if row["valid_to"] and ";" not in row["successors"] and int(row["valid_to"]) > 1992:
            before[row["successors"]].append((row["code"], row["name"]))
    return [_place(table, code, tuple(before[code])) for code in sorted(table.codes)
            if not code.endswith("00") and table.in_force(code)]  # fmt: skip


def _place(table: Divisions, code: str, old: tuple[tuple[str, str], ...]) -> Place:
    path = table.path_of(code)
    return Place(code, path[0], path[1] if len(path) > 2 else "", path[-1], old)


def _shuffled(places: list[Place], draw: Draw) -> list[Place]:
    return sorted(places, key=lambda place: Draw(f"{draw.key}|{place.code}").bits)

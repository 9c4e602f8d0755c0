"""The narrow equality blocks that make two names candidates for one another; only what shares a key is ever compared."""
from __future__ import annotations

from collections.abc import Iterator

from jobs.enterprises.alike import sounds
from jobs.enterprises.parts import Parts

# What each block is, as the run tells it; the caps stand in config/matching/policy.yml.
KINDS = {
    "core": "brand and trade are the same",
    "slip": "brand and trade are the same but for one character lost, added, wrong or swapped",
    "sound": "brand and trade sound the same",
    "swap": "place, brand and trade are of the same characters",
    "brand": "the brand is the same, in one city",
    "organisation": "the organisation code inside a damaged code is the same",
    "digits": "five digits of a damaged code are the same",
    "person": "the token of the legal representative is the same",
}


def of_name(parts: Parts, cities: tuple[str, ...]) -> Iterator[str]:
    """The keys that a name has on both sides; `cities` are those it names or is seated in."""
    core = parts.core
    yield f"core:{core}"
    yield f"slip:{core}"
    where = cities[0] if cities else ""
    if len(core) == 2:
        yield f"slip:{core}{where}"
    elif len(core) > 2:  # what is left of three characters is not narrow; it is within one city
        yield from {f"slip:{core[:place]}{core[place + 1:]}{where if len(core) == 3 else ''}" for place in range(len(core))}
    yield f"sound:{sounds(core)}"
    yield f"swap:{''.join(sorted(parts.place + core))}"
    yield from (f"brand:{parts.brand}{city}" for city in cities)


def of_code(code: str) -> Iterator[str]:
    """The keys of a credit code, whole or damaged."""
    if len(code) >= 15:
        yield f"organisation:{code[8:17]}"
        yield f"digits:{code[8:13]}"
        yield f"digits:{code[-6:-1]}"


def of_record(parts: Parts, cities: tuple[str, ...], code: str) -> list[str]:
    """The keys that a record asks for: its name's, its damaged code's, and the cores behind what may be a misspelt place."""
    behind = (f"core:{parts.core[cut:]}" for cut in range(1, 5) if len(parts.core) - cut > 2)
    return [*of_name(parts, cities), *of_code(code), *behind]


def of_known(parts: Parts, cities: tuple[str, ...], code: str) -> list[str]:
    """The keys under which a name of the index is found."""
    return [*of_name(parts, cities), *of_code(code)]


def cities_of(region: str, seat: str) -> tuple[str, ...]:
    """The cities of the places, as four digits, in order and once each."""
    found = [code[:4] for code in (*region.split("|"), seat) if code]
    return tuple(dict.fromkeys(found))

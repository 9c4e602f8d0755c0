"""The administrative divisions of GB/T 2260 from county up, with their history."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_KIND = re.compile(r"(?:特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|地区|省|市|盟|区|县|旗|州)$")
_PEOPLES = (
    "回 藏 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 傣 黎 傈僳 佤 畲 拉祜 水 东乡 纳西 景颇 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 "
    "仡佬 锡伯 裕固 普米 怒 独龙 保安 塔吉克 各"
)
_AUTONOMY = re.compile(f"(?:蒙古族?|柯尔克孜族?|哈萨克族?|鄂温克族?|(?:{_PEOPLES.replace(' ', '|')})族)*自治(?=[州县旗])")


LONGEST_NAME = 16
_NEVER = 9999


@dataclass(frozen=True, slots=True)
class Division:
    """One division for the years it bore one code and one name; `valid_to` is None while it does."""

    code: str
    name: str
    parent: str
    valid_from: int
    valid_to: int | None
    successors: tuple[str, ...]


class Divisions:
    """All divisions from county up, past and present, found by code or name."""

    def __init__(self, divisions: Iterable[Division]) -> None:
        self._by_code: dict[str, Division] = {}
        self._spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._by_name: dict[str, set[str]] = defaultdict(set)
        # The row in force, or else the last one, speaks for a code that was used twice.
        for division in sorted(divisions, key=lambda each: (each.valid_to or _NEVER, each.valid_from)):
            self._by_code[division.code] = division
            self._spans[division.code].append((division.valid_from, division.valid_to or _NEVER))
            for name in spellings(division.name):
                self._by_name[name].add(division.code)
        self.codes = frozenset(self._by_code)
        self.names = frozenset(self._by_name)
        above = (division.name for division in self._by_code.values() if division.code.endswith("00"))
        self._full = frozenset(division.name for division in self._by_code.values())
        self._short = frozenset(name for each in above for name in spellings(each))

    @classmethod
    def load(cls, path: str | Path) -> "Divisions":
        """The divisions of a CSV file with the columns code, name, parent, valid_from, valid_to, successors (`;` between)."""
        with open(path, encoding="utf-8", newline="") as file:
            return cls(_division(path, number, row) for number, row in enumerate(csv.DictReader(file), start=2))

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def in_force(self, code: str, year: int | None = None) -> bool:
        """The code is of a division that exists today, or that existed in the year."""
        if year is None:
            return code in self._by_code and self._by_code[code].valid_to is None
        return any(first <= year <= last for first, last in self._spans.get(code, ()))

    def begins_after(self, code: str, year: int) -> bool:
        """The code is of a division, and of none that existed by the end of the year."""
        return code in self._spans and all(first > year for first, _ in self._spans[code])

    def name_of(self, code: str) -> str:
        """The last name of the division."""
        return self._by_code[code].name

    def parent_of(self, code: str) -> str:
        """The code of the level above, or an empty string for a province."""
        return self._by_code[code].parent

    def path_of(self, code: str) -> tuple[str, ...]:
        """The names from province down: 安徽省, 合肥市, 瑶海区."""
        division = self._by_code[code]
        return (*self.path_of(division.parent), division.name) if division.parent in self._by_code else (division.name,)

    def lineage(self, code: str) -> tuple[str, ...]:
        """The code itself and the codes of all levels above it."""
        parent = self._by_code[code].parent
        return (code, *self.lineage(parent)) if parent in self._by_code else (code,)

    def current(self, code: str, year: int | None = None) -> tuple[str, ...]:
        """The divisions of today, or of the year, that the code's area belongs to, by code; itself while it is in force."""
        reached, waiting = set(), [code]
        while waiting:
            reached.add(here := waiting.pop())
            if not self.in_force(here, year):
                waiting += [each for each in self._by_code[here].successors if each in self._by_code and each not in reached]
        return tuple(sorted(each for each in reached if self.in_force(each, year)))

    def named(self, name: str) -> frozenset[str]:
        """The codes that bear or ever bore the name, full (合肥市) or short (合肥)."""
        return frozenset(self._by_name.get(name, ()))

    def cut(self, text: str) -> list[str]:
        """The text as names of divisions one after the other, each as long as can be; then the rest as it is."""
        names = []
        while text:
            names.append(next(self._heads(text), text))
            text = text[len(names[-1]) :]
        return names

    def _heads(self, text: str) -> Iterator[str]:
        """Names the text may begin with, longest first; a short one only of a city or province, before another name."""
        for size in range(min(len(text), LONGEST_NAME), 1, -1):
            head, rest = text[:size], text[size:]
            if head in self._full or (head in self._short and (not rest or any(self._heads(rest)))):
                yield head


@lru_cache(maxsize=8)
def load_divisions(path: str | Path) -> Divisions:
    """The table of a file, read once in a process."""
    return Divisions.load(path)


def spellings(name: str) -> frozenset[str]:
    """The name as it is, without its peoples (凉山州), and without the word for its kind (安徽, 合肥, 凉山)."""
    plain = _AUTONOMY.sub("", name)
    short = _KIND.sub("", plain)
    return frozenset(each for each in (name, plain, short) if len(each) > 1)


def _division(path: str | Path, number: int, row: Mapping[str, str]) -> Division:
    try:
        ends = int(row["valid_to"]) if row["valid_to"] else None
        successors = tuple(filter(None, row["successors"].split(";")))
        return Division(row["code"], row["name"], row["parent"], int(row["valid_from"]), ends, successors)
    except (KeyError, ValueError, AttributeError) as error:
        raise ValueError(
            f"{path} line {number}: a division needs code, name, parent, valid_from, valid_to, successors"
        ) from error

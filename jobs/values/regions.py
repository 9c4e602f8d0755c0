"""Codes of divisions (GB/T 2260) and industries (GB/T 4754) from what a cell says, code or name."""

import csv
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from jobs.values import raw
from jobs.values.divisions import Divisions, load_divisions
from jobs.values.raw import Cleaned

CLEANERS = ("region_code", "industry")

REASONS = {
    "unknown_region": ("The value is no division, neither by code nor by name.", "既非行政区划代码也非名称。"),
    "ambiguous_region": (
        "Several divisions bear the name, and nothing said decides between them.",
        "多个区划同名，无法确定。",
    ),
    "region_contradiction": (
        "The district or city does not lie in the city or province that is said.",
        "区县或城市不属于所写的上级。",
    ),
    "region_succeeded": (
        "Kept: the division was abolished; its one successor in force stands for it.",
        "保留：原区划已撤销，以唯一的现行区划代替。",
    ),
    "region_abolished": (
        "Kept: the division was abolished, and no single division in force took its place.",
        "保留：原区划已撤销，且无唯一的现行区划承接。",
    ),
    "region_not_yet": (
        "Kept: the division did not exist yet in the year of the row.",
        "保留：该行日期所在年份尚无此区划。",
    ),
    "district_unknown": (
        "Kept: the district is no division (a development zone, often); the level above it stands.",
        "保留：区县名不是行政区划（多为开发区），取其上级。",
    ),
    "mojibake": raw.REASONS["mojibake"],
    "unknown_industry": (
        "The value is no industry of GB/T 4754-2017, neither by code nor by name.",
        "不是 GB/T 4754-2017 的行业代码或名称。",
    ),
}

_CODE = re.compile(r"[1-9][0-9](?:[0-9]{2}){0,2}|[1-9][0-9]{5}(?:[0-9]{3}){1,2}")
_SEPARATORS = re.compile(r"[/\\\-,、|>·\s]+")
_NO_LEVEL = frozenset(
    {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "直辖", "省直辖", "本级", "市本级", "省本级"}
)
_LIKE_A_DISTRICT = re.compile(r".+(?:区|县|市|旗|园|新城|镇|乡|街道)")


def region_code(value: str, table: Divisions | str | Path, year: int | None = None) -> Cleaned:
    """The six-digit code of the lowest division said: by code (2 to 12 digits) or by names (瑶海区, 安徽省//瑶海区).

    A level said twice, 市辖区 and blanks are no level. An abolished division gives its one successor in force, flagged;
    without one it stays, flagged. A district that is no division leaves the level above it, flagged. With a `year` in force
    means in that year: 江干区 is right in 2019, abolished in 2023, and 钱塘区 is not yet there.
    """
    divisions = table if isinstance(table, Divisions) else load_divisions(table)
    text = raw.narrow(value)
    if raw.is_blank(text):
        return None, None
    if _CODE.fullmatch(text):
        code = _without_groups(text[:6].ljust(6, "0"), divisions)
        return _then(code, divisions, year) if code in divisions else (None, "unknown_region")
    code, reason = _resolve(_levels(text, divisions), divisions, year)
    return (None, "mojibake") if reason == "unknown_region" and raw.is_mojibake(text) else (code, reason)


def division_of(credit_code: str) -> str:
    """The division of the first registering authority: positions 3 to 8, which follow no move of the enterprise."""
    return credit_code[2:8]


class Industries:
    """The industries of GB/T 4754, found by code or name; of levels that share a name the highest counts."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = dict(names)
        self.codes = {raw.narrow(name): code for code, name in sorted(names.items(), key=lambda each: -len(each[0]))}

    @classmethod
    def load(cls, path: str | Path) -> "Industries":
        """The industries of a CSV file with the columns code, name."""
        with open(path, encoding="utf-8", newline="") as file:
            return cls({row["code"]: row["name"] for row in csv.DictReader(file)})


@lru_cache(maxsize=8)
def load_industries(path: str | Path) -> Industries:
    """The table of a file, read once in a process."""
    return Industries.load(path)


def industry(value: str, table: Industries | str | Path) -> Cleaned:
    """The code of an industry given by code (0111, A0111) or by name."""
    industries = table if isinstance(table, Industries) else load_industries(table)
    text = raw.narrow(value)
    if raw.is_blank(text):
        return None, None
    code = re.sub(r"^[A-T](?=[0-9])", "", text.upper())
    code = code if code in industries.names else industries.codes.get(text)
    if code is None:
        return None, "mojibake" if raw.is_mojibake(text) else "unknown_industry"
    return code, None


def _without_groups(code: str, table: Divisions) -> str:
    """The code, or of one that only groups districts or counties (市辖区 340101, 110100; 县 500200) that of the level above."""
    above = code[:4] + "00" if code.endswith("01") else code[:2] + "0000" if code[2:] in ("0100", "0200") else code
    return code if code in table or above not in table else above


def _then(code: str, table: Divisions, year: int | None) -> Cleaned:
    if year is not None and table.begins_after(code, year):
        return code, "region_not_yet"
    current = table.current(code, year)
    if code in current:
        return code, None
    return (current[0], "region_succeeded") if len(current) == 1 else (code, "region_abolished")


def _levels(text: str, table: Divisions) -> list[str]:
    """The names said, from above; only what stands alone or above is cut, for a last piece may be a zone (镇江新区)."""
    *above, last = [piece for piece in _SEPARATORS.split(text) if piece and piece not in _NO_LEVEL] or [""]
    names = [name for piece in above for name in table.cut(piece)]
    names += [last] if above else table.cut(last)
    return list(dict.fromkeys(name for name in names if name not in _NO_LEVEL))


def _resolve(levels: list[str], table: Divisions, year: int | None) -> Cleaned:
    """The division that bears the last name and lies in all the others."""
    if not levels:
        return None, "unknown_region"
    *above, lowest = levels
    if not all(map(table.named, above)):
        return None, "unknown_region"
    if table.named(lowest):
        return _lying_in(lowest, above, table, year)
    if not above or not _LIKE_A_DISTRICT.fullmatch(lowest):
        return None, "unknown_region"
    code, reason = _resolve(above, table, year)
    return code, reason or "district_unknown"


def _lying_in(name: str, above: list[str], table: Divisions, year: int | None) -> Cleaned:
    """The division of the name inside all those above it: one in force, or else one that was (六安市/寿县 until 2015)."""
    inside = [code for code in table.named(name) if all(table.named(each) & set(table.lineage(code)) for each in above)]
    in_force = [code for code in inside if table.in_force(code, year)]
    # In the year of a change the older and the newer code are right; the name alone means the newer one.
    lasting = [code for code in in_force if year is not None and table.in_force(code, year + 1)]
    answers = {_then(code, table, year) for code in lasting or in_force or inside}
    if len(answers) == 1:
        return answers.pop()
    return None, "ambiguous_region" if answers else "region_contradiction"

"""The page of a night's matching: every part from rows alone, in both languages, readable without colour."""
from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from jobs.answers.match_page import MatchPage, keep, rendered
from jobs.declarations import Declarations

RELEASE = {"release_id": "r" * 64, "as_of": "2026-11-20", "known_at": "2026-11-20 23:00"}
METRICS = {"model": "7", "subjects": 900, "subjects_scored": 300, "subjects_scored_anew": 120,
           "blocks": [{"kind": "slip", "keys": 800, "pairs": 4321, "pairs_cut": 1234, "keys_cut": 3}]}
MOVED = [{"name": name, "figure": figure, **dict(zip(("share", "share_before", "change"), map(Decimal, shares), strict=True))}
         for name, figure, shares in (("city_penalties", "5", ("0.1", "0.9", "-0.8")),
                                      ("all", "none", ("0.161", "0.12", "0.041")))]


def row(part: str, name: str, figure: str, count: int, whole: int | None = None) -> dict:
    shares = dict.fromkeys(("share", "low", "high"), Decimal(count) / whole if whole else None)
    return {"part": part, "name": name, "figure": figure, "count": count, "whole": whole, **shares}


FIGURES = [
    row("tier", "all", "1", 70, 100), row("tier", "all", "5", 10, 100), row("tier", "all", "none", 20, 100),
    row("tier", "city_penalties", "1", 70, 90), row("tier", "city_penalties", "none", 20, 90),
    row("unmatched", "name_close", "adverse", 15, 20), row("unmatched", "name_close", "other", 5, 20),
    row("queue", "0", "1", 3, 10), row("queue", "31", "4", 7, 10),
    row("score", "0.9", "linked", 8, 12), row("score", "0.1", "not_linked", 4, 12),
    row("labels", "coded", "precision", 399, 400), row("labels", "coded", "recall", 0, 0),
    row("conflict", "tax_number_of_several", "index", 2), row("cluster", "e" * 32, "names", 9),
]


@pytest.fixture(scope="module", params=["zh", "en"])
def page(request: pytest.FixtureRequest, declared: Declarations) -> MatchPage:
    return MatchPage(FIGURES, MOVED, METRICS, RELEASE, declared, request.param)


def test_every_part_is_on_the_page(page: MatchPage) -> None:
    told = rendered(page).decode()
    for said in ("name_close", "4,321", "1,234", "tax_number_of_several", "e" * 32, "99.75%", "+4.10", "-80.00", "70.0%"):
        assert said in told, said
    assert page.names.feed("city_penalties") in told


def test_it_loads_nothing_and_tells_by_pattern_what_it_tells_by_colour(page: MatchPage) -> None:
    told = rendered(page).decode()
    assert not re.findall(r"(?:src|href)=|<script|@import|url\((?!#)", told)
    assert {"solid", "dotted", "hatched", "crossed"} <= set(re.findall(r'class="(\w+)"', told))


def test_every_tier_is_told_in_words(page: MatchPage) -> None:
    told = rendered(page).decode()
    words = {"zh": ("0 人工或机关认定", "1 统一社会信用代码", "2 其他登记号码", "3 唯一名称", "4 修复的代码", "5 评分"),
             "en": ("0 decision", "1 credit code", "2 other number", "3 unique name", "4 repaired code", "5 score")}
    assert [said for said in words[page.lang] if f"<th>{said}</th>" not in told] == []
    assert f"<td>{words[page.lang][5]}</td>" in told  # of what moved


def test_what_there_is_nothing_to_divide_by_has_no_share(page: MatchPage) -> None:
    assert page.interval(row("labels", "coded", "recall", 0, 0)) == "—"


def test_of_what_moved_all_facts_come_first_then_what_moved_most(page: MatchPage) -> None:
    assert [one["name"] for one in page.moved] == ["all", "city_penalties"]


def test_a_first_night_says_that_there_is_nothing_to_compare_with(declared: Declarations, tmp_path: Path) -> None:
    keep(tmp_path / "r", [], [], METRICS, RELEASE, declared)
    assert "no release of an earlier date" in (tmp_path / "r" / "matching.en.html").read_text(encoding="utf-8")
    assert "没有更早业务日期的发布" in (tmp_path / "r" / "matching.zh.html").read_text(encoding="utf-8")


def test_what_people_decided_is_said_in_words_and_an_unknown_reason_by_its_code(page: MatchPage) -> None:
    assert page.reason("decisions_contradict").endswith(" (decisions_contradict)")
    assert page.reason("a_reason_to_come") == "a_reason_to_come"

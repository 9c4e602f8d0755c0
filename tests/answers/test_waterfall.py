"""The steps of a score and their chart: they add up, say what was compared, and show nothing of a person."""
from __future__ import annotations

import re

import pytest

from jobs.answers.link_page import rendered
from jobs.answers.link_steps import Telling, steps, telling
from jobs.answers.link_told import ABOUT_ITSELF, candidates, claims, readable
from jobs.answers.waterfall import waterfall
from jobs.declarations import Declarations
from jobs.declarations.settings import ROOT
from jobs.enterprises.comparing import LEVELS, Said
from jobs.enterprises.parts import taken_apart

TOKEN, OTHER = "k1:match:0123456789abcdef", "k1:match:fedcba9876543210"
NUMBERS = dict.fromkeys(("credit_code", "organisation", "tax_number", "suggestion", "damaged_code", "by_code", "by_organisation",
                         "by_tax", "by_repair"))
RECORD = {**NUMBERS, "name_key": "合肥鸿泰商贸有限公司", "region": "340102", "address": "合肥市示例路1号", "person": TOKEN,
          "by_name": [], "registration_number": "340100000000011", "by_registration": "e1"}
KNOWN = {"enterprise_id": "e1", "name_key": "合肥鸿泰贸易有限公司", "name": "合肥鸿泰贸易有限公司", "current": True,
         "region": "340102", "code": "91340100MA0A00011X", "address": "合肥市示例路1号", "person": OTHER}


@pytest.fixture(scope="module")
def by() -> Telling:
    return telling(ROOT / "config", ROOT / "config")


@pytest.fixture(scope="module")
def entry(by: Telling) -> dict:
    mine = Said(taken_apart(RECORD["name_key"], by.by.words), "340102", "", RECORD["address"], TOKEN)
    theirs = Said(taken_apart(KNOWN["name_key"], by.by.words), "340102", KNOWN["code"], KNOWN["address"], OTHER)
    levels = by.by.levels(mine, theirs)
    weights = by.by.weights(levels, theirs)
    one = {"enterprise_id": "e1", "known_name": KNOWN["name_key"], "blocks": "brand,slip", "levels": " ".join(levels),
           "weight": by.by.model.prior + sum(weights), "correction": weights[-1], "allowed": by.by.allowed(levels)}
    return {"ranked": [one], "score": 0.91, "margin": 12_000, "accepted": False, "agreeing": ["e1"]}


def told(by: Telling, entry: dict) -> dict:
    return candidates(RECORD, entry, {"e1": [KNOWN]}, by)[0]


def test_the_steps_add_up_to_the_weight_that_the_night_found(by: Telling, entry: dict) -> None:
    one = told(by, entry)
    assert [row["step"] for row in one["steps"]] == ["prior", *LEVELS, "term"]
    assert one["steps"][-1]["sum"] == one["total_bits"] == entry["ranked"][0]["weight"] / 1000
    assert sum(row["bits"] for row in one["steps"]) == pytest.approx(one["total_bits"])


def test_each_step_says_what_was_compared_and_with_what_result(by: Telling, entry: dict) -> None:
    rows = {row["step"]: row for row in told(by, entry)["steps"]}
    assert (rows["core"]["record"], rows["core"]["index"]) == ("鸿泰＋商贸", "鸿泰＋贸易")
    assert rows["seat"]["record"] == rows["seat"]["index"]
    assert rows["seat"]["record"].endswith("340102")
    assert (rows["address"]["level"], rows["address"]["level_zh"], rows["address"]["level_en"]) == ("same", "相同", "the same")
    assert rows["term"]["level_en"].startswith(("brand", "does not apply"))


def test_of_a_person_the_level_is_told_and_no_token(by: Telling, entry: dict) -> None:
    one = told(by, entry)
    person = next(row for row in one["steps"] if row["step"] == "person")
    assert (person["level"], person["record"], person["index"]) == ("other", None, None)
    assert TOKEN not in str(one)
    assert OTHER not in str(one)


def test_personal_data_in_an_address_is_masked(by: Telling) -> None:
    side = Said(taken_apart("合肥鸿泰商贸有限公司", by.by.words), "", "", "合肥市示例路1号 联系电话13800138000", "")
    levels = by.by.levels(side, side)
    rows = {row["step"]: row for row in steps(side, side, levels, 0, by)}
    assert "13800138000" not in str(rows)
    assert "***" in rows["address"]["record"]


def test_a_number_is_told_with_whose_it_is_and_whether_the_name_agrees(by: Telling, entry: dict) -> None:
    link = {"reason": "registered_number", "enterprise_id": "e1", "tier": 2}
    for agreeing, by_name, agreement in ((["e1"], [], "as_a_slip"), ([], ["e1"], "letter_by_letter"), ([], [], "contradicts")):
        asked = {**RECORD, "by_name": by_name}
        row, = claims(link, asked, {"agreeing": agreeing}, {"e1": [KNOWN]}, by)
        assert (row["number"], row["enterprise_id"], row["agreement"]) == ("registration_number", "e1", agreement)
    nobodys, = claims(link, {**RECORD, "by_registration": None}, None, {}, by)
    assert (nobodys["agreement"], nobodys["enterprise_id"]) == ("nobodys", None)
    believed = {"reason": "registered_number_name_unknown", "enterprise_id": "e1", "tier": 2}
    assert claims(believed, RECORD, {"agreeing": []}, {"e1": [KNOWN]}, by)[0]["agreement"] == "unknown_name"


def test_levels_that_today_s_code_does_not_know_are_not_guessed_at(by: Telling, entry: dict) -> None:
    old = {**entry, "ranked": [{**entry["ranked"][0], "levels": "same same"}]}
    one = candidates(RECORD, old, {"e1": [KNOWN]}, by)[0]
    assert not readable(["same", "same"])
    assert one["steps"] == []
    assert "other levels" in one["note"]


def test_bars_begin_where_the_one_before_ends() -> None:
    rows = [{"sum": total} for total in (-2.0, 3.0, 1.0, 1.0)]
    drawn = waterfall(rows, ["先验", "一", "二", "三"], "合计")
    assert [bar.pattern for bar in drawn.bars] == ["hatched", "solid", "hatched", "crossed"]  # nothing is drawn of a step of 0
    prior, first, second, total = drawn.bars
    assert first.x == pytest.approx(prior.x)
    assert first.x + first.width == pytest.approx(second.x + second.width)
    assert total.width == pytest.approx(first.width / 5)
    assert [text.text for text in drawn.texts[1::2]] == ["−2.00", "+5.00", "−2.00", "+0.00", "+1.00"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_has_a_chart_and_loads_nothing(by: Telling, entry: dict, declared: Declarations, lang: str) -> None:
    link = {"fact_id": "f1", "category": "penalty", "feed": "city_penalties", "enterprise_id": None, "tier": None,
            "reason": "name_close", "pending": False, "score": None}
    organ = declared.organs["city_credit_centre"]
    matching = {"subject": "s", "name_key": "合肥<b>", "score": 0.91, "accepted": False, "margin_bits": 12.0, "least_score": 0.95,
                "least_margin_bits": 3.0, "model": "1", "scorer": "abc", "index_snapshot": 7, "note": None}
    answer = {"id": "f1", "link": [link], "matching": matching, "claims": claims(link, RECORD, entry, {"e1": [KNOWN]}, by),
              "candidates": [told(by, entry)], "events": [], "review": [{"organ_code": organ.code, "asked_organ_code": None}],
              "release": {"release_id": "r1", "as_of": "2026-11-20"}}
    page = rendered(answer, declared, lang).decode()
    assert "<b>" not in page.replace("</b>", "")
    assert len(re.findall(r"<rect x=", page)) > len(LEVELS) // 2
    assert not re.findall(r"(?:src|href)=|<script|@import|url\((?!#)", page)
    assert TOKEN not in page
    assert ("Judged by" in page) == (lang == "en")
    for of in (declared.feeds["city_penalties"], declared.categories["penalty"], organ):
        assert (of.zh in page, of.en in page) == (lang == "zh", lang == "en")
    assert ("列出名称相近的企业" in page) == (lang == "zh")


def test_bars_labels_and_numbers_stay_within_the_width_of_a_narrow_screen() -> None:
    drawn = waterfall([{"sum": total} for total in (-60.25, 40.5, -12.0)], ["先验：任一候选恰为同一主体"] * 3, "合计")
    assert drawn.width <= 400
    assert all(bar.x >= 0 and bar.x + bar.width <= drawn.width for bar in drawn.bars)
    numbers = drawn.texts[1::2]
    assert all(text.x >= 45 if text.anchor == "end" else text.x <= drawn.width - 45 for text in numbers)  # seven characters
    assert all(after.y - before.y >= 12 for before, after in zip(drawn.texts, drawn.texts[1:], strict=False))


def test_a_note_is_in_the_language_of_its_page(declared: Declarations) -> None:
    answer = {"id": "f1", "link": [{"fact_id": "f1", "category": "registration", "feed": "market_small_registry", "tier": 1,
                                    "enterprise_id": "e1", "reason": "credit_code", "pending": False}],
              "review": [], "events": [], "matching": {"note": ABOUT_ITSELF}}
    page = rendered(answer, declared, "zh").decode()
    assert "登记信息关于其自身" in page
    assert "1 统一社会信用代码" in page
    assert ABOUT_ITSELF in rendered(answer, declared, "en").decode()

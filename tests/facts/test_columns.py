"""What enters a row beside its own columns: derived fields, moved numbers, regions of their year; and unknown words."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from jobs.declarations import load
from jobs.declarations.settings import ROOT
from jobs.facts.plan import Plan, plan
from jobs.facts.rows import cleaned_rows

DECLARED = load(ROOT / "config")
GOOD = "91110108551385082Q"


def planned(feed: str) -> tuple[Plan, dict[str, str]]:
    """The plan of a delivery of the feed with the header and the cells of its first example."""
    row = DECLARED.feeds[feed].examples[0].row
    received = datetime.fromisoformat("2026-11-20T18:00:00+08:00")
    delivery = {"delivery_id": "d", "feed": feed, "covers": received.date(), "header": list(row), "received_at": received}
    return plan(DECLARED, delivery, "r"), row


def outcome(feed: str, changes: dict[str, str], **sources: dict) -> dict:
    """What becomes of the feed's first example with other cells in the columns of these fields."""
    chosen, row = planned(feed)
    fields = {name: source.model_copy(update=sources.get(name, {})) for name, source in chosen.feed.fields.items()}
    chosen = replace(chosen, feed=chosen.feed.model_copy(update={"fields": fields}))
    cells = dict(row)
    for name, cell in changes.items():
        labels = fields[name].labels
        cells |= dict(zip(labels, cell.split("/"), strict=True)) if len(labels) > 1 else {labels[0]: cell}
    rows = pa.array([list(cells.values())], pa.list_(pa.string()))
    batch = pa.RecordBatch.from_arrays([pa.array([1], pa.int32()), rows], ["row_no", "cells"])
    return next(out for out in cleaned_rows(chosen, batch) if len(out)).to_pylist()[0]


def flaws(row: dict) -> dict[str, str]:
    return {flaw["field"]: flaw["reason"] for flaw in row["flaws"]}


@pytest.mark.parametrize(
    ("cells", "moved", "reasons"),
    [
        (
            {"credit_code": "", "registration_number": GOOD.lower()},
            {"credit_code": GOOD, "registration_number": None},
            {"credit_code": "moved_from_registration_number"},
        ),
        (
            {"credit_code": "-", "organisation_code": GOOD},
            {"credit_code": GOOD, "organisation_code": None},
            {"credit_code": "moved_from_organisation_code"},
        ),
        (
            {"credit_code": "无", "tax_number": GOOD},
            {"credit_code": GOOD, "tax_number": GOOD},
            {"credit_code": "moved_from_tax_number"},
        ),
        (
            {"credit_code": "55138508-2"},
            {"credit_code": None, "organisation_code": "551385082"},
            {"organisation_code": "moved_from_credit_code"},
        ),
        (
            {"organisation_code": "", "registration_number": "55138508-2"},
            {"organisation_code": "551385082", "registration_number": None},
            {"organisation_code": "moved_from_registration_number"},
        ),
        (
            {"credit_code": "110108012660422"},
            {"credit_code": None, "registration_number": "110108012660422"},
            {"registration_number": "moved_from_credit_code"},
        ),
        (
            {"registration_number": "110108551385082"},
            {"registration_number": None, "tax_number": "110108551385082"},
            {"tax_number": "moved_from_registration_number"},
        ),
    ],
)
def test_a_number_is_moved_to_its_own_column_with_a_note(cells, moved, reasons):
    row = outcome("city_permits", cells)
    assert {name: row[name] for name in moved} == moved
    assert flaws(row) == reasons


@pytest.mark.parametrize(
    ("cells", "kept", "reasons"),
    [
        pytest.param(
            {"registration_number": GOOD}, {"registration_number": GOOD}, {"registration_number": "nonstandard"}, id="no room"
        ),
        pytest.param(
            {"credit_code": "91110108551385082R", "registration_number": GOOD},
            {"credit_code": None, "registration_number": GOOD},
            {"credit_code": "total_check", "registration_number": "nonstandard"},
            id="another code stands there, if a bad one",
        ),
        pytest.param(
            {"credit_code": "340102900307001"},
            {"credit_code": None, "registration_number": None},
            {"credit_code": "wrong_length"},
            id="a person's old identity number",
        ),
        pytest.param(
            {"credit_code": "340102NA001052X"},
            {"registration_number": None},
            {"credit_code": "wrong_length"},
            id="no check digit",
        ),
    ],
)
def test_a_number_that_may_be_something_else_stays(cells, kept, reasons):
    row = outcome("city_permits", cells)
    assert {name: row[name] for name in kept} == kept
    assert flaws(row) == reasons


@pytest.mark.parametrize(("feed", "cells", "former", "reasons"), [
    ("city_penalties", {"subject_name": "某某公司（曾用名：甲乙厂）"}, "甲乙厂", {}),
    ("city_penalties", {"subject_name": "某某公司（曾用名：张曌昶）"}, None, {"former_name": "person_name"}),
    ("market_builders_registry", {"subject_name": "某某公司（曾用名：甲厂）", "former_name": "丙社、甲厂"}, "丙社、甲厂", {}),
    ("market_builders_registry", {"subject_name": "某某公司（曾用名：甲乙厂）", "former_name": "丙社"}, "丙社、甲乙厂", {}),
    ("market_builders_registry", {"subject_name": "某某公司", "former_name": "丙社"}, "丙社", {}),
])
def test_a_former_name_behind_the_name_is_kept_as_one(feed, cells, former, reasons):
    row = outcome(feed, cells)
    assert (row["subject_name"], row["former_name"]) == ("某某公司", former)
    assert {name: reason for name, reason in flaws(row).items() if name.endswith("_name")} == reasons


def test_one_cut_off_the_name_of_another_party_is_told():
    row = outcome("province_shareholdings", {"investor_name": "某某公司（曾用名：甲乙厂）"})
    assert row["investor_name"] == "某某公司"
    assert flaws(row)["investor_name"] == "former_name_cut"


def test_a_households_code_in_another_column_drops_the_row_all_the_same():
    row = outcome("city_permits", {"credit_code": "", "registration_number": "92330113MAC1WQ8R74"})
    assert row["outcome"] == "household"
    assert "92330113MAC1WQ8R74" not in str(row)


def test_a_damaged_code_has_a_suggestion_beside_it_and_no_value():
    row = outcome("city_permits", {"credit_code": "9111O1O8551385O82Q"})
    assert (row["credit_code"], row["credit_code_suggestion"]) == (None, GOOD)
    assert row["credit_code_damaged"] not in (None, GOOD)
    assert outcome("city_permits", {"credit_code": GOOD})["credit_code_damaged"] is None
    assert outcome("city_permits", {"credit_code": "340104199001011234"}).get("credit_code_damaged") is None  # a person's, nearly
    assert outcome("city_permits", {"credit_code": GOOD})["credit_code_suggestion"] is None
    assert outcome("city_permits", {"credit_code": "923301I3MAC1WQ8R74"})["credit_code_suggestion"] is None


@pytest.mark.parametrize(
    ("text", "fine", "confiscation", "percent"),
    [
        ("罚款5000元，没收违法所得1200元", "5000", "1200", None),
        ("罚款人民币伍仟元整。逾期每日按罚款数额的3%加处罚款", "5000", None, "3"),
        ("给予警告", None, None, None),
    ],
)
def test_amounts_are_read_from_the_text_of_the_decision(text, fine, confiscation, percent):
    row = outcome("city_penalties", {"penalty_content": text})
    told = row["fine_stated_yuan"], row["confiscation_stated_yuan"], row["daily_penalty_percent"]
    assert told == tuple(None if one is None else Decimal(one) for one in (fine, confiscation, percent))


def test_a_text_that_states_several_fines_is_a_flaw_of_what_is_read_from_it():
    row = outcome("city_penalties", {"penalty_content": "对甲罚款1万元；对乙罚款2万元"})
    assert row["fine_stated_yuan"] is None
    assert flaws(row)["fine_stated_yuan"] == "several_amounts"


@pytest.mark.parametrize(
    ("day", "region", "reason"),
    [("2019/6/8", "330104", None), ("2023/6/8", "330104", "region_abolished"), ("", "330104", "region_abolished")],
)
def test_a_region_is_of_the_year_of_its_row(day, region, reason):
    row = outcome("fujian_award_trades", {"award_region": "浙江省/杭州市/江干区", "notice_date": day})
    assert row["award_region"] == region
    assert flaws(row).get("award_region") == reason


def test_an_unknown_word_is_a_flaw_or_a_reject_as_declared():
    said = {"permit_kind": "备案"}
    row = outcome("city_permits", said)
    assert (row["outcome"], row["permit_kind"]) == ("fact", None)
    assert row["flaws"] == [{"field": "permit_kind", "reason": "unknown_code", "value": "备案"}]
    row = outcome("city_permits", said, permit_kind={"unknown_words": "reject"})
    assert (row["outcome"], row["reject_field"], row["reject_reason"]) == ("reject", "permit_kind", "unknown_code")
    assert row["reject_value"] == "备案"


def test_an_unknown_word_that_is_held_makes_a_fact_that_says_so():
    row = outcome("city_permits", {"permit_kind": "备案"}, permit_kind={"unknown_words": "hold"})
    assert (row["outcome"], row["permit_kind"], row["held_because"]) == ("fact", None, "unknown_word permit_kind")
    assert row["flaws"] == [{"field": "permit_kind", "reason": "unknown_code", "value": "备案"}]
    assert outcome("city_permits", {}, permit_kind={"unknown_words": "hold"})["held_because"] is None
    assert outcome("city_permits", {"permit_kind": "备案"})["held_because"] is None


def test_a_person_in_a_column_of_words_is_told_to_nobody():
    row = outcome("city_permits", {"permit_kind": "王曌昶"})
    assert "王曌昶" not in str(row)
    row = outcome("city_permits", {"permit_kind": "王曌昶"}, permit_kind={"unknown_words": "reject"})
    assert "王曌昶" not in str(row)


def test_a_broken_encoding_is_no_value_anywhere():
    row = outcome("city_permits", {"permit_kind": "锟斤拷", "credit_code": "锟斤拷", "permit_status": "ÓÐÐ§"})
    assert flaws(row) == dict.fromkeys(("permit_kind", "credit_code", "permit_status"), "mojibake")
    assert outcome("city_permits", {"subject_name": "合肥锟斤拷公司"})["reject_reason"] == "mojibake"

"""Whose record it is, by the exact tiers and the scored one: every rule with the subject that it is for, and ids that stay."""
from __future__ import annotations

from pathlib import Path

import pytest

from jobs.enterprises import decided, exact, index, links, model, reading, scored, tiers
from jobs.facts.keeping import kept
from jobs.values.names import name_key
from tests.acts import at, frame

REGISTERED = {
    name: "string"
    for name in (
        "fact_id",
        "feed",
        "credit_code",
        "organisation_code",
        "registration_number",
        "tax_number",
        "subject_name",
        "former_name",
        "name_key",
    )
} | {"event_date": "date", "covers": "date", "received_at": "timestamp"}
SUBJECT = dict.fromkeys(("fact_id", "feed", "category", "organ_code", *exact.SUBJECT), "string") | {"adverse": "boolean"}
A, B, C = "91340100MA0A00011X", "91340100MA0B00012Y", "91340100MA0C00013Z"  # the match compares codes, it does not judge them
ORGANISATION_A, NUMBER_A, NUMBER_D = A[8:17], "340100000000011", "340100000000044"
INDEX = [
    {
        "fact_id": "ra",
        "credit_code": A,
        "registration_number": NUMBER_A,
        "subject_name": "合肥甲有限公司",
        "former_name": "合肥旧甲有限公司",
    },
    {"fact_id": "rb", "credit_code": B, "subject_name": "合肥乙有限公司"},
    {"fact_id": "rc", "credit_code": C, "subject_name": "合肥同名有限公司"},
    {"fact_id": "rd", "registration_number": NUMBER_D, "subject_name": "合肥同名有限公司"},
    {"fact_id": "re", "registration_number": NUMBER_A, "subject_name": "合肥甲有限公司"},  # A again, in a registry without codes
]
# what the subject says -> tier, enterprise, reason
CASES = {
    "code": ({"credit_code": A}, 1, "A", "credit_code"),
    "code and name": ({"credit_code": A, "name": "合肥甲有限公司"}, 1, "A", "credit_code"),
    "code and former name": ({"credit_code": A, "name": "合肥旧甲有限公司"}, 1, "A", "credit_code"),
    "code and name in another legal form": ({"credit_code": A, "name": "合肥甲股份有限公司"}, 1, "A", "credit_code"),
    "code of one, name of another": ({"credit_code": A, "name": "合肥乙有限公司"}, None, None, "credit_code_contradicts_name"),
    "code of one, number of another": ({"credit_code": B, "registration_number": NUMBER_A}, None, None, "numbers_disagree"),
    "code nobody knows": (
        {"credit_code": "91340100MA0X00099X", "name": "合肥无名有限公司"},
        None,
        None,
        "credit_code_not_in_registry",
    ),
    "code nobody knows, known name": (
        {"credit_code": "91340100MA0X00099X", "name": "合肥甲有限公司"},
        None,
        None,
        "credit_code_not_of_this_name",
    ),
    "organisation code": ({"organisation_code": ORGANISATION_A}, 2, "A", "registered_number"),
    "registration number": ({"registration_number": NUMBER_A, "name": "合肥甲有限公司"}, 2, "A", "registered_number"),
    "number of one, name of another": (
        {"registration_number": NUMBER_A, "name": "合肥乙有限公司"},
        None,
        None,
        "registered_number_contradicts_name",
    ),
    "new code of one registered without": (
        {"credit_code": "91340100MA0D00014W", "registration_number": NUMBER_D, "name": "合肥同名有限公司"},
        2,
        "D",
        "registered_number",
    ),
    "unique name": ({"name": "合肥乙有限公司"}, 3, "B", "unique_name"),
    "unique former name, other brackets and spaces": ({"name": "合肥 旧甲有限公司"}, 3, "A", "unique_name"),
    "name that two bear": ({"name": "合肥同名有限公司"}, None, None, "name_of_several"),
    "code of one, name nobody bears": (
        {"credit_code": A, "name": "合肥全新商贸有限公司"}, 1, "A", "credit_code_name_unknown"),
    "code of one, name of elsewhere": (
        {"credit_code": A, "name": "芜湖全新商贸有限公司"}, None, None, "credit_code_contradicts_name"),
    "damaged code, its one repair agrees": (
        {"suggestion": C, "damaged_code": "9134O100MA0C00013Z", "name": "合肥同名有限公司"}, 4, "C", "repaired_code"),
    "name that differs in its legal form": ({"name": "合肥乙有限责任公司"}, 5, "B", "scored"),
    "name nobody bears": ({"name": "上海全然无名科技有限公司"}, None, None, "name_not_in_registry"),
    "nothing at all": ({}, None, None, "name_not_in_registry"),
}


def enterprise(kind: str, value: str) -> str:
    import hashlib

    return hashlib.sha256(f"{kind}|{value}".encode()).hexdigest()[:32]


IDS = {"A": enterprise("credit_code", A), "B": enterprise("credit_code", B), "C": enterprise("credit_code", C),
       "D": enterprise("registration_number", NUMBER_D), None: None}


@pytest.fixture(scope="module")
def members(spark):
    rows = [
        {
            "feed": "registry",
            "covers": "2026-11-20",
            "received_at": at("2026-11-20"),
            "event_date": "2026-01-01",
            "name_key": name_key(row["subject_name"]),
            **row,
        }
        for row in INDEX
    ]
    return index.members(frame(spark, REGISTERED, rows)).persist()


@pytest.fixture(scope="module")
def answers(spark, members):
    said = [{"fact_id": case, "feed": "city", "category": "penalty", "adverse": True,
             **{name: value for name, value in told.items() if name != "name"},
             "name_key": name_key(told["name"]) if "name" in told else None} for case, (told, *_) in CASES.items()]
    subjects = exact.distinct(frame(spark, SUBJECT, said))
    by, names = model.sent(spark, Path("config").resolve()), index.names(members)
    known = reading.read(index.known(members, names), by, known=True)
    found = tiers.Index(index.identifiers(members), names, known, scored.blocked(known, by.value.policy.caps))
    ruled = decided.applied(tiers.ask(subjects, found, None, by, kept).answers, [])
    linked = links.linked(subjects, ruled, members).persist()
    return {row["fact_id"]: row.asDict() for row in linked.collect()}, [row.asDict() for row in links.reviews(linked).collect()]


@pytest.mark.parametrize("case", CASES)
def test_a_subject_is_linked_or_told_why_not(answers, case):
    _, tier, whose, reason = CASES[case]
    link = answers[0][case]
    assert (link["tier"], link["enterprise_id"], link["reason"]) == (tier, IDS[whose], reason)


def test_an_adverse_fact_by_less_than_a_number_is_pending_and_no_other_is(answers):
    pending = {case for case in CASES if answers[0][case]["pending"]}
    assert pending == {case for case, (_, tier, _, why) in CASES.items() if tier in (3, 4, 5) or why.endswith("name_unknown")}


def test_everything_in_doubt_waits_for_a_person_what_is_pending_first(answers):
    waiting = {row["fact_id"]: row["priority"] for row in answers[1]}
    assert set(waiting) == {case for case in CASES if answers[0][case]["pending"] or CASES[case][1] is None}
    assert {priority for case, priority in waiting.items() if answers[0][case]["pending"]} == {1}
    assert {priority for case, priority in waiting.items() if CASES[case][1] is None} == {2}


def test_a_registry_without_codes_joins_the_enterprise_that_bears_its_number(members):
    assert {row["fact_id"]: row["enterprise_id"] for row in members.collect()} == {
        "ra": IDS["A"], "rb": IDS["B"], "rc": IDS["C"], "rd": IDS["D"], "re": IDS["A"]}


def test_who_kept_an_id_made_of_another_number_finds_the_enterprise(members):
    known = {row["referent_id"]: row["enterprise_id"] for row in index.referents(index.identifiers(members)).collect()}
    assert known[enterprise("registration_number", NUMBER_A)] == IDS["A"]
    assert known[enterprise("organisation_code", ORGANISATION_A)] == IDS["A"]
    assert known[IDS["A"]] == IDS["A"]

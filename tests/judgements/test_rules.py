"""Rules find what their examples say; findings become grades; lists keep organs' decisions and our proposals apart."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jobs.declarations.policies import Rule
from jobs.facts import indicators
from jobs.judgements import lists, rules
from tests.acts import AS_OF, declarations, frame

DECLARED = declarations()
SCHEME = DECLARED.schemes["supervision"]
EXAMPLES = [(rule, number) for rule in DECLARED.rules.values() for number in range(len(rule.examples))]
COVERED = {"registration": ["market_small_registry"], "penalty": ["city_penalties"], "abnormal_listing": ["abnormal_list"],
           "serious_listing": ["serious_list"]}                      # no feed of permits
TEXTS = ["event_id", "enterprise_id", "category", "state", "severity", "organ_code", "document_no", "basis"]
EVENT = {**dict.fromkeys(TEXTS, "string"), **dict.fromkeys(["event_date", "use_until"], "date"),
         **dict.fromkeys(["fact_ids", "rests_on"], "array<string>")}


@pytest.fixture(scope="module")
def holding(spark):
    """Whether each rule holds on each of its examples."""
    shape = {"rule": "string", "number": "int", **dict.fromkeys(SCHEME.measured, "decimal(20,2)")}
    rows = [{"rule": rule.rule, "number": number, **rule.examples[number].given} for rule, number in EXAMPLES]
    held = [rules.holds(rule).alias(f"_{name}") for name, rule in DECLARED.rules.items()]
    told = frame(spark, shape, rows).select("rule", "number", *held).collect()
    return {(row["rule"], row["number"]): row[f"_{row['rule']}"] for row in told}


@pytest.mark.parametrize(("rule", "number"), EXAMPLES, ids=lambda part: part.rule if isinstance(part, Rule) else str(part))
def test_examples(holding, rule, number):
    assert holding[rule.rule, number] is rule.examples[number].finds


def event(event_id: str, enterprise: str, category: str, **said: Any) -> dict[str, Any]:
    fact = f"fact {event_id}"
    return {"event_id": event_id, "enterprise_id": enterprise, "category": category, "state": "active", "severity": "unknown",
            "event_date": "2026-05-12", "fact_ids": [fact], "rests_on": [fact, f"key {event_id}"],
            "organ_code": "11340100MB0C0001XL", "document_no": f"no {event_id}", "basis": "why", **said}


EVENTS = [
    event("light", "light", "penalty", severity="minor"),
    event("middle", "middle", "penalty", severity="moderate", use_until="2027-05-12"),
    event("grave", "grave", "penalty", severity="serious", use_until="2029-05-12"),
    event("grave2", "grave", "penalty", severity="serious"),
    event("over", "over", "penalty", severity="serious", state="ended"),
    event("waiting", "waiting", "penalty", severity="serious", state="suspended"),
    event("to come", "to come", "penalty", severity="serious", event_date="2026-11-22"),
    *(event(f"many{number}", "many", "penalty", event_date=f"2026-0{number}-01") for number in (4, 5, 6)),
    event("edge1", "edge", "penalty", event_date="2025-11-21"),
    event("edge2", "edge", "penalty"), event("edge3", "edge", "penalty"),
    event("abnormal", "abnormal", "abnormal_listing", event_date="2023-11-21"),
    event("serious", "serious", "serious_listing", use_until="2029-05-12"),
    event("removed", "clean", "abnormal_listing", state="ended"),
]
NAMES = sorted({"clean", "no status", "revoked"} | {one["enterprise_id"] for one in EVENTS})


@pytest.fixture(scope="module")
def graded(spark):
    """The village graded: figures, findings, grades and entries by enterprise."""
    enterprises = frame(spark, {"enterprise_id": "string"}, [{"enterprise_id": name} for name in NAMES]).selectExpr(
        "enterprise_id",
        "case enterprise_id when 'revoked' then 'revoked' when 'no status' then null else 'active' end as registration_status",
        "map(if(enterprise_id = 'no status', 'name', 'registration_status'), concat('fact ', enterprise_id)) as sources")
    acts = frame(spark, EVENT, EVENTS).persist()
    wide = indicators.measured(acts, enterprises, SCHEME.measured, COVERED, AS_OF).persist()
    found = rules.findings(wide, rules.in_force(DECLARED.rules.values(), SCHEME, AS_OF)).persist()
    return {
        "figures": {(row.enterprise_id, row.indicator): row for row in indicators.told(wide, SCHEME.measured, AS_OF).collect()},
        "findings": {(row.enterprise_id, row.rule_id): row for row in found.collect()},
        "grades": {row.enterprise_id: row for row in rules.grades(wide, found, SCHEME, COVERED, AS_OF).collect()},
        "entries": {(row.enterprise_id, row.list): row
                    for row in lists.entries(acts, found, DECLARED.categories, AS_OF).collect()},
    }


@pytest.mark.parametrize(("enterprise", "grade", "score", "found"), [
    pytest.param("clean", "A", 100, set(), id="no record"),
    pytest.param("no status", "A", 100, set(), id="nothing known at all"),
    pytest.param("light", "A", 97, {"penalty_minor"}, id="minor"),
    pytest.param("middle", "B", 88, {"penalty_moderate"}, id="moderate"),
    pytest.param("grave", "C", 70, {"penalty_serious", "watch_serious_repeated"}, id="serious"),
    pytest.param("over", "A", 100, set(), id="ended counts no more"),
    pytest.param("waiting", "A", 100, set(), id="suspended does not count"),
    pytest.param("to come", "A", 100, set(), id="after the date"),
    pytest.param("many", "C", 97, {"penalty_minor", "penalties_repeated"}, id="three in twelve months"),
    pytest.param("edge", "A", 97, {"penalty_minor"}, id="the first of three a year ago to the day"),
    pytest.param("abnormal", "C", 100, {"abnormal_list", "watch_abnormal_3_years"}, id="abnormal list, three years to the day"),
    pytest.param("serious", "D", 100, {"serious_list"}, id="serious list"),
    pytest.param("revoked", "D", 100, {"registration_revoked"}, id="revoked"),
])
def test_grades(graded, enterprise, grade, score, found):
    row = graded["grades"][enterprise]
    assert (row.grade, row.score, row.grade_status) == (grade, Decimal(score), "preview")
    assert {rule for name, rule in graded["findings"] if name == enterprise} == found
    assert len(row.finding_ids) == len(found)


def test_a_finding_names_rule_version_article_and_facts(graded):
    row = graded["findings"]["grave", "penalty_serious"]
    assert (row.rule_version, row.effect, row.weight) == ("1", "points", Decimal(30))
    assert row.article.endswith("第五十三条")
    assert row.fact_ids == ["fact grave", "fact grave2"]
    assert row.event_ids == ["grave", "grave2"]
    assert row.rests_on == ["fact grave", "fact grave2", "key grave", "key grave2"]
    assert row.use_until == date(2029, 5, 12)


def test_a_grade_rests_on_what_its_findings_rest_on_and_ends_with_the_first_of_it(graded):
    assert graded["grades"]["middle"].rests_on == ["fact middle", "key middle"]
    assert graded["grades"]["middle"].use_until == date(2027, 5, 12)


def test_unknown_is_not_zero(graded):
    figures = graded["figures"]
    assert figures["clean", "penalties_serious"].value == 0
    assert figures["clean", "permits_in_force"].value is None
    assert figures["no status", "registration_revoked"].value is None
    assert figures["clean", "registration_revoked"].fact_ids == ["fact clean"]


def test_no_record_is_said_with_its_coverage(graded):
    assert graded["grades"]["clean"].coverage == ["abnormal_list", "city_penalties", "market_small_registry", "serious_list"]
    assert graded["grades"]["clean"].unknown == ["permits_in_force"]
    assert graded["grades"]["no status"].unknown == ["permits_in_force", "registration_revoked"]


def test_entries_are_decisions_of_organs_or_proposals_of_ours(graded):
    assert set(graded["entries"]) == {("abnormal", "abnormal"), ("serious", "serious"), ("abnormal", "watch"), ("grave", "watch")}
    decided, proposed = graded["entries"]["serious", "serious"], graded["entries"]["grave", "watch"]
    assert (decided.origin, decided.organ_code, decided.rule_id) == ("organ_decision", "11340100MB0C0001XL", None)
    assert (decided.decision_no, str(decided.since), str(decided.until)) == ("no serious", "2026-05-12", "2029-05-12")
    assert (proposed.origin, proposed.organ_code) == ("proposal", None)
    assert (proposed.rule_id, proposed.rule_version) == ("watch_serious_repeated", "1")
    assert proposed.fact_ids == ["fact grave", "fact grave2"]


@pytest.mark.parametrize(("as_of", "rule", "held"), [
    (date(2026, 3, 31), "penalty_serious", False), (date(2026, 4, 1), "penalty_serious", True),
    (date(2015, 1, 1), "abnormal_list", True)])
def test_rules_hold_from_their_first_day(as_of, rule, held):
    assert (rule in [one.rule for one in rules.in_force(DECLARED.rules.values(), SCHEME, as_of)]) is held


def test_a_date_without_rules_has_no_findings(spark):
    shape = {"enterprise_id": "string", **dict.fromkeys(SCHEME.measured, "decimal(20,2)")}
    assert rules.findings(frame(spark, shape, [{"enterprise_id": "e"}]), []).count() == 0

"""What decisions come to, alone and together; and what a night makes of them after the engine."""
from __future__ import annotations

import pytest
from pyspark.sql import functions as F

from jobs.enterprises import decided, links, questions, rulings
from jobs.enterprises.exact import SUBJECT
from tests.acts import frame

ORGAN, OTHER, GONE, HEIR = "11340100MB0C0001XL", "11340100MB0C0002XX", "11340100MB0C0003X3", "11340100MB0C0004X4"
TODAY = {"A": "A", "B": "B", "old A": "A"}


def said(verdict: str, enterprise: str = "A", by: str = "陈", organ: str | None = None, subject: str = "s") -> dict:
    return {"decision_id": f"{verdict} {enterprise} {by} {organ}", "subject": subject, "enterprise_id": enterprise,
            "verdict": verdict, "decided_by": by, "role": "organ" if organ else "person", "organ_code": organ,
            "said": {"name_key": "合肥甲有限公司"}}


def ruled(*decisions: dict) -> rulings.Ruling:
    [one] = rulings.rulings(decisions, TODAY)
    return one


def test_two_people_make_a_link_certain_and_one_under_two_spellings_does_not():
    assert not ruled(said("same")).certain
    assert not ruled(said("same"), said("same", by=" 陈 ")).certain
    assert ruled(said("same"), said("same", by="王")).certain
    assert ruled(said("same"), said("same", "old A", by="王")).same_as == "A"  # the id of before the code was known


def test_an_organs_answer_is_certain_for_its_own_acts():
    one = ruled(said("same", organ=ORGAN))
    assert (one.same_as, one.certain, one.certain_for) == ("A", False, [ORGAN])
    assert one.answered == [f"{ORGAN} A", f"{ORGAN} {rulings.EVERY}"]


def test_decisions_that_contradict_each_other_count_for_nothing():
    two = ruled(said("same"), said("same", "B", by="王"), said("different", "B", by="李"))
    assert (two.same_as, two.ruled_out, two.contradicted, len(two.contradicting)) == (None, [], True, 3)
    both = ruled(said("same"), said("different", by="王"), said("different", "B", by="王"))
    assert (both.same_as, both.ruled_out, both.contradicted) == (None, ["B"], True)
    assert not ruled(said("same"), said("unsure", by="王")).contradicted


def test_a_decision_on_an_enterprise_that_nobody_bears_any_more_counts_not():
    assert rulings.rulings([said("same", "nobody")], TODAY) == []


def test_labelled_pairs_are_what_nobody_contradicts():
    decisions = [said("same"), said("different", "B"), said("unsure", "B", by="王"),
                 said("same", subject="t"), said("different", by="王", subject="t")]
    pairs = rulings.labelled_pairs(rulings.rulings(decisions, TODAY))
    assert [(pair["subject"], pair["enterprise_id"], pair["same"]) for pair in pairs] == [("s", "A", True), ("s", "B", False)]


# ---- in a night

ANSWER = {"subject": "string", "enterprise_id": "string", "tier": "int", "reason": "string", "candidates": "array<string>"}
TOLD = {**dict.fromkeys(("fact_id", "subject", "category", "feed", "organ_code", "document_no", *SUBJECT), "string"),
        "adverse": "boolean", "event_date": "date"}
MEMBERS = dict.fromkeys(("fact_id", "feed", "enterprise_id"), "string") | {"tier": "int"}
NAME = (3, "A", "unique_name")
CODE = (1, "A", "credit_code")
NOBODY = (None, None, "name_of_several")
# the engine's answer, the decisions on it -> tier, enterprise, reason, pending
CASES = {
    "nothing": (NAME, [], (3, "A", "unique_name", True)),
    "one person": (NAME, [said("same")], (0, "A", "decided_same", True)),
    "two people": (NAME, [said("same"), said("same", by="王")], (0, "A", "decided_same", False)),
    "two people, of nobody": (NOBODY, [said("same", "B"), said("same", "B", by="王")], (0, "B", "decided_same", False)),
    "its organ": (NOBODY, [said("same", organ=ORGAN)], (0, "A", "decided_same", False)),
    "another organ": (NAME, [said("same", organ=OTHER)], (0, "A", "decided_same", True)),
    "another organ and a person": (NAME, [said("same", organ=OTHER), said("same", by="王")], (0, "A", "decided_same", False)),
    "one person who confirms a code": (CODE, [said("same")], (1, "A", "credit_code", False)),
    "one person against a code": (CODE, [said("different")], (None, None, "decided_different", False)),
    "one person for another than the code": (CODE, [said("same", "B")], (0, "B", "decided_same", True)),
    "contradictions on a code": (CODE, [said("same"), said("different", by="王")], (1, "A", "decisions_contradict", True)),
    "not the candidate": (NOBODY, [said("different", "B")], (None, None, "name_of_several", False)),
    "cannot say": (NAME, [said("unsure")], (3, "A", "unique_name", True)),
    "its organ cannot say": (NAME, [said("unsure", organ=ORGAN), said("unsure", "B", organ=ORGAN)],
                             (3, "A", "unique_name", True)),
    "its organ, contradicted": (NAME, [said("same", organ=ORGAN), said("different", by="王")],
                                (3, "A", "decisions_contradict", True)),
    "of an organ that is gone": (NAME, [], (3, "A", "unique_name", True)),
    "of an organ nobody declared": (NAME, [], (3, "A", "unique_name", True)),
}
BY = {"of an organ that is gone": GONE, "of an organ nobody declared": "11340100MB0C0009X9"}


@pytest.fixture(scope="module")
def night(spark):
    """Of each case its link and, where it waits, its review; each case is told by an adverse and by a neutral fact."""
    answers = [{"subject": case, "tier": tier, "enterprise_id": enterprise, "reason": reason, "candidates": ["A", "B"]}
               for case, ((tier, enterprise, reason), *_) in CASES.items()]
    facts = [{"fact_id": f"{case}{kind}", "subject": case, "category": "penalty", "feed": "city", "adverse": not kind,
              "organ_code": BY.get(case, ORGAN), "name_key": case, "address": "某路1号", "person": "key:match:00"}
             for case in CASES for kind in ("", " neutral")]
    decisions = [{**one, "subject": case, "decision_id": f"{case} {one['decision_id']}"}
                 for case, (_, of, _) in CASES.items() for one in of]
    numbers = frame(spark, {"enterprise_id": "string"}, [{"enterprise_id": "A"}, {"enterprise_id": "B"}])
    referents = frame(spark, dict.fromkeys(("referent_id", "enterprise_id"), "string"), [])
    said_ = frame(spark, TOLD, facts)
    engine = frame(spark, ANSWER, answers).withColumn("score", F.lit(None).cast("decimal(5,4)"))
    ruled_ = decided.applied(engine, decided.ruled(decisions, numbers, referents))
    linked = links.linked(said_, ruled_, frame(spark, MEMBERS, [])).persist()
    queue = questions.waiting(links.reviews(linked), said_, {ORGAN, OTHER, GONE}, {GONE: HEIR}).persist()
    by_fact = [{row["fact_id"]: row for row in frame_.collect()} for frame_ in (linked, queue)]
    return *by_fact, questions.counts(queue)


@pytest.mark.parametrize("case", CASES)
def test_a_decision_outranks_the_engine_and_doubt_never_punishes(night, case):
    link = night[0][case]
    assert (link["tier"], link["enterprise_id"], link["reason"], link["pending"]) == CASES[case][2]
    assert not night[0][f"{case} neutral"]["pending"]


def test_what_was_ruled_out_is_no_candidate(night):
    assert night[0]["not the candidate"]["candidates"] == ["A"]
    assert night[0]["one person against a code"]["candidates"] == ["B"]


def test_the_organ_is_asked_first_and_what_it_cannot_say_waits_on_us(night):
    asked = {case: (row["waiting_on"], row["asked_organ_code"], row["offered"]) for case, row in night[1].items()}
    assert asked["nothing"] == ("organ", ORGAN, ["A", "B"])
    assert asked["not the candidate"] == ("organ", ORGAN, ["A"])
    assert asked["of an organ that is gone"] == ("organ", HEIR, ["A", "B"])
    assert asked["of an organ nobody declared"] == ("us", None, None)
    assert asked["its organ cannot say"] == asked["its organ, contradicted"] == ("us", None, None)
    assert asked["not the candidate neutral"] == ("us", None, None)
    assert not {"two people", "its organ", "one person who confirms a code"} & set(asked)
    assert night[2]["organ"] == len({row["subject"] for row in night[1].values() if row["waiting_on"] == "organ"})


def test_a_review_tells_the_record_but_no_person_and_no_address(night):
    assert night[1]["nothing"]["said"] == '{"name_key":"nothing"}'

"""One act from its reports, what suspends and ends it from outside, and what the other reports said: one village, one pass."""
from __future__ import annotations

from datetime import date

import pytest

from jobs.facts import events
from tests.acts import KEY, facts, folded, frame, links, penalty

PENALTIES = [
    penalty("city old", received="2026-11-18", violation_kind="advertising"),
    penalty("city new", received="2026-11-20", violation_kind="false advertising", source_unit_name="city centre"),
    penalty("province", received="2026-11-20", violation_kind="misleading advertising", feed="province_penalties",
            source_unit_name="province centre", remarks="forwarded"),
    penalty("other subject", violation_kind="false advertising"),
    penalty("in doubt", event_key="penalty|doubt"),
    penalty("of nobody", event_key="penalty|nobody"),
    penalty("twice", event_key="penalty|twice", received="2026-11-18"),
    penalty("twice", event_key="penalty|twice", received="2026-11-20"),
    penalty("grave by city", event_key="penalty|class", severity="serious", publicity_end_date="2027-03-01"),
    penalty("light by province", event_key="penalty|class", severity="moderate", publicity_end_date="2027-02-01",
            feed="province_penalties"),
    penalty("repaired", event_key="penalty|repaired", document_no="no 2"),
    penalty("of that number", event_key="penalty|number", document_no="no 3"),
    penalty("of that subject", event_key="penalty|subject", document_no="no 4"),
    penalty("later than its repair", event_key="penalty|later", document_no="no 4b", decision_date="2026-11-19"),
    penalty("of a candidate", event_key="penalty|candidate", document_no="no 5"),
    penalty("withdrawn", event_key="penalty|withdrawn", document_no="no 6"),
    penalty("withdrawn in one channel", event_key="penalty|one channel", document_no="no 7"),
]
PERMITS = [
    {"fact_id": "permit by city", "event_key": "permit|1", "feed": "city_permits", "decision_date": "2025-01-01",
     "valid_until_date": "2027-12-31"},
    {"fact_id": "permit by province", "event_key": "permit|1", "feed": "province_permits", "decision_date": "2025-01-01",
     "valid_until_date": "2026-01-31"},
]
REPAIR = {"feed": "repair_decisions", "decision_date": "2026-11-18", "effective_date": "2026-11-19"}
REPAIRS = [
    {"fact_id": "r exact", "event_key": "repair|1", **REPAIR, "target_event_key": "penalty|repaired"},
    {"fact_id": "r of an act in doubt", "event_key": "repair|2", **REPAIR, "target_event_key": "penalty|doubt"},
    {"fact_id": "r number", "event_key": "repair|3", **REPAIR, "target_event_key": "penalty|0", "target_document_no": "no 3"},
    {"fact_id": "r subject", "event_key": "repair|4", **REPAIR},
    {"fact_id": "r candidate", "event_key": "repair|5", **REPAIR},
    {"fact_id": "r nothing", "event_key": "repair|6", **REPAIR, "target_document_no": "no 99"},
]
OF = {"city old": "e1", "city new": "e1", "province": "e1", "other subject": "e2", "in doubt": "e1", "twice": "e1",
      "grave by city": "e1", "light by province": "e1", "repaired": "e1", "of that number": "e3", "of that subject": "e4",
      "later than its repair": "e4", "of a candidate": "e5", "withdrawn": "e6", "withdrawn in one channel": "e6",
      "permit by city": "e1", "permit by province": "e1", "r of an act in doubt": "e1", "r subject": "e4"}
TODAY = {"effective_on": date(2026, 11, 21), "reason": "revoked", "document": "court"}
WITHDRAWALS = ({"event_key": "penalty|withdrawn", "channel": "all", **TODAY},
               {"event_key": "penalty|one channel", "channel": "open", **TODAY})
REVIEWS = ({"review_id": "v", "fact_id": "r candidate", "category": "repair", "candidates": ["e5", "e9"]},)


@pytest.fixture(scope="module")
def village(spark, declared):
    """The village's facts by category, and its links."""
    told = {"penalty": PENALTIES, "permit": PERMITS, "repair": REPAIRS}
    return ({category: facts(spark, declared, category, *rows).persist() for category, rows in told.items()},
            links(spark, OF, pending=("in doubt", "r subject")))


@pytest.fixture(scope="module")
def found(spark, declared, village):
    """The village's events by the fact that stands for each."""
    rows = folded(spark, declared, *village, withdrawals=WITHDRAWALS, reviews=REVIEWS).collect()
    assert len(rows) == len({row.event_id for row in rows})
    return {row.fact_id: row for row in rows}


def test_one_act_of_two_levels_is_one_event_with_two_sources(found):
    act = found["city new"]
    assert (act.feeds, act.levels) == (["city_penalties", "province_penalties"], 2)
    assert act.fact_ids == ["city new", "city old", "province"]
    assert act.rests_on == sorted([*act.fact_ids, KEY])
    assert not {"city old", "province"} & set(found)


def test_the_same_decision_about_another_subject_is_another_event(found):
    assert found["other subject"].event_key == found["city new"].event_key
    assert found["other subject"].event_id != found["city new"].event_id


@pytest.mark.parametrize("fact", ["in doubt", "of nobody"])
def test_doubtful_and_missing_links_reach_nothing(found, fact):
    assert all(fact not in row.fact_ids for row in found.values())


def test_a_fact_delivered_twice_is_one_report(found):
    assert found["twice"].fact_ids == ["twice"]


def test_an_adverse_act_takes_the_lightest_class_and_the_earliest_end_reported(found):
    act = found["grave by city"]
    assert (act.severity, str(act.publicity_until)) == ("moderate", "2027-02-01")


def test_a_neutral_act_takes_what_its_winner_says(found):
    assert (found["permit by city"].state, str(found["permit by city"].use_until)) == ("active", "2028-01-01")


def test_a_repair_ends_the_act_it_names_even_when_nobody_knows_whose_repair_it_is(found):
    act = found["repaired"]
    assert (act.state, act.end_reason) == ("ended", "repaired")
    assert (str(act.ended_on), str(act.publicity_until)) == ("2026-11-19", "2026-11-19")


@pytest.mark.parametrize(("fact", "because"), [
    ("of that number", "same_document_number as repair r number"),
    ("of that subject", "same_enterprise as repair r subject"),
    ("of a candidate", "same_enterprise as repair r candidate")])
def test_a_repair_of_an_act_we_do_not_know_suspends_what_it_may_concern(found, fact, because):
    assert (found[fact].state, found[fact].suspended, found[fact].suspended_because) == ("suspended", True, because)


def test_nothing_else_is_suspended(found):
    assert {fact for fact, row in found.items() if row.suspended} == {"of that number", "of that subject", "of a candidate"}


@pytest.mark.parametrize(("fact", "state", "reason"), [
    ("withdrawn", "ended", "revoked"), ("withdrawn in one channel", "active", None)])
def test_a_withdrawal_from_all_channels_ends_an_act(found, fact, state, reason):
    assert (found[fact].state, found[fact].end_reason) == (state, reason)


def test_repairs_are_events_too_where_we_know_whose(found):
    assert {fact for fact, row in found.items() if row.category == "repair"} == {"r of an act in doubt"}


def test_what_the_other_reports_say_is_kept_with_why_it_lost(spark, declared, village):
    by_category, linked = village
    made = events.acts(events.linked(events.reports(by_category, declared, spark), linked), declared)
    rows = {(row.fact_id, row.field): (row.value, row.winner_fact_id, row.reason)
            for row in events.losing_values(by_category, made, declared).collect()}
    assert rows == {
        ("city old", "violation_kind"): ("advertising", "city new", "superseded"),
        ("province", "violation_kind"): ("misleading advertising", "city new", "less_believed"),
        ("light by province", "severity"): ("moderate", "grave by city", "less_believed"),
        ("light by province", "publicity_end_date"): ("2027-02-01", "grave by city", "less_believed"),
        ("permit by province", "valid_until_date"): ("2026-01-31", "permit by city", "less_believed")}


def test_a_night_without_facts_has_no_events(spark, declared):
    linked = frame(spark, {"fact_id": "string", "enterprise_id": "string", "pending": "boolean"}, [])
    made = events.acts(events.linked(events.reports({}, declared, spark), linked), declared)
    assert (made.count(), events.losing_values({}, made, declared).count()) == (0, 0)

"""What later rows do to acts told before: corrected, revoked, decided again, gone from a snapshot; and only the days count."""
from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from pyspark.sql import functions as F

from jobs.facts import events, versions
from tests.acts import at, facts, folded, links, penalty

FEED = {"feed": "district_penalty_exchange"}                # its rows have numbers of their own and say what they do
LISTED = {"feed": "district_abnormal_snapshot", "listed_date": "2026-07-08"}
CITY = {"feed": "abnormal_list", "listed_date": "2026-07-08"}


def told(fact_id: str, key: str, **said) -> dict:
    return penalty(fact_id, event_key=f"penalty|{key}", document_no=key, **{**FEED, **said})


PENALTIES = [
    # ---- one row, told again with another number, or about somebody else
    told("number wrong", "no 1", source_row_id="1", received="2026-11-17"),
    told("number right", "no 1a", source_row_id="1", received="2026-11-18", report_action="correct"),
    told("subject wrong", "no 2", source_row_id="2", received="2026-11-17", credit_code="A"),
    told("subject right", "no 2", source_row_id="2", received="2026-11-18", credit_code="B"),
    told("wrong at the province", "no 3", source_row_id="3", received="2026-11-17"),
    told("told by the city", "no 3", feed="city_penalties"),
    told("right at the province", "no 3a", source_row_id="3", received="2026-11-18"),
    told("back again", "no 4", source_row_id="4", received="2026-11-16"),
    told("not so", "no 4a", source_row_id="4", received="2026-11-17"),
    told("back again", "no 4", source_row_id="4", received="2026-11-18"),
    told("of the same subject", "no 5", source_row_id="5", received="2026-11-17", violation_kind="advertising"),
    told("better told", "no 5", source_row_id="5", received="2026-11-18", violation_kind="false advertising"),
    # ---- corrected without a number of the row
    told("somebody else's", "no 6", received="2026-11-17"),
    told("corrected to this one", "no 6", received="2026-11-18", report_action="correct"),
    told("both are meant", "no 7", received="2026-11-18"),
    told("and this one is corrected", "no 7", received="2026-11-18", report_action="correct"),
    # ---- revoked
    told("revoked", "no 8", received="2026-11-17"),
    told("its revocation", "no 8", received="2026-11-18", report_action="revoke", action_date="2026-11-16"),
    told("revoked on a day nobody says", "no 9", received="2026-11-17"),
    told("its revocation too", "no 9", received="2026-11-18", report_action="revoke"),
    told("may be revoked", "no 10", received="2026-11-17"),
    {**told("revokes what nobody knows", "no 10", received="2026-11-18", report_action="revoke"),
     "event_key": "penalty|fact|revokes what nobody knows"},
    # ---- decided again
    told("first decision", "no 11", received="2026-11-17"),
    told("second decision", "no 12", received="2026-11-18", replaces_event_key="penalty|no 11", prior_document_no="no 11",
         decision_date="2026-11-10"),
    told("first number", "no 13", received="2026-11-17"),
    told("second number", "no 14", received="2026-11-18", replaces_event_key="penalty|no 13", prior_document_no="no 13",
         report_action="correct", action_date="2026-11-18"),
    told("may be decided again", "no 15", received="2026-11-17"),
    told("again, of an unknown day", "no 16", received="2026-11-18", prior_document_no="no 15"),
    # ---- in dispute
    told("marked as disputed", "no 17", penalty_status="disputed"),
    told("marked as something else", "no 20", penalty_status="other"),
    told("marked as valid", "no 21", penalty_status="valid"),
    told("objected to", "no 18"),
    told("objection answered", "no 19"),
]
LISTINGS = [
    {"fact_id": "still listed", "event_key": "abnormal_listing|1", **LISTED},
    {"fact_id": "not listed any more", "event_key": "abnormal_listing|2", **LISTED, "received": "2026-11-17",
     "absent_since": "2026-11-18"},
    {"fact_id": "gone, told by another", "event_key": "abnormal_listing|3", **LISTED, "received": "2026-11-17",
     "absent_since": "2026-11-18"},
    {"fact_id": "by another", "event_key": "abnormal_listing|3", "feed": "abnormal_list", "listed_date": "2026-07-08"},
    {"fact_id": "gone and there again", "event_key": "abnormal_listing|4", **LISTED, "received": "2026-11-16",
     "absent_since": "2026-11-17"},
    {"fact_id": "there again", "event_key": "abnormal_listing|4", **LISTED, "received": "2026-11-20"},
    {"fact_id": "listed and objected to", "event_key": "abnormal_listing|5", **LISTED},
    # ---- taken back by the organ that listed it, or told again with another reason
    {"fact_id": "listed in error", "event_key": "abnormal_listing|6", **CITY, "received": "2026-11-17"},
    {"fact_id": "its listing revoked", "event_key": "abnormal_listing|6", **CITY, "report_action": "revoke",
     "action_date": "2026-11-16"},
    {"fact_id": "listed for a wrong reason", "event_key": "abnormal_listing|7", **CITY, "received": "2026-11-17"},
    {"fact_id": "listed for the right one", "event_key": "abnormal_listing|7", **CITY, "report_action": "correct"},
    {"fact_id": "may be listed in error", "event_key": "abnormal_listing|8", **CITY, "document_no": "no 38"},
    {"fact_id": "revokes an entry nobody knows", "event_key": "abnormal_listing|fact|revokes an entry nobody knows", **CITY,
     "document_no": "no 38", "report_action": "revoke"},
]
SEALED = {"feed": "coercive_measures_city", "decision_date": "2026-11-05"}
COERCIONS = [
    {"fact_id": "sealed", "event_key": "coercive_measure|1", **SEALED, "source_row_id": "1", "received": "2026-11-17"},
    {"fact_id": "seal taken off as unlawful", "event_key": "coercive_measure|1", **SEALED, "source_row_id": "1",
     "report_action": "revoke", "action_date": "2026-11-19"},
    {"fact_id": "seized, number wrong", "event_key": "coercive_measure|2", **SEALED, "source_row_id": "2",
     "received": "2026-11-17"},
    {"fact_id": "seized, number right", "event_key": "coercive_measure|3", **SEALED, "source_row_id": "2",
     "report_action": "correct"},
]
HONOURED = {"feed": "honours_province", "decision_date": "2026-05-18", "valid_until_date": "2028-05-17"}
HONOURS = [
    {"fact_id": "honoured", "event_key": "honour|1", **HONOURED, "received": "2026-11-17"},
    {"fact_id": "its honour revoked", "event_key": "honour|1", **HONOURED, "report_action": "revoke"},
]
OBJECTED = {"feed": "city_objections", "applied_date": "2026-11-18", "target_kind": "penalty"}
OBJECTIONS = [
    {"fact_id": "open", "event_key": "objection|1", **OBJECTED, "target_document_no": "no 18", "objection_state": "verifying"},
    {"fact_id": "asked", "event_key": "objection|2", **OBJECTED, "target_document_no": "no 19", "objection_state": "accepted",
     "received": "2026-11-18"},
    {"fact_id": "answered", "event_key": "objection|2", **OBJECTED, "target_document_no": "no 19",
     "objection_state": "maintained", "received": "2026-11-19"},
    {"fact_id": "without a number", "event_key": "objection|3", **OBJECTED, "target_kind": "abnormal_listing"},
]
PERMITS = [
    {"fact_id": "permit", "event_key": "permit|no 1", "feed": "province_permits", "decision_date": "2025-01-01"},
    {"fact_id": "permit again", "event_key": "permit|no 2", "feed": "province_permits", "decision_date": "2026-11-10",
     "replaces_event_key": "permit|no 1", "prior_document_no": "no 1"},
]
TOLD = {"penalty": PENALTIES, "abnormal_listing": LISTINGS, "permit": PERMITS, "objection": OBJECTIONS,
        "coercive_measure": COERCIONS, "honour": HONOURS}
OF = {row["fact_id"]: "e1" for rows in (PENALTIES, PERMITS, COERCIONS, HONOURS) for row in rows}
OF |= {"subject right": "e2", "corrected to this one": "e2", "and this one is corrected": "e2"}
OF |= {row["fact_id"]: f"l{row['event_key'][-1]}" for row in LISTINGS}
OF |= {"open": "e1", "asked": "e1", "answered": "e1", "without a number": "l5"}
OF |= {"may be revoked": "e9", "revokes what nobody knows": "e8", "revokes an entry nobody knows": "l9"}


@pytest.fixture(scope="module")
def village(spark, declared):
    return {category: facts(spark, declared, category, *rows).persist() for category, rows in TOLD.items()}, links(spark, OF)


def made(spark, declared, village, **said) -> dict:
    return {row.fact_id: row for row in folded(spark, declared, *village, **said).collect()}


@pytest.fixture(scope="module")
def found(spark, declared, village):
    """The events by the fact that stands for each."""
    return made(spark, declared, village)


@pytest.mark.parametrize(("fact", "reason", "day"), [
    ("number wrong", "corrected", "2026-11-18"), ("subject wrong", "corrected", "2026-11-18"),
    ("not so", "corrected", "2026-11-18"), ("first number", "corrected", "2026-11-18"),
    ("revoked", "revoked", "2026-11-16"), ("revoked on a day nobody says", "revoked", "2026-11-18"),
    ("first decision", "redecided", "2026-11-10"), ("permit", "redecided", "2026-11-10"),
    ("listed in error", "revoked", "2026-11-16"), ("sealed", "revoked", "2026-11-19"),
    ("seized, number wrong", "corrected", "2026-11-20"), ("honoured", "revoked", "2026-11-20")])
def test_it_is_over(found, fact, reason, day):
    act = found[fact]
    assert (act.state, act.end_reason, str(act.ended_on), str(act.publicity_until)) == ("ended", reason, day, day)


@pytest.mark.parametrize("fact", ["number right", "subject right", "right at the province", "back again", "better told",
                                  "corrected to this one", "both are meant", "and this one is corrected", "second decision",
                                  "second number", "again, of an unknown day", "permit again", "still listed", "there again",
                                  "objection answered", "marked as valid", "listed for the right one", "seized, number right"])
def test_it_stands(found, fact):
    assert (found[fact].state, found[fact].suspended_because) == ("active", None)


@pytest.mark.parametrize(("fact", "because"), [
    ("told by the city", "corrected by district_penalty_exchange"),
    ("somebody else's", "corrected to another subject by district_penalty_exchange"),
    ("may be revoked", "same_document_number as revocation revokes what nobody knows"),
    ("may be decided again", "same_document_number as re-decision again, of an unknown day"),
    ("not listed any more", "not in the snapshot of 2026-11-18"),
    ("by another", "not in the snapshot of 2026-11-18"),
    ("marked as disputed", "marked as not in force or disputed by district_penalty_exchange"),
    ("marked as something else", "marked as not in force or disputed by district_penalty_exchange"),
    ("objected to", "same_document_number as objection open"),
    ("listed and objected to", "same_enterprise as objection without a number"),
    ("may be listed in error", "same_document_number as revocation revokes an entry nobody knows")])
def test_doubt_takes_it_out_of_public_view(found, fact, because):
    assert (found[fact].state, found[fact].suspended_because) == ("suspended", because)


def test_every_act_is_looked_at(found):
    assert {fact for fact, row in found.items() if row.state == "active"} == {
        "number right", "subject right", "right at the province", "back again", "better told", "corrected to this one",
        "both are meant", "and this one is corrected", "second decision", "second number", "again, of an unknown day",
        "permit again", "still listed", "there again", "objection answered", "marked as valid", "answered", "open",
        "without a number", "listed for the right one", "seized, number right"}


def test_what_revokes_reports_nothing(found):
    revoking = {row["fact_id"] for rows in TOLD.values() for row in rows if row.get("report_action") == "revoke"}
    assert len(revoking) == 7
    assert not revoking & {one for row in found.values() for one in row.fact_ids}


def test_the_new_decision_names_the_one_before_it(found):
    named = {row.fact_id: row.replaces_event_key for row in found.values() if row.replaces_event_key}
    assert named == {"second decision": "penalty|no 11", "second number": "penalty|no 13", "permit again": "permit|no 1"}


def test_what_is_gone_from_a_snapshot_is_noted_since_when_and_kept(found):
    gone = {row.fact_id: str(row.absent_since) for row in found.values() if row.absent_since}
    assert gone == {"not listed any more": "2026-11-18", "by another": "2026-11-18"}


def test_a_list_known_to_show_exits_by_absence_ends_its_entry(spark, declared, village):
    feed = declared.feeds["district_abnormal_snapshot"].model_copy(update={"absence": "exit"})
    exits = replace(declared, feeds={**declared.feeds, feed.feed: feed})
    acts = made(spark, exits, village)
    assert {fact: (row.state, row.end_reason, str(row.ended_on)) for fact, row in acts.items()
            if row.category == "abnormal_listing" and row.absent_since and row.state != "active"} == {
        "not listed any more": ("ended", "absent_from_snapshot", "2026-11-18"),
        "by another": ("ended", "absent_from_snapshot", "2026-11-18")}


# ---- before any gate

def test_what_must_go_is_withdrawn_before_any_gate_and_a_replaced_permit_is_not(declared, village):
    outcomes = {name: frame.withColumn("outcome", F.lit("fact")).drop("covers") for name, frame in village[0].items()}
    rows = versions.withdrawn(outcomes, declared.categories).collect()
    assert [(row.event_key, row.reason, row.ended_from and str(row.ended_from), row.fact_id) for row in rows] == [
        ("abnormal_listing|6", "revoked", "2026-11-16", "its listing revoked"),
        ("coercive_measure|1", "revoked", "2026-11-19", "seal taken off as unlawful"),
        ("honour|1", "revoked", None, "its honour revoked"),
        ("penalty|no 11", "redecided", "2026-11-10", "second decision"),
        ("penalty|no 13", "corrected", "2026-11-18", "second number"),
        ("penalty|no 8", "revoked", "2026-11-16", "its revocation"), ("penalty|no 9", "revoked", None, "its revocation too")]


# ---- the order of arrival

def arriving(rows: list[dict], order: random.Random | None) -> list[dict]:
    """The rows, of which each delivery came at some moment of the last day; without an order, as the days covered follow."""
    deliveries = sorted({(row.get("received", "2026-11-20"), row["feed"]) for row in rows})
    places = order.sample(range(len(deliveries)), len(deliveries)) if order else range(len(deliveries))
    came = dict(zip(deliveries, (at("2026-11-20") + timedelta(minutes=place) for place in places), strict=True))
    return [{**row, "received_at": came[row.get("received", "2026-11-20"), row["feed"]]} for row in rows]


def state(spark, declared, order: random.Random | None) -> tuple[list[str], list[str]]:
    """Every event and losing value, when the deliveries arrive in this order."""
    by_category = {name: facts(spark, declared, name, *arriving(rows, order)) for name, rows in TOLD.items()}
    linked = links(spark, OF)
    acts = folded(spark, declared, by_category, linked)
    reported = events.linked(events.reports(by_category, declared, spark), linked)
    later = versions.retold(by_category, declared), versions.corrections(by_category, declared)
    lost = events.losing_values(by_category, events.acts(reported, declared, *later), declared)
    return tuple(sorted(row[0] for row in frame.select(F.to_json(F.struct(*sorted(frame.columns)))).collect())
                 for frame in (acts, lost))


@pytest.fixture(scope="module")
def in_order(spark, declared):
    return state(spark, declared, None)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_deliveries_in_any_order_of_arrival_give_the_same_state(spark, declared, in_order, seed):
    acts, lost = in_order
    assert len(acts) > 25
    assert lost
    assert state(spark, declared, random.Random(seed)) == in_order

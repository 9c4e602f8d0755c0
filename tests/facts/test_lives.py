"""The four ends of an act as of a date: by the regimes, and by dates of its own."""
from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from jobs.facts import events, lives
from tests.acts import frame

BUREAU, HEIR = "11340100MB0C001163", "11340100MB0C0001XL"  # the city's industry and commerce, and its market regulation of 2019
REVOKED, WARNED, GAINS, OTHER, FINED = ["licence_revocation"], ["warning"], ["confiscation_of_gains"], ["other"], ["fine"]

DOUBTS = {"absent_since": "date", "over_on": "date", "over_because": "string", "doubt": "string"}


class Vector(NamedTuple):
    """An act, the date it is looked at, and what of its life must be so."""

    id: str
    as_of: str
    act: dict[str, Any]
    expected: dict[str, Any]


def decided(day: str, kinds: list[str], **said: Any) -> dict[str, Any]:
    return {"category": "penalty", "event_date": day, "penalty_kinds": kinds, **said}


def fined(yuan: int | None, **said: Any) -> dict[str, Any]:
    return decided("2026-05-12", FINED, fine_amount_yuan=None if yuan is None else Decimal(yuan), **said)


def act(category: str, day: str | None = None, **said: Any) -> dict[str, Any]:
    return {"category": category, "event_date": day, **said}


def until(day: str | None, **said: Any) -> dict[str, Any]:
    return {"publicity_until": day, "sharing_until": day, "use_until": day, **said}


VECTORS = [
    # ---- the regime at the decision
    Vector("2017: one year", "2019-01-31", decided("2018-03-01", GAINS), until("2019-03-01", regime="notice-2017")),
    Vector("2017: serious three years", "2019-01-31", decided("2018-03-01", REVOKED), until("2021-03-01", regime="notice-2017")),
    Vector("2017: unknown one year", "2019-01-31", decided("2018-03-01", OTHER), until("2019-03-01", severity="unknown")),
    Vector("2017: older than any regime", "2019-01-31", decided("2016-03-01", GAINS), until("2017-03-01", regime="notice-2017")),
    Vector("2019: general one year", "2024-01-31", decided("2019-07-01", GAINS), until("2020-07-01", regime="notice-2019")),
    Vector("2019: serious three years", "2024-01-31", decided("2023-04-30", REVOKED), until("2026-04-30", regime="notice-2019")),
    Vector("2023: three years at most", "2024-01-31", decided("2023-05-01", GAINS), until("2026-05-01", regime="ndrc-58")),
    Vector("2023: unknown never the longest", "2024-01-31", decided("2023-05-01", OTHER), until("2024-05-01", regime="ndrc-58")),
    Vector("2026: moderate one year", "2026-11-21", decided("2026-05-12", GAINS), until("2027-05-12", regime="ndrc-36")),
    Vector("2026: serious three years", "2026-11-21", decided("2026-05-12", REVOKED), until("2029-05-12", severity="serious")),
    Vector("2026: unknown as moderate", "2026-11-21", decided("2026-05-12", OTHER), until("2027-05-12", severity="unknown")),
    Vector("2026: minor not shown, used three months", "2026-11-21", decided("2026-05-12", WARNED),
           {"publicity_until": "2026-05-12", "sharing_until": "2026-08-12", "use_until": "2026-08-12", "severity": "minor"}),
    # ---- between two regimes: the earlier end, both kept
    Vector("2023 then 2026", "2026-11-21", decided("2023-05-01", GAINS), until(
        "2024-05-01", regime="ndrc-36", until_by_regime_at_decision="2026-05-01", until_by_regime_now="2024-05-01")),
    Vector("2019 then 2023", "2024-01-31", decided("2022-10-01", GAINS), until(
        "2023-10-01", regime="notice-2019", until_by_regime_at_decision="2023-10-01", until_by_regime_now="2025-10-01")),
    Vector("no such day: the month's last", "2026-11-21", decided("2024-02-29", GAINS), until("2025-02-28")),
    # ---- who answers for it: its organ while in office, then who took over; one that nobody declared, itself
    Vector("in office", "2018-12-31", decided("2018-03-01", GAINS, organ_code=BUREAU), {"answering_organ_code": BUREAU}),
    Vector("taken over", "2019-01-01", decided("2018-03-01", GAINS, organ_code=BUREAU), {"answering_organ_code": HEIR}),
    Vector("not declared", "2019-01-01", decided("2018-03-01", GAINS, organ_code="x"), {"answering_organ_code": "x"}),
    # ---- the class of a penalty
    Vector("as its organ says", "2026-11-21", decided("2026-05-12", REVOKED, severity="minor"), {"severity": "minor"}),
    Vector("fine of the simple procedure", "2026-11-21", fined(3000), {"severity": "minor"}),
    Vector("larger fine", "2026-11-21", fined(3001), {"severity": "moderate"}),
    Vector("fine of unknown amount", "2026-11-21", fined(None), {"severity": "unknown"}),
    Vector("a kind nobody knows", "2026-11-21", decided("2026-05-12", ["warning", "other"]), {"severity": "unknown"}),
    Vector("the heaviest kind", "2026-11-21", decided("2026-05-12", ["warning", "closure_order"]), {"severity": "serious"}),
    # ---- the end its organ states
    Vector("stated earlier", "2026-11-21", decided("2026-05-12", GAINS, publicity_end_date="2026-12-01"), until("2026-12-01")),
    Vector("stated later", "2026-11-21", decided("2026-05-12", GAINS, publicity_end_date="2029-12-01"), until("2027-05-12")),
    # ---- the boundary day
    Vector("the day before", "2027-05-11", decided("2026-05-12", GAINS),
           {"state": "active", "ended_on": None, "end_reason": None}),
    Vector("the day itself", "2027-05-12", decided("2026-05-12", GAINS),
           {"state": "ended", "ended_on": "2027-05-12", "end_reason": "period_over"}),
    # ---- permits: until the day after the last
    Vector("permit on its last day", "2026-11-21", act("permit", "2020-01-01", valid_until_date="2026-11-21"),
           {"state": "active", "use_until": "2026-11-22"}),
    Vector("permit after its last day", "2026-11-21", act("permit", "2020-01-01", valid_until_date="2026-11-20"),
           {"state": "ended", "end_reason": "expired"}),
    Vector("permit without a term", "2026-11-21", act("permit", "2020-01-01"), until(None, state="active")),
    Vector("a permit has no end of publicity", "2026-11-21", act("permit", publicity_end_date="2020-01-01"), until(None)),
    # ---- lists
    Vector("abnormal: never by time", "2026-11-21", act("abnormal_listing", "2015-07-08"),
           until(None, state="active", retention_until=None)),
    Vector("abnormal: removed", "2026-11-21", act("abnormal_listing", "2015-07-08", removed_date="2026-11-18"),
           until("2026-11-18", end_reason="removed", retention_until="2026-11-18")),
    Vector("serious: three years", "2026-11-21", act("serious_listing", "2024-01-10"),
           until("2027-01-10", regime="samr-44", severity=None)),
    Vector("serious: five years then, three now", "2026-11-21", act("serious_listing", "2020-01-10"),
           until("2023-01-10", regime="samr-44", end_reason="period_over")),
    Vector("serious: removed earlier", "2026-11-21", act("serious_listing", "2024-01-10", removed_date="2026-02-01"),
           until("2026-02-01", end_reason="removed")),
    # ---- by consent: until the day after its last, whoever tells; and what is not by consent has no such end
    Vector("declared, on the consent's last day", "2026-11-21", act("voluntary_declaration", "2026-05-12",
           consent_until_date="2026-11-21"), until("2026-11-22", state="active", ended_on=None)),
    Vector("declared, consent over", "2026-11-22", act("voluntary_declaration", "2026-05-12", consent_until_date="2026-11-21"),
           until("2026-11-22", state="ended", ended_on="2026-11-22", end_reason="consent_over")),
    Vector("declared, consent withdrawn before", "2026-11-21", act("voluntary_declaration", "2026-05-12",
           consent_until_date="2026-05-12"), until("2026-05-13", state="ended", end_reason="consent_over")),
    Vector("market credit: its consent ends first", "2026-11-21", act("market_credit", "2026-05-12",
           consent_until_date="2026-11-20", valid_until_date="2027-05-11"),
           until("2026-11-21", state="ended", end_reason="consent_over")),
    Vector("market credit: its rating ends first", "2026-11-21", act("market_credit", "2026-05-12",
           consent_until_date="2027-05-11", valid_until_date="2026-11-20"),
           until("2026-11-21", state="ended", end_reason="expired")),
    Vector("market credit: a rating without an end", "2026-11-21", act("market_credit", "2026-05-12",
           consent_until_date="2026-11-21"), until("2026-11-22", state="active")),
    Vector("payment handed on by consent", "2026-11-21", act("positive_payment", "2026-05-12", consent_until_date="2026-11-20"),
           {"use_until": "2026-11-21", "state": "ended", "end_reason": "consent_over"}),
    # ---- ratings: until their owner's last day, two years at most; an allegation fades after a year
    Vector("rating on the last day of its two years", "2026-11-21", act("sector_rating", "2024-11-22"),
           until("2026-11-22", state="active", regime="rating-2014")),
    Vector("rating of two years ago", "2026-11-22", act("sector_rating", "2024-11-22"),
           until("2026-11-22", state="ended", end_reason="period_over")),
    Vector("rating whose owner ended it", "2026-11-21", act("sector_rating", "2026-05-12", valid_until_date="2026-11-20"),
           until("2026-11-21", state="ended", end_reason="expired")),
    Vector("rating whose owner says longer", "2026-11-21", act("sector_rating", "2024-11-20", valid_until_date="2029-11-20"),
           until("2026-11-20", state="ended", end_reason="period_over")),
    Vector("national evaluation", "2026-11-21", act("overall_evaluation", "2026-05-12", valid_until_date="2026-11-21"),
           until("2026-11-22", state="active")),
    Vector("complaint after a year", "2026-11-21", act("complaint", "2025-11-21"),
           until("2026-11-21", state="ended", end_reason="period_over")),
    # ---- ended from outside
    Vector("repaired", "2026-11-21", decided("2026-05-12", GAINS, event_key="repaired"),
           until("2026-11-21", state="ended", end_reason="repaired")),
    Vector("repaired from tomorrow", "2026-11-20", decided("2026-05-12", GAINS, event_key="repaired"),
           until("2026-11-21", state="active", end_reason=None)),
    # ---- kept
    Vector("penalty kept five years", "2026-11-21", decided("2026-05-12", GAINS), {"retention_until": "2031-05-12"}),
    Vector("permit kept", "2026-11-21", act("permit", "2020-01-01"), {"retention_until": None}),
    # ---- suspended
    Vector("suspended", "2026-11-21", decided("2026-05-12", GAINS, event_id="suspended"),
           {"state": "suspended", "suspended": True, "suspended_because": "a repair"}),
    Vector("suspended but over", "2027-11-21", decided("2026-05-12", GAINS, event_id="suspended"),
           {"state": "ended", "suspended": False, "suspended_because": None}),
]


@pytest.fixture(scope="module")
def lived(spark, declared):
    """The life of every vector's act, by the vector's id: one pass for each date."""
    life = events.life_fields(declared)
    shape = {"event_id": "string", "event_key": "string", "category": "string", "enterprise_id": "string",
             "event_date": "date", "adverse": "boolean", "evidence": "string", "fact_id": "string", "fact_ids": "array<string>",
             "feeds": "array<string>", "levels": "int", **events.ACT, **life, "amount_yuan": "decimal(20,2)", "basis": "string",
             "replaces_event_key": "string", **DOUBTS}
    ended = frame(spark, {"event_key": "string", "ended_from": "date", "reason": "string"},
                  [{"event_key": "repaired", "ended_from": "2026-11-21", "reason": "repaired"}])
    suspended = frame(spark, {"event_id": "string", "suspended_because": "string"},
                      [{"event_id": "suspended", "suspended_because": "a repair"}])
    found: dict[str, Any] = {}
    by_date = defaultdict(list)
    for vector in VECTORS:
        same = {"event_id": vector.id, "event_key": vector.id, "fact_id": vector.id, "fact_ids": [vector.id]}
        by_date[vector.as_of].append({**same, **vector.act})
    for as_of, acts in by_date.items():
        rows = lives.lived(frame(spark, shape, acts), ended, suspended, declared, date.fromisoformat(as_of)).collect()
        found |= {(row.fact_id, as_of): row.asDict() for row in rows}
    return found


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.id)
def test_life(vector, lived):
    row = lived[vector.id, vector.as_of]
    said = {name: str(row[name]) if isinstance(row[name], date) else row[name] for name in vector.expected}
    assert said == vector.expected

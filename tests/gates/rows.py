"""For every suite over Spark: rows that meet it, and rows that between them miss each of its expectations."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from pyspark.sql import DataFrame, SparkSession

Row = dict[str, Any]
PLACE = "delivery_id string, run_id string, row_no int, part int"
F1, F2, E1 = "f" * 31 + "1", "f" * 31 + "2", "e" * 31 + "1"
CODE = "91340100MA2N0XCL3K"
KEY = f"penalty|示市监罚字〔2026〕1号|11340100MB0C0001XL|{date(2026, 5, 12)}"
STAGES = {
    "match": ["identifiers", "names", "lifecycle", "index_conflicts", "links", "reviews", "match_quality", "match_drift"],
    "assemble": ["enterprises", "events", "losing_values", "snapshot_changes"],
    "grade": ["indicators", "findings", "grades", "list_entries"],
}


@dataclass(frozen=True)
class Rows:
    """Each row is `usual` with what it says otherwise."""

    schema: str
    usual: Row
    bad: list[Row]
    good: list[Row] = field(default_factory=lambda: [{}])


def frame(spark: SparkSession, name: str, said: list[Row]) -> DataFrame:
    names = [column.split()[0] for column in ROWS[name].schema.split(", ")]
    told = [ROWS[name].usual | row for row in said]
    assert all(set(row) <= set(names) for row in told), f"{name}: unknown columns"
    return spark.createDataFrame([[row.get(column) for column in names] for row in told], ROWS[name].schema)


def good(spark: SparkSession, stage: str) -> dict[str, DataFrame]:
    """Every table of the stage with rows that meet its suite."""
    return {name: frame(spark, name, ROWS[name].good) for name in STAGES[stage]}


def facts(schema: str, usual: Row, *bad: Row, often: Row | None = None, good: list[Row] | None = None) -> Rows:
    """Facts of a category in what it has of its own; `often` is what most of the bad rows say."""
    placed = {"delivery_id": "d1", "run_id": "standardise-1", "row_no": 1, "part": 0, "feed": "city_penalties", **usual}
    return Rows(f"{PLACE}, feed string, {schema}", placed, [{**(often or {}), **row} for row in [{}, {}, *bad]], good or [{}])


def old(column: str) -> Row:
    return {column: date(1901, 1, 1)}


def decided(day: date) -> Row:
    ends = day.replace(year=day.year + 1)
    return {"decision_date": day, "document_no": f"示市监罚字〔{day.year}〕1号", "publicity_end_date": ends}


DAY, SATURDAY = date(2026, 5, 12), date(2026, 5, 16)
LINE = {
    "delivery_id": "d1",
    "run_id": "standardise-1",
    "row_no": 1,
    "part": 0,
    "field": "decision_date",
    "value": "2026-13-01",
    "reason": "not_a_date",
}
STRINGS = "array<string>"

ROWS: dict[str, Rows] = {
    "facts": facts(
        "fact_id string, event_key string, credit_code string, event_date date, lacks string",
        {"fact_id": F1, "event_key": KEY, "credit_code": CODE, "event_date": DAY},
        {"fact_id": "not-an-id"},
        {"fact_id": None},
        {"event_key": None},
        {"lacks": "decision_date"},
        {"credit_code": "92340100MA2N0XCL3K"},
        {"credit_code": "91340100MA2N0XCL"},
        old("event_date"),
    ),
    "facts_registration": facts(
        "registration_status string, registered_region string, founding_date date, registered_capital decimal(20,2)",
        {
            "registration_status": "active",
            "registered_region": "340100",
            "founding_date": DAY,
            "registered_capital": Decimal("1000.00"),
        },
        {"registered_capital": Decimal("500.00")},
        old("founding_date"),
        often={"registration_status": None, "registered_region": None},
    ),
    "facts_permit": facts(
        "document_no string, decision_date date, organ_code string, source_unit_code string, valid_from_date date",
        {"document_no": "示许〔2026〕1号", "decision_date": DAY, "organ_code": "11340100MB0C0001XL", "valid_from_date": DAY},
        {"decision_date": SATURDAY, "valid_from_date": SATURDAY},
        {"organ_code": "11340100MB0C0001XL", "source_unit_code": "12340200MB0C010125"},
        {"document_no": "示许〔2025〕1号"},
        {"organ_code": "11340100MB0C0001XL"},
        {"organ_code": "11340200MB0C0002XL"},
        old("valid_from_date"),
        often={"organ_code": None},
    ),
    "facts_penalty": facts(
        "document_no string, decision_date date, organ_code string, source_unit_code string, fine_amount_yuan decimal(20,2), "
        "publicity_end_date date, severity string",
        {
            "publicity_end_date": date(2027, 5, 12),
            "document_no": "示市监罚字〔2026〕1号",
            "decision_date": DAY,
            "organ_code": "11340100MB0C0001XL",
            "fine_amount_yuan": Decimal("500.00"),
        },
        {"fine_amount_yuan": Decimal("10000000.00")},
        {"publicity_end_date": date(2036, 1, 1)},
        {"document_no": "示市监罚字〔2025〕1号"},
        {"organ_code": "11340100MB0C0001XL"},
        {"organ_code": "11340200MB0C0002XL"},
        {"decision_date": SATURDAY},
        {"organ_code": "11340100MB0C0001XL", "source_unit_code": "12340102MB0C010125"},
        {"publicity_end_date": date(2026, 7, 12), "severity": "moderate"},
        often={"organ_code": None},
        good=[
            {},
            decided(date(2026, 5, 9)),  # a Saturday that makes up for a day off
            decided(date(2019, 5, 11)),  # a Saturday of a year whose calendar is not entered
            {"source_unit_code": "12340000MB0C010125"},
            {"source_unit_code": "12340100MB0C010125"},
            {"source_unit_code": "11100000MB0C010125"},
            {"publicity_end_date": date(2026, 7, 12)},  # of no class: perhaps minor, which may be shown for less
            {"publicity_end_date": date(2026, 8, 12), "severity": "moderate"},
        ],
    ),
    "facts_abnormal_listing": facts("listed_date date", {"listed_date": DAY}, old("listed_date")),
    "facts_serious_listing": facts("listed_date date", {"listed_date": DAY}, old("listed_date")),
    "facts_repair": facts("target_event_key string", {"target_event_key": KEY}, often={"target_event_key": None}),
    "facts_award": facts(
        "award_amount_yuan decimal(20,2)", {"award_amount_yuan": Decimal("98000.00")},
        {}, {}, {"award_amount_yuan": Decimal("1000000000.01")}, often={"award_amount_yuan": None}
    ),
    "rejects": Rows(
        f"{PLACE}, field string, value string, reason string",
        LINE,
        [
            {},
            {},
            {"field": None},
            {"reason": None},
            {"reason": "日期 2026-13-01 有误"},
            {"value": "联系电话13812345678"},
            {"value": "110101199003070000"},
        ],
    ),
    "flaws": Rows(
        f"{PLACE}, fact_id string, field string, value string, reason string",
        {**LINE, "fact_id": F1},
        [{}, {}, {"fact_id": "7"}, {"field": None}, {"reason": None}, {"reason": "Not a date"}, {"value": "13812345678"}],
    ),
    "identifiers": Rows(
        f"enterprise_id string, kind string, value string, fact_ids {STRINGS}, trust string",
        {"enterprise_id": E1, "kind": "credit_code", "value": CODE, "fact_ids": [F1], "trust": "registry"},
        [{}, {}, {"enterprise_id": "e"}, {"enterprise_id": None}, {"kind": "phone"}, {"value": " "}, {"trust": "stated"}],
        [{}, {"kind": "organisation_code", "value": "MA2N0XCL3"}],
    ),
    "names": Rows(
        f"enterprise_id string, name string, name_key string, current boolean, fact_ids {STRINGS}, trust string, "
        "valid_from date, valid_until date",
        {"enterprise_id": E1, "name": "示例企业有限公司", "name_key": "示例企业有限公司", "current": True, "fact_ids": [F1],
         "trust": "registry", "valid_from": date(2020, 1, 1)},
        [{}, {}, {"enterprise_id": None}, {"name_key": ""}, {"enterprise_id": "e2", "current": False}, {"trust": "hearsay"},
         {"valid_until": date(2019, 1, 1)}],
        [{}, {"name": "示例旧名有限公司", "name_key": "示例旧名有限公司", "current": False, "trust": "stated"}],
    ),
    "lifecycle": Rows(
        f"life_id string, enterprise_id string, kind string, other_enterprise_id string, fact_ids {STRINGS}",
        {"life_id": "l1", "enterprise_id": E1, "kind": "branch_of", "other_enterprise_id": "e2", "fact_ids": [F1]},
        [{}, {}, {"enterprise_id": None}, {"kind": "moved"}, {"other_enterprise_id": E1}],
    ),
    "index_conflicts": Rows(
        f"conflict_id string, kind string, enterprise_ids {STRINGS}, fact_ids {STRINGS}",
        {"conflict_id": "c1", "kind": "tax_number_of_several", "enterprise_ids": [E1, "e2"], "fact_ids": [F1]},
        [{}, {}, {"kind": "odd"}, {"enterprise_ids": []}, {"kind": "credit_code_of_several"}],
    ),
    "links": Rows(
        "fact_id string, category string, enterprise_id string, tier int, score decimal(5,4), reason string, pending boolean",
        {"fact_id": F1, "category": "penalty", "enterprise_id": E1, "tier": 1, "reason": "credit_code", "pending": False},
        [
            {},
            {},
            {"reason": None},
            {"pending": None},
            {"tier": 9},
            {"tier": None},
            {"tier": 3},
            {"tier": 5, "pending": True},
            {"tier": 5, "pending": True, "score": Decimal("1.0000")},
            {"category": "permit", "pending": True},
            {"category": "registration"},
            *[{"category": "registration", "enterprise_id": None, "tier": None}] * 80,
        ],
        [{}, {"fact_id": F2, "tier": 3, "reason": "unique_name", "pending": True},
         {"fact_id": "f3", "category": "court_record", "tier": 5, "reason": "scored", "pending": True, "score": Decimal("0.98")},
         {"fact_id": "f4", "enterprise_id": None, "tier": None, "reason": "name_close", "score": Decimal("0.4000")},
         {"fact_id": "f5", "tier": 0, "reason": "decision"},
         {"fact_id": "f6", "category": "permit", "tier": 5, "reason": "scored", "score": Decimal("0.9700")}],
    ),
    "reviews": Rows(
        "review_id string, fact_id string, category string, reason string, priority int, "
        f"candidates {STRINGS}, subject string, facts int",
        {"review_id": "r1", "fact_id": F1, "category": "penalty", "reason": "name_of_several", "priority": 1, "candidates": [E1],
         "subject": "s1", "facts": 1},
        [{}, {}, {"fact_id": None}, {"reason": None}, {"priority": 5}, {"candidates": [E1, E1]}, {"facts": None}],
        [{}, {"review_id": "r2", "candidates": [], "subject": None, "facts": None, "reason": "item_retired", "priority": 2}],
    ),
    "match_quality": Rows(
        "part string, name string, figure string, count bigint, whole bigint, share decimal(7,6), high decimal(7,6)",
        {"part": "labels", "name": "coded", "figure": "precision", "count": 990, "whole": 1000, "share": Decimal("0.99"),
         "high": Decimal("0.9946")},
        [{}, {}, {"count": 1001}, {"high": Decimal("0.98")}, {"figure": "recall", "high": Decimal("0.7")},
         {"part": "queue", "name": "91", "figure": "1"}, {"name": "decided", "high": Decimal("0.85")}],
        [{}, {"figure": "recall", "high": Decimal("0.9")}, {"part": "queue", "name": "91", "figure": "3", "high": None},
         {"name": "decided", "high": Decimal("0.95")},  # two refused: people look at doubt alone
         {"name": "decided", "figure": "recall", "whole": 0, "count": 0, "share": None, "high": None}],
    ),
    "match_drift": Rows(
        "name string, figure string, whole bigint, whole_before bigint, change decimal(7,6)",
        {"name": "all", "figure": "none", "whole": 5000, "whole_before": 4000, "change": Decimal("0.01")},
        [{"change": Decimal("0.06")}, {"figure": "5", "change": Decimal("-0.06")}, {"name": "city", "change": Decimal("0.2")}],
        [{}, {"figure": "1", "change": Decimal("-0.5")}, {"change": Decimal("-0.2")}, {"change": Decimal("0.5"), "whole": 999},
         {"name": "city", "change": Decimal("0.05")}],
    ),
    "enterprises": Rows(
        "enterprise_id string, credit_code string, name string, term_start date, term_end date, "
        "registered_capital decimal(20,2), capital_currency string, sources map<string,string>",
        {
            "enterprise_id": E1,
            "credit_code": CODE,
            "name": "示例企业有限公司",
            "term_start": DAY,
            "term_end": None,
            "registered_capital": Decimal("10000.00"),
            "capital_currency": "CNY",
            "sources": {"name": F1},
        },
        [
            {},
            {},
            {"enterprise_id": None},
            {"credit_code": "92340100MA2N0XCL3K"},
            {"name": None},
            {"term_end": date(2020, 1, 1)},
            {"sources": {}},
            {"registered_capital": None},
        ],
    ),
    "events": Rows(
        "event_id string, event_key string, category string, enterprise_id string, event_date date, adverse boolean, "
        f"evidence string, fact_id string, fact_ids {STRINGS}, feeds {STRINGS}, levels int, publicity_until date, "
        "use_until date, retention_until date, ended_on date, end_reason string, suspended boolean, suspended_because string, "
        f"state string, rests_on {STRINGS}",
        {
            "event_id": "v1",
            "event_key": KEY,
            "category": "penalty",
            "enterprise_id": E1,
            "event_date": DAY,
            "adverse": True,
            "evidence": "decided",
            "fact_id": F1,
            "fact_ids": [F1],
            "feeds": ["city_penalties"],
            "levels": 1,
            "publicity_until": date(2027, 5, 12),
            "use_until": date(2027, 5, 12),
            "retention_until": date(2031, 5, 12),
            "suspended": False,
            "state": "active",
            "rests_on": [F1, KEY],
        },
        [
            {},
            {},
            {"adverse": None},
            {"rests_on": [F1]},
            {"state": "gone"},
            {"state": "ended"},
            {"retention_until": DAY},
            {"publicity_until": None},
            {"levels": 4},
        ],
        [
            {},
            {"event_id": "v2", "state": "suspended", "suspended": True, "suspended_because": "same_enterprise as repair f2"},
            {"event_id": "v3", "state": "ended", "ended_on": date(2026, 11, 1), "end_reason": "repaired"},
        ],
    ),
    "losing_values": Rows(
        "enterprise_id string, event_id string, field string, value string, fact_id string, winner_fact_id string, reason string",
        {
            "enterprise_id": E1,
            "event_id": None,
            "field": "registered_capital",
            "value": "0.00",
            "fact_id": F2,
            "winner_fact_id": F1,
            "reason": "older",
        },
        [{}, {}, {"reason": "worse"}, {"winner_fact_id": F2}],
    ),
    "snapshot_changes": Rows(
        "feed string, entry string, change string, fact_id string, last_seen date, absent_since date",
        {"feed": "f", "entry": "abnormal_listing|1", "change": "not_in_snapshot", "fact_id": F1, "last_seen": DAY,
         "absent_since": DAY},
        [{}, {}, {"entry": "abnormal_listing|2", "absent_since": date(2020, 1, 1)}],
    ),
    "indicators": Rows(
        f"enterprise_id string, indicator string, value decimal(20,2), as_of date, fact_ids {STRINGS}",
        {"enterprise_id": E1, "indicator": "penalties_serious", "value": Decimal("1.00"), "as_of": DAY, "fact_ids": [F1]},
        [{}, {}, {"value": Decimal("-1.00")}, {"fact_ids": []}, {"as_of": date(2026, 5, 13)}],
        [
            {},
            {"indicator": "penalties_minor", "value": Decimal("0.00"), "fact_ids": []},
            {"indicator": "abnormal_listed", "value": None},
        ],
    ),
    "findings": Rows(
        "finding_id string, enterprise_id string, rule_id string, rule_version string, article string, effect string, "
        f"weight decimal(20,2), fact_ids {STRINGS}, rests_on {STRINGS}",
        {
            "finding_id": "g1",
            "enterprise_id": E1,
            "rule_id": "penalty_serious",
            "rule_version": "2026.1",
            "article": "第五条",
            "effect": "points",
            "weight": Decimal("30.00"),
            "fact_ids": [F1],
            "rests_on": [F1, KEY],
        },
        [{}, {}, {"article": ""}, {"effect": "watch"}],
    ),
    "grades": Rows(
        f"enterprise_id string, scheme string, grade string, grade_status string, score decimal(20,2), finding_ids {STRINGS}, "
        f"rests_on {STRINGS}",
        {
            "enterprise_id": E1,
            "scheme": "supervision",
            "grade": "C",
            "grade_status": "preview",
            "score": Decimal("70.00"),
            "finding_ids": ["g1"],
            "rests_on": [F1, KEY],
        },
        [
            {},
            {},
            {"grade": None},
            {"grade_status": "in_force"},
            {"score": Decimal("101.00")},
            {"finding_ids": []},
            *[{"grade": "D"}] * 100,
        ],
    ),
    "list_entries": Rows(
        "entry_id string, list string, enterprise_id string, origin string, since date, rule_id string, rule_version string, "
        f"basis string, fact_ids {STRINGS}, rests_on {STRINGS}",
        {
            "entry_id": "l1",
            "list": "serious",
            "enterprise_id": E1,
            "origin": "organ_decision",
            "since": DAY,
            "basis": "第五条",
            "fact_ids": [F1],
            "rests_on": [F1, KEY],
        },
        [
            {},
            {},
            {"origin": "rumour"},
            {"list": "watch"},
            {"basis": None},
            {"origin": "proposal", "list": "watch"},
            {"rule_id": "r1"},
        ],
        [{}, {"entry_id": "l2", "list": "watch", "origin": "proposal", "rule_id": "r1", "rule_version": "2026.1"}],
    ),
}

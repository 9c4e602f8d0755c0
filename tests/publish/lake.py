"""The lake's derived tables as small Arrow tables, and a night that reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from jobs.declarations import load
from jobs.declarations.settings import ROOT
from jobs.stages.run import Night
from jobs.stores.serving.tables import ARROW, ENVELOPE

S, D, B, N, L = pa.string(), pa.date32(), pa.bool_(), pa.int32(), pa.list_(pa.string())
MONEY, INSTANT = pa.decimal128(20, 2), pa.timestamp("us", "UTC")
KNOWN = datetime(2026, 11, 20, 13, tzinfo=UTC)


def columns(kind: pa.DataType, *names: str) -> dict[str, pa.DataType]:
    return dict.fromkeys(names, kind)


SCHEMAS: dict[str, dict[str, pa.DataType]] = {
    "enterprises": columns(
        S,
        "enterprise_id",
        "credit_code",
        "organisation_code",
        "registration_number",
        "name",
        "registration_status",
        "registered_region",
        "enterprise_type",
        "capital_currency",
        "industry",
        "registered_address",
        "business_scope",
    )
    | columns(D, "founding_date", "approval_date", "term_start", "term_end")
    | {"registered_capital": MONEY, "sources": pa.map_(S, S)},
    "names": columns(S, "enterprise_id", "name", "name_key", "name_core", "trust") | columns(D, "valid_from", "valid_until")
    | {"current": B, "fact_ids": L, "feeds": L},
    "identifiers": columns(S, "enterprise_id", "kind", "value", "trust") | columns(L, "fact_ids", "feeds"),
    "lifecycle": columns(S, "life_id", "enterprise_id", "kind", "other_enterprise_id") | {"on_date": D, "fact_ids": L},
    "index_conflicts": columns(S, "conflict_id", "kind", "value") | columns(L, "enterprise_ids", "fact_ids"),
    "referents": columns(S, "referent_id", "enterprise_id", "kind", "value"),
    "events": columns(
        S,
        "event_id",
        "event_key",
        "category",
        "enterprise_id",
        "evidence",
        "organ_code",
        "answering_organ_code",
        "fact_id",
        "end_reason",
        "state",
        "regime",
        "severity",
        "suspended_because",
        "replaces_event_key",
    )
    | columns(D, "absent_since", "event_date", "publicity_until", "sharing_until", "use_until", "retention_until", "ended_on")
    | columns(L, "fact_ids", "feeds", "rests_on")
    | columns(B, "adverse", "suspended")
    | {"levels": N},
    "losing_values": columns(S, "enterprise_id", "event_id", "field", "value", "fact_id", "feed", "winner_fact_id", "reason"),
    "links": columns(S, "fact_id", "category", "feed", "enterprise_id", "reason", "subject")
    | {"tier": N, "score": pa.decimal128(6, 4), "pending": B},
    "reviews": columns(S, "review_id", "fact_id", "category", "reason", "subject", "said", "document_no", "organ_code",
                       "asked_organ_code", "waiting_on")
    | {"adverse": B, "candidates": L, "priority": N, "facts": N, "event_date": D, "offered": L},
    "match_quality": columns(S, "part", "name", "figure") | columns(pa.int64(), "count", "whole")
    | columns(pa.decimal128(7, 6), "share", "low", "high"),
    "snapshot_changes": columns(S, "feed", "category", "entry", "change", "fact_id") | columns(D, "last_seen", "absent_since"),
    **dict.fromkeys(("rejects", "flaws"), columns(S, "delivery_id", "feed", "field", "value", "reason")
                    | columns(N, "row_no", "part")),
    "indicators": columns(S, "enterprise_id", "indicator") | {"value": MONEY, "as_of": D, "fact_ids": L},
    "findings": columns(S, "finding_id", "enterprise_id", "rule_id", "rule_version", "article", "effect")
    | {"weight": MONEY, "fact_ids": L, "event_ids": L},
    "grades": columns(S, "enterprise_id", "scheme", "scheme_version", "grade", "grade_status")
    | {"score": MONEY, "as_of": D, "finding_ids": L, "rests_on": L, "use_until": D, "coverage": L, "unknown": L},
    "list_entries": columns(
        S, "entry_id", "list", "enterprise_id", "origin", "organ_code", "decision_no", "rule_id", "rule_version", "basis"
    )
    | {"since": D, "until": D, "fact_ids": L, "rests_on": L},
}
DECLARED = load(ROOT / "config")


def fact_columns(category: str) -> dict[str, pa.DataType]:
    own = {name: ARROW[DECLARED.fields[name].type] for name in DECLARED.categories[category].fields}
    return {**ENVELOPE, **columns(S, "feed"), **columns(D, "event_date", "covers"), **own}


PENALTY = fact_columns("penalty")


def table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    kinds = SCHEMAS[name] if name in SCHEMAS else fact_columns(name.removeprefix("facts_"))
    unknown = {key for row in rows for key in row} - set(kinds)
    assert not unknown, f"{name} has no {unknown}"
    return pa.Table.from_pylist([dict.fromkeys(kinds) | row for row in rows], pa.schema(kinds.items()))


def enterprise(n: int, **values: Any) -> dict[str, Any]:
    return {
        "enterprise_id": f"e{n}",
        "name": f"示例企业{n}有限公司",
        "registration_status": "active",
        "registered_capital": Decimal("1000000.50"),
        "sources": {"name": f"r{n}", "registration_status": f"r{n}"},
    } | values


def penalty(n: int, of: int = 1, **values: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The event of a penalty and the fact that won."""
    key = f"penalty|示罚〔2026〕{n}号|organ|2026-03-0{n % 9 + 1}"
    event = {
        "event_id": f"v{n}",
        "event_key": key,
        "category": "penalty",
        "enterprise_id": f"e{of}",
        "adverse": True,
        "evidence": "decided",
        "event_date": date(2026, 3, n % 9 + 1),
        "fact_id": f"p{n}",
        "fact_ids": [f"p{n}"],
        "feeds": ["city_penalties"],
        "levels": 1,
        "state": "active",
        "suspended": False,
        "rests_on": [f"p{n}", key],
    }
    fact = {
        "fact_id": f"p{n}",
        "event_key": key,
        "delivery_id": "d1",
        "row_no": n,
        "part": 0,
        "covers": KNOWN.date(),
        "received_at": KNOWN,
        "document_no": f"示罚〔2026〕{n}号",
        "penalty_kinds": ["warning", "fine"],
        "fine_amount_yuan": Decimal("500.00"),
        "remarks": "仅供政府内部",
    }
    own = {name: values.pop(name) for name in list(values) if name not in SCHEMAS["events"]}
    return event | values, fact | own


def rating(n: int, onward: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """The event of a sector's rating and its fact, with what its owner says of passing it on."""
    event, _ = penalty(n)
    key, fact_id = f"sector_rating|tax|organ|2025|{n}", f"s{n}"
    event |= {"event_id": f"r{n}", "event_key": key, "category": "sector_rating", "fact_id": fact_id, "fact_ids": [fact_id],
              "feeds": ["tax_ratings"], "rests_on": [fact_id, key]}
    fact = {"fact_id": fact_id, "event_key": key, "delivery_id": "d2", "row_no": n, "part": 0, "covers": KNOWN.date(),
            "received_at": KNOWN, "rating_scheme": "tax", "rating_value": "D", "onward_permission": onward}
    return event, fact


@dataclass
class SmallNight(Night):
    """A night whose lake is a dictionary of rows."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def read(self, name: str) -> pa.Table:
        return table(name, self.rows.get(name, []))

    def facts(self, category: str) -> pa.Table | None:
        name = f"facts_{category}"
        return table(name, self.rows.get(name, [])) if category == "penalty" or name in self.rows else None

    def told(self, name: str) -> pa.Table | None:
        return table(name, self.rows[name]) if name in self.rows else None


def lake(*penalties: tuple[dict[str, Any], dict[str, Any]], **others: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return {
        "enterprises": [enterprise(1), enterprise(2)],
        "events": [event for event, _ in penalties],
        "facts_penalty": [fact for _, fact in penalties],
        **others,
    }

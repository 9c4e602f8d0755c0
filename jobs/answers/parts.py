"""The parts of an explanation that stand in the serving tables and the ledger."""
from __future__ import annotations

from typing import Any

from jobs.answers import nights
from jobs.declarations import Declarations
from jobs.stores.ledger import Ledger

NAMES = "select name, current, fact_ids from credit.names where enterprise_id = :id order by current desc, name"
IDENTIFIERS = "select kind, value, fact_ids from credit.identifiers where enterprise_id = :id order by kind, value"
INDICATORS = "select indicator, value, fact_ids from credit.indicators where enterprise_id = :id order by indicator"
FINDINGS = "select * from credit.findings where enterprise_id = :id order by rule_id"
LOST = "select field, value, fact_id, feed, reason, winner_fact_id, event_id from credit.losing_values"
UNTOLD = ("row_key", "row_hash")


def rows(ledger: Ledger, sql: str, **given: Any) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in UNTOLD} for row in ledger.rows(sql, **given)]


def header(ledger: Ledger, enterprise_id: str) -> list[dict[str, Any]]:
    """Each field of the file's header with its value and the fact it comes from."""
    found = rows(ledger, "select * from credit.enterprises where enterprise_id = :id", id=enterprise_id)
    if not found:
        return []
    sources = found[0]["sources"]
    told = [{"field": name, "value": value, "fact_id": sources[name]} for name, value in found[0].items() if name in sources]
    feeds = {link["fact_id"]: link["feed"] for link in links(ledger, sorted(set(sources.values())))}
    return [{**one, "feed": feeds.get(one["fact_id"])} for one in told]


def events(ledger: Ledger, condition: str, **given: Any) -> list[dict[str, Any]]:
    """Events with their life: ends, what ended them, what suspends them, the regime they go by."""
    return rows(ledger, f"""
        select e.* from credit.events e where {condition} order by e.event_date desc nulls last, e.event_id""", **given)


def links(ledger: Ledger, fact_ids: list[str]) -> list[dict[str, Any]]:
    """How each fact was linked, and why; of a fact nobody linked also why not."""
    return rows(ledger, """
        select fact_id, category, feed, enterprise_id, tier, score, reason, pending from credit.links where fact_id = any(:ids)
        order by category, feed, fact_id""", ids=fact_ids)


def links_of_enterprise(ledger: Ledger, enterprise_id: str) -> list[dict[str, Any]]:
    """The facts its file rests on; a pending one reaches no answer about the enterprise (design law 3)."""
    return rows(ledger, """
        select fact_id, category, feed, enterprise_id, tier, score, reason, pending from credit.links
        where enterprise_id = :id and not pending order by category, feed, fact_id""", id=enterprise_id)


def withdrawals(ledger: Ledger, event_keys: list[str]) -> list[dict[str, Any]]:
    """What was taken out, also since the last release."""
    return ledger.rows("""
        select event_key, channel, effective_on, reason, document, origin, known_at from ledger.withdrawals
        where event_key = any(:keys) order by known_at, event_key, channel""", keys=event_keys)


def with_rule(declarations: Declarations, row: dict[str, Any]) -> dict[str, Any]:
    """The row with what its rule says today, where that is still the version that made it."""
    rule = declarations.rules.get(row["rule_id"] or "")
    if rule is None or rule.version != row["rule_version"]:
        return row
    return {**row, "rule": f"{rule.zh} · {rule.en}", "condition": rule.condition, "because": rule.because,
            "legal_basis": f"{rule.legal_basis} {rule.article}", "in_force_from": rule.in_force_from}


def of_scheme(declarations: Declarations, row: dict[str, Any]) -> dict[str, Any]:
    """What the grade's scheme says of its bands, where that is still the version that graded."""
    scheme = declarations.schemes.get(row["scheme"])
    if scheme is None or scheme.version != row["scheme_version"]:
        return {}
    bands = ", ".join(f"{band.band} from {band.from_score} ({band.means})" for band in scheme.bands)
    return {"base_score": scheme.base_score, "bands": bands, "legal_basis": f"{scheme.legal_basis} {scheme.article}"}


def gates(ledger: Ledger, release_id: str, admissions: list[dict[str, Any]], id: str) -> list[dict[str, Any]]:
    """What the gates of the release's runs found: a line a stage, with whatever failed or warned and names this id."""
    told: dict[str, dict[str, Any]] = {}
    for row in nights.checks(ledger, [run["run_id"] for run in nights.runs(ledger, release_id, admissions)]):
        stage = told.setdefault(row["run_id"], {
            "stage": row["stage"], "run_id": row["run_id"], "suites": set(), "expectations": 0, "failed": 0, "warned": 0,
            "of_this": ""})
        stage["suites"].add(row["suite"])
        stage["expectations"] += 1
        stage["failed"] += not row["success"] and row["severity"] == "fail"
        stage["warned"] += not row["success"] and row["severity"] == "warn"
        if any(id in map(str, key.values()) for key in row["keys"]):
            stage["of_this"] += f"{row['suite']}: {row['expectation']}: {row['because']}. "
    return [{**stage, "suites": len(stage["suites"])} for stage in told.values()]

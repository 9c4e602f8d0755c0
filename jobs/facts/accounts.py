"""Every row in has a row out: the account of each delivery, and its verdict."""
from __future__ import annotations

from typing import Any

from jobs.declarations import Declarations

OUTCOMES = {"rows_facts": "rows_fact", "rows_duplicate": "rows_duplicate", "rows_rejected": "rows_reject",
            "rows_household": "rows_household", "rows_natural_person": "rows_natural_person"}


def measured(declarations: Declarations, deliveries: list[dict[str, Any]], accounts: list[dict[str, Any]],
             unread: dict[str, str]) -> list[dict[str, Any]]:
    """One row a delivery: what came, what became of it, whether the sum holds, and what the feed expects.

    rows_personal = rows_household + rows_natural_person; `balanced` says rows = facts + rejects + duplicates + personal.
    """
    told = {account["delivery_id"]: account for account in accounts}
    return [one(declarations, delivery, told.get(delivery["delivery_id"], {}), delivery["delivery_id"] in unread)
            for delivery in deliveries]


def one(declarations: Declarations, delivery: dict[str, Any], account: dict[str, Any], unread: bool) -> dict[str, Any]:
    feed = declarations.feeds[delivery["feed"]]
    counted = {name: account.get(of, 0) for name, of in OUTCOMES.items()}
    received = delivery["rows_received"]
    return {
        "delivery_id": delivery["delivery_id"], "feed": feed.feed, "category": feed.category, "rows_received": received,
        **counted, "rows_personal": counted["rows_household"] + counted["rows_natural_person"],
        "facts": account.get("facts", 0), "flaws": account.get("flaws", 0),
        "header_known": not unread, "balanced": unread or sum(counted.values()) == received,
        "reject_rate": counted["rows_rejected"] / received if received else 0.0,
        "min_rows": feed.volume.min_rows, "max_rows": feed.volume.max_rows,
    }


def admissions(metrics: list[dict[str, Any]], held: dict[str, str], run_id: str, known_at: object) -> list[dict[str, Any]]:
    """The ledger's row of each decided delivery: admitted, or held and why."""
    kept = ("delivery_id", "category", *OUTCOMES, "facts", "flaws")
    return [{**{name: row[name] for name in kept}, "run_id": run_id, "known_at": known_at,
             "verdict": "held" if row["delivery_id"] in held else "admitted", "reason": held.get(row["delivery_id"])}
            for row in metrics]


def withdrawal_of(row: dict[str, Any]) -> dict[str, Any]:
    """The withdrawal that a repair is: its target ends in every channel from the day the repair takes effect."""
    return {"event_key": row["target_event_key"], "channel": "all", "effective_on": row["effective_on"], "reason": "repaired",
            "document": row["document"], "origin": row["fact_id"]}

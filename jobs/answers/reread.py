"""What a withdrawn rule changed: the deliveries that were read anew, each before and now."""
from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from jobs.answers.arrived import SHORT
from jobs.answers.layout import table
from jobs.answers.slips import REASONS, WHOLE_FILE, Rule
from jobs.stores.ledger import Ledger

HEAD = ("delivery", "feed", "covers", "rows", "lines of the rule then", "now", "rejected then", "now", "verdict")


def told(ledger: Ledger, rule: Rule, before: list[dict[str, Any]], run_id: str, as_of: date) -> str:
    """One line a delivery; and that what consumers read is the same until a night has released it."""
    now = {row["delivery_id"]: row for row in ledger.rows("select * from ledger.admissions where run_id = :run", run=run_id)}
    then = lines_of(ledger, rule, before)
    again = lines_of(ledger, rule, [{"delivery_id": id, "run_id": run_id} for id in now])
    rows = [[row["delivery_id"][:SHORT], row["feed"], row["covers"], row["rows_received"],
             then[row["delivery_id"]], again[row["delivery_id"]], row["rows_rejected"], one["rows_rejected"], one["verdict"]]
            for row in before if (one := now.get(row["delivery_id"]))]
    return "\n".join([
        f"withdrawn: {' '.join(rule)}; read anew by {run_id}: {len(rows)} deliveries with {sum(row[3] for row in rows):,} rows",
        *table(HEAD, rows), "",
        f"A night is still needed: consumers read the last release until python -m jobs night --as-of {as_of}, or the next one, "
        "has passed"])


def lines_of(ledger: Ledger, rule: Rule, deliveries: list[dict[str, Any]]) -> Counter[str]:
    """How many lines each of these deliveries has of the rule; of a file as a whole one, as it was returned for it."""
    if rule[0] == WHOLE_FILE:
        return Counter(row["delivery_id"] for row in deliveries if row.get("verdict") == "held")
    runs = {row["delivery_id"]: row["run_id"] for row in deliveries}
    found: Counter[str] = Counter()
    for row in ledger.rows(REASONS, runs=sorted(set(runs.values()))):
        if (row["field"], row["reason"]) == rule and runs.get(row["delivery_id"]) == row["run_id"]:
            found[row["delivery_id"]] += row["count"]
    return found

"""Every row in has a row out: the account of each delivery, and its verdict."""
from __future__ import annotations

from datetime import date
from typing import Any

from jobs.declarations import Declarations
from jobs.declarations.feeds import Feed
from jobs.declarations.reading import digest
from jobs.declarations.scorecards import MADE
from jobs.facts import scores
from jobs.facts.cleaning import watched
from jobs.values.dates import Calendar, CalendarYearError

OUTCOMES = {"rows_facts": "rows_fact", "rows_duplicate": "rows_duplicate", "rows_rejected": "rows_reject",
            "rows_household": "rows_household", "rows_natural_person": "rows_natural_person"}


def measured(declarations: Declarations, deliveries: list[dict[str, Any]], accounts: list[dict[str, Any]],
             unread: dict[str, str]) -> list[dict[str, Any]]:
    """One row a delivery: what came, what became of it, whether the sum holds, and what the feed expects.

    rows_personal = rows_household + rows_natural_person; `balanced` says rows = facts + rejects + duplicates + personal.
    """
    told = {account["delivery_id"]: account for account in accounts}
    calendar = Calendar.load(declarations.folder / "codes" / "working_days.csv")
    return [one(declarations, delivery, told.get(delivery["delivery_id"], {}), delivery["delivery_id"] in unread, calendar)
            for delivery in deliveries]


def one(declarations: Declarations, delivery: dict[str, Any], account: dict[str, Any], unread: bool,
        calendar: Calendar) -> dict[str, Any]:
    feed = declarations.feeds[delivery["feed"]].on(delivery["covers"])
    counted = {name: account.get(of, 0) for name, of in OUTCOMES.items()}
    received, fill = delivery["rows_received"], filled(feed, account, declarations)
    personal = counted["rows_household"] + counted["rows_natural_person"]
    return {
        "delivery_id": delivery["delivery_id"], "feed": feed.feed, "category": feed.category, "rows_received": received,
        **counted, "rows_personal": personal,
        **scores.of_delivery(declarations, delivery, account, calendar, personal),
        "facts": account.get("facts", 0), "flaws": account.get("flaws", 0),
        "header_known": not unread, "balanced": unread or sum(counted.values()) == received,
        "reject_rate": counted["rows_rejected"] / received if received else 0.0,
        "min_rows": least(feed, delivery["covers"], calendar), "max_rows": feed.volume.max_rows,
        "fill": fill, "fill_low": ", ".join(f"{name} {share:.3f} of at least {feed.volume.fill[name].min}"
                                            for name, share in fill.items() if share < feed.volume.fill[name].min),
    }


def filled(feed: Feed, account: dict[str, Any], declarations: Declarations) -> dict[str, float]:
    """For each field whose fill rate the feed bounds, the share of the delivery's facts that have it; none of too few facts."""
    facts, places = account.get("facts", 0), watched(feed.category, declarations.feeds)
    return {name: account[f"filled_{places.index(name)}"] / facts for name, fill in sorted(feed.volume.fill.items())
            if facts >= fill.least_facts}


def least(feed: Feed, covers: date, calendar: Calendar) -> int:
    """The fewest rows a delivery of that day may have; of a year whose calendar nobody entered every day counts as worked."""
    try:
        off = feed.volume.working_days_only and not calendar.is_working_day(covers)
    except CalendarYearError:
        off = False
    return 0 if off else feed.volume.min_rows


def admissions(declarations: Declarations, deliveries: list[dict[str, Any]], metrics: list[dict[str, Any]],
               held: dict[str, str]) -> list[dict[str, Any]]:
    """The ledger's row of each decided delivery: admitted, or held and why, and by what it was read."""
    covers = {row["delivery_id"]: row["covers"] for row in deliveries}
    kept = ("delivery_id", "category", *OUTCOMES, "facts", "flaws", *MADE)
    return [{**{name: row[name] for name in kept}, "read_by": digest(declarations, row["feed"], covers[row["delivery_id"]]),
             "verdict": "held" if row["delivery_id"] in held else "admitted", "reason": held.get(row["delivery_id"])}
            for row in metrics]


def withdrawals(ends: list[dict[str, Any]], deliveries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The withdrawals that ends are: the act is out of every channel from the day told, else from the day its delivery covers."""
    covers = {row["delivery_id"]: row["covers"] for row in deliveries}
    return [{"event_key": row["event_key"], "channel": "all", "reason": row["reason"], "document": row["document"],
             "effective_on": row["ended_from"] or covers[row["delivery_id"]], "origin": row["fact_id"]} for row in ends]

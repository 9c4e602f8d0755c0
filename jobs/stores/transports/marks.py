"""How far each feed has been taken, as the ledger knows it."""
from __future__ import annotations

from typing import Any

from jobs.declarations.feeds import Feed
from jobs.declarations.settings import Settings
from jobs.stores import database
from jobs.stores.ledger import Ledger
from jobs.stores.transports.arrival import Arrival, Mark


class TakenMeanwhile(Exception):
    """Another land was quicker: it moved the mark from which this one began."""


def rows(settings: Settings, sql: str, **values: Any) -> list[dict[str, Any]]:
    with database.engine(settings).connect() as connection:
        return Ledger(connection).rows(sql, **values)


def taken(settings: Settings, feed: Feed, keys: list[str]) -> set[str]:
    """Which of these files were taken."""
    found = rows(settings, """select key from ledger.transport_marks
                              where feed = :feed and transport = :kind and key = any(:keys)""",
                 feed=feed.feed, kind=feed.transport.kind, keys=keys)
    return {row["key"] for row in found}


def last(settings: Settings, feed: Feed) -> tuple[int, dict[str, Any]]:
    """The number of the feed's last mark, and what it says; 0 and nothing where there is none."""
    found = rows(settings, """select key, mark from ledger.transport_marks where feed = :feed and transport = :kind
                              order by key desc limit 1""", feed=feed.feed, kind=feed.transport.kind)
    return (int(found[0]["key"]), found[0]["mark"]) if found else (0, {})


def following(number: int, mark: dict[str, Any]) -> Mark:
    """The mark after that number; only one delivery can have it."""
    return Mark(f"{number + 1:09d}", mark)


def advance(ledger: Ledger, arrival: Arrival, kind: str, delivery_id: str) -> None:
    """The mark that came with the delivery is in the ledger; raises TakenMeanwhile where it is there already."""
    if arrival.mark is None:
        return
    row = {"feed": arrival.feed, "transport": kind, "key": arrival.mark.key, "mark": arrival.mark.mark,
           "delivery_id": delivery_id, "received_at": arrival.received_at}
    if not ledger.add("transport_marks", [row], known=True):
        raise TakenMeanwhile(f"{arrival.feed}: {arrival.path.name}")


def handed_over(ledger: Ledger, arrival: Arrival, delivery_id: str) -> None:
    """Who handed the file over, and why, where a person did."""
    if arrival.handed is not None:
        detail = {"feed": arrival.feed, "file": arrival.path.name, "because": arrival.handed.because}
        ledger.add("audit_log", [{"at": arrival.received_at, "actor": f"person:{arrival.handed.by}", "action": "upload",
                                  "subject": delivery_id, "detail": detail}])

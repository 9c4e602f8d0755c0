"""A delivery by its id, or by the beginning of it as it is printed anywhere."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jobs.declarations import DeclarationError
from jobs.stores.ledger import Ledger

SHORT = 12  # characters of an id that a table shows
FEW = 8
BEGINS = "select * from ledger.deliveries where starts_with(delivery_id, :asked) order by received_at desc, delivery_id"


class UnknownDelivery(DeclarationError):
    """No delivery, or more than one, is meant. Exit code 2."""


def arrived(ledger: Ledger, asked: str, feed: str | None = None) -> dict[str, Any]:
    """The ledger's row of the one delivery, of that feed where one is named, whose id begins so; raises UnknownDelivery."""
    asked = asked.rstrip("…")
    begin = [row for row in ledger.rows(BEGINS, asked=asked) if feed in (None, row["feed"])]
    found = [row for row in begin if row["delivery_id"] == asked] or begin
    if len(found) == 1:
        return found[0]
    of = f" of {feed}" if feed else ""
    if found:
        raise UnknownDelivery(f"delivery {asked!r}: {len(found)} are meant; say more of the id: {listed(found)}")
    last = ledger.rows("""select * from ledger.deliveries where cast(:feed as text) is null or feed = :feed
                          order by received_at desc, delivery_id limit :few""", feed=feed, few=FEW)
    raise UnknownDelivery(f"delivery {asked!r} is unknown{of}; the last ones: {listed(last) or 'none has arrived yet'}; "
                          "all: python -m jobs sql \"select delivery_id, feed, covers, received_at from ledger.deliveries\"")


def listed(rows: Sequence[dict[str, Any]]) -> str:
    told = [f"{row['delivery_id'][:SHORT]} ({row['feed']}, {row['covers']})" for row in rows[:FEW]]
    return ", ".join(told) + (f" and {len(rows) - FEW} more" if len(rows) > FEW else "")

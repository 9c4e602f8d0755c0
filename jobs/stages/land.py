"""Land: a file as received is kept, read once into rows of strings, counted, and entered in the delivery ledger."""
from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa

from jobs.declarations import Declarations
from jobs.readers import Limits
from jobs.readers.inspect import Inspection, inspect
from jobs.stages.deliveries import StillWritten, delivery_id, hidden, quarantined_id, take
from jobs.stores.ledger import Ledger
from jobs.stores.objects import Objects
from jobs.stores.transports import Arrival
from jobs.stores.transports.marks import TakenMeanwhile, advance, handed_over

__all__ = ["delivery_id", "land"]


def land(arrivals: Iterable[Arrival], declarations: Declarations, engine: sa.Engine, objects: Objects,
         say: Callable[[str], None]) -> list[dict[str, Any]]:
    """The ledger rows of the deliveries taken now; a delivery taken before is left as it is."""
    taken = []
    for arrival in arrivals:
        inspected = inspect(arrival.path, Limits(max_bytes=sys.maxsize))
        try:
            with engine.begin() as connection:
                delivery = enter(Ledger(connection), arrival, inspected, declarations, objects)
        except TakenMeanwhile as error:
            say(f"land: {error}: another process took it")
            continue
        except StillWritten as error:
            say(f"land: {arrival.feed}: {error}: it is taken at the next look")
            continue
        if delivery is not None:
            taken.append(delivery)
            told = delivery["message"] or ", ".join([f"{delivery['rows_received']} rows", *hidden(delivery)])
            say(f"land: {arrival.feed}: {arrival.path.name}: {told}")
    return taken


def enter(ledger: Ledger, arrival: Arrival, inspected: Inspection, declarations: Declarations,
          objects: Objects) -> dict[str, Any] | None:
    """The ledger row of a delivery not taken before; how far its feed has come with it is entered in the same act."""
    known = ledger.deliveries([delivery_id(arrival, inspected.sha256), quarantined_id(arrival, inspected.sha256)])
    delivery = known[0] if known else take(arrival, inspected, declarations, objects)
    if not known and ledger.add("deliveries", [delivery], known=True):  # another land may have been quicker
        handed_over(ledger, arrival, delivery["delivery_id"])
    if delivery["delivery_status"] != "refused":  # what is not even kept is asked for again
        advance(ledger, arrival, declarations.feeds[arrival.feed].transport.kind, delivery["delivery_id"])
    return None if known else delivery

"""What the truth says of each feed and day: days owed, files, rows, acts beside those of other feeds, and what was returned."""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from tests.recount import acts, rows
from tests.recount.clock import owed
from tests.recount.known import Known, Tally


def tallies(known: Known, slips: list[Any]) -> dict[tuple[str, date], Tally]:
    """By feed and day covered."""
    found: dict[tuple[str, date], Tally] = defaultdict(lambda: defaultdict(Counter))
    for feed, day, of, counts in (*arrivals(known), *files(known), *rows.counted(known), *acts.counted(known)):
        found[feed, day][of].update(counts)
    for slip in slips:
        found[slip.feed, slip.covers]["slips"].update(slips=1, open=int(slip.status != "closed"))
    return found


def arrivals(known: Known) -> Iterator[tuple[str, date, str, dict[str, int]]]:
    """A file that can be read came, be it held; of a day that came twice the first counts."""
    came: dict[str, dict[date, datetime]] = defaultdict(dict)
    for one in known.deliveries:
        if one["delivery_status"] in ("received", "held"):
            days = came[one["feed"]]
            days[one["covers"]] = min(one["received_at"], days.get(one["covers"], one["received_at"]))
    for feed, days in came.items():
        for day, state in owed(known.declared.feeds[feed], days, known.clock, known.as_of).items():
            if state == "provisional":
                yield feed, day, "open", {"arrival": 1}
            else:
                yield feed, day, "arrival", {"owed": 1, state: 1}


def files(known: Known) -> Iterator[tuple[str, date, str, dict[str, int]]]:
    for one in known.deliveries:
        yield one["feed"], one["covers"], "files", {"deliveries": 1, one["delivery_status"]: 1}

"""What the rows of admitted files count for: what became of them, their values, and whether their acts came in time."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from tests.recount import told, values
from tests.recount.clock import DAY, day_of
from tests.recount.known import Delivery, Known


def counted(known: Known) -> Iterator[tuple[str, date, str, Counter[str]]]:
    for one in known.admitted:
        yield one["feed"], one["covers"], "rows", of_file(known, one)
        if timed(known, one["feed"], day_of(one["received_at"])) and not known.clock.knows(day_of(one["received_at"])):
            yield one["feed"], one["covers"], "open", Counter(clock=1)


def of_file(known: Known, one: Delivery) -> Counter[str]:
    found: Counter[str] = Counter(rows=0)
    for row in known.rows[one["path"]]:
        personal = row.becomes in ("household", "natural_person")
        found.update({"rows": 1, row.becomes: 1, "facts": len(row.facts), "personal": personal})
        found.update(values.of_row(known, one, row))
        for _ in row.facts:
            found.update(waited(known, one, row.cells))
    return found


# ---- the clocks of acts

def timed(known: Known, feed: str, day: date) -> int | None:
    """The working days that an act of that day may take; none of a full extract, which tells an act again each time."""
    declared = known.declared.feeds[feed]
    clocks = [one for one in known.declared.scorecards.clocks if declared.category in one.categories
              and one.in_force_from <= day <= (one.in_force_to or date.max)]
    return clocks[0].working_days if clocks and declared.snapshot != "full" else None


def waited(known: Known, one: Delivery, cells: told.Cells) -> dict[str, int]:
    """Whether the clock of the act is known and has run out, and the days worked between the act and its receipt, apart from
    those that it was on the way after the day covered, and those until a night took it. In a year without a notice only what
    ran out before is late."""
    feed, clock, before = known.feed(one), known.clock, day_of(one["received_at"]) - DAY
    event = known.declared.categories[feed.category].event_date
    if not timed(known, feed.feed, before):
        return {}
    day = told.day_in(cells[feed.fields[event].labels[0]])
    allowed = timed(known, feed.feed, day)
    if allowed is None or not clock.knows(day):
        return {}
    last = min(before, clock.last)
    days, late = clock.after(day, last), clock.after(day, last) >= allowed
    whole = before <= clock.last
    if not (late and whole):
        return {"dated": int(late or whole), "late": int(late)}
    way, taken = clock.after(max(day, one["covers"]), last), day_of(known.taken_at(one)) - DAY
    return {"dated": 1, "late": 1, "waited": days, "way": way, "above": way if feed.level != "city" else 0,
            "release": clock.after(before, taken) if taken <= clock.last else 0}

"""What each delivery is returned for, and whether a later one of its day has closed it."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tests.recount import values
from tests.recount.known import Delivery, Known


@dataclass(frozen=True)
class Slip:
    feed: str
    covers: date
    status: str


def slips(known: Known) -> list[Slip]:
    return [Slip(one["feed"], one["covers"], status(known, one)) for one in known.deliveries if faulty(known, one)]


def faulty(known: Known, one: Delivery) -> bool:
    """It could not be read, is held, or has a row or value that is its sender's fault; a note is nobody's."""
    if one["delivery_status"] != "received":
        return True
    notes = {reason for reason, said in known.declared.reasons.items() if said.kind == "note"}
    feed = known.feed(one)
    return any(reason not in notes for row in known.rows[one["path"]] for mark in row.marks
               for _, reason in values.all_of(feed, row, mark))


def status(known: Known, one: Delivery) -> str:
    """Closed by an admitted delivery of that day received later; overdue after the working days that config/slips.yml gives,
    counted from the release that first told it; of days that nobody knows it is open."""
    if any(later["feed"] == one["feed"] and later["covers"] == one["covers"] and later["received_at"] > one["received_at"]
           for later in known.admitted):
        return "closed"
    issued = next(as_of for as_of, known_at in known.nights if known_at >= decided(known, one) and as_of >= one["covers"])
    reply_by = known.clock.nth(issued, known.declared.slips.clock(issued).working_days)
    return "overdue" if reply_by and known.as_of > reply_by else "open"


def decided(known: Known, one: Delivery) -> datetime:
    """A file that cannot be read is returned as it comes, another by the night that read it."""
    if one["delivery_status"] == "quarantined":
        return one["received_at"]
    return min(known_at for _, known_at in known.nights if known_at >= one["received_at"])

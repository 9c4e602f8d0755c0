"""Return slips: what each delivery is returned for, to whom, by when it must be answered, and what has become of that."""
from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from jobs.answers.nights import says_again
from jobs.answers.reasons import notes
from jobs.declarations import Declarations
from jobs.declarations.feeds import Feed
from jobs.declarations.organs import Organ, successor_on
from jobs.declarations.reasons import FILE
from jobs.stores.ledger import Ledger
from jobs.values.dates import Calendar, CalendarYearError

WHOLE_FILE = "(file)"  # the field of what is said of a file as a whole, as `(row)` is of a row
KINDS = {"reject": "reject", "flaw": "doubt"}
# What stands of a delivery is its newest admission, or what held it where none admitted it; `verdict` is its newest decision.
TOLD = """
    select d.delivery_id, d.feed, d.covers, d.received_at, d.source_name, d.delivery_status, d.reason, d.sheet, d.header,
      d.rows_received, newest.verdict, newest.reason as held_because, coalesce(newest.known_at, d.received_at) as decided_at,
      stands.run_id, stands.rows_rejected, stands.read_by
    from ledger.standing(:known_at) d
    left join lateral (select * from ledger.admissions a where a.delivery_id = d.delivery_id and a.known_at <= :known_at
                       order by a.known_at desc, a.run_id desc limit 1) newest on true
    left join lateral (select * from ledger.admissions a where a.delivery_id = d.delivery_id and a.known_at <= :known_at
                       order by a.verdict = 'admitted' desc, a.known_at desc, a.run_id desc limit 1) stands on true
    where d.covers <= :as_of
    order by d.feed, d.received_at, d.delivery_id"""
REASONS = """
    select r.run_id, one ->> 'delivery_id' as delivery_id, one ->> 'kind' as kind, one ->> 'field' as field,
      one ->> 'reason' as reason, cast(one ->> 'count' as bigint) as count
    from ledger.run_results r cross join lateral jsonb_array_elements(r.metrics -> 'reasons') one
    where r.run_id = any(:runs)"""
RELEASES = """
    select as_of, known_at from credit.releases where release_status = 'served' and known_at < :known_at
    order by known_at, sequence"""
COLUMNS = {"delivery_id": pa.string(), "feed": pa.string(), "covers": pa.date32(), "organ_code": pa.string(),
           "issued_on": pa.date32(), "reply_by": pa.date32(), "reply_clock": pa.string(), "lines_rejected": pa.int32(),
           "lines_doubtful": pa.int32(), "lines_disputed": pa.int32(), "slip_status": pa.string(), "closed_by": pa.string()}

Rule = tuple[str, str]  # field, reason


@dataclass(frozen=True)
class Slip:
    """What one delivery is returned for: how many lines by kind, field and reason, and those set aside by a dispute."""

    delivery: dict[str, Any]
    feed: Feed | None
    organ: Organ | None
    counts: Counter[tuple[str, str, str]]
    as_of: date
    issued_on: date
    reply_by: date | None
    closed_by: str | None = None
    disputes: tuple[dict[str, Any], ...] = ()

    @property
    def delivery_id(self) -> str:
        return self.delivery["delivery_id"]

    def state(self, field: str, reason: str, row_no: int | None) -> str:
        """Of one line: open, disputed, or withdrawn since it was told."""
        said = {self.ruled(one) for one in self.disputes
                if (one["field"], one["reason"]) == (field, reason) and one["row_no"] in (None, row_no)}
        return next((state for state in ("withdrawn", "disputed") if state in said), "open")

    def ruled(self, dispute: dict[str, Any]) -> str:
        """What a dispute makes of its lines; a rule withdrawn before they were told again is not withdrawn for them."""
        if dispute["ruling"] is None:
            return "disputed"
        told_again = dispute["ruled_at"] <= self.delivery["decided_at"]
        return "withdrawn" if dispute["ruling"] == "withdrawn" and not told_again else "open"

    def aside(self, state: str) -> Counter[tuple[str, str, str]]:
        """How many lines of each kind, field and reason a dispute has put into that state."""
        found: Counter[tuple[str, str, str]] = Counter()
        for key, count in self.counts.items():
            told = {one["row_no"] for one in self.disputes
                    if (one["field"], one["reason"]) == key[1:] and self.ruled(one) == state}
            found[key] = count if None in told else min(count, len(told))
        return found

    @property
    def open(self) -> Counter[tuple[str, str, str]]:
        return self.counts - self.aside("disputed") - self.aside("withdrawn")

    def lines(self, kind: str) -> int:
        return sum(count for key, count in self.open.items() if key[0] == kind)

    @property
    def disputed(self) -> int:
        return self.aside("disputed").total()

    @property
    def status(self) -> str:
        """Nobody is overdue with what is disputed, nor where no calendar says by when."""
        if self.closed_by or not (self.open.total() or self.disputed):
            return "closed"
        late = self.reply_by is not None and self.as_of > self.reply_by
        return "overdue" if late and self.open.total() else "open"

    @property
    def row(self) -> dict[str, Any]:
        """The slip as it is served."""
        kept = {name: self.delivery[name] for name in ("delivery_id", "feed", "covers")}
        return {**kept, "organ_code": self.organ and self.organ.code, "issued_on": self.issued_on, "reply_by": self.reply_by,
                "reply_clock": "firm" if self.reply_by else "provisional", "lines_rejected": self.lines("reject"),
                "lines_doubtful": self.lines("doubt"), "lines_disputed": self.disputed, "slip_status": self.status,
                "closed_by": self.closed_by}


def table(ledger: Ledger, declarations: Declarations, as_of: date, known_at: datetime) -> pa.Table:
    """The served table `return_slips` as of a night."""
    return pa.Table.from_pylist([slip.row for slip in slips(ledger, declarations, as_of, known_at)], pa.schema(COLUMNS.items()))


def slips(ledger: Ledger, declarations: Declarations, as_of: date, known_at: datetime,
          disputes: Iterable[dict[str, Any]] | None = None) -> list[Slip]:
    """Every slip told by the release of that night, by feed and arrival; without other disputes, with those known then."""
    told = ledger.rows(TOLD, as_of=as_of, known_at=known_at)
    counts = counted(ledger, told, set(notes(declarations)))
    releases = [*((row["known_at"], row["as_of"]) for row in ledger.rows(RELEASES, known_at=known_at)), (known_at, as_of)]
    calendar = Calendar.load(declarations.folder / "codes" / "working_days.csv")
    raised: dict[str, list[dict[str, Any]]] = {}
    for one in ledger.disputes(known_at) if disputes is None else disputes:
        raised.setdefault(one["delivery_id"], []).append(one)
    found = [replace(made(delivery, counts[delivery["delivery_id"]], declarations, as_of, issued(delivery, releases), calendar),
                     disputes=tuple(raised.get(delivery["delivery_id"], ())))
             for delivery in told if delivery["delivery_id"] in counts]
    return closed(found, told)


def made(delivery: dict[str, Any], counts: Counter[tuple[str, str, str]], declarations: Declarations, as_of: date,
        issued_on: date, calendar: Calendar) -> Slip:
    feed = declarations.feeds.get(delivery["feed"])
    organ = successor_on(declarations.organs, feed.organ, as_of) if feed else None
    feed = feed.on(delivery["covers"]) if feed else None  # in the words of the columns that its file had
    days = declarations.slips.clock(issued_on).working_days
    return Slip(delivery, feed, organ, counts, as_of, issued_on, reply_by(calendar, issued_on, days))


def reply_by(calendar: Calendar, issued_on: date, days: int) -> date | None:
    """The last working day to answer; null in a year whose calendar nobody entered: the clock is provisional."""
    try:
        return calendar.add_working_days(issued_on, days)
    except CalendarYearError:
        return None


def issued(delivery: dict[str, Any], releases: list[tuple[datetime, date]]) -> date:
    """The day of the first release that told what stands of it; `releases` in the order of what they knew, this one last."""
    first = bisect_left(releases, delivery["decided_at"], key=lambda release: release[0])
    return next((as_of for _, as_of in releases[first:] if as_of >= delivery["covers"]), releases[-1][1])


# ---- what is on it

def counted(ledger: Ledger, told: list[dict[str, Any]], no_faults: set[str]) -> dict[str, Counter[tuple[str, str, str]]]:
    """For each delivery how many lines it has by kind, field and reason; one without any is not there."""
    runs = {row["delivery_id"]: row["run_id"] for row in told if row["run_id"]}
    found: dict[str, Counter[tuple[str, str, str]]] = {}
    for row in told:
        if (reason := of_file(row)) and reason not in no_faults:
            found[row["delivery_id"]] = Counter({("reject", WHOLE_FILE, reason): 1})
    for row in ledger.rows(REASONS, runs=sorted(set(runs.values()))):
        if runs.get(row["delivery_id"]) == row["run_id"] and row["reason"] not in no_faults:
            key = (KINDS[row["kind"]], row["field"], row["reason"])
            found.setdefault(row["delivery_id"], Counter())[key] += row["count"]
    return found


def of_file(delivery: dict[str, Any]) -> str | None:
    """Why the file as a whole is not in the release, as config/reasons.yml names it."""
    if delivery["delivery_status"] != "received":
        return f"{FILE}{delivery['reason']}"
    if delivery["verdict"] != "held":
        return None
    return f"{FILE}header_unknown" if str(delivery["held_because"]).startswith("header_unknown") else f"{FILE}held"


# ---- what closes it

def closed(found: list[Slip], told: list[dict[str, Any]]) -> list[Slip]:
    """The slips with the delivery that closed each: the first admitted one received later that says the same day anew."""
    later: dict[str, list[dict[str, Any]]] = {}
    for row in told:
        if row["verdict"] == "admitted":
            later.setdefault(row["feed"], []).append(row)
    return [replace(slip, closed_by=next(closing(slip, later.get(slip.delivery["feed"], [])), None)) for slip in found]


def closing(slip: Slip, admitted: list[dict[str, Any]]) -> Iterator[str]:
    """The later deliveries that say what this one said, the first first; of a full snapshot one of any later day does."""
    full = slip.feed is not None and slip.feed.snapshot == "full"
    return (row["delivery_id"] for row in admitted if says_again(row, slip.delivery, full))

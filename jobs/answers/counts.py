"""The counts that scorecards are made of, by feed and day covered: of the ledger, of its clocks, and of what a release says."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from jobs.answers import nights
from jobs.answers.disputes import disputed
from jobs.answers.lateness import SHANGHAI, lateness
from jobs.declarations import Declarations
from jobs.declarations.scorecards import DISPUTED, MADE, STAGED
from jobs.stores.ledger import Ledger
from jobs.stores.serving.staging import Staging
from jobs.values.dates import Calendar

Counted = tuple[str, date, dict[str, int]]
Days = dict[str, dict[date, dict[str, int]]]  # by feed and day; a count that was not made is not there, and no zero

NO_CLOCK, NO_CALENDAR = "(no clock)", "(no calendar)"  # days owed, and deliveries of acts, that a year without one leaves open
STATES = ("admitted", "held", "quarantined", "refused")
OF_ROWS = ("rows_received", "rows_facts", "rows_rejected", "rows_duplicate", "rows_personal", "facts", "flaws")

# What stands of a delivery is what was admitted of it last, whatever was held since.
DELIVERIES = """
    select a.*, d.feed, d.covers, d.received_at, d.rows_received, a.rows_household + a.rows_natural_person as rows_personal,
      coalesce(a.verdict, d.delivery_status) as state
    from ledger.standing(:known_at) d left join lateral (
      select * from ledger.admissions a where a.delivery_id = d.delivery_id and a.known_at <= :known_at
      order by a.verdict = 'admitted' desc, a.known_at desc, a.run_id desc limit 1) a on true
    where d.covers between :since and :as_of"""

# Who disagrees lost a value to another feed's report of the same act; what a feed itself told anew (superseded, older) is no
# disagreement. A registration loses its values field by field in the header, so that the act stands with the winner alone.
RELEASED = """
    with told as (select d.feed, d.covers, f.fact_id from ({facts}) f
        join ledger.deliveries d on d.delivery_id = f.delivery_id collate "C" where d.covers between :since and :as_of),
      acts as (select unnest(fact_ids) as fact_id, event_id, adverse, evidence, cardinality(feeds) > 1 as shared,
          category = any(:tiered) as tiered, levels from {schema}.raw_events),
      lost as (select distinct own.event_id, own.fact_id from {schema}.raw_losing_values v join acts own using (fact_id)
        join acts won on won.fact_id = v.winner_fact_id and won.event_id = own.event_id
        where v.reason in ('less_believed', 'tie'))
    select t.feed, t.covers, count(*) as acts, count(*) filter (where adverse) as acts_adverse,
      count(*) filter (where evidence = 'declared') as acts_declared, count(*) filter (where shared) as acts_shared,
      count(*) filter (where shared and l.fact_id is not null) as acts_disagreeing,
      count(*) filter (where tiered) as acts_tiered, count(*) filter (where tiered and levels = 1) as acts_one_tier
    from told t join acts a using (fact_id) left join lost l using (event_id, fact_id) group by t.feed, t.covers"""

SLIPS = """
    select feed, covers, count(*) as slips, count(*) filter (where slip_status <> 'closed') as slips_open
    from {schema}.raw_return_slips where covers between :since and :as_of group by feed, covers"""
# A row leaves the score with any of its lines that is disputed; `broken` are the checks between fields, by feed.
SET_ASIDE = """
    select delivery_id, count(distinct row_no) filter (where kind = 'reject') as rows_disputed,
      count(*) filter (where kind = 'flaw') as flaws_disputed,
      count(distinct row_no) filter (where concat_ws(' ', feed, field, reason) = any(:broken)) as rows_inconsistent_disputed
    from (select delivery_id, feed, row_no, field, reason, 'reject' as kind from {schema}.raw_rejects
          union all select delivery_id, feed, row_no, field, reason, 'flaw' from {schema}.raw_flaws) told
    where exists (select from unnest(cast(:deliveries as text[]), cast(:fields as text[]), cast(:reasons as text[]),
                                     cast(:rows as int[])) said(delivery_id, field, reason, row_no)
                  where (said.delivery_id, said.field, said.reason) = (told.delivery_id, told.field, told.reason)
                    and coalesce(said.row_no, told.row_no) = told.row_no)
    group by delivery_id"""


def counted(declarations: Declarations, ledger: Ledger, staging: Staging | None, since: date, as_of: date,
            known_at: datetime) -> Days:
    """Every count of the days from the first to the last, of feeds that are declared; of acts only where a release is staged."""
    calendar = Calendar.load(declarations.folder / "codes" / "working_days.csv")
    days: Days = defaultdict(lambda: defaultdict(dict))
    for feed, day, counts in (
        *arrivals(declarations, nights.taken(ledger, as_of, known_at), calendar, since, as_of),
        *deliveries(declarations, ledger.rows(DELIVERIES, since=since, as_of=as_of, known_at=known_at), calendar,
                    set_aside(declarations, ledger, staging, known_at) if staging else {}),
        *(released(declarations, staging, since, as_of) if staging else ()),
    ):
        add(days[feed][day], counts)
    return days


def add(total: dict[str, int], counts: dict[str, int]) -> None:
    for name, count in counts.items():
        total[name] = total.get(name, 0) + count


def arrivals(declarations: Declarations, taken: list[dict[str, Any]], calendar: Calendar, since: date,
             as_of: date) -> Iterator[Counted]:
    """Days owed and what became of them; of a day whose clock is not known that alone is told."""
    for row in lateness(declarations, taken, calendar, as_of):
        if row["covers"] < since:
            continue
        open_ = row["state"] == "provisional"
        known = {} if open_ else {"owed": 1, **{name: int(name == row["state"]) for name in ("on_time", "late", "missing")}}
        yield row["feed"], row["covers"], {**known, NO_CLOCK: int(open_)}


def deliveries(declarations: Declarations, rows: Iterable[dict[str, Any]], calendar: Calendar,
               aside: dict[str, dict[str, int]]) -> Iterator[Counted]:
    """What came, and, of what was admitted, its rows, and those of them that a dispute sets aside."""
    for row in rows:
        if row["feed"] not in declarations.feeds:
            continue
        counts = {"deliveries": 1, **{f"deliveries_{state}": int(row["state"] == state) for state in STATES}}
        if row["state"] == "admitted":
            counts |= {name: row[name] for name in (*OF_ROWS, *MADE) if row[name] is not None}
            counts |= dict.fromkeys(DISPUTED, 0) | aside.get(row["delivery_id"], {})
            timed = declarations.scorecards.clocks_of(row["category"])
            unknown = row["received_at"].astimezone(SHANGHAI).year not in calendar.years
            counts[NO_CALENDAR] = int(bool(timed) and unknown)
        yield row["feed"], row["covers"], counts


def set_aside(declarations: Declarations, ledger: Ledger, staging: Staging, known_at: datetime) -> dict[str, dict[str, int]]:
    """By delivery the rows and flaws that are disputed and not ruled on: nobody knows yet whose fault they are."""
    said = disputed(ledger, known_at)
    if not said:
        return {}
    lists = dict(zip(("deliveries", "fields", "reasons", "rows"), map(list, zip(*said, strict=True)), strict=True))
    broken = [f"{name} {check.field} {check.reason}" for name, feed in declarations.feeds.items()
              for check in declarations.categories[feed.category].checks]
    rows = staging.run(SET_ASIDE.format(schema=staging.schema), broken=broken, **lists).mappings()
    return {row["delivery_id"]: {name: row[name] for name in DISPUTED} for row in rows}


def released(declarations: Declarations, staging: Staging, since: date, as_of: date) -> Iterator[Counted]:
    """What the staged release says of the reports of each delivery beside those of others, and what it returns."""
    facts = " union all ".join(f"select fact_id, delivery_id from {staging.schema}.raw_{name}"
                               for name in sorted(staging.raw) if name.startswith("facts_"))
    sql = RELEASED.format(facts=facts, schema=staging.schema)
    for row in staging.run(sql, tiered=tiered(declarations), since=since, as_of=as_of).mappings():
        if row["feed"] in declarations.feeds:
            yield row["feed"], row["covers"], {name: row[name] for name in STAGED if name in row}
    for row in staging.run(SLIPS.format(schema=staging.schema), since=since, as_of=as_of).mappings():
        if row["feed"] in declarations.feeds:
            yield row["feed"], row["covers"], {name: row[name] for name in STAGED if name in row}


def tiered(declarations: Declarations) -> list[str]:
    """The categories that several levels of government deliver."""
    levels: dict[str, set[str]] = defaultdict(set)
    for feed in declarations.feeds.values():
        levels[feed.category].add(feed.level)
    return sorted(category for category, told in levels.items() if len(told) > 1)

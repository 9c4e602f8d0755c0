"""What runs, what was released and run last, what waits and what is late."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from jobs.answers import nights, sections
from jobs.answers.declared import stale as stale_of
from jobs.answers.declared import told_stale
from jobs.answers.layout import table
from jobs.answers.sections import titled
from jobs.declarations import load
from jobs.declarations.settings import Settings
from jobs.stores import database, embedded
from jobs.stores.ledger import Ledger

ASLEEP = ("not running, which is no fault: every command that asks it starts it (night, sql, explain, …); "
          "`python -m jobs up` starts it now, and status tells releases and deliveries then")
MADE = "select 1 from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = 'ledger' and relname = 'run_results'"
RELEASES = """
    select sequence, as_of, published_at, release_status, release_id from credit.releases order by sequence desc limit 3"""
RUNS = """
    select r.run_id, r.started_at, coalesce(s.run_status, 'not ended') as run_status, s.message
    from ledger.runs r left join ledger.run_results s using (run_id) order by r.started_at desc, r.run_id desc limit 6"""
DELIVERIES = """
    select case when r.delivery_id is null then d.delivery_status else 'retracted' end as delivery_status, count(*) as deliveries,
      count(*) filter (where d.delivery_status = 'received' and a.delivery_id is null and r.delivery_id is null) as undecided
    from ledger.deliveries d left join (select distinct delivery_id from ledger.admissions) a using (delivery_id)
    left join ledger.retractions r using (delivery_id)
    group by 1 order by 1"""


def status(settings: Settings) -> str:
    """The services and their contents; starts nothing."""
    told = [f"home      {settings.home}", f"config    {settings.config}"]
    if settings.database_url is None and not embedded.running(settings.home):
        return "\n".join([*told, f"database  {ASLEEP}"])
    where, kind = database.url(settings), "by address" if settings.database_url else "embedded"
    told.append(f"database  {where.host}:{where.port}/{where.database} ({kind})")
    with database.engine(settings).connect() as connection:
        return "\n".join([*told, *contents(Ledger(connection), settings)])


def contents(ledger: Ledger, settings: Settings) -> list[str]:
    if not ledger.rows(MADE):
        return ["", "no tables yet: `python -m jobs up` makes them"]
    tables = {"RELEASES": RELEASES, "LAST RUNS": RUNS, "DELIVERIES": DELIVERIES}
    told = [line for title, sql in tables.items() for line in titled(title, listed(ledger.rows(sql)))]
    now = ledger.rows("select credit.today() as day, now() as moment")[0]
    declared = load(settings.config)
    refused = sections.refused(nights.outstanding(ledger, declared, now["day"], now["moment"]))
    stale = told_stale(stale_of(ledger, declared, now["day"], now["moment"]))
    told += titled("QUARANTINED, REFUSED OR HELD  and not sent again since", refused)
    return told + stale + late_now(ledger, settings, now["day"], now["moment"])


def listed(rows: list[dict[str, Any]]) -> list[str]:
    return table(list(rows[0]), [list(row.values()) for row in rows]) if rows else ["none yet"]


def late_now(ledger: Ledger, settings: Settings, day: date, moment: datetime) -> list[str]:
    """The feeds that are late today, in the database's own time."""
    told = sections.late_by_feed(load(settings.config), nights.taken(ledger, day, moment), day)
    late = [f"{feed:<26} {said}" for feed, said in sorted(told.items()) if said != "on time"]
    return titled(f"LATENESS as of {day}", late or (["every feed on time"] if told else ["no feed has delivered yet"]))

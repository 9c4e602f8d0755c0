"""The append-only ledger: what arrived, what ran, what was admitted, checked and withdrawn."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

SCHEMA = "ledger"
JSON_COLUMNS = {"inputs", "snapshots", "metrics", "keys", "content", "detail", "mark", "said", "by_tier"}


def table(name: str, columns: Iterable[str], schema: str = SCHEMA) -> sa.TableClause:
    kinds = {"header": ARRAY(sa.Text), **{column: JSONB for column in JSON_COLUMNS}}
    return sa.table(name, *(sa.column(column, kinds.get(column)) for column in columns), schema=schema)


class Ledger:
    """Reads and appends through one connection; `commit` is the caller's, so that what belongs together is one act."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def add(self, name: str, rows: list[dict[str, Any]], known: bool = False, schema: str = SCHEMA) -> int:
        """Appends rows; with `known`, rows whose key is already there are left as they are. The number added."""
        if not rows:
            return 0
        made = insert(table(name, rows[0], schema))
        statement = made.execution_options(preserve_rowcount=True)  # of an INSERT it is not told else
        result = self.connection.execute(statement.on_conflict_do_nothing() if known else statement, rows)
        return result.rowcount

    def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in self.connection.execute(sa.text(sql), values).mappings()]

    def has(self, name: str) -> bool:
        """Whether there is a table of this name."""
        return bool(self.connection.scalar(sa.text("select to_regclass(:name) is not null"), {"name": name}))

    def to_decide(self, as_of: date, known_at: datetime, anew: tuple[str, ...] | None = None) -> list[dict[str, Any]]:
        """Deliveries read, covering no later day than `as_of`, received and not taken back by `known_at`, and neither admitted
        nor held yet; with `anew` only those of these ids, whatever was decided of them before. `first_admitted_at` is that of the
        first night that took it, this one where there was none."""
        ids = None if anew is None else list(anew)
        return self.rows("""
            select d.*, coalesce((select min(a.known_at) from ledger.admissions a where a.delivery_id = d.delivery_id
                                  and a.verdict = 'admitted'), :known_at) as first_admitted_at
            from ledger.standing(:known_at) d
            where d.delivery_status = 'received' and d.covers <= :as_of
              and case when cast(:anew as text[]) is null
                    then not exists (select from ledger.admissions a where a.delivery_id = d.delivery_id)
                    else d.delivery_id = any(cast(:anew as text[])) end
            order by d.feed, d.covers, d.delivery_id""", as_of=as_of, known_at=known_at, anew=ids)

    def rows_until(self, as_of: date, known_at: datetime) -> int:
        """The rows of all deliveries that cover no later day, received and not taken back by then."""
        [row] = self.rows("""select coalesce(sum(rows_received), 0)::bigint as rows from ledger.standing(:known_at)
                             where covers <= :as_of""", as_of=as_of, known_at=known_at)
        return row["rows"]

    def covering(self, feed: str, since: date) -> tuple[str, ...]:
        """The deliveries of the feed that cover that day or a later one."""
        found = self.rows("""select delivery_id from ledger.deliveries where feed = :feed and covers >= :since
                             order by delivery_id""", feed=feed, since=since)
        return tuple(row["delivery_id"] for row in found)

    def deliveries(self, ids: list[str]) -> list[dict[str, Any]]:
        return self.rows("select * from ledger.deliveries where delivery_id = any(:ids) order by feed, covers, delivery_id",
                         ids=ids)

    def arrived(self, as_of: date, known_at: datetime) -> list[str]:
        """Every delivery received by `known_at`, readable or not, that covers no later day than `as_of`."""
        found = self.rows("""select delivery_id from ledger.deliveries where covers <= :as_of and received_at <= :known_at
                             order by delivery_id""", as_of=as_of, known_at=known_at)
        return [row["delivery_id"] for row in found]

    def admitted(self, as_of: date, known_at: datetime) -> list[dict[str, Any]]:
        """The newest admission, as known at `known_at`, of each delivery not retracted by then: delivery_id, run_id, category,
        feed, covers, received_at."""
        return self.rows("""
            select distinct on (a.delivery_id) a.delivery_id, a.run_id, a.category, d.feed, d.covers, d.received_at
            from ledger.admissions a join ledger.standing(:known_at) d using (delivery_id)
            where a.verdict = 'admitted' and a.known_at <= :known_at and d.covers <= :as_of
            order by a.delivery_id, a.known_at desc, a.run_id desc""", as_of=as_of, known_at=known_at)

    def held(self, as_of: date, known_at: datetime) -> list[dict[str, Any]]:
        """The newest decision, as known at `known_at`, of each delivery for which that is to hold it: delivery_id, run_id,
        category, feed, covers, received_at."""
        return self.rows("""
            select * from (
              select distinct on (a.delivery_id) a.delivery_id, a.run_id, a.category, a.verdict, d.feed, d.covers, d.received_at
              from ledger.admissions a join ledger.standing(:known_at) d using (delivery_id)
              where a.known_at <= :known_at and d.covers <= :as_of
              order by a.delivery_id, a.known_at desc, a.run_id desc) newest
            where verdict = 'held' order by delivery_id""", as_of=as_of, known_at=known_at)

    def disputes(self, known_at: datetime) -> list[dict[str, Any]]:
        """Every dispute raised by then, in the order of its id, with the ruling where one was given by then."""
        return self.rows("""
            select d.*, r.ruling, r.because as ruled_because, r.ruled_by, r.ruled_at
            from ledger.disputes d left join ledger.rulings r on r.dispute_id = d.dispute_id and r.ruled_at <= :known_at
            where d.raised_at <= :known_at order by d.dispute_id""", known_at=known_at)

    def retractions(self, known_at: datetime) -> list[dict[str, Any]]:
        """What was taken back by then."""
        return self.rows("select * from ledger.retractions where retracted_at <= :known_at order by delivery_id",
                         known_at=known_at)

    def match_decisions(self, known_at: datetime) -> list[dict[str, Any]]:
        """Every decision about whose record it is that was made by then and not withdrawn by then, in the order of its id."""
        return self.rows("""
            select d.* from ledger.match_decisions d where d.decided_at <= :known_at and not exists (
              select from ledger.match_withdrawals w where w.decision_id = d.decision_id and w.withdrawn_at <= :known_at)
            order by d.decision_id""", known_at=known_at)

    def withdrawn_decisions(self, known_at: datetime) -> list[dict[str, Any]]:
        """Every decision about whose record it is that was withdrawn by then, with who withdrew it, why and when."""
        return self.rows("""
            select d.*, w.because as withdrawn_because, w.withdrawn_by, w.withdrawn_at
            from ledger.match_decisions d join ledger.match_withdrawals w using (decision_id)
            where w.withdrawn_at <= :known_at order by d.decision_id""", known_at=known_at)

    def withdrawals(self, known_at: datetime) -> list[dict[str, Any]]:
        """Every withdrawal known by then, in the order of its key."""
        return self.rows("""
            select event_key, channel, effective_on, reason, document from ledger.withdrawals where known_at <= :known_at
            order by event_key, channel, effective_on, reason, document""", known_at=known_at)

    def next_run_id(self, stage: str, as_of: date) -> str:
        """`<stage>-<as_of>-<n>`, unique because the caller holds the lock."""
        made = self.connection.scalar(sa.text("select count(*) from ledger.runs where stage = :stage and as_of = :as_of"),
                                      {"stage": stage, "as_of": as_of})
        return f"{stage}-{as_of:%Y%m%d}-{made + 1:04d}"

    def passed(self, stage: str, inputs_hash: str) -> dict[str, Any] | None:
        """The last run of this stage on these inputs that passed its gate."""
        found = self.rows("""
            select r.run_id, r.inputs_hash, s.snapshots, s.metrics from ledger.runs r join ledger.run_results s using (run_id)
            where r.stage = :stage and r.inputs_hash = :inputs_hash and s.run_status = 'passed'
            order by s.finished_at desc, r.run_id desc limit 1""", stage=stage, inputs_hash=inputs_hash)
        return found[0] if found else None

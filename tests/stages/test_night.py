"""The night as a whole, on a synthetic village: once is once, from anywhere, in any number of partitions."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
import sqlalchemy as sa

from jobs.stages.land import land
from jobs.stages.night import alone
from jobs.stages.replay import replay
from jobs.stages.run import Night, Unfinished
from jobs.stores import database
from jobs.stores.objects import objects
from jobs.stores.serving.withdrawals import withdraw
from jobs.stores.transports import arrivals
from tests.released import AS_OF, KNOWN_AT, clock, quiet, released, tonight
from tests.standing import ACCOUNTS

RELEASES = "select release_id, content_hash, sequence from credit.releases order by sequence"


def test_every_row_of_every_delivery_is_accounted_for(village):
    rows = village.rows(ACCOUNTS)
    assert len(rows) > 10
    assert [row for row in rows if row["unread"] or row["lost"]] == []


def test_the_same_night_again_makes_no_second_release(village):
    before = village.rows(RELEASES)
    tonight(village.settings, village.declarations)
    assert len(before) == 1
    assert village.rows(RELEASES) == before
    assert village.rows("select count(*) as n from ledger.runs where stage = 'publish'") == [{"n": 1}]


def test_files_landed_again_are_no_new_deliveries(village):
    arrived = [one for feed in village.declarations.feeds.values() for one in arrivals(village.settings, feed, KNOWN_AT)]
    again = land(arrived, village.declarations, database.engine(village.settings), objects(village.settings), quiet)
    assert arrived
    assert again == []


@contextmanager
def partitions(spark, number: int) -> Iterator[None]:
    usual = spark.conf.get("spark.sql.shuffle.partitions")
    spark.conf.set("spark.sql.shuffle.partitions", str(number))
    try:
        yield
    finally:
        spark.conf.set("spark.sql.shuffle.partitions", usual)


def test_an_empty_home_and_seven_partitions_give_the_same_content(village, new_home, spark):
    with partitions(spark, 7):
        other = released(new_home(), village.declarations)
    assert [row["content_hash"] for row in other.rows(RELEASES)] == [row["content_hash"] for row in village.rows(RELEASES)]


def test_one_partition_makes_the_same_content_of_the_same_facts(village, spark):
    """Three of them, with the machine in another zone, are in test_kills.py."""
    [release] = village.rows(RELEASES)
    with partitions(spark, 1):
        told = replay(village.settings, release["release_id"], clock, quiet)
    assert release["content_hash"] in told


def test_a_withdrawal_is_gone_from_every_channel_at_once(village):
    found = village.rows("select event_key from open.penalties order by event_key limit 1")[0]["event_key"]
    seen = "select count(*) as n from {}.penalties where event_key = :key"
    with database.engine(village.settings).connect() as connection:
        withdraw(connection, found, "all", date(2026, 11, 20), "revoked", "示例撤〔2026〕1号", KNOWN_AT, "person:test")
    assert [village.rows(seen.format(channel), key=found)[0]["n"] for channel in ("open", "market")] == [0, 0]


def test_pending_facts_reach_no_file_grade_or_list(village):
    pending = village.rows("select fact_id from credit.links where pending")
    reached = village.rows("""
        with doubted as (select fact_id from credit.links where pending)
        select 'events' as t, event_id as id from credit.events e join doubted l on l.fact_id = any(e.fact_ids)
        union all select 'lists', entry_id from credit.list_entries e join doubted l on l.fact_id = any(e.fact_ids)""")
    assert pending
    assert reached == []


def test_a_stage_alone_needs_the_one_before_it(village):
    with database.locked(village.settings) as connection:
        night = Night(date(2020, 1, 1), KNOWN_AT, village.settings, village.declarations, connection, clock, say=quiet)
        with pytest.raises(Unfinished, match="needs a passed `match`"):
            alone(night, "assemble")


def test_a_stage_alone_stands_on_the_runs_before_it(village):
    with database.locked(village.settings) as connection:
        night = Night(AS_OF, KNOWN_AT, village.settings, village.declarations, connection, clock, say=quiet)
        alone(night, "match")
        assert {"links", "names", "identifiers"} <= set(night.snapshots)


def test_two_nights_at_once_are_refused(village):
    with database.locked(village.settings), pytest.raises(database.Locked, match="another run holds the lock"), \
            database.locked(village.settings):
        pass


def test_the_ledger_is_append_only(village):
    with database.engine(village.settings).connect() as connection, pytest.raises(sa.exc.DatabaseError, match="append-only"):
        connection.execute(sa.text("update ledger.deliveries set rows_received = 0"))

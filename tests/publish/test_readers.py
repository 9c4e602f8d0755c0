"""A reader open across a publication: its old release complete, no lock to wait for, never two releases at once."""

from __future__ import annotations

from datetime import date
from threading import Thread

import psycopg
import pytest
import sqlalchemy as sa

from jobs.stages import publish
from jobs.stores.serving import delta, shape, views
from tests.publish.lake import lake, penalty

NEXT_DAY = date(2026, 11, 21)
SEEN = """select (select string_agg(event_id || ' ' || fine_amount_yuan, ',' order by event_id) from penalties),
  (select max(sequence) from releases)"""


@pytest.fixture
def changed():
    from decimal import Decimal

    return lake(penalty(1), penalty(2, fine_amount_yuan=Decimal("7.00")), penalty(4))


def test_a_repeatable_read_reader_keeps_its_release_whole(release, consumer, changed):
    release(lake(penalty(1), penalty(2), penalty(3)))
    reader, other = consumer("open"), consumer("open")
    old = reader.execute(SEEN).fetchone()
    assert old == ("v1 500.00,v2 500.00,v3 500.00", 1)
    release(changed, as_of=NEXT_DAY)
    assert reader.execute(SEEN).fetchone() == old
    assert other.execute(SEEN).fetchone() == ("v1 500.00,v2 7.00,v4 500.00", 2)
    reader.commit()
    assert reader.execute(SEEN).fetchone() == ("v1 500.00,v2 7.00,v4 500.00", 2)


def test_readers_wait_for_no_lock_while_a_release_is_applied(release, night, consumer, changed, monkeypatch):
    """In the open transaction of the publication, after its last write, every view answers and says the old release."""
    release(lake(penalty(1), penalty(2), penalty(3)))
    one = night(changed, as_of=NEXT_DAY)
    publish.prepare(one)
    said = []

    def look(*arguments: object) -> None:
        written(*arguments)
        for channel in ("open", "market", "audit"):
            reader = consumer(channel)
            reader.execute("set lock_timeout = '50ms'")
            said.append(reader.execute(SEEN).fetchone())
            views_ = reader.execute(
                "select table_name from information_schema.views where table_schema = %s", [channel]
            ).fetchall()
            for (name,) in views_:
                reader.execute(f"select count(*) from {name}")

    written = delta.add_release
    monkeypatch.setattr(delta, "add_release", look)
    publish.apply(one)
    assert said == [("v1 500.00,v2 500.00,v3 500.00", 1)] * 3


def test_a_publication_waits_for_no_reader(release, consumer, connection, changed):
    release(lake(penalty(1), penalty(2), penalty(3)))
    readers = [consumer(channel) for channel in ("open", "market", "audit")]
    for reader in readers:
        reader.execute("select count(*) from penalties")
        reader.execute("select count(*) from credit_files")
    connection.execute(sa.text("set lock_timeout = '50ms'"))
    connection.commit()
    assert release(changed, as_of=NEXT_DAY)["sequence"] == 2


def test_views_are_not_made_again_while_nothing_changed_in_the_shape(release, connection, changed):
    release(lake(penalty(1)))
    views_of = sa.text("select string_agg(oid::text, ',' order by oid) from pg_class where relkind = 'v'")
    before = connection.execute(views_of).scalar()
    release(changed, as_of=NEXT_DAY)
    assert connection.execute(views_of).scalar() == before


def test_a_change_of_shape_gives_up_before_a_reader_that_stays(release, night, consumer, connection, monkeypatch):
    release(lake(penalty(1)))
    reader = consumer("open")
    reader.execute("select count(*) from penalties")
    monkeypatch.setattr(shape, "PATIENCE", "50ms")
    monkeypatch.setattr(views, "NEUTRAL_ROWS", 100)
    one = night(lake(penalty(2)), as_of=NEXT_DAY)
    publish.prepare(one)
    with pytest.raises(shape.ReaderInTheWay, match="nothing was changed; run the stage again"):
        publish.apply(one)
    assert reader.execute("select event_id from penalties").fetchall() == [("v1",)]
    reader.commit()
    assert publish.apply(one)["sequence"] == 2


def test_a_reader_never_sees_half_a_release(release, consumer, engine):
    """While releases follow each other, every look of a reader agrees with itself: as many penalties as the release's number."""
    release(lake(penalty(1)))
    seen, stop = [], []

    def look() -> None:
        with psycopg.connect(
            engine.url.set(drivername="postgresql", username="credit_open").render_as_string(hide_password=False)
        ) as reader:
            while not stop:
                seen.append(
                    reader.execute("select (select count(*) from penalties), (select max(sequence) from releases)").fetchone()
                )
                reader.commit()

    thread = Thread(target=look)
    thread.start()
    for n in range(2, 5):
        release(lake(*[penalty(m) for m in range(1, n + 1)]))
    stop.append(True)
    thread.join()
    assert {count == sequence for count, sequence in seen} == {True}

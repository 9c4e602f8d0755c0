"""Going back: an earlier release is served again as a new one, with its own delta, and nights go on from there."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from jobs import __main__ as door
from jobs.answers import releases, sections
from jobs.answers.releases import UnknownRelease
from jobs.stages.failures import OUTSIDE, WRONG
from jobs.stages.rollback import Asked, rollback
from jobs.stores.ledger import Ledger
from jobs.stores.serving.withdrawals import withdraw
from tests.publish.lake import KNOWN, lake, penalty

FIRST, SECOND, THIRD = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22)
GOOD = lake(penalty(1), penalty(2, penalty_kinds=["fine", "a,b"], violation_facts="", penalty_content=None), penalty(3))
BAD = lake(penalty(1, fine_amount_yuan=Decimal("900.00")), penalty(3), penalty(4))
LIVE = ("penalties", "events", "enterprises", "organs", "deliveries", "scorecards")


def ask(release: str) -> Asked:
    return Asked(release, "录入了错误批次", "陈")


def quiet(_: str) -> None:
    """Says nothing."""


@pytest.fixture
def content(connection):
    """Every live row as text, by table."""
    def now():
        told = {name: connection.execute(sa.text(f"select t::text from credit.{name} t order by row_key")).scalars().all()
                for name in LIVE}
        connection.commit()
        return told
    return now


@pytest.fixture
def two(release, content):
    """A good release and a bad one of the day after it, and what the good one served."""
    first = release(GOOD, as_of=FIRST)
    before = content()
    return first, release(BAD, as_of=SECOND), before


def test_what_is_served_is_the_earlier_release_to_the_byte_and_the_delta_says_how(two, home, connection, content):
    first, second, before = two
    assert content() != before
    told = rollback(home, ask("1"), KNOWN, quiet)
    assert content() == before
    made = releases.last_served(ledger := Ledger(connection))
    assert made["release_id"] in told
    assert (made["sequence"], made["as_of"], made["supersedes"]) == (3, FIRST, second["release_id"])
    assert made["content_hash"] == first["content_hash"]
    delta = ledger.rows("select key, change from credit.release_delta where release_id = :id and table_name = 'penalties' "
                        "order by key", id=made["release_id"])
    assert [(row["key"], row["change"]) for row in delta] == [("v1", "update"), ("v2", "insert"), ("v4", "delete")]
    [entry] = ledger.rows("select actor, action, subject, detail ->> 'because' as because from ledger.audit_log")
    assert (entry["actor"], entry["action"], entry["subject"]) == ("person:陈", "rollback", made["release_id"])
    assert releases.made_by_night(ledger, made)["release_id"] == first["release_id"]
    files = {path.name: path.read_bytes() for path in (home.home / "releases" / made["release_id"]).glob("*.parquet")}
    assert files == {path.name: path.read_bytes() for path in (home.home / "releases" / first["release_id"]).glob("*.parquet")}
    assert not ledger.rows("select 1 from pg_namespace where nspname like 'staging%'")


def test_a_consumer_that_follows_the_deltas_has_what_is_served(two, release, home, connection):
    rollback(home, ask("1"), KNOWN, quiet)
    release(BAD, as_of=THIRD)
    held: dict[str, str] = {}
    for row in Ledger(connection).rows("""select d.* from credit.release_delta d join credit.releases r using (release_id)
                                          where table_name = 'penalties' order by r.sequence, key"""):
        held = {key: value for key, value in held.items() if key != row["key"]}
        held |= {row["key"]: row["row_hash"]} if row["change"] != "delete" else {}
    live = Ledger(connection).rows("select row_key, row_hash from credit.penalties")
    assert held == {row["row_key"]: row["row_hash"] for row in live}


def test_a_night_of_the_day_gone_back_to_is_served_again(two, release, home, connection):
    rollback(home, ask("1"), KNOWN, quiet)
    again = release(BAD, as_of=SECOND)
    assert again["already_published"], "the bad night made nothing new, so that the rollback stands"
    assert connection.scalar(sa.text("select count(*) from credit.penalties where event_id = 'v2'")) == 1
    connection.commit()
    mended = release(lake(penalty(1)), as_of=FIRST, salt="mended")
    assert mended["release_status"] == "served"


def test_one_may_go_forward_again(two, home, connection, content):
    rollback(home, ask("1"), KNOWN, quiet)
    rollback(home, ask("2"), KNOWN, quiet)
    assert [row for row in content()["penalties"] if "v4" in row]
    assert releases.last_served(Ledger(connection))["as_of"] == SECOND


def test_what_was_withdrawn_since_stays_out(two, home, connection, content):
    withdraw(connection, GOOD["events"][1]["event_key"], "all", FIRST, "撤销", "文号", KNOWN, "person:陈")
    rollback(home, ask("1"), KNOWN, quiet)
    assert Ledger(connection).rows("select event_id from credit.penalties where event_id = 'v2'") != []
    assert [row["event_id"] for row in Ledger(connection).rows("select event_id from open.penalties order by 1")] == ["v1", "v3"]


@pytest.mark.parametrize(("asked", "told"), [
    ("9", "release '9': 0 are meant; known by sequence: 2 "), ("2", "is the one that is served now")])
def test_an_unknown_release_and_the_one_that_is_served_are_refused(two, home, connection, asked, told):
    with pytest.raises(UnknownRelease, match=told):
        rollback(home, ask(asked), KNOWN, quiet)
    assert Ledger(connection).rows("select count(*) as releases from credit.releases")[0]["releases"] == 2


def test_files_that_somebody_touched_are_not_served(two, home, connection, content, monkeypatch, capsys):
    monkeypatch.setenv("CREDIT_HOME", str(home.home))
    monkeypatch.setenv("CREDIT_DATABASE_URL", home.database_url.get_secret_value())
    before = content()
    with (home.home / "releases" / two[0]["release_id"] / "penalties.parquet").open("ab") as file:
        file.write(b"x")
    assert door.main(["rollback", "1", "--because", "录入了错误批次"]) == OUTSIDE
    assert "penalties.parquet is gone, or not what was published" in capsys.readouterr().err
    assert door.main(["rollback", "nothing", "--because", "录入了错误批次"]) == WRONG
    assert content() == before
    assert Ledger(connection).rows("select * from ledger.audit_log") == []


def test_a_night_says_what_is_served_instead_of_what_it_made(two, release, home, connection):
    older = release(lake(penalty(7)), as_of=FIRST)
    one = SimpleNamespace(ledger=Ledger(connection), as_of=FIRST, known_at=KNOWN, settings=home, delivery_metrics=[], seconds={})
    run = {"stage": "publish", "run_status": "passed", "inputs_hash": older["release_id"]}
    assert sections.opening(one, [run])[0].endswith("MADE AS FILES ONLY, NOT SERVED: consumers read the release of 2026-11-21")
    told = "\n".join(sections.release(one, run))
    assert f"served        {two[1]['release_id']} (sequence 2, as of 2026-11-21): a night of an older date" in told
    newest = run | {"inputs_hash": two[1]["release_id"]}
    assert sections.opening(one, [newest])[0].endswith("RELEASED")
    assert "NOT SERVED" not in "\n".join(sections.release(one, newest))
    rollback(home, ask("1"), KNOWN, quiet)
    assert "RELEASED BEFORE, NOT SERVED: consumers read the release of 2026-11-20" in sections.opening(one, [newest])[0]
    assert "(sequence 4, as of 2026-11-20): by a rollback" in "\n".join(sections.release(one, newest))
    first = run | {"inputs_hash": two[0]["release_id"]}
    assert sections.opening(one, [first])[0].endswith("RELEASED")
    assert "as sequence 4, by a rollback" in "\n".join(sections.release(one, first))

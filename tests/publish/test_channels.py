"""What each channel may see, tested as its own role: columns, rows, the one predicate, withdrawals, credit files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import psycopg
import pytest
import sqlalchemy as sa

from jobs.stages import publish
from jobs.stores.serving.withdrawals import WithdrawalRefused, withdraw
from tests.publish.lake import KNOWN, enterprise, lake, penalty, rating

TODAY = date(2026, 11, 20)
JUDGEMENTS = {"indicators", "findings", "grades"}
DOUBT = {
    "links",
    "match_quality",
    "review_queue",
    "losing_values",
    "rejects",
    "flaws",
    "deliveries",
    "withdrawals",
    "release_delta",
    "identifiers",
    "index_conflicts",
    "lifecycle",
    "return_slips",
}


def names(connection: psycopg.Connection, sql: str, *values: object) -> set[str]:
    found = {row[0] for row in connection.execute(sql, values)}
    connection.commit()
    return found


@pytest.fixture
def today(connection: sa.Connection) -> Callable[[date], None]:
    """Sets the reader's date, which is otherwise the clock's."""

    def set_to(day: date) -> None:
        connection.execute(
            sa.text(f"create or replace function credit.today() returns date language sql stable return date '{day}'")
        )
        connection.commit()

    set_to(TODAY)
    return set_to


def listed(n: int, origin: str, **values: object) -> dict[str, object]:
    return {
        "entry_id": f"l{n}",
        "list": "watch" if origin == "proposal" else "serious",
        "enterprise_id": "e1",
        "origin": origin,
        "since": TODAY,
        "rests_on": ["p1"],
        "fact_ids": ["p1"],
        "rule_id": "r1" if origin == "proposal" else None,
    } | values


FULL = lake(
    penalty(1),
    links=[{"fact_id": "p9", "category": "penalty", "feed": "f", "enterprise_id": "e2", "pending": True}],
    reviews=[{"review_id": "q1", "fact_id": "p9", "category": "penalty", "adverse": True, "priority": 1, "candidates": ["e2"]}],
    grades=[{"enterprise_id": "e1", "scheme": "s", "grade": "D", "rests_on": ["p1"]}],
    findings=[{"finding_id": "g1", "enterprise_id": "e1", "fact_ids": ["p1"]}],
    indicators=[{"enterprise_id": "e1", "indicator": "fines", "value": Decimal(1), "fact_ids": ["p1"]}],
    list_entries=[listed(1, "organ_decision"), listed(2, "proposal")],
)


@pytest.mark.parametrize("channel", ["open", "market", "audit"])
def test_a_consumer_reads_its_own_views_and_nothing_else(release, consumer, today, channel):
    release(FULL)
    reader = consumer(channel)
    assert reader.execute("show transaction_isolation").fetchone() == ("repeatable read",)
    assert names(reader, "select event_id from penalties") == {"v1"}
    others = {"open", "market", "audit", "credit", "ledger"} - {channel}
    reader.execute("set default_transaction_read_only = off")
    reader.commit()
    for statement in [
        *(f"select * from {schema}.{table}" for schema in others for table in ("penalties", "enterprises")),
        "create table mine (n int)",
        f"create view {channel}.mine as select 1",
        "set role credit_owner",
        "set role credit_loader",
    ]:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute(statement)
        reader.rollback()


def test_a_consumer_writes_nothing_even_in_a_writing_transaction(release, consumer, today):
    release(lake(penalty(1)))
    reader = consumer("audit")
    assert reader.execute("show transaction_read_only").fetchone() == ("on",)
    reader.rollback()
    reader.execute("set default_transaction_read_only = off")
    reader.commit()
    for statement in (
        "delete from penalties",
        "insert into penalties (event_id) values ('x')",
        "update penalties set state = 'x'",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute(statement)
        reader.rollback()


@pytest.mark.parametrize("role", ["credit_owner", "credit_loader"])
def test_owner_and_loader_do_not_log_in(engine, role):
    address = engine.url.set(drivername="postgresql", username=role).render_as_string(hide_password=False)
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        psycopg.connect(address)


def test_open_and_market_carry_no_judgement_and_no_doubt(release, consumer, today):
    release(FULL)
    views = "select table_name from information_schema.views where table_schema = %s"
    columns = "select column_name from information_schema.columns where table_schema = %s"
    for channel in ("open", "market"):
        reader = consumer(channel)
        assert not names(reader, views, channel) & (JUDGEMENTS | DOUBT)
        assert not names(reader, columns, channel) & {
            "rule_id",
            "rule_version",
            "grade",
            "score",
            "tier",
            "pending",
            "regime",
            "remarks",
        }
        assert names(reader, "select entry_id from list_entries") == {"l1"}
        assert not names(reader, "select fact_id from penalties") & {"p9"}
    audit = consumer("audit")
    assert names(audit, views, "audit") > JUDGEMENTS | DOUBT
    assert names(audit, "select entry_id from list_entries") == {"l1", "l2"}
    assert names(audit, "select fact_id from links") == {"p9"}


def test_the_dictionary_says_who_sees_a_field(release, consumer, today):
    release(lake(penalty(1)))
    columns = "select column_name from information_schema.columns where table_name = 'penalties' and table_schema = %s"
    assert "remarks" not in names(consumer("open"), columns, "open")
    assert "fine_amount_yuan" in names(consumer("open"), columns, "open")
    assert names(consumer("audit"), "select remarks from penalties") == {"仅供政府内部"}


def test_what_ends_is_gone_on_its_day_without_a_night(release, consumer, today):
    until = TODAY + timedelta(days=3)
    release(
        lake(
            penalty(1, publicity_until=until, use_until=until),
            penalty(2),
            grades=[{"enterprise_id": "e1", "scheme": "s", "grade": "C", "rests_on": ["p1"], "use_until": until}],
        )
    )
    reader, audit = consumer("open"), consumer("audit")
    today(until - timedelta(days=1))
    assert names(reader, "select event_id from penalties") == {"v1", "v2"}
    assert names(audit, "select grade from grades") == {"C"}
    today(until)
    for view in ("penalties", "events"):
        assert names(reader, f"select event_id from {view}") == {"v2"}
    assert names(audit, "select grade from grades") == set()
    assert reader.execute(
        "select file #>> '{sections,penalty,count}' from credit_files where enterprise_id = 'e1'"
    ).fetchone() == ("1",)


def test_a_withdrawal_takes_out_at_once_all_that_rests_on_it(release, consumer, connection, today):
    event, _ = penalty(1)
    release(FULL)
    reader, audit = consumer("open"), consumer("audit")
    assert withdraw(connection, event["event_key"], "all", TODAY, "revoked", "示撤〔2026〕1号", KNOWN, "person")
    assert (
        names(reader, "select event_id from penalties union select event_id from events union select entry_id from list_entries")
        == set()
    )
    assert (
        names(audit, "select grade from grades union select finding_id from findings union select indicator from indicators")
        == set()
    )
    assert names(audit, "select document from withdrawals") == {"示撤〔2026〕1号"}
    assert not withdraw(connection, event["event_key"], "all", TODAY, "revoked", "示撤〔2026〕1号", KNOWN, "person"), (
        "said twice is said once"
    )


def test_a_withdrawal_is_of_its_channel_and_from_its_day(release, consumer, connection, today):
    release(lake(penalty(1), penalty(2)))
    withdraw(connection, penalty(1)[0]["event_key"], "open", TODAY, "objection", "1", KNOWN, "person")
    withdraw(connection, penalty(2)[0]["event_key"], "all", TODAY + timedelta(days=1), "repaired", "2", KNOWN, "repair")
    assert names(consumer("open"), "select event_id from penalties") == {"v2"}
    assert names(consumer("market"), "select event_id from penalties") == {"v1", "v2"}
    today(TODAY + timedelta(days=1))
    assert names(consumer("market"), "select event_id from penalties") == {"v1"}


def test_a_withdrawal_does_not_wait_for_a_night_whose_gate_stops(release, night, consumer, connection, today):
    release(lake(penalty(1)))
    publish.prepare(night(lake(penalty(1), penalty(2)), as_of=TODAY + timedelta(days=1)))  # the gate stops here
    withdraw(connection, penalty(1)[0]["event_key"], "all", TODAY, "repaired", "1", KNOWN, "repair")
    assert names(consumer("open"), "select event_id from penalties") == set()
    assert names(consumer("open"), "select release_id from releases") == names(
        consumer("audit"), "select release_id from releases"
    )


@pytest.mark.parametrize(("key", "channel"), [("", "all"), ("penalty|1|o|d", "public")], ids=["no key", "unknown channel"])
def test_a_withdrawal_of_nothing_is_refused(connection, key, channel):
    with pytest.raises(WithdrawalRefused, match="an event key is needed, and a channel of all, open, market, government, audit"):
        withdraw(connection, key, channel, TODAY, "r", "d", KNOWN, "person")


def test_a_suspended_event_is_seen_by_audit_alone(release, consumer, today):
    release(lake(penalty(1, suspended=True, state="suspended", suspended_because="objection"), penalty(2)))
    assert names(consumer("open"), "select event_id from penalties union select event_id from events") == {"v2"}
    assert names(consumer("market"), "select event_id from penalties") == {"v2"}
    assert names(consumer("audit"), "select event_id from penalties") == {"v1", "v2"}


def test_a_rating_passes_on_as_its_owner_permits_in_every_view(release, consumer, today):
    ratings = [rating(1, "open"), rating(2, "government"), rating(3, None)]
    made = lake(penalty(4))
    made["events"] += [event for event, _ in ratings]
    release(made | {"facts_sector_rating": [fact for _, fact in ratings]})
    for channel in ("open", "market"):
        reader = consumer(channel)
        assert names(reader, "select event_id from sector_ratings") == {"r1"}
        assert names(reader, "select event_id from events") == {"r1", "v4"}, "the bare act would tell what its owner keeps"
    assert names(consumer("audit"), "select event_id from events") == {"r1", "r2", "r3", "v4"}


def test_a_credit_file_has_each_value_with_its_fact_and_its_sections(release, consumer, today):
    active = [penalty(n) for n in range(1, 4)]
    ended = [penalty(n, state="ended", ended_on=TODAY) for n in range(4, 260)]
    release(lake(*active, *ended) | {"enterprises": [enterprise(1)]})
    as_of, file = consumer("open").execute("select as_of, file from credit_files where enterprise_id = 'e1'").fetchone()
    assert as_of == TODAY
    assert file["header"]["name"] == {"value": "示例企业1有限公司", "fact_id": "r1"}
    assert file["header"]["industry"] == {"value": None, "fact_id": None}
    section = file["sections"]["penalty"]
    assert (section["count"], section["active"]) == (259, 3)
    told = [row["event_id"] for row in section["rows"]]
    assert len(told) == 203
    assert {"v1", "v2", "v3"} <= set(told)
    assert "remarks" not in section["rows"][0]
    assert file["sections"]["permit"] == {"count": 0, "active": 0, "rows": []}

"""A front-end database: the suite's own PostgreSQL, in a schema that plays the sender; MySQL as far as a statement goes."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlalchemy.dialects import mysql, postgresql

from jobs.declarations.settings import Settings
from jobs.declarations.transports import DatabaseTransport
from jobs.stores import database as ours
from jobs.stores.embedded import free_port
from jobs.stores.transports import database
from tests.standing import asked
from tests.transports.conftest import LATER, NUMBERS, SECRET, Bureau

COLUMNS = "id int primary key, document_no text, fine numeric(12, 2), changed_at timestamp"
FIRST, SECOND, THIRD = "2026-11-19 10:00:00", "2026-11-19 11:00:00.123456", "2026-11-20 09:00:00"


class Sender:
    """One table of a schema of its own, read by a role that may read nothing else."""

    def __init__(self, bureau: Bureau, columns: str = COLUMNS) -> None:
        number = next(NUMBERS)
        self.engine, self.schema, self.role = ours.engine(bureau.home), f"sender_{number}", f"reader_{number}"
        self.do(f"create schema {self.schema}; create table {self.table} ({columns}); create role {self.role} login password "
                f"'{SECRET}'; grant usage on schema {self.schema} to {self.role}; grant select on {self.table} to {self.role}")

    @property
    def table(self) -> str:
        return f"{self.schema}.penalties"

    def do(self, sql: str) -> None:
        with self.engine.begin() as connection:
            connection.exec_driver_sql(sql)

    def add(self, number: int, at: str | None, document: str = "罚决字1号", fine: str = "1000.50") -> None:
        moment = f"'{at}'" if at else "null"
        self.do(f"insert into {self.table} values ({number}, '{document}', {fine}, {moment})")

    def address(self, **changed: Any) -> str:
        url = self.engine.url.set(drivername="postgresql", username=self.role, password=SECRET).set(**changed)
        return url.render_as_string(hide_password=False)


@pytest.fixture(scope="module", autouse=True)
def passwords(home: Settings) -> None:
    """The suite's server asks its senders' readers for their password, which it asks nobody else for."""
    with ours.engine(home).begin() as connection:
        hosts = Path(connection.scalar(sa.text("show hba_file")))
        hosts.write_text("host all /^reader_ 127.0.0.1/32 scram-sha-256\n" + hosts.read_text(encoding="utf-8"), encoding="utf-8")
        connection.execute(sa.text("select pg_reload_conf()"))


@pytest.fixture
def sender(bureau: Bureau) -> Iterator[Sender]:
    made = Sender(bureau)
    yield made
    made.do(f"drop schema {made.schema} cascade; drop role {made.role}")


@pytest.fixture
def declare(bureau: Bureau, sender: Sender, known: Callable[[str], str]) -> Callable[..., Any]:
    def made(address: str = "", **given: Any) -> Any:
        return bureau.feed({"kind": "database", "connection": known(address or sender.address()), "dialect": "postgresql",
                            "key": ["id"], **({} if "query" in given else {"table": sender.table}), **given})
    return made


def ids(bureau: Bureau, taken: list[dict[str, Any]]) -> list[list[str]]:
    return [[line.split(",")[0] for line in bureau.content(one).decode().splitlines()[1:]] for one in taken]


def test_a_table_is_read_whole_where_it_has_no_watermark(bureau: Bureau, sender: Sender, declare) -> None:
    sender.add(2, FIRST, '有"引号",和逗号')
    sender.add(1, SECOND)
    sender.add(3, None, "", "null")
    feed = declare()
    [taken] = bureau.land(feed)
    assert bureau.content(taken).decode() == (
        "id,document_no,fine,changed_at\n1,罚决字1号,1000.50,2026-11-19 11:00:00.123456\n"
        '2,"有""引号"",和逗号",1000.50,2026-11-19 10:00:00\n3,,,\n')
    assert taken["source_name"] == f"{bureau.name}_20261120.csv"
    assert bureau.land(feed) == []  # the same bytes for the same day
    assert bureau.spooled() == []


def test_from_the_last_watermark_to_the_newest_each_row_once(bureau: Bureau, sender: Sender, declare) -> None:
    feed = declare(watermark="changed_at", columns=["id", "changed_at"])
    assert bureau.land(feed) == []  # nothing there is no delivery
    for number, at in ((1, FIRST), (2, SECOND)):
        sender.add(number, at)
    first = bureau.land(feed)
    assert bureau.land(feed, now=LATER) == []
    sender.add(3, THIRD)
    assert ids(bureau, first + bureau.land(feed, now=LATER)) == [["1", "2"], ["3"]]


def test_ties_on_the_watermark_are_neither_lost_nor_doubled(bureau: Bureau, sender: Sender, declare) -> None:
    feed = declare(watermark="changed_at")
    sender.add(1, FIRST)
    sender.add(5, SECOND)
    took = bureau.land(feed)
    sender.add(4, SECOND)  # came after the reading, with the same watermark and a smaller key
    took += bureau.land(feed, now=LATER)
    assert bureau.land(feed, now=LATER) == []
    sender.add(6, SECOND)
    sender.add(7, THIRD)
    took += bureau.land(feed, now=LATER)
    assert ids(bureau, took) == [["1", "5"], ["4"], ["6", "7"]]


def test_rows_without_a_watermark_are_neither_lost_nor_doubled(bureau: Bureau, sender: Sender, declare) -> None:
    feed = declare(watermark="changed_at")
    sender.add(1, None)
    took = bureau.land(feed)
    sender.add(2, FIRST)
    sender.add(3, None)
    took += bureau.land(feed, now=LATER)
    assert bureau.land(feed, now=LATER) == []
    sender.do(f"update {sender.table} set fine = 7 where id = 1")
    took += bureau.land(feed, now=LATER)
    assert ids(bureau, took) == [["1"], ["2", "3"], ["1"]]


def test_a_changed_row_comes_again(bureau: Bureau, sender: Sender, declare) -> None:
    feed = declare(watermark="changed_at")
    sender.add(1, FIRST)
    took = bureau.land(feed)
    sender.do(f"update {sender.table} set fine = 5, changed_at = '{SECOND}'")
    took += bureau.land(feed, now=LATER)
    assert ids(bureau, took) == [["1"], ["1"]]


def test_a_query_is_read_like_a_table_and_cannot_write(bureau: Bureau, sender: Sender, declare) -> None:
    sender.add(1, FIRST)
    query = f"select id, document_no || ':x%' as no, changed_at::date as day from {sender.table} where document_no like '罚%';"
    feed = declare(query=query, watermark="day")
    assert bureau.content(bureau.land(feed)[0]).decode() == "id,no,day\n1,罚决字1号:x%,2026-11-19\n"
    assert bureau.land(feed, now=LATER) == []
    sender.do(f"create function {sender.schema}.write() returns int language sql as 'insert into {sender.table} values (9) "
              f"returning id'; grant all on {sender.table} to {sender.role}")
    assert "read-only transaction" in bureau.fails(declare(query=f"select {sender.schema}.write() as id"))


def test_rows_come_from_the_server_in_batches(bureau: Bureau, sender: Sender, declare) -> None:
    sender.do(f"insert into {sender.table} select n, repeat('x', 1000), n, timestamp '2026-01-01' + n * interval '1 second' "
              "from generate_series(1, 20000) n")
    feed = declare(watermark="changed_at")
    with database.engine(feed.transport, database.connection(feed.transport.connection, "postgresql")).connect() as one:
        one = one.execution_options(stream_results=True, yield_per=database.BATCH)
        found = one.execute(database.rows(feed.transport, None, datetime(2027, 1, 1)))
        assert "ServerCursor" in type(found.cursor).__name__
    [taken] = bureau.land(feed)
    assert taken["rows_received"] == 20_000


@pytest.mark.parametrize("kind", ["date", "bigint", "numeric(20, 5)", "timestamptz", "text"])
def test_whatever_orders_exactly_can_be_a_watermark(bureau: Bureau, known: Callable[[str], str], kind: str) -> None:
    sender = Sender(bureau, f"id int, document_no text, fine numeric, changed_at {kind}")
    values = {"date": ["2026-11-19", "2026-11-20"], "timestamptz": ["2026-11-19T23:00:00Z", "2026-11-20T00:00:00.5+08:00"],
              "text": ["2026-11-19", "2026-11-20"]}.get(kind, ["100", "20000000000"])
    feed = bureau.feed({"kind": "database", "connection": known(sender.address()), "dialect": "postgresql", "key": ["id"],
                        "table": sender.table, "watermark": "changed_at"})
    took = []
    for number, value in enumerate(sorted(values, key=lambda one: (len(one), one)) if kind != "timestamptz" else values[::-1], 1):
        sender.add(number, value)
        took += bureau.land(feed)
        assert bureau.land(feed, now=LATER) == []
    assert ids(bureau, took) == [["1"], ["2"]]


def test_a_watermark_that_does_not_order_exactly_is_told(bureau: Bureau, sender: Sender, declare) -> None:
    sender.do(f"alter table {sender.table} add score double precision default 0.1")
    sender.do(f"insert into {sender.table} values (1, 'x', 1, null, 0.1)")
    assert "a watermark of type float" in bureau.fails(declare(watermark="score"))
    assert asked(bureau.home, "select * from ledger.transport_marks where feed = :feed", feed=bureau.name) == []


def test_what_the_sender_refuses_is_told_without_secrets(bureau: Bureau, sender: Sender, declare) -> None:
    told = [bureau.fails(declare(sender.address(password="wrong-secret"))),
            bureau.fails(declare(sender.address(port=free_port()))),
            bureau.fails(declare(table="credit.enterprises")), bureau.fails(declare(watermark="no_such_column"))]
    for said, part in zip(told, ("password authentication failed", "onnection refused", "permission denied", "does not exist"),
                          strict=True):
        assert part in said
        assert SECRET not in said
        assert "wrong-secret" not in said


# ---- MySQL

DECLARED = TypeAdapter(DatabaseTransport).validate_python(
    {"kind": "database", "connection": "front_end", "dialect": "mysql", "table": "share.penalties", "watermark": "changed_at",
     "key": ["id"]})


def compiled(statement: sa.Select, dialect: sa.Dialect) -> str:
    return " ".join(str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})).split())


def test_a_statement_is_spelled_for_either_dialect() -> None:
    upto = datetime(2026, 11, 20)
    for dialect in (mysql.dialect(), postgresql.dialect()):
        said = compiled(database.rows(DECLARED, datetime(2026, 11, 19), upto), dialect)
        assert said.startswith("SELECT * FROM share.penalties WHERE changed_at <= '2026-11-20 00:00:00' AND changed_at >= '2026")
        assert said.endswith("OR changed_at IS NULL ORDER BY changed_at IS NULL, changed_at, id")
        assert compiled(database.newest(DECLARED), dialect).startswith("SELECT max(changed_at) AS max_1 FROM share.penalties")


def test_mysql_is_reached_through_its_own_driver(monkeypatch: pytest.MonkeyPatch, bureau: Bureau) -> None:
    monkeypatch.setenv("CREDIT_CONNECTION_FRONT_END", f"mysql://reader:{SECRET[:8]}@127.0.0.1:{free_port()}/share?charset=utf8mb4")
    engine = database.engine(DECLARED, database.connection("front_end", "mysql"))
    assert (engine.dialect.name, engine.dialect.driver, engine.url.query["charset"]) == ("mysql", "pymysql", "utf8mb4")
    told = bureau.fails(bureau.feed(DECLARED.model_dump()))
    assert "Can't connect to MySQL server" in told
    assert SECRET[:8] not in told


@pytest.mark.parametrize(("value", "text"), [
    (None, ""), (True, "true"), (Decimal("1E+3"), "1000"), (date(2026, 1, 2), "2026-01-02"), (b"\x01\xff", "01ff"),
    (datetime(2026, 1, 2, 3, tzinfo=UTC), "2026-01-02 03:00:00+00:00"), ({"b": 1, "a": "中"}, '{"a": "中", "b": 1}'),
    (0.1, "0.1")])
def test_a_value_is_written_as_the_same_text(value: Any, text: str) -> None:
    assert database.cell(value) == text

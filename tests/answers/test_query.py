from collections.abc import Callable

import pytest
import sqlalchemy as sa

from jobs.answers.query import QueryRefused, query
from jobs.declarations.settings import Settings
from jobs.stores import database


@pytest.fixture(scope="module")
def home(new_home: Callable[..., Settings]) -> Settings:
    one = new_home()
    with database.engine(one).begin() as connection:
        connection.execute(sa.text("create table credit.penalties (event_id text, fine numeric(20, 2), remark text)"))
        connection.execute(sa.text("insert into credit.penalties values ('e1', 5000, '罚款'), ('e2', null, 'a, \"b\"')"))
    return one


def test_rows_line_up(home: Settings) -> None:
    assert query(home, "select * from penalties order by 1", False).splitlines() == [
        "event_id  fine     remark", "e1        5000.00  罚款", 'e2                 a, "b"', "(2 rows)"]


def test_csv_is_whole_and_quoted(home: Settings) -> None:
    assert query(home, "select event_id, remark from penalties order by 1", True) == 'event_id,remark\ne1,罚款\ne2,"a, ""b"""'
    assert len(query(home, "select generate_series(1, 5000)", True).splitlines()) == 5001


def test_a_long_table_says_that_it_was_cut(home: Settings) -> None:
    told = query(home, "select generate_series(1, 5000)", False).splitlines()
    assert told[-1] == "… more than 1,000 rows: use --csv, or a limit"


@pytest.mark.parametrize(("statement", "said"), [
    pytest.param("selec 1", "syntax error", id="not SQL"),
    pytest.param("select * from penalty", "Tables: penalties, release_delta, releases", id="no such table"),
    pytest.param("delete from penalties", "read-only", id="a change"),
    pytest.param("select 1; delete from penalties", "multiple commands", id="a change behind a question"),
    pytest.param("commit; delete from penalties", "multiple commands", id="out of the transaction"),
    pytest.param("set transaction read write", "gives no rows", id="the way to write"),
    pytest.param("create table credit.mine (a int)", "read-only", id="a table"),
    pytest.param("select nextval(pg_get_serial_sequence('ledger.audit_log', 'entry'))", "read-only", id="a sequence"),
])
def test_what_is_no_question_is_refused(home: Settings, statement: str, said: str) -> None:
    with pytest.raises(QueryRefused, match=said):
        query(home, statement, False)
    assert query(home, "select count(*) from penalties", True) == "count\n2"

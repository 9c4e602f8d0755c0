"""SQL over what is served: read only, and for a limited time."""
from __future__ import annotations

import csv
import io

import psycopg

from jobs.answers.layout import table
from jobs.declarations import DeclarationError
from jobs.declarations.settings import Settings
from jobs.stores import database

PATIENCE = "60s"
FAULTS = (psycopg.ProgrammingError, psycopg.DataError, psycopg.errors.ReadOnlySqlTransaction, psycopg.errors.QueryCanceled)
KEY = 160  # columns of a cell: an event key is shown whole, for it is typed again
MANY = 1000  # rows of a table for reading; --csv has no such end


class QueryRefused(DeclarationError):
    """PostgreSQL did not take the statement. Exit code 2."""


def query(settings: Settings, statement: str, as_csv: bool) -> str:
    """The rows of one statement as an aligned table, or all of them as CSV; schema `credit`, read only."""
    with database.engine(settings).connect() as connection:
        head, rows = asked(database.raw(connection), statement, None if as_csv else MANY)
        connection.rollback()
    if as_csv:
        return as_lines(head, rows)
    more = [f"… more than {MANY:,} rows: use --csv, or a limit"] if len(rows) > MANY else [f"({len(rows):,} rows)"]
    return "\n".join([*table(head, rows[:MANY], longest=KEY), *more])


def asked(connection: psycopg.Connection, statement: str, many: int | None) -> tuple[list[str], list[tuple]]:
    """The columns and rows of the statement, one more than `many` where there are."""
    with connection.cursor() as cursor:
        cursor.execute("set transaction read only")
        cursor.execute(f"set local statement_timeout = '{PATIENCE}'")
        cursor.execute("set local search_path = credit")
        try:
            cursor.execute(statement.encode(), prepare=True)  # prepared, PostgreSQL takes one statement and no more
        except FAULTS as error:
            raise QueryRefused(f"{str(error).strip()}\nTables: {known_tables(connection)}") from error
        if cursor.description is None:
            raise QueryRefused("the statement gives no rows: only questions are answered here, for example "
                               "select * from releases")
        rows = cursor.fetchall() if many is None else cursor.fetchmany(many + 1)
        return [column.name for column in cursor.description], rows


def known_tables(connection: psycopg.Connection) -> str:
    connection.rollback()
    found = connection.execute("""
        select relname from pg_class where relnamespace = 'credit'::regnamespace and relkind in ('r', 'v') order by 1""")
    return ", ".join(name for name, in found)


def as_lines(head: list[str], rows: list[tuple]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([head, *rows])
    return text.getvalue().rstrip("\n")

"""Alembic's entry: the migrations run on the connection that `database.migrate` hands over, under a lock of their own."""
import sqlalchemy as sa
from alembic import context

connection = context.config.attributes["connection"]
connection.execute(sa.text("select pg_advisory_xact_lock(7312005)"))
connection.execute(sa.text("create schema if not exists ledger"))
context.configure(connection=connection, version_table_schema="ledger")
context.run_migrations()

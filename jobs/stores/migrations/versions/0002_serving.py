"""Serving: roles, schema `credit` with its releases and their deltas, the channel schemas, the reader's today."""
from alembic import op

revision = "0002"
down_revision = "0001"

CHANNELS = ("open", "market", "audit")

ROLE = """
do $$ begin
  create role {name} {login};
exception when duplicate_object or unique_violation then null;  -- roles belong to the server, which may carry other databases
end $$"""

TABLES = """
create table credit.releases (
  release_id text collate "C" primary key,
  sequence integer not null unique,
  as_of date not null,
  known_at timestamptz not null,
  content_hash text not null,
  release_status text not null check (release_status in ('served', 'files_only')),
  supersedes text collate "C" references credit.releases,
  published_at timestamptz not null default now(),
  manifest_sha256 text not null,
  inputs jsonb not null,
  snapshots jsonb not null
);
create table credit.release_delta (
  release_id text collate "C" not null,
  table_name text collate "C" not null,
  key text collate "C" not null,
  change text not null check (change in ('insert', 'update', 'delete')),
  row_hash text
);
create index release_delta_by_table on credit.release_delta (release_id, table_name);
create view credit.withdrawals as
  select event_key, channel, effective_on, reason, document from ledger.withdrawals;
create function credit.today() returns date language sql stable parallel safe
  return (now() at time zone 'Asia/Shanghai')::date;
comment on function credit.today() is 'the reader''s date: what has ended by it is in no view';
"""

RIGHTS = """
grant usage on schema ledger to credit_owner, credit_loader;
grant select on all tables in schema ledger to credit_owner, credit_loader;
grant insert on ledger.withdrawals to credit_loader;
grant usage on schema credit to credit_loader;
grant select, insert on credit.releases, credit.release_delta to credit_loader;
"""


def upgrade() -> None:
    for name in ("credit_owner", "credit_loader"):
        op.execute(ROLE.format(name=name, login="nologin"))
    op.execute("create schema credit authorization credit_owner")
    op.execute("grant usage on schema ledger to credit_owner")
    op.execute("grant select on ledger.withdrawals to credit_owner")
    op.execute("set local role credit_owner")
    op.execute(TABLES)
    op.execute("revoke all on function credit.today() from public")
    op.execute("reset role")
    op.execute(RIGHTS)
    for channel in CHANNELS:
        make_channel(channel)


def make_channel(channel: str) -> None:
    """A schema of views and the role of its readers: repeatable read, read only, and no other right."""
    role = f"credit_{channel}"
    op.execute(ROLE.format(name=role, login="login"))
    op.execute(f"alter role {role} set default_transaction_isolation = 'repeatable read'")
    op.execute(f"alter role {role} set default_transaction_read_only = on")
    op.execute(f"alter role {role} set search_path = '{channel}'")
    op.execute(f'create schema "{channel}" authorization credit_owner')
    op.execute(f'grant usage on schema "{channel}" to {role}')
    op.execute(f"grant execute on function credit.today() to {role}")

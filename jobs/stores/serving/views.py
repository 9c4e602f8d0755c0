"""The channel schemas: security-barrier views of the columns and rows a channel may see, under one predicate (design law 9)."""
from __future__ import annotations

import hashlib

import sqlalchemy as sa

from jobs.declarations.channels import Channels
from jobs.declarations.feeds import Sensitivity
from jobs.stores.serving.compose import quoted
from jobs.stores.serving.shape import changing
from jobs.stores.serving.tables import ENDS, Served

NEUTRAL_ROWS = 200  # design §5: adverse and active rows in full, of the others so many a section, for a file of at most 256 kB
UNTOLD = ("enterprise_id", "rests_on")  # in a file's rows the first is said once, the second is for programs


def regenerate(connection: sa.Connection, tables: list[Served], channels: Channels) -> list[str]:
    """Each channel has exactly its views; the channels that were made anew, none while no column or row rule changed."""
    changed = []
    for channel, allowed in channels.channels.items():
        definitions = channel_views(channel, allowed, tables)
        digest = hashlib.sha256("\n".join(definitions.values()).encode()).hexdigest()
        if digest != standing(connection, channel):
            replace(connection, channel, definitions, digest)
            changed.append(channel)
    return changed


def standing(connection: sa.Connection, channel: str) -> str | None:
    """The digest of the definitions that the channel's schema was made from."""
    said = sa.text("select obj_description(cast(:schema as regnamespace))")
    digest = connection.execute(said, {"schema": f'"{channel}"'}).scalar()
    connection.commit()
    return digest


def replace(connection: sa.Connection, channel: str, definitions: dict[str, str], digest: str) -> None:
    """All views of a channel in one transaction: a column cannot be taken out of a view that stands."""
    standing_views = sa.text("select viewname from pg_views where schemaname = :schema")
    old = connection.execute(standing_views, {"schema": channel}).scalars().all()
    connection.commit()
    with changing(connection):
        for name in old:
            connection.execute(sa.text(f'drop view if exists "{channel}"."{name}" cascade'))
        for name, definition in definitions.items():
            connection.exec_driver_sql(definition)
            connection.execute(sa.text(f'grant select on "{channel}"."{name}" to credit_{channel}'))
        connection.execute(sa.text(f"""comment on schema "{channel}" is '{digest}'"""))


def channel_views(channel: str, allowed: Sensitivity, tables: list[Served]) -> dict[str, str]:
    """The statement that makes each view of the channel, those that others read first."""
    seen = {table.name: table for table in tables if table.visible(allowed)}
    views = {name: table_view(channel, table, table.visible(allowed)) for name, table in seen.items()}
    if "enterprises" in seen:
        categories = [table for table in seen.values() if table.category]
        views["credit_files"] = files_view(channel, seen["enterprises"].visible(allowed), categories)
    return views


def table_view(channel: str, table: Served, columns: list[str]) -> str:
    conditions = ([predicate(channel)] if table.ends else []) + ([f"({table.rows[channel]})"] if channel in table.rows else [])
    where = f" where {' and '.join(conditions)}" if conditions else ""
    selected = f"select {quoted(columns)} from credit.{table.name}{where}"
    return f'create view "{channel}".{table.name} with (security_barrier) as {selected}'


def predicate(channel: str) -> str:
    """Design law 9: not yet ended today, and nothing it rests on withdrawn in this channel."""
    return f"""(publicity_until is null or publicity_until > credit.today())
      and not exists (select from unnest(rests_on) held(id) where held.id in (
        select w.event_key from credit.withdrawals w
        where w.channel in ('all', '{channel}') and w.effective_on <= credit.today()))"""


# ---- a credit file: composed from live rows, never a second copy

def files_view(channel: str, header: list[str], categories: list[Served]) -> str:
    return f"""
        create view "{channel}".credit_files with (security_barrier) as
        select e.enterprise_id, r.as_of,
          jsonb_build_object('header', {header_object(header)}, 'sections', {sections(channel, categories)}) as file
        from "{channel}".enterprises e
        cross join (select as_of from credit.releases where release_status = 'served' order by sequence desc limit 1) r"""


def header_object(header: list[str]) -> str:
    """Each value with the fact it came from."""
    told = [name for name in header if name not in ("enterprise_id", "sources", *ENDS)]
    pairs = [f"'{name}', jsonb_build_object('value', e.\"{name}\", 'fact_id', e.sources ->> '{name}')" for name in told]
    return f"jsonb_build_object({', '.join(pairs)})"


def sections(channel: str, categories: list[Served]) -> str:
    pairs = [f"'{table.category.category}', ({section(channel, table)})" for table in categories if table.category]
    return f"jsonb_build_object({', '.join(pairs)})"


def section(channel: str, table: Served) -> str:
    """The counts of a category, its adverse active rows in full and the newest of the others."""
    in_full = "x.state = 'active'" if table.category and table.category.adverse else "false"
    newest = "event_date desc nulls last, {0}event_id"
    return f"""
        select jsonb_build_object('count', count(*), 'active', count(*) filter (where p.state = 'active'),
          'rows', coalesce(jsonb_agg(p.told order by p.{newest.format('p.')}) filter (where p.shown), '[]'))
        from (
          select to_jsonb(x) - '{{{",".join(UNTOLD)}}}'::text[] as told, x.event_date, x.event_id, x.state,
            {in_full} or row_number() over (partition by {in_full} order by x.{newest.format('x.')}) <= {NEUTRAL_ROWS} as shown
          from "{channel}".{table.name} x where x.enterprise_id = e.enterprise_id) p"""

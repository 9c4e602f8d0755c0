"""The served tables of a night, composed in staging: key, row hash, columns, what each row rests on and when it ends."""
from __future__ import annotations

import pyarrow as pa

from jobs.stores.serving.staging import Staging, StagingError
from jobs.stores.serving.tables import ENDS, Served

DELIVERIES = """
  select d.delivery_id, d.feed, d.received_at, d.covers, d.object_sha256,
    case when r.delivery_id is not null then 'retracted' else coalesce(a.verdict, d.delivery_status) end as delivery_status,
    coalesce(r.because, a.reason, d.reason) as reason,
    d.rows_received, a.rows_facts, a.rows_rejected, a.rows_duplicate,
    a.rows_natural_person + a.rows_household as rows_personal, a.rows_household
  from ledger.deliveries d
  left join ledger.retractions r on r.delivery_id = d.delivery_id and r.retracted_at <= :known_at
  left join lateral (  -- what was made of a delivery that was taken back stands for nothing
    select * from ledger.admissions a where a.delivery_id = d.delivery_id and a.known_at <= :known_at and r.delivery_id is null
    order by a.known_at desc, a.run_id desc limit 1) a on true
  where d.received_at <= :known_at and d.covers <= :as_of"""

WITHDRAWALS = """
  select distinct on (event_key, channel, effective_on, document) event_key, channel, effective_on, reason, document
  from ledger.withdrawals where known_at <= :known_at
  order by event_key, channel, effective_on, document, known_at, withdrawal_id"""


def quoted(columns: object, prefix: str = "") -> str:
    return ", ".join(f'{prefix}"{column}"' for column in columns)  # type: ignore[attr-defined]


def compose(staging: Staging, tables: list[Served], as_of: object, known_at: object) -> dict[str, int]:
    """Every served table in staging, ordered by key, each with its rows."""
    make_basis(staging, tables)
    rows = staging.each((table for table in tables if table.staged), lambda own, table: write(own, table, as_of, known_at))
    make_acts(staging, tables)
    return rows


def write(staging: Staging, table: Served, as_of: object, known_at: object) -> int:
    """Makes one served table from its query, in the order of its key; the number of its rows."""
    query = ledger_query(table) or category_query(staging, table) or lake_query(staging, table)
    given = {"as_of": as_of, "known_at": known_at} if table.source == "ledger" else {}
    made = staging.run(f"""
        create unlogged table {staging.schema}.{table.name} as
        select {key_of(table)} collate "C" as row_key, {hash_of(table)} as row_hash, {quoted(table.columns, "c.")}
        from ({query}) c order by 1""", **given)
    staging.run(f"create index on {staging.schema}.{table.name} (row_key)")
    staging.run(f"analyze {staging.schema}.{table.name} (row_key)")  # every column would take longer than the copy
    return made.rowcount


def key_of(table: Served) -> str:
    """The key's own text, or a JSON array of its parts."""
    return f'c."{table.key[0]}"::text' if len(table.key) == 1 else f"json_build_array({quoted(table.key, 'c.')})::text"


def hash_of(table: Served) -> str:
    """sha256 of the JSON array of the declared columns in declared order; the session's zone is UTC, its dates are ISO."""
    return f"encode(sha256(convert_to(json_build_array({quoted(table.columns, 'c.')})::text, 'UTF8')), 'hex')"


def ledger_query(table: Served) -> str | None:
    return {"deliveries": DELIVERIES, "withdrawals": WITHDRAWALS}[table.name] if table.source == "ledger" else None


# ---- a category: its events with the fields of the fact that won

def category_query(staging: Staging, table: Served) -> str | None:
    if table.category is None:
        return None
    name, schema = table.category.category, staging.schema
    events = staging.raw["events"].names
    own = [column for column in table.columns if column not in events]
    require(staging, f"facts_{name}", ["fact_id", *own])
    lost = staging.run(f"""
        select count(*) from {schema}.raw_events e where e.category = :category
          and not exists (select from {schema}.raw_facts_{name} f where f.fact_id = e.fact_id)""", category=name).scalar_one()
    if lost:
        raise StagingError(f"table {table.name}: {lost} events name a fact that is not among the admitted facts of {name}")
    columns = [f'e."{column}"' if column in events else f'f."{column}"' for column in table.columns]
    return f"""
        select distinct on (e.event_id) {", ".join(columns)} from {schema}.raw_events e
        join {schema}.raw_facts_{name} f on f.fact_id = e.fact_id where e.category = '{name}'
        order by e.event_id, f.covers desc, f.received_at desc, f.delivery_id desc, f.row_no desc, f.part desc"""


# ---- a lake table: as it is, or with what it rests on

def lake_query(staging: Staging, table: Served) -> str:
    raw = f"raw_{table.lake or table.name}"
    if table.ends in (None, "own"):
        require(staging, raw.removeprefix("raw_"), list(table.columns))
        return f"select {quoted(table.columns)} from {staging.schema}.{raw}"
    plain = [column for column in table.columns if column not in ENDS]
    has = require(staging, raw.removeprefix("raw_"), plain)
    publicity, use = ends_of(table, has)
    return f"""
        with named as (
          select r.ctid as at, i.id from {staging.schema}.{raw} r cross join lateral unnest({ids_of(table, has)}) i(id)),
        held as (
          select n.at, array_agg(distinct v.id order by v.id) as ids, min(b.publicity_until) as publicity, min(b.use_until) as use
          from named n left join {staging.schema}.raw_basis b using (id)
          cross join lateral (values (n.id), (b.event_key)) v(id) where v.id is not null group by n.at)
        select {quoted(plain, 'r.')}, coalesce(h.ids, '{{}}') as rests_on, {publicity} as publicity_until, {use} as use_until
        from {staging.schema}.{raw} r left join held h on h.at = r.ctid"""


def ends_of(table: Served, has: pa.Schema) -> tuple[str, str]:
    """When the row goes: with the publicity, or with the use, of the first of what it rests on; never by either for `none`."""
    use = "least(h.use, r.use_until)" if "use_until" in has.names else "h.use"
    publicity = {"publicity": "h.publicity", "use": use, "none": "null::date"}[str(table.ends)]
    closed = f'least({publicity}, r."{table.closes}")' if table.closes else publicity
    return closed, "null::date" if table.ends == "none" else use


def ids_of(table: Served, has: pa.Schema) -> str:
    """The ids a row names: fact ids, and event keys where the lake gives them already."""
    named = [*table.facts, *(["rests_on"] if "rests_on" in has.names else [])]
    return " || ".join(ids_in(column, has.field(column).type) for column in named) or "'{}'::text[]"


def ids_in(column: str, kind: pa.DataType) -> str:
    if pa.types.is_map(kind):
        return f'array(select value from jsonb_each_text(r."{column}"))'
    return f'coalesce(r."{column}", \'{{}}\')' if pa.types.is_list(kind) else f'array_remove(array[r."{column}"], null)'


def make_basis(staging: Staging, tables: list[Served]) -> None:
    """For every fact id and event key: the event's key and its ends."""
    schema = staging.schema
    staging.run("set local work_mem = '256MB'")
    facts = [f"select fact_id, event_key, null::date, null::date from {schema}.raw_facts_{table.category.category}"
             for table in tables if table.category]
    staging.run(f"""
        create unlogged table {schema}.raw_basis as
        select id collate "C" as id, event_key, min(publicity_until) as publicity_until, min(use_until) as use_until
        from ({" union all ".join(facts)} union all
          select unnest(fact_ids || event_key), event_key, publicity_until, use_until from {schema}.raw_events
        ) as named(id, event_key, publicity_until, use_until) group by 1, 2""")
    staging.run(f"analyze {schema}.raw_basis (id)")
    staging.connection.commit()


def make_acts(staging: Staging, tables: list[Served]) -> None:
    """The view `acts` of every category's rows in the columns they share, which the gate reads; `texts` is all text of a row."""
    shared = "row_key, event_id, event_key, fact_id, enterprise_id, event_date, state, ended_on, publicity_until, rests_on"
    each = [f"select {shared}, {str(table.category.adverse).lower()} as adverse, concat_ws(' ', {quoted(table.texts)}) as texts "
            f"from {staging.schema}.{table.name}" for table in tables if table.category]
    staging.run(f"create view {staging.schema}.acts as {' union all '.join(each)}")
    staging.connection.commit()


def require(staging: Staging, raw: str, columns: list[str]) -> pa.Schema:
    """The raw table's schema, which has these columns."""
    has = staging.raw[raw]
    if missing := [column for column in columns if column not in has.names]:
        raise StagingError(f"lake table {raw}: no column {', '.join(missing)}, which config/channels.yml serves; "
                           f"known: {', '.join(sorted(has.names))}")
    return has

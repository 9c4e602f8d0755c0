"""What is served, as one list: every table with its key, its columns and their classes, from the declarations alone."""
from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from jobs.declarations.channels import CLASSES, Channels, ServedTable, classes, read
from jobs.declarations.feeds import Category, Sensitivity
from jobs.declarations.load import Declarations

ENDS: dict[str, Sensitivity] = {"rests_on": "open", "publicity_until": "open", "use_until": "open"}
ARROW = {"string": pa.string(), "date": pa.date32(), "timestamp": pa.timestamp("us", "UTC"), "decimal": pa.decimal128(20, 2),
         "integer": pa.int64(), "boolean": pa.bool_(), "strings": pa.list_(pa.string())}
ENVELOPE = {"fact_id": pa.string(), "event_key": pa.string(), "delivery_id": pa.string(), "row_no": pa.int32(),
            "part": pa.int32(), "covers": ARROW["date"], "received_at": ARROW["timestamp"]}


@dataclass(frozen=True)
class Served:
    """One served table. `source` is a lake table, `category`, `declarations`, `ledger`, `slips`, `counted` or `release`."""

    name: str
    source: str
    key: tuple[str, ...]
    columns: dict[str, Sensitivity]
    ends: str | None = None
    facts: tuple[str, ...] = ()
    closes: str | None = None
    rows: dict[str, str] = field(default_factory=dict)
    category: Category | None = None
    texts: tuple[str, ...] = ()

    @property
    def staged(self) -> bool:
        return self.source != "release"

    @property
    def live(self) -> bool:
        """Whether nights move it: releases are written by the publication itself, withdrawals at once by whoever withdraws."""
        return self.staged and self.name != "withdrawals"

    @property
    def lake(self) -> str | None:
        """The lake table it is copied from, when it is."""
        return None if self.source in ("category", "declarations", "ledger", "slips", "counted", "release") else self.source

    def visible(self, allowed: Sensitivity) -> list[str]:
        """The columns a channel of this class sees; none when it may not see the key."""
        seen = [name for name, kind in self.columns.items() if CLASSES.index(kind) <= CLASSES.index(allowed)]
        return seen if set(self.key) <= set(seen) else []


def served(declarations: Declarations, channels: Channels | None = None) -> list[Served]:
    """Every served table, in the order of its name."""
    channels = channels or read(declarations)
    path = declarations.folder / "channels.yml"
    structural = [structural_table(name, table, declarations, channels) for name, table in channels.tables.items()]
    shared = classes(channels.event_columns, declarations, path)
    by_category = [
        Served(category.served_table, "category", ("event_id",), of_category(category, declarations, shared), "own",
               rows=both(channels.event_rows, category.rows), category=category, texts=texts(category, declarations))
        for category in declarations.categories.values()]
    return sorted(structural + by_category, key=lambda table: table.name)


def structural_table(name: str, table: ServedTable, declarations: Declarations, channels: Channels) -> Served:
    """A table of channels.yml, without the acts and lists of categories that a channel may not see at all, nor those acts whose
    category hides them from it row by row."""
    columns = classes(table.columns, declarations, declarations.folder / "channels.yml") | (ENDS if table.ends else {})
    rows = both(table.rows, {channel: hidden for channel, allowed in channels.channels.items()
                             if (hidden := unseen(columns, allowed, declarations.categories))})
    if {"category", "event_id"} <= set(columns):
        rows = both(rows, permitted(channels, declarations.categories))
    return Served(name, table.source or name, tuple(table.key), columns, table.ends, tuple(table.facts), table.closes, rows)


def unseen(columns: dict[str, Sensitivity], allowed: Sensitivity, categories: dict[str, Category]) -> str:
    """Which rows are of no category that the channel may not see; empty where the table names neither category nor list."""
    above = [one for one in categories.values() if CLASSES.index(one.sensitivity) > CLASSES.index(allowed)]
    names = {"category": sorted(one.category for one in above), "list": sorted(one.list_name for one in above if one.list_name)}
    return " and ".join(f"{column} not in ({', '.join(map(repr, hidden))})" for column, hidden in names.items()
                        if column in columns and hidden)


def permitted(channels: Channels, categories: dict[str, Category]) -> dict[str, str]:
    """By channel the condition under which an act is among the rows that its category's own table shows there, such as ratings
    whose owner lets them pass on."""
    told = {channel: [f"(category <> '{one.category}' or event_id in (select event_id from credit.{one.served_table} "
                      f"where {one.rows[channel]}))" for one in categories.values() if channel in one.rows]
            for channel in channels.channels}
    return {channel: " and ".join(conditions) for channel, conditions in told.items() if conditions}


def both(rows: dict[str, str], also: dict[str, str]) -> dict[str, str]:
    """By channel the conditions of both."""
    told = {channel: [f"({found[channel]})" for found in (rows, also) if channel in found] for channel in {**rows, **also}}
    return {channel: " and ".join(conditions) for channel, conditions in told.items()}


def of_category(category: Category, declarations: Declarations, shared: dict[str, Sensitivity]) -> dict[str, Sensitivity]:
    """The columns of a category's table with their classes, none below the category's own.

    What the event says itself (the organ, resolved) comes before the fields of the same name.
    """
    fields = {name: kind for name in category.fields if name not in shared
              and (kind := declarations.fields[name].sensitivity) != "never"}
    return {name: max(kind, category.sensitivity, key=CLASSES.index) for name, kind in (shared | fields | ENDS).items()}


def texts(category: Category, declarations: Declarations) -> tuple[str, ...]:
    """The served fields that people write as they like, in which personal data may hide."""
    return tuple(name for name in category.fields if (field := declarations.fields[name]).type == "string"
                 and field.cleaner in ("text.plain", "text.free_text", "names.enterprise_name", "names.former_names"))


# ---- rows that come from no lake table

def organs(declarations: Declarations) -> pa.Table:
    """The organs as declared, each once; who succeeds one is named by its code."""
    columns = {name: pa.string() for name in ("organ_code", "zh", "en", "level", "region")}
    columns |= {"competence": ARROW["strings"], "valid_from": ARROW["date"], "valid_to": ARROW["date"], "successor": pa.string()}
    rows = [{**organ.model_dump(), "organ_code": organ.code,
             "successor": declarations.organs[organ.successor].code if organ.successor else None}
            for organ in declarations.organs.values()]
    return pa.Table.from_pylist(rows, pa.schema(columns.items()))


def facts_schema(declarations: Declarations, table: Served) -> pa.Schema:
    """What is needed of a category's facts: the columns that place and order them, and those that are served."""
    fields = {name: ARROW[declarations.fields[name].type] for name in table.category.fields if name in table.columns}
    return pa.schema((ENVELOPE | fields).items())


def empty_lines(table: Served) -> pa.Table:
    """Rejects or flaws when there never was one."""
    return pa.schema((name, pa.int32() if name in ("row_no", "part") else pa.string()) for name in table.columns).empty_table()

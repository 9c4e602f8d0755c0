"""Models of config/channels.yml: what is served, and which channel sees which column and row."""
from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from jobs.declarations.feeds import Declared, Sensitivity
from jobs.declarations.files import DeclarationError, among, read_one

CLASSES: tuple[Sensitivity, ...] = ("open", "market", "government", "audit")

Columns = dict[Literal["open", "market", "government", "audit", "dictionary"], list[str]]


class ServedTable(Declared):
    """One table of schema `credit`, by the lake's name unless `source` says where it comes from."""

    source: str | None = None
    key: list[str] = Field(min_length=1)
    facts: list[str] = []
    ends: Literal["own", "publicity", "use", "none"] | None = None
    closes: str | None = None
    columns: Columns
    rows: dict[str, str] = {}


class Channels(Declared):
    """Every served table and what each channel sees of it."""

    channels: dict[str, Sensitivity]
    tables: dict[str, ServedTable]
    event_columns: Columns
    event_rows: dict[str, str] = {}


def classes(columns: Columns, all_: Any, path: Path) -> dict[str, Sensitivity]:
    """The class of each column in declared order; those of the dictionary are looked up there."""
    found: dict[str, Sensitivity] = {}
    for group, names in columns.items():
        for name in names:
            if name in found:
                raise DeclarationError(f"{path}: columns: {name!r} is given twice")
            if group == "dictionary" and name not in all_.fields:
                raise DeclarationError(f"{path}: columns.dictionary: {name!r} is not in fields.yml; {among(name, all_.fields)}")
            found[name] = all_.fields[name].sensitivity if group == "dictionary" else group
            if found[name] == "never":
                raise DeclarationError(f"{path}: columns.dictionary: {name!r} is never served")
    return found


def read(all_: Any) -> Channels:
    """config/channels.yml beside the declarations given, checked against them."""
    path = all_.folder / "channels.yml"
    declared = read_one(path, Channels)
    for name, table in declared.tables.items():
        has = classes(table.columns, all_, path)
        for column in [*table.key, *table.facts, *filter(None, [table.closes])]:
            if column not in has:
                raise DeclarationError(f"{path}: tables.{name}: {column!r} is not among its columns; {among(column, has)}")
        check_channels(table.rows, declared, f"{path}: tables.{name}.rows")
    check_channels(declared.event_rows, declared, f"{path}: event_rows")
    for category in all_.categories.values():
        if category.served_table in declared.tables:
            raise DeclarationError(f"{path}: tables: {category.served_table!r} is the table of category {category.category}")
    return declared


def check_channels(rows: dict[str, str], declared: Channels, where: str) -> None:
    for channel in rows:
        if channel not in declared.channels:
            raise DeclarationError(f"{where}: channel {channel!r} is unknown; {among(channel, declared.channels)}")

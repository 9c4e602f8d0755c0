"""Expressions in Spark SQL as declarations may write them: one expression, functions of a list, nothing that reads or runs."""
from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

FUNCTIONS = {
    "abs", "add_months", "array", "array_contains", "array_except", "arrays_overlap", "cast", "coalesce", "count", "date_add",
    "date_diff", "greatest", "least", "max", "min", "size", "substr", "sum", "year"}
WORDS = {
    "and", "as", "between", "case", "date", "decimal", "else", "end", "false", "in", "interval", "is", "like", "not", "null",
    "or", "string", "then", "true", "when"}
TEXT = re.compile(r"'[^']*'")
TOKEN = re.compile(r"([A-Za-z_]\w*)(\s*\()?")
FORBIDDEN = re.compile(r";|--|/\*|`|\\|\{|\bselect\b", re.IGNORECASE)


def words_in(sql: str) -> list[tuple[str, bool]]:
    """Each word that is not of the language, and whether it is called."""
    return [(word, bool(call)) for word, call in TOKEN.findall(TEXT.sub("''", sql)) if word.lower() not in WORDS]


def names_in(sql: str) -> set[str]:
    """The columns the expression names."""
    return {word for word, called in words_in(sql) if not called}


def harmless(sql: str) -> str:
    """The expression itself; raises ValueError on a function that is not of the list and on anything but one expression."""
    if unknown := {word for word, called in words_in(sql) if called and word.lower() not in FUNCTIONS}:
        raise ValueError(f"functions not allowed: {', '.join(sorted(unknown))}; allowed: {', '.join(sorted(FUNCTIONS))}")
    if found := FORBIDDEN.search(TEXT.sub("''", sql)):
        raise ValueError(f"{found.group()!r} may not stand in an expression")
    return sql


Expression = Annotated[str, AfterValidator(harmless)]

"""The declarations as a person reads them: feeds, fields, rules and served tables, each in one screen."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jobs.answers import documents
from jobs.answers.layout import table
from jobs.declarations import DeclarationError, Declarations, known
from jobs.declarations.settings import ROOT
from jobs.stores.serving.tables import Served, served

COUNTED = ("feeds", "fields", "organs", "regimes", "rules", "schemes", "suites")
MORE = "more: python -m jobs describe category|feed|field|rule|table [NAME]; --write makes docs/feeds.md and docs/tables.md"


def describe(declarations: Declarations, what: list[str], write: bool) -> str:
    """The overview, one kind (`KINDS`), or one of it by name; with `write` the documents are written too."""
    written = [documents.write(ROOT / "docs", declarations)] if write else []
    if not what:
        return "\n".join([*overview(declarations), *written])
    if what[0] not in KINDS:
        meant = [f"describe {kind} {what[0]}" for kind, there in named(declarations).items() if what[0] in there]
        question = f"; did you mean `{meant[0]}`?" if meant else ""
        raise DeclarationError(f"describe {what[0]!r}: known: {known(KINDS)}{question}")
    every, one = KINDS[what[0]]
    return "\n".join([*(one(declarations, what[1]) if len(what) > 1 else every(declarations)), *written])


def named(declarations: Declarations) -> dict[str, Mapping[str, Any]]:
    """What can be described, by kind and name."""
    return {"category": declarations.categories, "feed": declarations.feeds, "field": declarations.fields,
            "rule": declarations.rules, "table": by_name(declarations)}


def chosen(kind: str, name: str, there: Mapping[str, Any]) -> Any:
    """The declared one of this name; raises DeclarationError."""
    if name not in there:
        raise DeclarationError(f"describe {kind} {name!r}: there is none; known: {known(there)}")
    return there[name]


def overview(declarations: Declarations) -> list[str]:
    rows = [[name, one.zh, one.served_table, "adverse" if one.adverse else "", feeds_of(declarations, name)]
            for name, one in declarations.categories.items()]
    said = " · ".join(f"{len(getattr(declarations, kind))} {kind}" for kind in COUNTED)
    head = ["category", "", "served table", "", "feeds"]
    return [*table(head, rows, longest=130), "", said, f"digest {declarations.digest}", "",
            MORE]


def feeds_of(declarations: Declarations, category: str) -> list[str]:
    return [feed.feed for feed in declarations.feeds.values() if feed.category == category]


def pairs(told: Iterable[tuple[str, Any]]) -> list[str]:
    return table(["", ""], [[name, value] for name, value in told if value], longest=400)[1:]


# ---- feeds

def feeds(declarations: Declarations) -> list[str]:
    return table(["feed", "", "category", "level", "organ", "due"], [
        [feed.feed, feed.zh, feed.category, feed.level, feed.organ, documents.due(feed)] for feed in declarations.feeds.values()])


def feed(declarations: Declarations, name: str) -> list[str]:
    one = chosen("feed", name, declarations.feeds)
    columns = documents.columns_of_feed(one, declarations)
    return [f"{one.feed} · {one.zh} · {one.en}", "", *pairs(documents.about_feed(one, declarations)), "",
            *table(["field", "label", "type", "read how", ""], columns, longest=90), "", *pairs(documents.unread(one))]


# ---- categories

def category(declarations: Declarations, name: str) -> list[str]:
    one = chosen("category", name, declarations.categories)
    rows = [[field, declarations.fields[field].zh, declarations.fields[field].type,
             "required" if told.required else f"from {told.of}" if told.of else ""] for field, told in one.fields.items()]
    return [f"{name} · {one.zh}", "", *pairs([
        ("served table", one.served_table), ("adverse", "yes" if one.adverse else "no"), ("evidence", one.evidence),
        ("event key", one.event_key), ("feeds", feeds_of(declarations, name))]), "", *table(["field", "", "type", ""], rows)]


# ---- fields

def fields(declarations: Declarations) -> list[str]:
    rows = [[name, field.zh, field.type, field.sensitivity, field.en] for name, field in declarations.fields.items()]
    return table(["field", "", "type", "class", "meaning"], rows, longest=80)


def field(declarations: Declarations, name: str) -> list[str]:
    one = chosen("field", name, declarations.fields)
    used = [f"{category.category}{' (required)' if category.fields[name].required else ''}"
            for category in declarations.categories.values() if name in category.fields]
    fed = [[feed.feed, feed.fields[name].labels, documents.how(feed, name)]
           for feed in declarations.feeds.values() if name in feed.fields]
    options = [f"{key} {value}" for key, value in one.options.items()]
    return [f"{name} · {one.zh}", "", *pairs([
        ("meaning", one.en), ("type", one.type), ("unit", one.unit), ("cleaner", one.cleaner), ("options", options),
        ("class", one.sensitivity), ("categories", used)]), "", *table(["feed", "label", "read how"], fed)]


# ---- rules

def rules(declarations: Declarations) -> list[str]:
    rows = [[rule.rule, rule.version, rule.in_force_from, documents.effect(rule), rule.condition, rule.zh]
            for rule in declarations.rules.values()]
    return table(["rule", "version", "in force from", "effect", "condition", ""], rows)


def rule(declarations: Declarations, name: str) -> list[str]:
    one = chosen("rule", name, declarations.rules)
    measured = declarations.schemes[one.scheme].measured
    evidence = [[name, measured[name].zh, measured[name].en, measured[name].over, measured[name].where] for name in one.evidence]
    force = f"{one.in_force_from} to {one.in_force_to or 'further notice'}"
    return [f"{one.rule} · {one.zh} · {one.en}", "", *pairs([
        ("version", one.version), ("scheme", one.scheme), ("in force", force),
        ("legal basis", f"{one.legal_basis} {one.article}"), ("mark", one.mark), ("because", one.because),
        ("condition", one.condition), ("effect", documents.effect(one))]), "",
        *table(["evidence", "", "", "over", "where"], evidence, longest=90)]


# ---- served tables

def by_name(declarations: Declarations) -> dict[str, Served]:
    return {one.name: one for one in served(declarations)}


def tables(declarations: Declarations) -> list[str]:
    said = documents.words(declarations)
    rows = [[one.name, one.key, documents.channels_of(one, declarations), documents.meaning(one, said)]
            for one in served(declarations)]
    return table(["table", "key", "channels", "what"], rows, longest=90)


def served_table(declarations: Declarations, name: str) -> list[str]:
    one = chosen("table", name, by_name(declarations))
    return [f"{one.name} · {documents.meaning(one, documents.words(declarations))}", "",
            *pairs([("key", one.key), ("channels", documents.channels_of(one, declarations))]), "",
            *table(["column", "class", "type", "", "meaning"], documents.columns_of_table(one, declarations), longest=100)]


Telling = tuple[Callable[[Declarations], list[str]], Callable[[Declarations, str], list[str]]]
KINDS: dict[str, Telling] = {
    "category": (overview, category), "feed": (feeds, feed), "field": (fields, field), "rule": (rules, rule),
    "table": (tables, served_table)}

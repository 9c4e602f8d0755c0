"""The declarations as a person reads them: categories, feeds, fields, organs, items, rules and served tables."""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jobs.answers import documents, office_lists
from jobs.answers.layout import table
from jobs.declarations import DeclarationError, Declarations, among, known
from jobs.declarations.feeds import CategoryField
from jobs.declarations.items import PARTS
from jobs.declarations.settings import ROOT
from jobs.stores.serving.tables import Served, served

COUNTED = ("feeds", "fields", "organs", "items", "regimes", "rules", "schemes", "suites")
MORE = ("more: python -m jobs describe category|feed|field|item|organ|rule|table [NAME]; --lists prints the data, application "
        "and act lists; --write makes docs/feeds.md and docs/tables.md")


def describe(declarations: Declarations, what: list[str], write: bool, lists: bool = False) -> str:
    """The overview, one kind (`KINDS`), or one of it by name, or the three lists; with `write` the documents are written too."""
    written = [documents.write(ROOT / "docs", declarations)] if write else []
    if lists:
        return "\n".join([*office_lists.lists(declarations), *written])
    if not what:
        return "\n".join([*overview(declarations), *written])
    if what[0] not in KINDS:
        meant = [f"describe {kind} {what[0]}" for kind, there in named(declarations).items() if what[0] in there]
        question = f"; did you mean `{meant[0]}`?" if meant else ""
        raise DeclarationError(f"describe {what[0]!r}: {among(what[0], KINDS)}{question}")
    every, one = KINDS[what[0]]
    told = one(declarations, one_of(*what[:2], named(declarations)[what[0]])) if len(what) > 1 else every(declarations)
    return "\n".join([*told, *written])


def named(declarations: Declarations) -> dict[str, Mapping[str, Any]]:
    """What can be described, by kind and name."""
    return {"category": declarations.categories, "feed": declarations.feeds, "field": declarations.fields,
            "item": declarations.items, "organ": declarations.organs, "rule": declarations.rules, "table": by_name(declarations)}


def one_of(kind: str, name: str, there: Mapping[str, Any]) -> str:
    """The declared one of this name, or the only one that bears it in Chinese or as its code; raises DeclarationError."""
    if name in there:
        return name
    found = [key for key, one in there.items() if name in {getattr(one, said, None) for said in ("zh", "code")} - {None}
             or name in (*getattr(one, "aliases", ()), *getattr(one, "also", ()))]
    if len(found) > 1:
        raise DeclarationError(f"describe {kind} {name!r}: {len(found)} are called so: {known(found)}")
    if not found:
        spelt = {said: key for key, one in there.items() for said in (key, getattr(one, "zh", None)) if said}
        raise DeclarationError(f"describe {kind} {name!r}: there is none; {among(name, spelt)}")
    return found[0]


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
    one = declarations.feeds[name]
    columns = documents.columns_of_feed(one, declarations)
    return [f"{one.feed} · {one.zh} · {one.en}", "", *pairs(documents.about_feed(one, declarations)), "",
            *table(["field", "label", "type", "read how", ""], columns, longest=90), "", *pairs(documents.unread(one)),
            *documents.earlier(one, declarations)]


# ---- categories

def category(declarations: Declarations, name: str) -> list[str]:
    one = declarations.categories[name]
    rows = [[field, declarations.fields[field].zh, declarations.fields[field].type, declarations.fields[field].unit,
             declarations.fields[field].sensitivity, of_field(told)] for field, told in one.fields.items()]
    checks = [[check.field, check.severity, check.reason, check.because] for check in one.checks]
    return [f"{name} · {one.zh} · {one.en}", "", *pairs([
        ("served table", one.served_table), ("adverse", "yes" if one.adverse else "no"), ("evidence", one.evidence),
        ("catalogue", office_lists.cited(one, declarations)), ("seen from", one.sensitivity), ("namespace", one.namespace),
        ("list", one.list_name), ("event key", one.event_key), ("event date", one.event_date), ("ends acts of", one.targets),
        ("publicity", one.publicity), ("retention", one.retention), ("feeds", feeds_of(declarations, name))]), "",
        *table(["field", "", "type", "unit", "class", ""], rows), "",
        *table(["checked", "else", "reason", "because"], checks, longest=90)]


def of_field(told: CategoryField) -> str:
    said = {"required": told.required, "its absence is a flaw": told.missing == "flaw", "not collected": told.catalogue == "none",
            f"read from {told.of}": told.of is not None, f"of the year of {told.dated_by}": told.dated_by is not None}
    return ", ".join(name for name, holds in said.items() if holds)


# ---- fields

def fields(declarations: Declarations) -> list[str]:
    rows = [[name, field.zh, field.type, field.sensitivity, field.en] for name, field in declarations.fields.items()]
    return table(["field", "", "type", "class", "meaning"], rows, longest=80)


def field(declarations: Declarations, name: str) -> list[str]:
    one = declarations.fields[name]
    used = [f"{category.category}{' (required)' if category.fields[name].required else ''}"
            for category in declarations.categories.values() if name in category.fields]
    fed = [[when, version.fields[name].labels, documents.how(version, name)]
           for feed in declarations.feeds.values() for when, version in documents.versions(feed) if name in version.fields]
    options = [f"{key} {value}" for key, value in one.options.items()]
    return [f"{name} · {one.zh}", "", *pairs([
        ("meaning", one.en), ("type", one.type), ("unit", one.unit), ("cleaner", one.cleaner), ("options", options),
        ("class", one.sensitivity), ("categories", used)]), "", *table(["feed", "label", "read how"], fed)]


# ---- organs and items

def organs(declarations: Declarations) -> list[str]:
    rows = [[name, organ.zh, organ.code, organ.level, organ.region, organ.valid_from, organ.valid_to, organ.successor]
            for name, organ in declarations.organs.items()]
    return table(["organ", "", "code", "level", "region", "from", "to", "successor"], rows)


def organ(declarations: Declarations, name: str) -> list[str]:
    one = declarations.organs[name]
    inherits = [other for other, organ in declarations.organs.items() if organ.successor == name]
    delivers = [feed.feed for feed in declarations.feeds.values() if feed.organ == name]
    under = [f"{code} {item.zh}" for code, item in declarations.items.items() if item.organ == name]
    return [f"{name} · {one.zh} · {one.en}", "", *pairs([
        ("code", one.code), ("also called", one.aliases), ("level", one.level), ("region", one.region),
        ("competence", one.competence), ("in office", office_lists.force(one.valid_from, one.valid_to)),
        ("successor", one.successor), ("inherits from", inherits), ("feeds", delivers), ("items", under)])]


def items(declarations: Declarations) -> list[str]:
    rows = [[code, item.zh, item.kind, item.level, item.organ, item.valid_from, item.valid_to]
            for code, item in declarations.items.items()]
    return table(["item", "", "kind", "level", "organ", "from", "to"], rows)


def item(declarations: Declarations, name: str) -> list[str]:
    one = declarations.items[name]
    organ_zh = declarations.organs[one.organ].zh
    parts = [(part, f"{key} {declarations.listed.part(part)[key].zh}") for part in PARTS if (key := getattr(one, part))]
    named = [category.category for category in declarations.categories.values() if "item_code" in category.fields]
    return [f"{name} · {one.zh} · {one.en}", "", *pairs([
        ("kind", one.kind), ("basis", one.basis), ("level", one.level), ("organ", f"{one.organ} {organ_zh}"),
        ("measure", one.measure), ("valid", office_lists.force(one.valid_from, one.valid_to)), ("also called", one.aliases),
        *parts, ("named by", named), ("source", one.source), ("mark", one.mark)])]


# ---- rules

def rules(declarations: Declarations) -> list[str]:
    rows = [[rule.rule, rule.version, rule.in_force_from, documents.effect(rule), rule.condition, rule.zh]
            for rule in declarations.rules.values()]
    return table(["rule", "version", "in force from", "effect", "condition", ""], rows)


def rule(declarations: Declarations, name: str) -> list[str]:
    one = declarations.rules[name]
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
    one = by_name(declarations)[name]
    return [f"{one.name} · {documents.meaning(one, documents.words(declarations))}", "",
            *pairs([("key", one.key), ("channels", documents.channels_of(one, declarations))]), "",
            *table(["column", "class", "type", "", "meaning"], documents.columns_of_table(one, declarations), longest=100)]


Telling = tuple[Callable[[Declarations], list[str]], Callable[[Declarations, str], list[str]]]
KINDS: dict[str, Telling] = {
    "category": (overview, category), "feed": (feeds, feed), "field": (fields, field), "item": (items, item),
    "organ": (organs, organ), "rule": (rules, rule), "table": (tables, served_table)}

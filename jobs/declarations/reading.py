"""By what the rows of a feed are read: the digest of all that is declared of them, and nothing that only says when they come."""
from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from jobs.declarations.crosswalks import by_spelling
from jobs.declarations.feeds import Category
from jobs.declarations.terms import Terms, terms

# What makes no row read otherwise: texts for people, when and how files come, what is expected of them, who may see what.
NOT_OF_ROWS = {
    "feed": {"zh", "en", "legal_basis", "owner", "transport", "schedule", "deadline", "if_late", "volume", "absence", "examples",
             "earlier"},
    "category": {"zh", "en", "evidence", "served_table", "publicity", "retention", "list_name", "catalogue", "sensitivity",
                 "namespace", "rows", "snapshot_key"},
    "field": {"zh", "en", "unit", "sensitivity", "also"},
}
# The tables that feeds share, and the fields whose values come of them (facts/references.py); code tables are named by options.
REFERRED = {"organs": {"organ_code", "target_organ_code"}, "items": {"item_code"}, "list_terms": {"list_kind"}}


def digest(all_: Any, name: str, covers: date = date.max) -> str:
    """Of a feed as it reads what covers the day, its category, that category's fields and the tables they are read by: the same
    as long as the same rows give the same facts."""
    feed = all_.feeds[name].on(covers)
    category = all_.categories[feed.category]
    target = all_.categories.get(category.targets or "")
    told = {"feed": plain(feed, "feed"), "category": plain(category, "category"), "target": target and target.event_key,
            "fields": {field: plain(all_.fields[field], "field") for field in sorted(category.fields)},
            "tables": {table: all_.tables[table] for table in sorted(used(all_, category))}}
    return hashed(told)


def plain(model: Any, kind: str) -> dict[str, Any]:
    """What is said of it; a key that is not said is not there, so that a new key of ours makes nothing stale."""
    return model.model_dump(mode="json", exclude_defaults=True, exclude=NOT_OF_ROWS[kind])


def used(all_: Any, category: Category) -> set[str]:
    """The tables by which rows of the category are read."""
    referred = {table for table, fields in REFERRED.items() if fields & category.fields.keys()}
    coded = {all_.fields[name].options.get("table") for name in category.fields} - {None}
    allowed = {f"catalogue {field.catalogue}" for field in category.fields.values() if field.catalogue in all_.catalogue.lines}
    return referred | coded | allowed


def tables(all_: Any) -> dict[str, str]:
    """The digest of each table that feeds share, by what rows are read by alone.

    Of organs and items who bears which code and name when, of list terms what each meant when, of a line of the catalogue when
    it is in force, of a code table the whole file. An organ's competence, region or successor makes no delivery stale.
    """
    meant = {word: [(one.kind, one.valid_from, one.valid_to) for one in meanings]
             for word, meanings in by_spelling(all_.list_terms).items()}
    lines = {f"catalogue {name}": (one.valid_from, one.valid_to, one.collected) for name, one in all_.catalogue.lines.items()}
    told = {"organs": there(terms({organ.code: organ for organ in all_.organs.values()})), "items": there(terms(all_.items)),
            "list_terms": meant, **lines}
    files = {field.options["table"] for field in all_.fields.values() if "table" in field.options}
    return {**{name: hashed(said) for name, said in told.items()},
            **{name: hashlib.sha256((all_.folder / name).read_bytes()).hexdigest() for name in files}}


def there(known: Terms) -> tuple[Any, ...]:
    """Who is there when, in whatever order it was declared."""
    return sorted(known.days.items()), sorted((name, sorted(bearers)) for name, bearers in known.bearers.items())


def hashed(told: Any) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()[:32]

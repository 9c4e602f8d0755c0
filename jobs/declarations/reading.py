"""By what the rows of a feed are read: the digest of all that is declared of them, and nothing that only says when they come."""
from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

# What makes no row read otherwise: texts for people, when and how files come, what is expected of them, who may see what.
NOT_OF_ROWS = {
    "feed": {"zh", "en", "legal_basis", "owner", "transport", "schedule", "deadline", "if_late", "volume", "absence", "examples",
             "earlier"},
    "category": {"zh", "en", "evidence", "served_table", "publicity", "retention", "list_name", "catalogue", "sensitivity",
                 "namespace", "rows", "snapshot_key"},
    "field": {"zh", "en", "unit", "sensitivity"},
}


def digest(all_: Any, name: str, covers: date = date.max) -> str:
    """Of a feed as it reads what covers the day, its category and that category's fields: the same as long as the same rows give
    the same facts.

    The names of organs and the code tables, which every feed shares, are not in it: a new organ makes no delivery stale.
    """
    feed = all_.feeds[name].on(covers)
    category = all_.categories[feed.category]
    target = all_.categories.get(category.targets or "")
    told = {"feed": plain(feed, "feed"), "category": plain(category, "category"), "target": target and target.event_key,
            "fields": {field: plain(all_.fields[field], "field") for field in sorted(category.fields)}}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()[:32]


def plain(model: Any, kind: str) -> dict[str, Any]:
    """What is said of it; a key that is not said is not there, so that a new key of ours makes nothing stale."""
    return model.model_dump(mode="json", exclude_defaults=True, exclude=NOT_OF_ROWS[kind])

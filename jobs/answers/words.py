"""The words that feeds say and nobody declared, and the line of the declaration that each of them would be."""
from __future__ import annotations

import json
from typing import Any

from jobs.answers.layout import table
from jobs.declarations import Declarations, load
from jobs.declarations.settings import Settings
from jobs.stores import database
from jobs.stores.ledger import Ledger

SAID = """
    select told.feed, field, value as word, kind, count(*) as rows, max(covers) as covers,
      (array_agg(delivery_id || ' row ' || row_no order by delivery_id, row_no))[1] as for_example
    from (select feed, field, value, delivery_id, row_no, 'reject' as kind from credit.rejects where reason = 'unknown_code'
          union all
          select feed, field, value, delivery_id, row_no, 'flaw' from credit.flaws where reason = 'unknown_code') told
      join ledger.deliveries using (delivery_id)
    group by told.feed, field, value, kind order by rows desc, told.feed, field, value, kind"""
HEAD = ("feed", "field", "word", "rows", "is now", "to declare it", "for example")
NOTHING = "no feed said a word that its declaration does not know, in what the last release rests on"


def words(settings: Settings, as_json: bool) -> str:
    """Every such word of the last release by feed and field, the most frequent first; personal ones masked."""
    declared = load(settings.config)
    with database.engine(settings).connect() as connection:
        ledger = Ledger(connection)
        [made] = ledger.rows("select to_regclass('credit.rejects') is not null as there")
        found = [told(row, declared) for row in ledger.rows(SAID)] if made["there"] else []
    if as_json:
        return json.dumps(found, ensure_ascii=False, indent=1)
    return "\n".join(table(HEAD, (list(row.values()) for row in found), longest=70)) if found else NOTHING


def told(row: dict[str, Any], declared: Declarations) -> dict[str, Any]:
    """The word with what its row became and where a line for it goes: in the lookup of its column, or in a new one, as the feed
    was read when the word was said last."""
    feed = declared.feeds.get(row["feed"])
    source = feed.on(row["covers"]).fields.get(row["field"]) if feed else None
    if source is None:
        place, is_now = f"feed {row['feed']} gives no {row['field']} any more", row["kind"]
    else:
        lookup = f"{feed.says('lookups', row['covers'])}.{source.lookup}" if source.lookup else f"a lookup for {row['field']}"
        place = f"config/feeds/{row['feed']}.yml: {lookup}"
        is_now = "held" if row["kind"] == "flaw" and source.unknown_words == "hold" else row["kind"]
    return {"feed": row["feed"], "field": row["field"], "word": row["word"], "rows": row["rows"],
            "is_now": is_now, "to_declare_it": place, "for_example": row["for_example"]}

"""The words that feeds say and nobody declared, and the line of the declaration that each of them would be."""
from __future__ import annotations

import json
from typing import Any

from jobs.answers.drafting.dictionary import Dictionary
from jobs.answers.drafting.written import flow
from jobs.answers.layout import table
from jobs.answers.word_rows import example_rows
from jobs.declarations import Declarations, load
from jobs.declarations.settings import Settings
from jobs.stores import database
from jobs.stores.ledger import Ledger
from jobs.values.raw import narrow, normalised

# Where a line goes for what no shared list knows, by the reason; an unknown_code is a word of its feed's own lookup.
FILES = {
    "unknown_list_term": "crosswalks/list_terms.yml: a term, or an alias of one",
    "list_term_of_another_time": "crosswalks/list_terms.yml: a meaning of the term for that time",
    "unknown_item": "items.yml: an item",
    "unknown_region": "codes/divisions.csv: a division",
    "unknown_industry": "codes/industries.csv: an industry",
    "unknown_organ": "organs.yml: an organ, or an alias of one",
}
SAID = f"""
    select feed, field, value as word, kind, reason, count(*) as rows, max(covers) as covers,
      (array_agg(delivery_id || ' row ' || row_no order by delivery_id, row_no))[1] as for_example
    from (select feed, field, value, delivery_id, row_no, reason, 'reject' as kind from credit.rejects
          union all
          select feed, field, value, delivery_id, row_no, reason, 'flaw' from credit.flaws) told
      join (select delivery_id, covers from ledger.deliveries) came using (delivery_id)
    where reason in ({", ".join(f"'{reason}'" for reason in ("unknown_code", *FILES))})
    group by feed, field, value, kind, reason"""
# An organ that nobody declared is no fault of the act, so no flaw tells it: the acts themselves do.
UNNAMED = """
    select l.feed, 'organ_name' as field, a.organ_name as word, 'fact' as kind, 'unknown_organ' as reason, count(*) as rows,
      null::date as covers, min(a.event_id) as for_example
    from credit.{table} a join credit.links l on l.fact_id = a.fact_id
    where a.organ_name is not null and (a.organ_code is null or a.organ_code not in (select organ_code from credit.organs))
    group by l.feed, a.organ_name"""
ORDER = "order by rows desc, feed, field, word, kind, reason"
HEAD = ("feed", "field", "word", "rows", "is now", "to declare it", "line", "for example", "row")
NOTHING = "no feed said a word that its declaration does not know, in what the last release rests on"


def words(settings: Settings, as_json: bool) -> str:
    """Every such word of the last release by feed and field, the most frequent first; personal ones masked."""
    declared = load(settings.config)
    known = Dictionary(declared)
    with database.engine(settings).connect() as connection:
        ledger = Ledger(connection)
        [made] = ledger.rows("select to_regclass('credit.rejects') is not null as there")
        asked = ledger.rows(question(declared)) if made["there"] else []
        shown = example_rows(settings, declared, ledger, asked)
        found = [told(row, declared) | {"line": line(row, known), "example_row": one}
                 for row, one in zip(asked, shown, strict=True)]
    if as_json:
        return json.dumps(found, ensure_ascii=False, indent=1)
    return "\n".join(table(HEAD, map(cells, found), longest=70)) if found else NOTHING


def cells(row: dict[str, Any]) -> list[Any]:
    """The row as the table has it, the example last and short."""
    *shown, line_, one = row.values()
    return [*shown[:-1], line_, shown[-1], "; ".join(f"{label} {cell}" for label, cell in one.items())]


def line(row: dict[str, Any], known: Dictionary) -> str:
    """The line of a lookup that would declare the word, where everybody who knows it in this field gives it one code; else
    nothing. It is printed and never written: what a word means is declared by a person."""
    if row["reason"] != "unknown_code" or not row["word"] or normalised(row["word"]).isdecimal():
        return ""  # a 1 means valid in one template and revoked in another
    words = known.words.get(row["field"], {})
    codes = words.get(narrow(row["word"])) or {
        code for word, given in words.items() if normalised(word) == normalised(row["word"]) for code in given}
    return f"{flow(row['word'])}: {flow(next(iter(codes)))}" if len(codes) == 1 else ""


def question(declared: Declarations) -> str:
    """The query for all of them: rejects and flaws, and the organs that the acts of each category name."""
    naming = [one.served_table for one in declared.categories.values() if {"organ_name", "organ_code"} <= one.fields.keys()]
    each = " union all ".join([SAID, *(UNNAMED.format(table=table) for table in sorted(naming))])
    return f"select * from ({each}) every_word {ORDER}"


def told(row: dict[str, Any], declared: Declarations) -> dict[str, Any]:
    """The word with what its row became and where a line for it goes: in the lookup of its column, a new one or a shared list; as
    the feed was read when the word was said last."""
    feed = declared.feeds.get(row["feed"])
    source = feed.on(row["covers"]).fields.get(row["field"]) if feed and row["covers"] else None
    if row["reason"] in FILES:
        place, is_now = f"config/{FILES[row['reason']]}", row["kind"]
    elif source is None:
        place, is_now = f"feed {row['feed']} gives no {row['field']} any more", row["kind"]
    else:
        lookup = f"{feed.says('lookups', row['covers'])}.{source.lookup}" if source.lookup else f"a lookup for {row['field']}"
        place = f"config/feeds/{row['feed']}.yml: {lookup}"
        is_now = "held" if row["kind"] == "flaw" and source.unknown_words == "hold" else row["kind"]
    return {"feed": row["feed"], "field": row["field"], "word": row["word"], "rows": row["rows"],
            "is_now": is_now, "to_declare_it": place, "for_example": row["for_example"]}

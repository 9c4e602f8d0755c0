"""The words that nobody declared, as an engineer sees them."""
from __future__ import annotations

import json
from datetime import date

import pytest

from jobs.answers.words import FILES, NOTHING, told, words


def said(**row: object) -> dict:
    return {"feed": "watch_list", "field": "list_domain", "word": "网络", "kind": "flaw", "reason": "unknown_code", "rows": 2,
            "covers": date(2026, 11, 20),
            "for_example": "d1 row 7", **row}


def test_a_word_says_what_its_row_became_and_where_a_line_for_it_goes(declared):
    assert told(said(), declared) == {
        "feed": "watch_list", "field": "list_domain", "word": "网络", "rows": 2, "is_now": "held",
        "to_declare_it": "config/feeds/watch_list.yml: lookups.domain", "for_example": "d1 row 7"}
    other = told(said(feed="province_permits", field="permit_status", kind="reject"), declared)
    assert (other["is_now"], other["to_declare_it"]) == ("reject", "config/feeds/province_permits.yml: lookups.permit_status")


def test_a_field_that_is_told_no_more_says_so(declared):
    assert told(said(field="grade"), declared)["to_declare_it"] == "feed watch_list gives no grade any more"


@pytest.mark.parametrize(("reason", "field", "place"), [
    ("unknown_list_term", "list_kind", "config/crosswalks/list_terms.yml: a term, or an alias of one"),
    ("list_term_of_another_time", "list_kind", "config/crosswalks/list_terms.yml: a meaning of the term for that time"),
    ("unknown_item", "item_code", "config/items.yml: an item"),
    ("unknown_region", "registered_region", "config/codes/divisions.csv: a division"),
    ("unknown_industry", "industry_code", "config/codes/industries.csv: an industry"),
    ("unknown_organ", "organ_name", "config/organs.yml: an organ, or an alias of one")])
def test_what_no_shared_list_knows_points_to_the_list(declared, reason, field, place):
    assert told(said(reason=reason, field=field), declared)["to_declare_it"] == place
    assert (declared.folder / place.removeprefix("config/").split(":")[0]).exists()


def test_those_of_a_release_are_listed_with_their_rows(village):
    reasons = ", ".join(f"'{reason}'" for reason in ("unknown_code", *FILES))
    unknown = village.rows(f"""
        select feed, field, value from credit.rejects where reason in ({reasons})
        union all select feed, field, value from credit.flaws where reason in ({reasons})""")
    found = json.loads(words(village.settings, True))
    of_rows = [row for row in found if row["field"] != "organ_name"]
    assert sum(row["rows"] for row in of_rows) == len(unknown) > 0
    assert {(row["feed"], row["field"], row["word"]) for row in of_rows} == {tuple(row.values()) for row in unknown}
    assert found[0]["word"] in words(village.settings, False)


def test_an_organ_that_nobody_declared_is_listed_with_its_acts(village):
    acts = village.rows("select organ_name from credit.penalties where organ_code is null and organ_name is not null")
    said_by_penalties = {row["organ_name"] for row in acts}
    found = {row["word"]: row for row in json.loads(words(village.settings, True)) if row["field"] == "organ_name"}
    assert found
    assert said_by_penalties <= found.keys()
    assert {row["to_declare_it"] for row in found.values()} == {"config/organs.yml: an organ, or an alias of one"}
    known = {row["zh"] for row in village.rows("select zh from credit.organs")}
    assert not known & found.keys()


def test_before_any_release_there_are_none(new_home):
    assert words(new_home(), False) == NOTHING

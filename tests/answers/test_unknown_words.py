"""The words that nobody declared, as an engineer sees them."""
from __future__ import annotations

import json
from datetime import date

from jobs.answers.words import NOTHING, told, words


def said(**row: object) -> dict:
    return {"feed": "watch_list", "field": "list_domain", "word": "网络", "kind": "flaw", "rows": 2, "covers": date(2026, 11, 20),
            "for_example": "d1 row 7", **row}


def test_a_word_says_what_its_row_became_and_where_a_line_for_it_goes(declared):
    assert told(said(), declared) == {
        "feed": "watch_list", "field": "list_domain", "word": "网络", "rows": 2, "is_now": "held",
        "to_declare_it": "config/feeds/watch_list.yml: lookups.domain", "for_example": "d1 row 7"}
    other = told(said(feed="province_permits", field="permit_status", kind="reject"), declared)
    assert (other["is_now"], other["to_declare_it"]) == ("reject", "config/feeds/province_permits.yml: lookups.permit_status")


def test_a_field_that_is_told_no_more_says_so(declared):
    assert told(said(field="grade"), declared)["to_declare_it"] == "feed watch_list gives no grade any more"


def test_those_of_a_release_are_listed_with_their_rows(village):
    unknown = village.rows("""
        select feed, field, value from credit.rejects where reason = 'unknown_code'
        union all select feed, field, value from credit.flaws where reason = 'unknown_code'""")
    found = json.loads(words(village.settings, True))
    assert sum(row["rows"] for row in found) == len(unknown) > 0
    assert {(row["feed"], row["field"], row["word"]) for row in found} == {tuple(row.values()) for row in unknown}
    assert found[0]["word"] in words(village.settings, False)


def test_before_any_release_there_are_none(new_home):
    assert words(new_home(), False) == NOTHING

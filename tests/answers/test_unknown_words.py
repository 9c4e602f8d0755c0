"""The words that nobody declared, as an engineer sees them."""
from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobs.answers.drafting.dictionary import Dictionary
from jobs.answers.word_rows import short
from jobs.answers.words import FILES, NOTHING, line, told, words
from jobs.readers import ROWS_SCHEMA
from jobs.stores.ledger import Ledger
from jobs.stores.objects import objects
from tests.publish.conftest import connection, engine, home, night, release
from tests.publish.lake import KNOWN, lake

__all__ = ["connection", "engine", "home", "night", "release"]  # a release without Spark


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


# ---- what a word may mean, and the row it stands in

def test_a_word_that_another_feed_reads_in_that_field_is_suggested_and_nothing_is_guessed(declared):
    known = Dictionary(declared)
    one = {"reason": "unknown_code", "field": "penalty_kinds"}
    assert line(one | {"word": "罚款"}, known) == "罚款: fine"
    assert line(one | {"word": "（罚 款）"}, known) == "（罚 款）: fine"  # spelt as no lookup has it, and the same word
    assert line(one | {"word": "罚没"}, known) == ""
    assert line(one | {"word": "1", "field": "permit_status"}, known) == ""
    assert line({"reason": "unknown_organ", "field": "organ_name", "word": "罚款"}, known) == ""


def test_what_feeds_read_otherwise_is_not_suggested(declared):
    feed = declared.feeds["city_penalties"]
    lookups = {**feed.lookups, "penalty_kinds": {**feed.lookups["penalty_kinds"], "罚款": "warning"}}
    feeds = {**declared.feeds, feed.feed: feed.model_copy(update={"lookups": lookups})}
    said_ = {"reason": "unknown_code", "field": "penalty_kinds", "word": "罚款"}
    assert line(said_, Dictionary(replace(declared, feeds=feeds))) == ""


def test_the_row_of_a_word_tells_nobody(declared):
    feed = declared.feeds["city_penalties"]
    cells = {**feed.examples[0].row, "法定代表人": "欧阳明远", "行政相对人名称": "丁一凡", "行政相对人类别": "欧阳明远",
             "处罚类别": "丁一凡的罚款", "罚款金额（万元）": "丁一凡", "严重程度": "很重"}
    told_ = short(feed, cells, {"field": "severity", "word": "很重"}, declared)
    assert next(iter(told_)) == "严重程度"
    assert told_["严重程度"] == "很重"
    assert told_["行政处罚决定书文号"] == "示城管罚字〔2026〕第000404号"
    assert not {"法定代表人", "行政相对人名称", "违法事实"} & told_.keys()
    for name in ("欧阳明远", "丁一凡"):
        assert name not in str(told_)
    assert short(feed, {**cells, "证件号码": "1"}, {"field": "severity", "word": "很重"}, declared) == {}


def test_the_words_of_a_release_have_their_lines_and_rows(connection, home, release, declared):
    """One word that other feeds know, in a delivery whose rows are kept, and one in a delivery whose rows are gone."""
    feed = declared.feeds["city_penalties"]
    row = {**feed.examples[0].row, "严重程度": "很重"}
    kept = home.home / "one.parquet"
    pq.write_table(pa.table({"row_no": pa.array([7], pa.int32()), "cells": [list(row.values())]}, ROWS_SCHEMA), kept)
    objects(home).put(kept, "rows/one.parquet")
    one = {"feed": feed.feed, "covers": KNOWN.date(), "received_at": KNOWN, "delivery_status": "received", "source_name": "a",
           "object_sha256": "0", "header": list(row)}
    Ledger(connection).add("deliveries", [one | {"delivery_id": "d1", "rows_object": "rows/one.parquet"},
                                          one | {"delivery_id": "d2", "rows_object": "rows/gone.parquet"}])
    connection.commit()
    flaw = {"delivery_id": "d1", "feed": feed.feed, "row_no": 7, "part": 0, "field": "severity", "value": "很重",
            "reason": "unknown_code"}
    release(lake(flaws=[flaw, flaw | {"delivery_id": "d2", "value": "较 轻 微"}]))
    found = {each["word"]: each for each in json.loads(words(home, True))}
    assert found["很重"]["example_row"]["严重程度"] == "很重"
    assert found["很重"]["example_row"]["罚款金额（万元）"] == "0.5"
    assert (found["很重"]["line"], found["较 轻 微"]["example_row"]) == ("", {})
    assert "严重程度 很重" in words(home, False)


def test_before_any_release_there_are_none(new_home):
    assert words(new_home(), False) == NOTHING

"""A bound that changes says why; what reads the rows of a feed has a digest of its own."""
from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from jobs.declarations.bounds import unexplained
from jobs.declarations.feeds import BoundChanged, Fill
from jobs.declarations.reading import digest

BEFORE = "volume: {min_rows: 10, max_rows: 100, fill: {credit_code: {min: 0.9, because: test}}}"
LOWERED = BoundChanged(since="2026-11-20", bound="min_rows", was=10, now=1, because="the organ splits its files by district now")


@pytest.fixture
def feed(declared):
    """A feed with bounds; `changed` are those that its declaration explains."""
    def make(*changed: BoundChanged, **said):
        one = declared.feeds["city_penalties"]
        fill = {"credit_code": Fill(min=0.9, because="test")}
        bounds = {"min_rows": 1, "max_rows": 100, "fill": fill, "changed": list(changed), **said}
        return one.model_copy(update={"volume": one.volume.model_copy(update=bounds)})
    return make


def test_a_bound_changed_without_a_reason_is_told(feed):
    assert unexplained(BEFORE, feed()) == ["min_rows: 10.0 is 1.0 now"]


def test_a_declared_change_explains_it(feed):
    assert unexplained(BEFORE, feed(LOWERED)) == []


def test_a_change_of_another_bound_explains_nothing(feed):
    assert unexplained(BEFORE, feed(LOWERED, max_rows=50)) == ["max_rows: 100.0 is 50.0 now"]


def test_a_bound_taken_away_needs_a_reason_and_a_new_one_has_its_own(feed):
    fill = {"document_no": Fill(min=0.9, because="test")}
    assert unexplained(BEFORE, feed(LOWERED, fill=fill)) == ["fill.credit_code: 0.9 is None now"]


# ---- by what rows are read

def test_what_says_only_when_files_come_makes_nothing_stale(declared):
    one = declared.feeds["city_penalties"]
    later = one.model_copy(update={"schedule": "0 1 * * *", "owner": "somebody", "volume": one.volume.model_copy(
        update={"min_rows": 7})})
    assert digest(with_feed(declared, later), one.feed) == digest(declared, one.feed)


@pytest.mark.parametrize("said", [{"nulls": ["-"]}, {"lookups": {}}, {"ignored": []}])
def test_what_the_rows_are_read_by_does(declared, said):
    one = declared.feeds["city_penalties"]
    changed = one.model_copy(update=said)
    assert digest(with_feed(declared, changed), one.feed) != digest(declared, one.feed)


def test_a_cleaner_of_a_field_makes_its_feeds_stale_and_no_other(declared):
    field = declared.fields["fine_amount_yuan"].model_copy(update={"cleaner": "money.other"})
    changed = replace(declared, fields={**declared.fields, "fine_amount_yuan": field})
    assert stale(declared, changed) == {name for name, one in declared.feeds.items() if one.category == "penalty"}


def stale(declared, changed) -> set[str]:
    """The feeds whose rows would be read otherwise."""
    return {name for name in declared.feeds if digest(changed, name) != digest(declared, name)}


def having(declared, *fields: str) -> set[str]:
    """The feeds of categories with one of these fields."""
    return {name for name, one in declared.feeds.items() if set(fields) & set(declared.categories[one.category].fields)}


def with_organ(declared, **said):
    organs = declared.organs
    return replace(declared, organs={**organs, "city_finance": organs["city_finance"].model_copy(update=said)})


def test_another_name_or_term_of_an_organ_makes_stale_whoever_names_organs(declared):
    named = having(declared, "organ_code", "target_organ_code")
    assert set() != named != set(declared.feeds)
    assert stale(declared, with_organ(declared, aliases=["示例市财政"])) == named
    assert stale(declared, with_organ(declared, valid_to=date(2026, 1, 1))) == named


def test_what_an_organ_may_do_and_where_it_sits_makes_nothing_stale(declared):
    assert stale(declared, with_organ(declared, competence=[], region="340200")) == set()


def test_another_name_of_an_item_makes_stale_whoever_names_items(declared):
    code, item = next(iter(declared.items.items()))
    items = {**declared.items, code: item.model_copy(update={"aliases": ["另一名称"]})}
    named = having(declared, "item_code")
    assert set() != named != set(declared.feeds)
    assert stale(declared, replace(declared, listed=declared.listed.model_copy(update={"items": items}))) == named


def test_another_meaning_of_a_list_term_makes_stale_the_feeds_of_its_lists(declared):
    term = declared.list_terms["黑名单"]
    other = term.model_copy(update={"meanings": [term.meanings[0].model_copy(update={"kind": "serious"})]})
    named = having(declared, "list_kind")
    assert set() != named != set(declared.feeds)
    assert stale(declared, replace(declared, list_terms={**declared.list_terms, "黑名单": other})) == named


def test_another_line_of_a_code_table_makes_stale_whoever_is_cleaned_by_it(declared, tmp_path):
    shutil.copytree(declared.folder / "codes", tmp_path / "codes")
    moved = replace(declared, folder=tmp_path)
    assert stale(declared, moved) == set()
    with (tmp_path / "codes" / "divisions.csv").open("a", encoding="utf-8") as file:
        file.write("349999,合成区,340000,2020,,\n")
    coded = {name for name, field in declared.fields.items() if field.options.get("table") == "codes/divisions.csv"}
    assert stale(declared, replace(declared, folder=tmp_path)) == having(declared, *coded) != set()


def test_a_line_of_the_catalogue_makes_stale_whoever_has_a_field_under_it(declared):
    name, penalty = next(iter(declared.catalogue.lines)), declared.categories["penalty"]
    fields = {**penalty.fields, "remarks": penalty.fields["remarks"].model_copy(update={"catalogue": name})}
    before = replace(declared, categories={**declared.categories, "penalty": penalty.model_copy(update={"fields": fields})})
    ended = {**declared.catalogue.lines, name: declared.catalogue.lines[name].model_copy(update={"valid_to": date(2026, 1, 1)})}
    after = replace(before, catalogue=declared.catalogue.model_copy(update={"lines": ended}))
    assert stale(before, after) == {name for name, one in declared.feeds.items() if one.category == "penalty"}


def with_feed(declared, feed):
    return replace(declared, feeds={**declared.feeds, feed.feed: feed})


# ---- the bounds that we ship

def keyed(declared, feed) -> set[str]:
    """What an act of the feed is known by and a row may lack all the same."""
    category = declared.categories[feed.category]
    known = {"credit_code", *category.event_key} & set(feed.fields)
    return {name for name in known if not category.fields[name].required}


def test_every_adverse_feed_bounds_how_full_what_its_acts_are_known_by_must_be(declared):
    """Where its category requires a field, a row without it is a reject and the gate counts that."""
    adverse = [one for one in declared.feeds.values() if declared.categories[one.category].adverse]
    assert len(adverse) > 30
    unbounded = {one.feed: keyed(declared, one) - set(one.volume.fill) for one in adverse}
    assert {feed: fields for feed, fields in unbounded.items() if fields} == {}
    assert [one.feed for one in adverse if not one.volume.fill] == []


def test_no_full_snapshot_may_be_empty(declared):
    full = [one for one in declared.feeds.values() if one.snapshot == "full"]
    assert len(full) > 4
    assert [one.feed for one in full if one.volume.min_rows < 1] == []
    assert [one.feed for one in full if one.absence and one.volume.most_missing is None] == []


def test_no_bound_stands_for_all_feeds(declared):
    """A most that fits whatever comes says nothing: few feeds may have the same one, and only registers more than a million."""
    most = Counter(one.volume.max_rows for one in declared.feeds.values())
    assert max(most.values()) < len(declared.feeds) / 3
    assert {one.category for one in declared.feeds.values() if one.volume.max_rows > 1_000_000} <= {
        "registration", "shareholding", "overall_evaluation", "sector_rating", "positive_payment"}

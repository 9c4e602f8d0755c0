"""What the categories of lists, ratings and internal matters promise to whoever reads them."""
from __future__ import annotations

from collections import Counter

import pytest

from jobs.declarations.channels import read
from jobs.stores.serving.tables import served
from tests.declarations.test_examples import DECLARED

TABLES = {table.name: table for table in served(DECLARED)}
CHANNELS = read(DECLARED).channels
LISTS = [name for name, category in DECLARED.categories.items() if category.list_name]
RATINGS = ["sector_rating", "overall_evaluation"]


@pytest.mark.parametrize("category", ["watch_listing", "rectification_listing"])
def test_internal_lists_stand_in_audit_alone_as_do_their_entries_and_events(category):
    one = DECLARED.categories[category]
    assert [channel for channel, allowed in CHANNELS.items() if TABLES[one.served_table].visible(allowed)] == ["audit"]
    for channel in ("open", "market"):
        assert repr(category) in TABLES["events"].rows[channel]
        assert repr(one.list_name) in TABLES["list_entries"].rows[channel]


@pytest.mark.parametrize("category", LISTS)
def test_an_entry_of_every_list_has_a_day_and_a_basis(category):
    """The gate over list entries stops a release otherwise."""
    one = DECLARED.categories[category]
    assert one.event_date
    assert one.fields[one.event_date].required
    grounds = {"listing_basis", "listing_reason"}
    required = [name for name in grounds & set(one.fields) if one.fields[name].required]
    assert required or grounds in [set(group) for group in one.required_any]


def test_no_organs_list_bears_the_name_of_our_own_proposals():
    assert "watch" not in {DECLARED.categories[name].list_name for name in LISTS}


@pytest.mark.parametrize("category", RATINGS)
def test_a_rating_passes_only_as_far_as_its_owner_allows(category):
    table = TABLES[DECLARED.categories[category].served_table]
    for channel in ("open", "market"):
        assert "(onward_permission = 'open')" in table.rows[channel]


@pytest.mark.parametrize("category", RATINGS)
def test_a_rating_names_its_scheme_and_version_and_keeps_the_value_as_written(category):
    one = DECLARED.categories[category]
    assert all(one.fields[name].required for name in ("rating_scheme", "scheme_version", "rating_period"))
    for feed in (feed for feed in DECLARED.feeds.values() if feed.category == category):
        value = feed.fields["rating_value" if category == "sector_rating" else "evaluation_value"]
        assert feed.fields["rating_received"].label == value.label, feed.feed


def test_levels_of_the_customs_are_those_of_the_order_of_their_time():
    def levels(feed: str) -> set[str]:
        return set(DECLARED.feeds[feed].lookups["customs_levels"].values())

    assert levels("customs_ratings") == {"advanced_certified", "certified", "regular", "dishonest", "seriously_dishonest"}
    assert levels("customs_ratings_251") == {"advanced_certified", "other", "dishonest"}


def test_an_honour_has_an_end():
    assert DECLARED.categories["honour"].fields["valid_until_date"].required


def test_what_may_speak_against_a_subject_is_not_tied_to_it_by_a_name_alone():
    neutral = {name for name, category in DECLARED.categories.items() if not category.adverse}
    assert not {*RATINGS, "inspection", "coercive_measure", "market_ban", "court_record", "watch_listing"} & neutral


def test_feeds_come_from_all_three_levels():
    levels = Counter(feed.level for feed in DECLARED.feeds.values())
    assert levels.total() >= 40
    assert min(levels[level] for level in ("province", "city", "ministry")) >= 10

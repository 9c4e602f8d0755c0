"""The versions of a feed: which one reads what covers a day, what each takes from the one after it, and what that changes."""
from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from jobs.answers.words import told
from jobs.declarations.bounds import unexplained
from jobs.declarations.feeds import Earlier, Fill
from jobs.declarations.reading import digest
from jobs.facts.cleaning import watched
from jobs.facts.plan import HeaderUnknown, plan
from jobs.facts.versions import feeds_telling
from tests.facts.test_columns import planned

FEED, LAST, FIRST = "city_permits", date(2018, 12, 31), date(2019, 1, 1)
OLDER = date(2016, 5, 31)


@pytest.fixture(scope="module")
def feed(declared):
    """The permits of the city with one more version, before the template of 2016, that knew other words for nothing."""
    one = declared.feeds[FEED]
    older = Earlier(until=OLDER, because="as it was", nulls=["#"], examples=one.earlier[0].examples)
    return one.model_copy(update={"earlier": [older, *one.earlier]})


@pytest.mark.parametrize(("day", "place"), [(date(2010, 1, 1), 0), (OLDER, 0), (date(2016, 6, 1), 1), (LAST, 1), (FIRST, 2)])
def test_a_day_is_read_by_the_version_that_ends_on_it_or_next_after_it(feed, day, place):
    assert feed.on(day) == feed.versions[place]
    assert len(feed.versions) == 3


def test_what_a_version_does_not_say_is_as_in_the_one_after_it_and_what_it_says_stands_whole(feed):
    older, of_2016, newest = feed.versions
    assert (older.fields, older.personal) == (of_2016.fields, ["法定代表人姓名"])
    assert (older.nulls, of_2016.nulls, of_2016.format) == (["#"], newest.nulls, newest.format)
    assert set(of_2016.lookups) == {"permit_kind", "status_2016", "action_2016"}  # subject_kind, of the newest, is not among them
    assert newest == feed.model_copy(update={"earlier": []})


def test_the_same_mark_is_read_by_the_version_of_its_day(declared):
    kinds = {day: declared.feeds[FEED].on(day).lookups for day in (LAST, FIRST)}
    assert (kinds[LAST]["status_2016"]["1"], kinds[FIRST]["permit_status"]["1"]) == ("revoked", "valid")


def delivered(declared, header: list[str], covers: date):
    delivery = {"delivery_id": "d", "feed": FEED, "covers": covers, "header": header, "received_at": planned(FEED)[0].received_at}
    return plan(declared, delivery, "run")


def test_a_header_of_another_time_holds_its_delivery_and_is_named(declared):
    feed = declared.feeds[FEED]
    before, now = (list(one.examples[0].row) for one in feed.versions)
    assert delivered(declared, before, LAST).feed.labels == feed.on(LAST).labels
    with pytest.raises(HeaderUnknown, match=r"it is a header of another time: earlier\[0\], until 2018-12-31"):
        delivered(declared, before, FIRST)
    with pytest.raises(HeaderUnknown, match="it is a header of another time: what holds now"):
        delivered(declared, now, LAST)
    with pytest.raises(HeaderUnknown) as raised:
        delivered(declared, ["企业名称"], FIRST)
    assert "another time" not in str(raised.value)


def with_feed(declared, feed):
    return replace(declared, feeds={**declared.feeds, feed.feed: feed})


def test_only_what_the_changed_version_read_is_stale(declared):
    one = declared.feeds[FEED]
    changed = one.model_copy(update={"earlier": [one.earlier[0].model_copy(update={"ignored": []})]})
    assert digest(with_feed(declared, changed), FEED, LAST) != digest(declared, FEED, LAST)
    assert digest(with_feed(declared, changed), FEED, FIRST) == digest(declared, FEED, FIRST)
    assert digest(declared, FEED, LAST) != digest(declared, FEED, FIRST)


def test_a_new_version_leaves_what_was_read_before_it_as_it_was(declared):
    """The usual change: what held until now moves to `earlier`, with the keys that are otherwise from now on."""
    one, ends = declared.feeds["city_penalties"], date(2026, 12, 31)
    until_now = Earlier(until=ends, because="a column more", fields=one.fields, examples=one.examples)
    fields = {name: source for name, source in one.fields.items() if name != "remarks"}
    changed = one.model_copy(update={"fields": fields, "earlier": [until_now]})
    assert digest(with_feed(declared, changed), one.feed, ends) == digest(declared, one.feed)
    assert digest(with_feed(declared, changed), one.feed) != digest(declared, one.feed)


# ---- what asks a feed for all that it ever told

def test_a_field_that_only_an_earlier_version_tells_or_bounds_is_known(declared):
    assert FEED in feeds_telling("report_action", "permit", declared)
    one = declared.feeds[FEED]
    volume = one.volume.model_copy(update={"fill": {"action_date": Fill(min=0.5, because="test")}})
    bounded = one.earlier[0].model_copy(update={"volume": volume})
    assert watched("permit", {FEED: one.model_copy(update={"earlier": [bounded]})}) == ["action_date"]


@pytest.mark.parametrize(("covers", "field", "place"), [
    (LAST, "permit_status", "earlier[0].lookups.status_2016"), (FIRST, "permit_status", "lookups.permit_status")])
def test_a_word_belongs_in_the_lookup_of_the_version_that_read_it(declared, covers, field, place):
    row = {"feed": FEED, "field": field, "word": "9", "rows": 1, "kind": "flaw", "reason": "unknown_code", "covers": covers,
           "for_example": "d row 1"}
    assert told(row, declared)["to_declare_it"] == f"config/feeds/{FEED}.yml: {place}"


# ---- bounds

BEFORE = "volume: {min_rows: 10, max_rows: 100}"
WITH_VERSION = "volume: {min_rows: 10, max_rows: 100}\nearlier: [{until: 2018-12-31, volume: {min_rows: 5, max_rows: 100}}]"


@pytest.fixture
def bounded(declared):
    """The feed with so many rows at least now, and in its earlier version."""
    def make(now: int, then: int):
        one = declared.feeds[FEED]
        volumes = [one.volume.model_copy(update={"min_rows": least, "max_rows": 100}) for least in (now, then)]
        earlier = Earlier(until=LAST, because="test", volume=volumes[1], examples=one.examples)
        return one.model_copy(update={"volume": volumes[0], "earlier": [earlier]})
    return make


def test_a_bound_that_is_now_that_of_a_new_earlier_version_is_explained(bounded):
    assert unexplained(BEFORE, bounded(now=1, then=10)) == []
    assert unexplained(BEFORE, bounded(now=1, then=9)) == ["min_rows: 10.0 is 1.0 now"]


def test_a_bound_of_an_earlier_version_changes_with_a_reason_only(bounded):
    assert unexplained(WITH_VERSION, bounded(now=10, then=5)) == []
    assert unexplained(WITH_VERSION, bounded(now=10, then=4)) == ["min_rows: 5.0 is 4.0 now"]

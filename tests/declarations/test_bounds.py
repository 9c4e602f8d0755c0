"""A bound that changes says why; what reads the rows of a feed has a digest of its own."""
from __future__ import annotations

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
    class Changed:
        feeds, categories = declared.feeds, declared.categories
        fields = {**declared.fields, "fine_amount_yuan": field}
    stale = {name for name in declared.feeds if digest(Changed, name) != digest(declared, name)}
    assert stale == {name for name, one in declared.feeds.items() if one.category == "penalty"}


def with_feed(declared, feed):
    class Changed:
        fields, categories, feeds = declared.fields, declared.categories, {**declared.feeds, feed.feed: feed}
    return Changed

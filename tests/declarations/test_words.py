"""A word where a number, a date or a code should be, in every typed column: no row is lost and no value invented."""
from __future__ import annotations

import pytest

from jobs.declarations.feeds import Example
from jobs.values import text
from tests.declarations.test_examples import DECLARED, cleaned

WORD = "胡说八道"
TYPED = [(feed.feed, name) for feed in DECLARED.feeds.values() for name in feed.fields
         if DECLARED.fields[name].type in ("date", "decimal", "integer", "boolean", "timestamp")
         or DECLARED.fields[name].cleaner.startswith(("codes.", "text.choice"))]


@pytest.mark.parametrize(("feed", "field"), TYPED)
def test_a_word_is_a_reject_or_a_flaw(feed, field):
    source = DECLARED.feeds[feed].fields[field]
    good = next(example for example in DECLARED.feeds[feed].examples if example.gives)
    row = good.row | dict.fromkeys([label for label in source.labels if label in good.row], WORD)
    told = [row for batch in cleaned("word", feed, Example(row=row)) for row in batch.to_pylist()]
    assert told
    for one in told:
        if one["outcome"] == "reject":
            assert set(DECLARED.feeds[feed].fields[one["reject_field"]].labels) & set(source.labels)
            assert one["reject_reason"]
            continue
        assert one["outcome"] == "fact"
        assert one[field] is None or field.endswith("organ_code")  # which the organ's name gives too
        flawed = field in {flaw["field"] for flaw in one["flaws"]}
        # a pattern that is not found in a cell says that the cell holds no such value, and so does a text without an amount
        read_out_of = source.extract or (source.cleaner or "").startswith("decisions.")
        assert flawed or read_out_of or not [label for label in source.labels if label in good.row]


@pytest.mark.parametrize(("word", "status"), [
    ("已告解散", "dissolved"), ("吊销，已注销", "revoked_cancelled"), ("吊销，未注销", "revoked_not_cancelled"),
    ("在业", "active"), ("正常", "active"), ("注销", "cancelled"), ("正常经营中吗", None)])
@pytest.mark.parametrize("feed", [feed.feed for feed in DECLARED.feeds.values() if "registration_status" in feed.fields
                                  and feed.category == "registration"])
def test_words_of_the_registries_for_a_status(feed, word, status):
    source = DECLARED.feeds[feed].fields["registration_status"]
    lookup = DECLARED.feeds[feed].lookups[source.lookup]
    assert text.choice(word, lookup) == (status, None if status else "unknown_code")

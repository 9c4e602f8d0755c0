"""What the categories of lists, ratings and internal matters promise to whoever reads them."""
from __future__ import annotations

import re
from collections import Counter

import pytest

from jobs.declarations.channels import read
from jobs.declarations.settings import ROOT
from jobs.stores.serving.tables import served
from tests.declarations.test_examples import DECLARED

TABLES = {table.name: table for table in served(DECLARED)}
CHANNELS = read(DECLARED).channels
LISTS = [name for name, category in DECLARED.categories.items() if category.list_name]
RATINGS = ["sector_rating", "overall_evaluation"]
# What nobody decided: alleged, told by the subject of itself, or said by the market; its evidence, sensitivity and namespace.
UNPROVEN = {
    "complaint": ("alleged", "audit", "public"), "voluntary_declaration": ("declared", "audit", "public"),
    "operating_data": ("declared", "audit", "public"), "market_credit": ("checked", "audit", "market"),
}
# The feeds of the seed documents (seed-inventory.md) and where each is declared: categories, or files of the configuration.
SEEDED = {
    "F01": ["registration", "registration_change"], "F02": ["permit"], "F03": ["penalty"],
    "F04": ["administrative_act", "coercive_measure", "inspection"], "F05": ["abnormal_listing"], "F06": ["serious_listing"],
    "F07": ["watch_listing", "rectification_listing"], "F08": ["market_ban"], "F09": ["honour"], "F10": ["sector_rating"],
    "F11": ["overall_evaluation"], "F12": ["commitment"], "F13": ["commitment_check"],
    "F14": ["repair", "abnormal_repair", "serious_repair"], "F15": ["objection"], "F16": ["joint_measure"],
    "F17": ["voluntary_declaration"], "F18": ["positive_payment"], "F19": ["court_record"], "F20": ["shareholding"],
    "F21": ["complaint"], "F22": ["verification_query"], "F23": ["intermediary"], "F24": ["inspection"],
    "F25": ["market_credit"], "F26": ["codes/divisions.csv"], "F27": ["codes/working_days.csv"],
    "F28": ["catalogue.yml", "items.yml", "fields.yml", "codes/industries.csv", "crosswalks/list_terms.yml"],
    "F29": ["source_register", "organs.yml"],
}
UNSEEDED = {"award", "operating_data"}  # of the real extracts; declared so that it can be refused
INVENTORY = ROOT.parent / "shared" / "reference" / "seed-inventory.md"


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


@pytest.mark.parametrize("category", UNPROVEN)
def test_what_nobody_decided_feeds_no_grade_no_list_and_no_public_view(category):
    one = DECLARED.categories[category]
    assert (one.evidence, one.sensitivity, one.namespace) == UNPROVEN[category]
    assert one.list_name is None
    assert one.targets is None
    assert [f"{scheme.scheme}: {name}" for scheme in DECLARED.schemes.values()
            for name, indicator in scheme.measured.items() if category in indicator.over] == []
    told = {feed for preference in DECLARED.survivorship.preferences.values() for feed in preference.feeds}
    assert not told & {feed.feed for feed in DECLARED.feeds.values() if feed.category == category}


@pytest.mark.parametrize("category", UNPROVEN)
def test_what_nobody_decided_stands_in_audit_alone_in_every_table(category):
    own = TABLES[DECLARED.categories[category].served_table]
    assert [channel for channel, allowed in CHANNELS.items() if own.visible(allowed)] == ["audit"]
    by_category = [(table, channel) for table in TABLES.values() for channel in ("open", "market")
                   if "category" in table.visible(CHANNELS[channel])]
    assert {table.name for table, _ in by_category} >= {"events"}
    assert [(table.name, channel) for table, channel in by_category if repr(category) not in table.rows.get(channel, "")] == []


# ---- what the seed documents ask for

@pytest.mark.parametrize("number", SEEDED)
def test_a_feed_of_the_seed_documents_is_declared_and_delivers(number):
    fed = {feed.category for feed in DECLARED.feeds.values()}
    for name in SEEDED[number]:
        path = DECLARED.folder / name
        assert path.stat().st_size if path.suffix else name in fed, name


def test_no_feed_of_the_seed_documents_and_no_category_is_left_over():
    assert list(SEEDED) == [f"F{number:02}" for number in range(1, 30)]
    named = {name for names in SEEDED.values() for name in names if "." not in name}
    assert named | UNSEEDED == set(DECLARED.categories)
    assert not named & UNSEEDED


@pytest.mark.skipif(not INVENTORY.exists(), reason="the inventory of the seed documents is not here")
def test_the_inventory_numbers_the_feeds_so():
    [line] = [line for line in INVENTORY.read_text(encoding="utf-8").splitlines() if line.startswith("Feeds: ")]
    assert re.findall(r"\bF\d\d\b", line) == list(SEEDED)


def test_the_eight_other_acts_of_administration_are_told_apart():
    """Confirmation, levy, payment, adjudication, compensation and reward; coercion and inspection are categories of their own."""
    kinds = {"confirmation", "levy", "payment", "adjudication", "compensation", "reward"}
    assert set(DECLARED.fields["act_kind"].options["choices"]) == kinds
    for feed in (feed for feed in DECLARED.feeds.values() if feed.category == "administrative_act"):
        assert set(feed.lookups[feed.fields["act_kind"].lookup].values()) == kinds, feed.feed


def test_an_honour_has_an_end():
    assert DECLARED.categories["honour"].fields["valid_until_date"].required


def test_what_may_speak_against_a_subject_is_not_tied_to_it_by_a_name_alone():
    neutral = {name for name, category in DECLARED.categories.items() if not category.adverse}
    assert not {*RATINGS, "inspection", "coercive_measure", "market_ban", "court_record", "watch_listing"} & neutral


def test_feeds_come_from_all_three_levels():
    levels = Counter(feed.level for feed in DECLARED.feeds.values())
    assert levels.total() >= 40
    assert min(levels[level] for level in ("province", "city", "ministry")) >= 10

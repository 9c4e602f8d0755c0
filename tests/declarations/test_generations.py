"""The templates of 2016 and 2018 are told apart by all their labels: a file of one in a feed of the other is held."""
from __future__ import annotations

import re

import pytest

from jobs.facts.plan import HeaderUnknown, normalised, positions
from tests.declarations.test_examples import DECLARED

OF_2016 = ["district_permits_2016", "district_penalties_2016"]
PERMITS, PENALTIES = ["province_permits", "city_permits"], ["province_penalties", "city_penalties"]
OF_2018 = [*PERMITS, *PENALTIES, "ministry_permits", "ministry_penalties"]
NUMBER = re.compile(r"(代码[_＿][1-6])\s*[（(].*[）)]$")


def both_ways(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    """Each feed of the one with a file of the other, and the other way round."""
    return [pair for one in old for other in new for pair in ((one, other), (other, one))]


def bare(header: list[str]) -> list[str]:
    """The labels of the subject's numbers without what each number is: 代码_1, 代码_2, …"""
    return [NUMBER.sub(r"\1", label).replace("行政相对人代码", "代码") for label in header]


def header_of(feed: str) -> list[str]:
    return DECLARED.feeds[feed].labels


def with_bare_labels(name: str):
    """The feed as it would be declared by an organ that writes bare labels."""
    feed = DECLARED.feeds[name]
    short = dict(zip(feed.labels, bare(feed.labels), strict=True))
    fields = {field: source.model_copy(update={"label": [short[label] for label in source.labels]})
              for field, source in feed.fields.items()}
    lists = {kind: [short[label] for label in getattr(feed, kind)] for kind in ("personal", "person_if_filled", "ignored")}
    return feed.model_copy(update={"fields": fields, **lists})


@pytest.mark.parametrize("feed", [*OF_2016, *OF_2018])
def test_a_file_of_its_own_template_is_read_in_any_order(feed):
    header = header_of(feed)
    found, unknown = positions(DECLARED.feeds[feed], header[::-1])
    assert unknown == []
    assert {label: header[::-1][place] for label, place in found.items()} == {label: label for label in header}


@pytest.mark.parametrize("labels", [list, bare], ids=["as declared", "bare"])
@pytest.mark.parametrize(("feed", "file"), both_ways(OF_2016, OF_2018))
def test_a_file_of_the_other_template_is_held(feed, file, labels):
    with pytest.raises(HeaderUnknown, match=rf"config/feeds/{feed}\.yml: labels not found in the header: "):
        positions(DECLARED.feeds[feed], labels(header_of(file)))


@pytest.mark.parametrize(("feed", "file"), both_ways(OF_2016, [*PERMITS, *PENALTIES]))
def test_bare_labels_on_both_sides_are_told_apart_as_well(feed, file):
    """代码_1 to 代码_5 stand in both templates and mean other things; what stands beside them decides."""
    declared = with_bare_labels(feed)
    shared = set(map(normalised, declared.labels)) & set(map(normalised, bare(header_of(file))))
    assert {f"代码{number}" for number in range(1, 6)} <= shared
    with pytest.raises(HeaderUnknown):
        positions(declared, bare(header_of(file)))


def fields_by_label(feed: str) -> dict[str, str]:
    fields = with_bare_labels(feed).fields.items()
    return {normalised(label): field for field, source in fields for label in source.labels}


def test_the_second_number_is_another_one_in_each_template():
    assert {fields_by_label(feed)["代码2"] for feed in OF_2016} == {"organisation_code"}
    assert {fields_by_label(feed)["代码2"] for feed in (*PERMITS, *PENALTIES)} == {"registration_number"}


@pytest.mark.parametrize("feed", OF_2016)
def test_the_fifth_number_of_2016_is_a_person(feed):
    assert [normalised(label)[:8] for label in DECLARED.feeds[feed].person_if_filled] == ["行政相对人代码5"]


@pytest.mark.parametrize("feed", OF_2016)
def test_a_status_of_1_says_revoked_in_2016_and_valid_in_2018(feed):
    assert DECLARED.feeds[feed].lookups["status_2016"]["1"] == "revoked"
    assert DECLARED.feeds[feed].lookups["action_2016"]["1"] == "revoke"
    permits = [DECLARED.feeds[name] for name in (*PERMITS, "ministry_permits")]
    assert {one.lookups[one.fields["permit_status"].lookup]["1"] for one in permits} == {"valid"}


def test_amounts_are_in_the_unit_their_template_says():
    def unit(feed: str) -> str | None:
        return DECLARED.feeds[feed].fields["fine_amount_yuan"].options.get("unit")

    assert {unit(feed) for feed in (*PENALTIES, "ministry_penalties")} == {"wan"}
    assert unit("district_penalties_2016") is None  # its text says the unit itself

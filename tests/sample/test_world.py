"""The enterprises: each a function of its number, with the clashes that are meant and no others."""

from collections import Counter
from datetime import date

import pytest

from jobs.values import checks, codes
from sample.world import World

SIZE = 3000


@pytest.fixture(scope="module")
def world() -> World:
    return World(7, SIZE, date(2026, 11, 9), date(2026, 11, 20))


@pytest.fixture(scope="module")
def enterprises(world):
    return [world.enterprise(number) for number in range(1, SIZE + 1)]


def test_an_enterprise_does_not_depend_on_who_was_asked_for_before(enterprises):
    alone = World(7, SIZE, date(2026, 11, 9), date(2026, 11, 20))
    assert [alone.enterprise(number) for number in (2999, 41, 1)] == [enterprises[2998], enterprises[40], enterprises[0]]


def test_names_are_unique_unless_they_are_meant_to_clash(enterprises):
    named = Counter(name for one in enterprises if one.kind != "household" for name in {one.name, one.former_name} if name)
    shared = {one.name for one in enterprises if not one.unique_name}
    assert {name for name, count in named.items() if count > 1} <= shared


def test_homonyms_stand_in_different_cities_and_have_different_codes(enterprises):
    first, second = enterprises[15], enterprises[16]
    assert first.name == second.name
    assert first.code != second.code
    assert first.old_place.city != second.old_place.city


def test_siblings_are_one_character_apart(enterprises):
    names = [enterprises[number].name for number in (40, 41, 42)]
    assert len(set(names)) == 3
    assert all(sum(a != b for a, b in zip(names[0], name, strict=True)) == 1 for name in names[1:])


def test_a_branch_bears_the_name_of_its_company(enterprises):
    assert enterprises[60].kind == "branch"
    assert enterprises[60].name.startswith(enterprises[59].name)


def test_numbers_are_well_formed_and_nobody_shares_one(enterprises):
    assert all(codes.credit_code(one.code)[1] in (None, "check_complemented") for one in enterprises if one.code)
    assert all(codes.organisation_code(one.organisation_code) == (one.organisation_code, None) for one in enterprises)
    assert all(codes.registration_number(one.registration_number) == (one.registration_number, None) for one in enterprises)
    for numbers in (
        [one.code for one in enterprises if one.code],
        [one.organisation_code for one in enterprises],
        [one.registration_number for one in enterprises],
    ):
        assert len(set(numbers)) == len(numbers)


def test_some_registrars_complemented_the_check_digit(enterprises):
    flagged = [one for one in enterprises if codes.credit_code(one.code)[1] == "check_complemented"]
    assert 0 < len(flagged) < SIZE // 100


def test_kinds_and_histories_are_all_there(enterprises):
    kinds = Counter(one.kind for one in enterprises)
    assert set(kinds) == {"company", "branch", "cooperative", "institution", "association", "household"}
    assert all(one.code[:2] == "92" for one in enterprises if one.kind == "household")
    assert sum(one.renamed_on is not None for one in enterprises) > SIZE // 50
    assert sum(one.moved_on is not None for one in enterprises) > SIZE // 50
    assert {one.status for one in enterprises} >= {"存续", "注销", "吊销，未注销"}
    assert any(not one.code for one in enterprises)


def test_somebody_renamed_is_in_a_registry_that_writes_former_names(enterprises):
    renamed = [one for one in enterprises if one.renamed_on]
    assert all({"mixed", "builders", "small"} & set(one.registries) for one in renamed)


def test_somebody_renamed_within_the_window_is_in_the_registry_that_tells_every_change(enterprises):
    renamed = [one for one in enterprises if one.renamed_on and one.renamed_on >= date(2026, 11, 9)]
    assert renamed
    assert all("province" in one.registries and one.renamed_on <= date(2026, 11, 13) for one in renamed)


def test_registries_overlap(enterprises):
    assert sum(len(one.registries) > 1 for one in enterprises) > SIZE // 3
    assert all(one.registries for one in enterprises)


def test_planted_identity_numbers_pass_their_check():
    from sample import issue
    from sample.draw import Draw

    number = issue.identity(Draw("any"))
    assert checks.identity_check(number[:17]) == number[17]

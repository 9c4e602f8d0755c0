"""The data, application and act lists say what is declared, all of it, and nothing that a channel may not see."""
from __future__ import annotations

from dataclasses import replace

import pytest

from jobs.answers import office_lists
from jobs.answers.describe import describe
from jobs.declarations import Declarations
from jobs.declarations.feeds import CategoryField


@pytest.fixture(scope="module")
def parts(declared: Declarations) -> dict[str, str]:
    """The text of each list by the character it begins with."""
    told = describe(declared, [], False, lists=True)
    starts = [told.index(f"{number}、") for number in "一二三"]
    return {number: told[start:end] for number, start, end in zip("一二三", starts, [*starts[1:], len(told)], strict=True)}


def test_the_data_list_has_every_category_field_source_and_line(declared: Declarations, parts: dict[str, str]) -> None:
    for category in declared.categories.values():
        assert category.zh in parts["一"]
        assert all(declared.fields[name].zh in parts["一"] for name in category.fields)
        assert category.catalogue is None or declared.catalogue.lines[category.catalogue].zh in parts["一"]
    for feed in declared.feeds.values():
        assert f"{declared.organs[feed.organ].zh}（{feed.feed}）" in parts["一"]


def test_the_application_list_shows_each_channel_its_own(parts: dict[str, str]) -> None:
    by_channel = {block.split("\n")[0].split()[-1]: block for block in parts["二"].split("渠道 channel: ")[1:]}
    assert set(by_channel) == {"open", "market", "audit"}
    assert ["  grades  " in by_channel[name] for name in ("open", "market", "audit")] == [False, False, True]
    assert "行 rows: " in by_channel["open"]
    assert "tax_number" not in by_channel["open"]


def test_the_act_list_has_every_item_list_and_rule_with_its_basis(declared: Declarations, parts: dict[str, str]) -> None:
    assert all(f"  {code} " in parts["三"] and item.basis in parts["三"] for code, item in declared.items.items())
    assert all(rule.rule in parts["三"] and rule.legal_basis[:20] in parts["三"] for rule in declared.rules.values())
    assert all(one.zh in parts["三"] for one in declared.categories.values() if one.list_name)
    assert all(version.basis in parts["三"] for regime in declared.regimes.values() for version in regime.versions)


def test_what_is_not_collected_is_said(declared: Declarations) -> None:
    permit = declared.categories["permit"]
    fields = {**permit.fields, "remarks": CategoryField(catalogue="none")}
    without = permit.model_copy(update={"catalogue": None, "fields": fields})
    told = "\n".join(office_lists.data(replace(declared, categories={"permit": without})))
    assert "未列入目录，不予采集" in told
    assert [line.split()[1] for line in told.split("\n") if "不采集" in line] == ["remarks"]

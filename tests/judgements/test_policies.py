"""What a policy file may not say: unknown functions, a longer term for doubt, gaps between versions, names nobody declared."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from jobs.declarations.expressions import harmless, names_in
from jobs.declarations.policies import Effect, Rule, Scheme
from jobs.declarations.policy_checks import policy_faults
from jobs.declarations.regimes import Regime
from tests.acts import CONFIG, declarations

DECLARED = declarations()


def written(path: str) -> dict[str, Any]:
    return yaml.safe_load((CONFIG / path).read_text(encoding="utf-8"))


@pytest.mark.parametrize(("sql", "seen"), [
    ("reflect('java.lang.Runtime', 'x') = 1", "reflect"), ("input_file_name() = 'x'", "input_file_name"),
    ("1 in (select 1)", "select"), ("a = 1; drop table b", ";"), ("a = 1 -- b", "--"), ("`a` = 1", "`"), ("{a}", r"\{")])
def test_an_expression_calls_only_what_is_listed(sql, seen):
    with pytest.raises(ValueError, match=seen):
        harmless(sql)


@pytest.mark.parametrize(("sql", "names"), [
    ("severity = 'serious' and event_date > add_months(as_of, -12)", {"severity", "event_date", "as_of"}),
    ("case when a is null then 1 else cast(b as decimal) end", {"a", "b"}),
    ("a not in ('select', 'x')", {"a"})])
def test_the_names_in_an_expression(sql, names):
    assert names_in(harmless(sql)) == names


@pytest.mark.parametrize(("unknown", "reason"), [
    ({"publicity_months": 36, "sharing_months": 12, "use_months": 12}, "doubt never punishes"),
    ({"publicity_months": None, "sharing_months": 12, "use_months": 12}, "doubt never punishes"), (None, "unknown")])
def test_an_act_of_unknown_class_is_never_shown_longest(unknown, reason):
    content = written("regimes/penalty_publicity.yml")
    periods = content["versions"][-1]["periods"]
    if unknown is None:
        del periods["unknown"]
    else:
        periods["unknown"] |= unknown
    with pytest.raises(ValidationError, match=reason):
        Regime.model_validate(content)


def test_one_version_begins_the_day_after_the_other_ends():
    content = written("regimes/penalty_publicity.yml")
    content["versions"][0]["in_force_to"] = "2019-06-29"
    with pytest.raises(ValidationError, match="notice-2019 must begin the day after notice-2017 ends"):
        Regime.model_validate(content)


@pytest.mark.parametrize("effect", [{}, {"points": 3, "watch": True}, {"at_best": "C", "points": 3}, {"points": 0}])
def test_a_rule_has_exactly_one_effect(effect):
    with pytest.raises(ValidationError):
        Effect.model_validate(effect)


@pytest.mark.parametrize(("key", "value"), [
    ("examples", [{"given": {"serious_listed": 1}, "finds": True}, {"given": {}, "finds": True}]),
    ("examples", [{"given": {"other": 1}, "finds": True}, {"given": {}, "finds": False}]),
    ("condition", "java_method('x') = 1"), ("article", None), ("surprise", 1)],
    ids=["no counter-example", "example of another indicator", "function", "no article", "unknown key"])
def test_a_rule_that_is_refused(key, value):
    with pytest.raises(ValidationError):
        Rule.model_validate({**written("rules/serious_list.yml"), key: value})


@pytest.mark.parametrize(("key", "value"), [
    ("grade_status", "in_force"),
    ("bands", [{"band": "A", "from_score": 60, "means": "x"}, {"band": "B", "from_score": 90, "means": "x"}])])
def test_no_file_puts_a_grade_in_force_and_bands_fall(key, value):
    with pytest.raises(ValidationError):
        Scheme.model_validate({**written("schemes/supervision.yml"), key: value})


def test_the_policies_name_only_what_is_declared():
    assert policy_faults(DECLARED) == []


@pytest.mark.parametrize(("part", "name", "change", "fault"), [
    ("rules", "serious_list", {"condition": "serious_lists >= 1"}, "condition: indicator 'serious_lists' is unknown; did you "),
    ("rules", "serious_list", {"scheme": "other"}, "scheme: scheme 'other' is unknown; known: supervision"),
    ("rules", "serious_list", {"effect": Effect(at_best="E")}, "effect.at_best: band 'E' is unknown; known: A, B, C, D"),
    ("regimes", "permit_validity", {"classes": ["x"]}, "class 'permit' of category permit must be governed by one, found: none"),
])
def test_a_name_nobody_declared_is_said_with_file_key_and_known_values(part, name, change, fault):
    changed = getattr(DECLARED, part)[name].model_copy(update=change)
    faults = policy_faults(replace(DECLARED, **{part: {**getattr(DECLARED, part), name: changed}}))
    assert any(fault in one for one in faults), faults


def test_every_number_says_where_it_is_from():
    versions = [version for regime in DECLARED.regimes.values() for version in regime.versions]
    assert {period.mark for version in versions for period in version.periods.values()} == {"verified", "from_memory", "ours"}
    assert all(version.basis and version.source for version in versions)

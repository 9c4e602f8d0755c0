"""What survivorship, regimes, rules and schemes name must be declared elsewhere: each fault as one line with file and key."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from jobs.declarations.expressions import names_in
from jobs.declarations.files import among
from jobs.declarations.policies import Indicator, Rule, Scheme
from jobs.declarations.regimes import Regime

# What an indicator may name of an act, beside the date of the file.
ACT = {"category", "event_date", "severity", "amount_yuan", "organ_code", "levels", "evidence", "adverse", "document_no", "as_of"}


def unknown(where: str, named: Iterable[str], there: Iterable[str], what: str) -> Iterator[str]:
    there = set(there)
    for name in sorted(set(named) - there):
        yield f"{where}: {what} {name!r} is unknown; {among(name, there)}"


def policy_faults(all_: Any) -> list[str]:
    """Every fault of the policies among these declarations (`fields`, `categories`, `feeds`, `survivorship`, `regimes`, ...)."""
    return [*survivorship_faults(all_), *regime_faults(all_), *scheme_faults(all_), *rule_faults(all_)]


def survivorship_faults(all_: Any) -> Iterator[str]:
    policy, where = all_.survivorship, "survivorship.yml"
    registered = [name for name in all_.categories["registration"].fields if all_.fields[name].sensitivity != "never"]
    for name, preference in policy.preferences.items():
        yield from unknown(f"{where}: preferences.{name}.feeds", preference.feeds, all_.feeds, "feed")
    for name, field in policy.header.items():
        yield from unknown(f"{where}: header.{name}", [field.of or name, *field.together], registered, "field")
    yield from unknown(f"{where}: events", policy.events, all_.categories, "category")
    yield from unknown(f"{where}: not_compared", policy.not_compared, all_.fields, "field")


def regime_faults(all_: Any) -> Iterator[str]:
    for category in all_.categories.values():
        for governs, name in (("life", category.publicity), ("retention", category.retention)):
            found = [regime.regime for regime in all_.regimes.values() if regime.governs == governs and name in regime.classes]
            if len(found) != 1:
                yield f"regimes: class {name!r} of category {category.category} must be governed by one, found: {found or 'none'}"
    for regime in all_.regimes.values():
        yield from one_regime(regime, all_)


def one_regime(regime: Regime, all_: Any) -> Iterator[str]:
    where = f"regimes/{regime.regime}.yml"
    classes = {category.publicity: category for category in all_.categories.values()}
    for name in regime.classes if regime.governs == "life" else []:
        if name in classes:
            closing = [one.field for one in regime.closings]
            yield from unknown(f"{where}: closings", closing, classes[name].fields, "field")
    named = {name for version in regime.versions for one in version.crosswalk for name in names_in(one.when)}
    yield from unknown(f"{where}: crosswalk", named, all_.fields, "field")


def scheme_faults(all_: Any) -> Iterator[str]:
    for scheme in all_.schemes.values():
        for name, indicator in scheme.measured.items():
            yield from indicator_faults(f"schemes/{scheme.scheme}.yml: {name}", indicator, all_)


def indicator_faults(where: str, indicator: Indicator, all_: Any) -> Iterator[str]:
    named = names_in(indicator.where) | names_in(indicator.value)
    if indicator.over == ["header"]:
        yield from unknown(where, named, all_.survivorship.header, "header field")
    else:
        yield from unknown(where, indicator.over, all_.categories, "category")
        yield from unknown(where, named, ACT, "column")


def rule_faults(all_: Any) -> Iterator[str]:
    for rule in all_.rules.values():
        where = f"rules/{rule.rule}.yml"
        if rule.scheme not in all_.schemes:
            yield from unknown(f"{where}: scheme", [rule.scheme], all_.schemes, "scheme")
        else:
            yield from one_rule(where, rule, all_.schemes[rule.scheme])


def one_rule(where: str, rule: Rule, scheme: Scheme) -> Iterator[str]:
    yield from unknown(f"{where}: condition", names_in(rule.condition), scheme.measured, "indicator")
    yield from unknown(f"{where}: evidence", rule.evidence, names_in(rule.condition), "indicator of the condition")
    if rule.effect.at_best:
        yield from unknown(f"{where}: effect.at_best", [rule.effect.at_best], [band.band for band in scheme.bands], "band")

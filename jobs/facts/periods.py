"""The regime tables as Spark SQL text over the columns of an act: its version, its class, the months until an end."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from jobs.declarations import Declarations
from jobs.declarations.regimes import Regime, RegimeVersion

NOTHING = "cast(null as string)"


def governed(declarations: Declarations, governs: str) -> Iterator[tuple[Regime, list[str]]]:
    """Each regime of this kind with the categories whose class it governs."""
    for regime in (one for one in declarations.regimes.values() if one.governs == governs):
        categories = [name for name, category in declarations.categories.items()
                      if (category.publicity if governs == "life" else category.retention) in regime.classes]
        if categories:
            yield regime, categories


def versions(declarations: Declarations) -> list[RegimeVersion]:
    return [version for regime in declarations.regimes.values() for version in regime.versions]


def text(value: object) -> str:
    """A value as an SQL string."""
    return "'" + str(value).replace("'", "''") + "'"


def among(categories: list[str]) -> str:
    return f"category in ({', '.join(map(text, sorted(categories)))})"


def case(branches: list[tuple[str, str]], otherwise: str = NOTHING) -> str:
    """The first branch whose condition holds."""
    told = " ".join(f"when {condition} then {value}" for condition, value in branches)
    return f"case {told} else {otherwise} end" if branches else otherwise


def version_at_decision(declarations: Declarations, governs: str) -> str:
    """The version in force on the day of the act; acts older than the first version of their regime go by the first."""
    branches = []
    for regime, categories in governed(declarations, governs):
        for version in reversed(regime.versions[1:]):
            branches.append((f"{among(categories)} and event_date >= date {text(version.in_force_from)}", text(version.version)))
        branches += [(among(categories), text(version.version)) for version in regime.versions[:1]]
    return case(branches)


def version_now(declarations: Declarations, governs: str, as_of: date) -> str:
    """The version in force on the date."""
    found = [(categories, regime.version_on(as_of)) for regime, categories in governed(declarations, governs)]
    return case([(among(categories), text(version.version)) for categories, version in found if version])


def severity(declarations: Declarations, version: str) -> str:
    """The class of the act under the version of that column: as its organ said, else by the crosswalk, else unknown."""
    return case([(f"{version} = {text(one.version)}", classed(one)) for one in versions(declarations)])


def classed(version: RegimeVersion) -> str:
    if "any" in version.periods:
        return text("any")
    crosswalk = case([(f"({one.when})", text(one.severity)) for one in version.crosswalk], text("unknown"))
    return f"coalesce(severity, {crosswalk})"


def months(declarations: Declarations, end: str, version: str, severity_class: str) -> str:
    """The months until this end, under the version and the class of those columns; null where time alone does not bring it."""
    branches = [(f"{version} = {text(one.version)} and {severity_class} = {text(name)}", str(number))
                for one in versions(declarations) for name, period in one.periods.items()
                if (number := getattr(period, f"{end}_months")) is not None]
    return case(branches, "cast(null as int)")


def closings(declarations: Declarations) -> list[tuple[str, str]]:
    """The dates of their own that end acts: SQL of the first day on which it has ended, and the reason."""
    return [(f"case when {among(categories)} then date_add({one.field}, {int(one.last_day)}) end", one.reason)
            for regime, categories in governed(declarations, "life") for one in regime.closings]


def ending(declarations: Declarations) -> list[str]:
    """The categories whose acts end at some time, be it one not known yet."""
    terms = [categories for regime, categories in governed(declarations, "life") if regime.versions or regime.closings]
    return sorted(name for categories in terms for name in categories)

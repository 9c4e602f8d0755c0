"""What was only alleged or declared, and what the market says, reaches no grade, no list and no public fact."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jobs.declarations.feeds import Category

WEAK = ("alleged", "declared")  # complaints and voluntary declarations: nobody decided or checked them


def weak(category: Category) -> str:
    """Why the category proves nothing against or for anybody; empty where an organ decided or checked it."""
    if category.namespace == "market":
        return "of namespace market"
    return f"only {category.evidence}" if category.evidence in WEAK else ""


def evidence_faults(all_: Any) -> Iterator[str]:
    """Each fault as one line with file and key."""
    weakly = {name: why for name, category in all_.categories.items() if (why := weak(category))}
    for name, why in weakly.items():
        yield from category_faults(all_.categories[name], why, all_)
    for scheme in all_.schemes.values():
        for name, indicator in scheme.measured.items():
            for over in sorted(set(indicator.over) & set(weakly)):
                yield f"schemes/{scheme.scheme}.yml: {name}: over: {over!r} is {weakly[over]} and may feed no grade"
    yield from header_faults(weakly, all_)


def category_faults(category: Category, why: str, all_: Any) -> Iterator[str]:
    where = f"categories/{category.category}.yml"
    if category.list_name:
        yield f"{where}: list_name: {category.list_name!r}: the category is {why} and may feed no list"
    if category.evidence in WEAK and category.sensitivity != "audit":
        yield f"{where}: sensitivity: {category.sensitivity!r}: the category is {why}; known: audit"
    if category.namespace == "market" and category.sensitivity == "open":
        yield f"{where}: sensitivity: 'open': the category is {why} and feeds no public view; known: market, government, audit"
    if category.namespace == "market" and category.targets and all_.categories[category.targets].namespace == "public":
        yield f"{where}: targets: {category.targets!r}: the category is {why} and ends no public act"


def header_faults(weakly: dict[str, str], all_: Any) -> Iterator[str]:
    """The header of a credit file is told by the registry alone."""
    if "registration" in weakly:
        yield f"categories/registration.yml: the category is {weakly['registration']} and may tell no header field"
    for name in sorted({field.believe for field in all_.survivorship.header.values()}):
        for feed in all_.survivorship.preferences[name].feeds:
            if (category := all_.feeds[feed].category) in weakly:
                where = f"survivorship.yml: preferences.{name}.feeds"
                yield f"{where}: {feed!r} is of category {category}, which is {weakly[category]} and may tell no header field"

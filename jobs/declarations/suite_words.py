"""What expectations over rows ask of other declarations, as words of their queries."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from jobs.declarations.feeds import Category
from jobs.declarations.files import DeclarationError
from jobs.declarations.policies import Suite
from jobs.values.dates import Calendar

CALENDAR = ("{calendar_years}", "{days_off}", "{days_worked}")
ADVERSE = "{adverse_categories}"


def with_words(suites: dict[str, Suite], categories: Mapping[str, Category], calendar: Path) -> dict[str, Suite]:
    """The suites, with the adverse categories, and the years and exceptions of the calendar, in the queries that ask for them."""
    words = {ADVERSE: quoted(name for name, category in sorted(categories.items()) if category.adverse)}
    if any(asks(argument, CALENDAR) for suite in suites.values() for one in suite.expectations
           for argument in one.arguments.values()):
        words |= of_calendar(calendar)
    return {name: filled(suite, words) for name, suite in suites.items()}


def of_calendar(file: Path) -> dict[str, str]:
    try:
        calendar = Calendar.load(file)
    except (OSError, ValueError) as error:
        raise DeclarationError(f"{file}: {error}") from error
    days = [quoted(calendar.exceptions(kind)) for kind in ("off", "work")]
    return dict(zip(CALENDAR, [", ".join(map(str, calendar.years)), *days], strict=True))


def quoted(values: Iterable[Any]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def asks(argument: Any, words: Iterable[str]) -> bool:
    return isinstance(argument, str) and any(word in argument for word in words)


def filled(suite: Suite, words: Mapping[str, str]) -> Suite:
    said = [one.model_copy(update={"arguments": {key: told(argument, words) for key, argument in one.arguments.items()}})
            for one in suite.expectations]
    return suite.model_copy(update={"expectations": said})


def told(argument: Any, words: Mapping[str, str]) -> Any:
    if asks(argument, words):
        for word, meant in words.items():
            argument = argument.replace(word, meant)
    return argument

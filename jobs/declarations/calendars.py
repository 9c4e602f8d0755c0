"""The working days that an expectation over rows asks for, as words of its query."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from jobs.declarations.files import DeclarationError
from jobs.declarations.policies import Suite
from jobs.values.dates import Calendar

WORDS = ("{calendar_years}", "{days_off}", "{days_worked}")


def with_calendar(suites: dict[str, Suite], file: Path) -> dict[str, Suite]:
    """The suites, with the years and the exceptions of the calendar in the queries that ask for them."""
    if not any(asks(argument) for suite in suites.values() for one in suite.expectations for argument in one.arguments.values()):
        return suites
    try:
        calendar = Calendar.load(file)
    except (OSError, ValueError) as error:
        raise DeclarationError(f"{file}: {error}") from error
    days = [", ".join(f"'{day}'" for day in calendar.exceptions(kind)) for kind in ("off", "work")]
    words = dict(zip(WORDS, [", ".join(map(str, calendar.years)), *days], strict=True))
    return {name: filled(suite, words) for name, suite in suites.items()}


def asks(argument: Any) -> bool:
    return isinstance(argument, str) and any(word in argument for word in WORDS)


def filled(suite: Suite, words: dict[str, str]) -> Suite:
    said = [one.model_copy(update={"arguments": {key: told(argument, words) for key, argument in one.arguments.items()}})
            for one in suite.expectations]
    return suite.model_copy(update={"expectations": said})


def told(argument: Any, words: dict[str, str]) -> Any:
    if asks(argument):
        for word, days in words.items():
            argument = argument.replace(word, days)
    return argument

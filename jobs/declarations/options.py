"""The cleaners that declarations name, and whether they take the options that are declared for them."""
from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from jobs.declarations.files import DeclarationError, among, known

CELLS = ("1", "2020-01-01")  # what a cleaner is tried on: a bound among its options is read by it alone


def cleaner(name: str) -> Callable[..., tuple[Any, str | None]]:
    """The function of jobs.values that a declaration names as `module.function`."""
    from jobs.values import CLEANERS

    if name not in CLEANERS:
        raise DeclarationError(f"cleaner {name!r} is unknown; {among(name, CLEANERS)}")
    return CLEANERS[name]


def gives(name: str) -> object:
    """What the cleaner is annotated to give."""
    return inspect.signature(cleaner(name)).return_annotation


def options_fit(where: str, name: str, options: dict[str, Any], folder: Path) -> None:
    """Raises DeclarationError unless the cleaner exists and takes each of these options with its value."""
    try:
        parameters = inspect.signature(cleaner(name)).parameters
    except DeclarationError as error:
        raise DeclarationError(f"{where}: {error}") from error
    taken = list(parameters)[1:]
    if unknown := sorted(set(options) - set(taken)):
        raise DeclarationError(f"{where}: options: {known(unknown)} not taken by {name}; {among(unknown[0], taken)}")
    for option, value in options.items():
        value_fits(f"{where}: options.{option}", value, parameters[option].annotation)
    tried(where, name, options, folder)


def value_fits(where: str, value: Any, wanted: Any) -> None:
    """Raises DeclarationError where the option takes words of a list and this is none, or a plain type and this is another."""
    if NoneType in get_args(wanted):
        wanted = next(one for one in get_args(wanted) if one is not NoneType)
    if get_origin(wanted) is Literal and value not in get_args(wanted):
        raise DeclarationError(f"{where}: {value!r} is unknown; {among(value, get_args(wanted))}")
    if wanted in (bool, int, str) and type(value) is not wanted:
        raise DeclarationError(f"{where}: {value!r} is no {wanted.__name__}, which is what is taken")


def tried(where: str, name: str, options: dict[str, Any], folder: Path) -> None:
    """Raises DeclarationError where the cleaner cannot work with the options, such as a bound that is no number or day."""
    table = options.get("table")
    if table is not None and not (folder / str(table)).is_file():
        raise DeclarationError(f"{where}: options.table: {table!r} is no file under {folder}")
    required = [one.name for one in list(inspect.signature(cleaner(name)).parameters.values())[1:] if one.default is one.empty]
    if table is not None or set(required) - set(options):  # what a feed adds, or a large file, is not read for a trial
        return
    for cell in CELLS:
        try:
            cleaner(name)(cell, **options)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            told = f"options {options} cannot be used by {name}: {type(error).__name__}: {error}"
            raise DeclarationError(f"{where}: {told}") from error

"""YAML files as checked models; what is wrong with one is said with file, key, value seen and values known."""
from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

Model = TypeVar("Model", bound=BaseModel)


class DeclaredTwice(yaml.MarkedYAMLError):
    """A key that stands twice in one mapping, of which YAML would silently take the last."""


class Loader(yaml.CSafeLoader):  # the safe one, in C: every DAG file and every command reads all declarations first
    """YAML in which each key of a mapping is given once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        lines: dict[tuple[str, str], int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if (name := (key.tag, str(key.value))) in lines:
                raise DeclaredTwice(problem=f"{key.value!r} is declared twice, first in line {lines[name]}",
                                    problem_mark=key.start_mark)
            lines[name] = line
        return super().construct_mapping(node, deep)


class Declared(BaseModel):
    """What is declared: unknown keys are refused, and nothing changes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DeclarationError(Exception):
    """A declaration or an argument is wrong; the message names file, key, value seen and values known (exit code 2)."""


def known(values: Iterable[str]) -> str:
    """The known values as an error message lists them."""
    listed = sorted(map(str, values))
    return ", ".join(listed[:40]) + (f" and {len(listed) - 40} more" if len(listed) > 40 else "")


def among(seen: object, values: Iterable[str]) -> str:
    """What an unknown value was most likely meant to be, and then the known values."""
    there = sorted(map(str, values))
    near = get_close_matches(str(seen), there, 1)
    return (f"did you mean {near[0]!r}? " if near else "") + f"known: {known(there)}"


def parse(path: Path) -> Any:
    """The YAML of one file; a file that is not YAML is a DeclarationError with line and column."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader)
    except DeclaredTwice as error:
        raise DeclarationError(f"{path}:{error.problem_mark.line + 1}: {error.problem}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DeclarationError(f"{path}: not readable as YAML: {error}") from error


def described(path: Path, error: ValidationError, model: Any) -> str:
    """One line for each fault: file, key, what is wrong, the value seen, the keys known there."""
    lines = []
    for fault in error.errors():
        key = spelt(fault["loc"])
        line = f"{path}: {key or '(top)'}: {fault['msg']}"
        if fault["type"] != "missing" and fault["input"] is None:
            line = f"{path}: {key}: is empty, still to fill: {fault['msg']}"
        elif fault["type"] != "missing":
            line += f" (seen: {str(fault['input'])[:80]!r})"
        if fault["type"] == "extra_forbidden" and hasattr(model, "model_fields"):
            line += f"; at the top: {among(fault['loc'][-1], model.model_fields)}"
        lines.append(line)
    return "\n".join(lines)


def spelt(place: tuple[str | int, ...]) -> str:
    """`earlier[0].fields.remarks`: a place in a declaration as an error message names it."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")


def read_one(path: Path, model: type[Model], **implied: Any) -> Model:
    content = parse(path)
    if not isinstance(content, dict):
        raise DeclarationError(f"{path}: expected keys and values, seen {type(content).__name__}")
    try:
        return model.model_validate({**implied, **content})
    except ValidationError as error:
        raise DeclarationError(described(path, error, model)) from error


def read_each(folder: Path, model: type[Model], name: str) -> dict[str, Model]:
    """One model a file, by the name it declares, which must be the file's own."""
    found: dict[str, Model] = {}
    for path in sorted(folder.glob("*.yml")):
        one = read_one(path, model)
        key = getattr(one, name)
        if key in found:
            raise DeclarationError(f"{path}: {name}: {key!r} is declared twice in {folder}")
        if key != path.stem:
            raise DeclarationError(f"{path}: {name}: must be the file's own name {path.stem!r} (seen: {key!r})")
        found[key] = one
    return found


def read_map(path: Path, model: type[Model]) -> dict[str, Model]:
    """A file of many entries, each under its name; a name given twice is refused."""
    content = parse(path)
    try:
        return TypeAdapter(dict[str, model]).validate_python(content)  # type: ignore[valid-type]
    except ValidationError as error:
        raise DeclarationError(described(path, error, model)) from error

"""What a value of JSON holds, as records of labels and texts."""

from collections.abc import Iterator

from jobs.readers.labelled import MANY

WORDS = {True: "true", False: "false"}

Steps = list[tuple[str, bool]]
Record = dict[str, str | None]


class NotARecordError(Exception):
    """Something else where a record, or an array of them, should be."""


class TwiceError(Exception):
    """Two values under one label."""


def steps_of(path: str) -> Steps:
    """The names of a path, each with whether it is an array: of `data.list[]` data is none and list is one."""
    return [(step.removesuffix("[]"), step.endswith("[]")) for step in path.split(".")]


def records_of(element: object, steps: Steps) -> Iterator[Record]:
    """The records nested in one element of the outermost array; they carry what stands beside them there."""
    outermost = next(number for number, (_, array) in enumerate(steps) if array)
    path = ".".join(name for name, _ in steps[: outermost + 1])
    yield from _nested(an_object(element), steps[outermost + 1 :], path + "[]", {})


def _nested(element: dict, steps: Steps, path: str, carried: Record) -> Iterator[Record]:
    here = next(number for number, (_, array) in enumerate(steps) if array)
    names = [name for name, _ in steps[: here + 1]]
    carried = carried | flat(_without(element, names), f"{path}.", scalars_only=True)
    path = f"{path}.{'.'.join(names)}[]"
    for value in _array(element, names):
        if here == len(steps) - 1:
            yield carried | flat(an_object(value))
        else:
            yield from _nested(an_object(value), steps[here + 1 :], path, carried)


def _array(element: dict, names: list[str]) -> list:
    """The array under these names; none where one of them is absent or null."""
    value: object = element
    for name in names:
        value = an_object(value).get(name)
        if value is None:
            return []
    if not isinstance(value, list):
        raise NotARecordError(f"{'.'.join(names)} is no array")
    return value


def _without(element: dict, names: list[str]) -> dict:
    name, *deeper = names
    if not deeper or not isinstance(element.get(name), dict):
        return {key: value for key, value in element.items() if key != name}
    return element | {name: _without(element[name], deeper)}


def an_object(value: object) -> dict:
    """The value where it is an object of labels and values."""
    if not isinstance(value, dict):
        raise NotARecordError("not an object")
    return value


def flat(value: dict, prefix: str = "", scalars_only: bool = False) -> Record:
    """The texts of an object by their paths, null as None; `scalars_only` leaves arrays of objects out."""
    if not prefix and set(map(type, value.values())) == {str}:
        return value
    record: Record = {}
    _flatten(value, prefix, record, scalars_only)
    return record


def _flatten(value: dict, prefix: str, record: Record, scalars_only: bool) -> None:
    for key, item in value.items():
        label = prefix + key
        kind = type(item)
        if kind is dict:
            _flatten(item, label + ".", record, scalars_only)
        elif kind is list:
            if not (scalars_only and any(isinstance(one, (dict, list)) for one in item)):
                _add_all(_in_array(label, item), record)
        elif label in record:
            raise TwiceError(f"two values under {label}")
        else:
            record[label] = item if kind is str else WORDS.get(item)


def _in_array(label: str, items: list) -> dict[str, list[str]]:
    """What an array holds under each path: its scalars under its own, those of its objects under theirs."""
    found: dict[str, list[str]] = {label: []} if not items else {}
    for item in items:
        inner = flat({label: item}) if not isinstance(item, dict) else flat(item, f"{label}.")
        for path, text in inner.items():
            found.setdefault(path, []).append(text or "")
    return found


def _add_all(found: dict[str, list[str]], record: Record) -> None:
    for path, texts in found.items():
        if path in record:
            raise TwiceError(f"two values under {path}")
        record[path] = MANY.join(texts)

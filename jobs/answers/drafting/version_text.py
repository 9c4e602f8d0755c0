"""The file of a feed with its new version: what is replaced stands under `earlier`, all else is as it was, comments included."""
from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml

from jobs.answers.drafting.renewed import Renewal
from jobs.answers.drafting.written import flow, note
from jobs.declarations.feeds import Example, Feed
from jobs.declarations.files import Loader

Blocks = dict[str, list[str]]
_KEY = re.compile(r"([^\s#:-][^:]*):(?:\s|$)")
_ANCHOR = re.compile(r"[:,{\[-] *&\w")
NOTHING = {"fields": {}, "lookups": {}, "reject_when": []}


class Spelt(yaml.SafeDumper):
    """Writes every value out: an anchor may stay behind in another block."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists stand further in than their key, as in every declaration."""
        super().increase_indent(flow, False)


def blocks(text: str) -> Blocks:
    """The lines of each top-level key, what stands above a key with it."""
    found: Blocks = {}
    above: list[str] = []
    for line in text.splitlines():
        key = _KEY.match(line)
        if key:
            found[key[1]] = [*above, line]
            above = []
        elif line.startswith((" ", "-")) and found and not above:
            next(reversed(found.values())).append(line)
        else:
            above.append(line)
    return found


def renewed_text(text: str, one: Renewal, version: Feed, until: date) -> str:
    """The whole file; where it is no new version, the changed keys stand in their places and nothing is moved."""
    data, was = yaml.load(text, Loader), blocks(text)
    now = {key: (lines if not broken(lines) else resolved(key, data[key])) for key, lines in was.items()}
    moved = {key: now.get(key) or [f"{key}: {flow(NOTHING.get(key, []))}"] for key in (*one.keys, "examples")}
    moved |= {key: resolved(key, data[key]) for key in one.keys if any(map(_ANCHOR.search, moved[key]))}  # the anchor stays above
    for key in {**one.keys, **({"lookups": None} if marks(one) else {})}:
        now[key] = [*comments(was.get(key, [])), *changed(key, one, version, was.get(key, []))]
    if one.versioned:
        now["examples"] = list(example_lines(one.examples))
        before = now.pop("earlier", ["earlier:"])
        inset = next((line[: line.index("-")] for line in before if line.lstrip().startswith("- ")), "  ")
        entry = [f"{inset}- until: {until}", f"{inset}  because:  # to fill: why it is otherwise from then on"]
        now["earlier"] = [*before, *entry, *(f"{inset}  {line}" for lines in moved.values() for line in uncommented(lines))]
    return "\n".join(line for lines in now.values() for line in lines) + "\n"


def marks(one: Renewal) -> bool:
    return any(key.startswith("lookups.") for key in one.unsure)


def comments(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("#")]


def broken(lines: list[str]) -> bool:
    """The block does not stand by itself: it names what is anchored elsewhere."""
    try:
        yaml.load("\n".join(lines), Loader)
    except yaml.YAMLError:
        return True
    return False


def resolved(key: str, value: Any) -> list[str]:
    return yaml.dump({key: value}, Dumper=Spelt, allow_unicode=True, width=10**9, sort_keys=False).splitlines()


def uncommented(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.startswith("#")]


def inner(lines: list[str]) -> Blocks:
    """The lines of each key two columns in."""
    return blocks("\n".join(line[2:] for line in lines if line.startswith("  ")))


def changed(key: str, one: Renewal, version: Feed, was: list[str]) -> list[str]:
    if key == "fields":
        return ["fields:", *field_lines(one, version, inner(was))]
    if key == "lookups":
        return ["lookups:", *lookup_lines(one, version, inner(was))]
    if key == "reject_when":
        return resolved(key, [when.model_dump(exclude_unset=True) for when in one.keys[key]])
    return list(listed(key, one))


def field_lines(one: Renewal, version: Feed, was: Blocks) -> Iterator[str]:
    """A field as it stood, or its new line with why; of what the category requires and nothing says, an empty one."""
    told = one.keys["fields"]
    for name, source in told.items():
        yield from (note("  ", doubt) for doubt in one.unsure.get(name, ()))
        before = version.fields.get(name)
        if before is not None and before.model_dump(exclude_unset=True) == source and name in was:
            yield from (f"  {line}" for line in was[name])
        else:
            why = one.because.get(name)
            yield f"  {name}: {flow(source)}" + (f"  # {why}" if why else "")
    yield from (note("  ", doubt) for doubt in one.unsure.get("fields", ()))
    for group in one.missing:
        yield f"  {group[0]}:  # to fill: the category requires {' or '.join(group)}, which nothing in the header is known to say"


def lookup_lines(one: Renewal, version: Feed, was: Blocks) -> Iterator[str]:
    for name, words in one.keys.get("lookups", version.lookups).items():
        before = version.lookups.get(name, {})
        if words == before and name in was and not broken(was[name]):
            yield from (f"  {line}" for line in was[name])
        else:
            yield f"  {name}:" + ("" if words else " {}")
            yield from (f"    {flow(word)}: {flow(code)}"
                        + ("" if word in before else f"  # {one.times[name, word]:,} times, as other feeds read it")
                        for word, code in words.items())
        yield from (note("    ", doubt) for doubt in one.unsure.get(f"lookups.{name}", ()))


def listed(key: str, one: Renewal) -> Iterator[str]:
    yield from (note("", doubt) for doubt in one.unsure.get(key, ()))
    yield f"{key}:" + ("" if one.keys[key] else " []")
    for label in one.keys[key]:
        why = one.open.get(label) if key == "ignored" else None
        yield f"  - {flow(label)}" + (f"  # unsure: {why}" if why else "")


def example_lines(examples: list[Example]) -> Iterator[str]:
    """Those of the version before of which the new one says the same; the loader asks for some where there is none."""
    if not examples:
        yield "examples:  # to fill: rows under the new labels; none of those before says the same"
        return
    yield "# to correct: the examples of before that hold under the new labels; add what is new"
    told = [one.model_dump(exclude_defaults=True) for one in examples]
    yield from resolved("examples", told)

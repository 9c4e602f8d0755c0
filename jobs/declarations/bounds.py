"""Bounds of volume: none without its reason, none changed without one."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import yaml

from jobs.declarations.feeds import Category, Feed


def faults(feed: Feed, category: Category) -> Iterator[str]:
    """What of a feed's bounds contradicts itself, as `key: what`."""
    volume = feed.volume
    if volume.min_rows > volume.max_rows:
        yield f"volume.min_rows: {volume.min_rows} is above max_rows {volume.max_rows}"
    for name in sorted(set(volume.fill) - {*feed.fields, *feed.constants}):
        yield f"volume.fill: {name!r} is no field of this feed; known: {', '.join(sorted({*feed.fields, *feed.constants}))}"
    if feed.snapshot != "full" and volume.most_missing is not None:
        yield f"volume.most_missing: only full snapshots can miss anything (seen: snapshot: {feed.snapshot})"
    if feed.absence and (feed.snapshot != "full" or not category.adverse):
        yield (f"absence: {feed.absence!r} needs full snapshots of an adverse category (seen: snapshot: {feed.snapshot}, "
               f"category {category.category}, adverse: {category.adverse})")
    if feed.absence and volume.min_rows < 1:
        yield "absence: an empty snapshot would end every entry: volume.min_rows must be at least 1 (seen: 0)"
    yield from unchained(feed)


def unchained(feed: Feed) -> Iterator[str]:
    """Changes that do not lead to the bound that stands."""
    stands = feed.volume.bounds
    for change in reversed(feed.volume.changed):
        if change.bound not in stands and not change.bound.startswith("fill."):
            yield f"volume.changed: bound {change.bound!r} is unknown; known: {', '.join(sorted(stands))}"
        elif stands.get(change.bound) != change.now:
            yield (f"volume.changed: {change.bound} since {change.since}: it says {change.now}, what stands after it is "
                   f"{stands.get(change.bound)}")
        stands[change.bound] = change.was


def unexplained(before: str, feed: Feed) -> list[str]:
    """The bounds that differ from those of an earlier declaration of the feed, for each of its versions, without a change that
    leads from there to here.

    One that is new has its own reason, and so has one that is now that of an earlier version which was not there then.
    """
    said = yaml.safe_load(before)
    volume, faults = said.get("volume", {}), []
    ended = {one["until"] for one in said.get("earlier", [])}
    new = [version for one, version in zip(feed.earlier, feed.versions, strict=False) if one.until not in ended]
    for one in [{"until": date.max}, *reversed(said.get("earlier", []))]:
        volume = one.get("volume", volume)
        faults += unled(bounds_of(volume), feed.on(one["until"]), new)
    return sorted(set(faults))


def unled(then: dict[str, float | None], feed: Feed, new: list[Feed]) -> Iterator[str]:
    now = feed.volume.bounds
    for name in sorted({*then, *now}):
        was = then.get(name)
        moved = any(version.volume.bounds.get(name) == was for version in new)
        if was is not None and was != now.get(name) and not moved and not led(feed, name, was):
            yield f"{name}: {was} is {now.get(name)} now"


def led(feed: Feed, name: str, then: float | None) -> bool:
    """Whether a declared change begins at that value; those after it lead to what stands, or the declaration is refused."""
    return any(change.bound == name and change.was == then for change in feed.volume.changed)


def bounds_of(volume: dict[str, Any]) -> dict[str, float | None]:
    """The bounds of a declaration as it was written, whatever model it was written for."""
    rows = {name: volume.get(name) for name in ("min_rows", "max_rows", "most_missing")}
    fill = {f"fill.{name}": one["min"] for name, one in (volume.get("fill") or {}).items()}
    return {name: None if value is None else float(value) for name, value in {**rows, **fill}.items()}

"""Which files of a place are whole: as named today, by marker, by two looks, or by a manifest."""
from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Protocol

from jobs.declarations.transports import ControlManifest, FileTransport, Marker, StableSize
from jobs.stores.transports.manifests import Said, files_of

UNFINISHED = (".part", ".tmp")


@dataclass(frozen=True)
class Seen:
    """One file as its place lists it; `stamp` is another when the file is, `modified` in seconds."""

    name: str
    size: int
    stamp: str
    modified: float


class Place(Protocol):
    """A folder, near or far."""

    def look(self) -> list[Seen]:
        """The files there now."""

    def read(self, seen: Seen) -> bytes:
        """The bytes of a small file."""


Whole = list[tuple[Seen, Said | None]]


def whole(place: Place, transport: FileTransport, new: Callable[[Whole], Whole],
          young: Callable[[Seen], bool] = lambda _: True) -> Whole:
    """The files that are `new` and not still being written, by name, with what a manifest says of each."""
    seen = {one.name: one for one in place.look()}
    found: Whole = [(one, None) for name, one in sorted(seen.items()) if matches(name, transport)]
    rule = transport.complete
    if isinstance(rule, Marker):
        return new([(one, None) for one, _ in found if marked(one, seen.get(one.name + rule.suffix))])
    if isinstance(rule, ControlManifest):
        said = {name: told for one in sorted(seen.values(), key=lambda one: one.name) if fnmatch(one.name, rule.pattern)
                for name, told in files_of(one.name, place.read(one)).items()}
        return new([(one, said[one.name]) for one, _ in found if one.name in said])
    if isinstance(rule, StableSize):
        return stable(place, rule, new(found), young)
    return new(found)


def matches(name: str, transport: FileTransport) -> bool:
    """Whether this is the name of a delivery: not hidden, not unfinished, neither marker nor manifest."""
    rule = transport.complete
    beside = (isinstance(rule, Marker) and name.endswith(rule.suffix)) or (
        isinstance(rule, ControlManifest) and fnmatch(name, rule.pattern))
    return not (beside or name.startswith(".") or name.endswith(UNFINISHED)) and fnmatch(name, transport.pattern)


def marked(file: Seen, marker: Seen | None) -> bool:
    """A marker older than its file belongs to the file that was there before."""
    return marker is not None and marker.modified >= file.modified


def stable(place: Place, rule: StableSize, found: Whole, young: Callable[[Seen], bool]) -> Whole:
    """Those that a second look finds unchanged; nobody waits where all were last written long enough ago."""
    if not any(young(one) for one, _ in found):
        return found
    time.sleep(rule.seconds)
    again = {one.name: one for one in place.look()}
    return [(one, said) for one, said in found if again.get(one.name) == one]

"""Bytes under way: a folder of the home for each feed, its owner's only, held by one process at a time."""
from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jobs.declarations.feeds import Feed
from jobs.declarations.settings import Settings
from jobs.stores.transports.arrival import TransportFailed

LOCK = ".lock"


@contextmanager
def spool(settings: Settings, feed: Feed) -> Iterator[Path]:
    """The feed's folder (design law 7: raw bytes hold personal data); raises TransportFailed where another land has it."""
    folder = settings.home / "spool" / feed.feed
    for part in (folder.parent, folder):
        part.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TransportFailed("another process fetches this feed at the moment") from None
        yield folder


def empty(folder: Path) -> None:
    """Nothing of an earlier fetch is left."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """The file is there whole or not at all, also after a power cut."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(part, path)


@contextmanager
def until_landed(path: Path) -> Iterator[Path]:
    """The file is there until the next one is asked for."""
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)

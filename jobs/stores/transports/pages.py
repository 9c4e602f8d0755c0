"""Pages of an API as received: on disk, a checkpoint after each, and at the end one ZIP, the same for the same pages."""
from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jobs.declarations.feeds import Feed
from jobs.stores.transports.spool import empty, writing

RESUMES_FOR = timedelta(hours=24)  # ours: what an API lists moves on, so an older fetch is begun anew
CHECKPOINT = "checkpoint.json"
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Checkpoint:
    """How far a fetch has come: `after` which mark and under which declaration it began, its pages, where the next one is.

    `position` is the cursor or number to ask for next, None where the first page is asked for without; `last` the last cursor
    that a page named.
    """

    after: int
    declared: str
    begun_at: str
    pages: int = 0
    position: str | None = None
    last: str | None = None
    ended: bool = False
    items: int = 0

    @property
    def begun(self) -> datetime:
        return datetime.fromisoformat(self.begun_at)


def member(number: int) -> str:
    return f"page-{number:06d}.json"


def declared(feed: Feed) -> str:
    return hashlib.sha256(feed.transport.model_dump_json().encode()).hexdigest()


def begin(folder: Path, fresh: Checkpoint, now: datetime) -> Checkpoint:
    """The checkpoint to go on from; one that began after another mark, under another declaration or too long ago is dropped."""
    try:
        kept = Checkpoint(**json.loads((folder / CHECKPOINT).read_text(encoding="utf-8")))
    except (FileNotFoundError, TypeError):  # none, or one that other code wrote
        kept = None
    if kept and (kept.after, kept.declared) == (fresh.after, fresh.declared) and now - kept.begun <= RESUMES_FOR:
        return kept
    empty(folder)
    return fresh


def keep(folder: Path, checkpoint: Checkpoint, page: bytes | None, **now: Any) -> Checkpoint:
    """The page, where it holds anything, is on disk, and after it the checkpoint that counts it."""
    if page is not None:
        checkpoint = replace(checkpoint, pages=checkpoint.pages + 1)
        with writing(folder / member(checkpoint.pages)) as part:
            part.write_bytes(page)
    checkpoint = replace(checkpoint, **now)
    with writing(folder / CHECKPOINT) as part:
        part.write_text(json.dumps(asdict(checkpoint)), encoding="utf-8")
    return checkpoint


def packed(folder: Path, pages: int, name: str) -> Path:
    """One ZIP of the pages: members in order, without times, owners or modes of this machine."""
    with writing(folder / name) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for number in range(1, pages + 1):
            about = zipfile.ZipInfo(member(number), EPOCH)
            about.compress_type, about.create_system, about.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
            with (folder / member(number)).open("rb") as page, archive.open(about, "w", force_zip64=True) as into:
                shutil.copyfileobj(page, into)
    return folder / name


def at(page: Any, path: str) -> Any:
    """What stands at `data.records` of a page; None where there is no such place."""
    for name in path.split("."):
        page = page.get(name) if isinstance(page, dict) else None
    return page



"""Monthly bulletins, frozen: each is stored once with its hash, and a restatement stands beside what it restates."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jobs.answers.bulletin_figures import BulletinRefused, Figures
from jobs.answers.bulletin_page import Page, Restated, rendered
from jobs.answers.bulletin_table import Change, as_csv, changes, changes_csv
from jobs.answers.bulletin_words import LANGUAGES
from jobs.declarations import Declarations
from jobs.stores.ledger import Ledger

MANIFEST = "manifest.json"
FROZEN = "select * from ledger.bulletins where month = :month order by made_at, sha256"


class FrozenDiffers(Exception):
    """What is stored is not what was frozen. Exit code 3."""


def frozen(ledger: Ledger, month: date) -> list[dict[str, Any]]:
    """What was frozen of the month: the first, then each restatement after what it restates."""
    by_restated = {row["restates"]: row for row in ledger.rows(FROZEN, month=month)}
    found, last = [], None
    while last in by_restated:
        found.append(by_restated[last])
        last = found[-1]["sha256"]
    return found


def freeze(ledger: Ledger, home: Path, figures: Figures, declared: Declarations, now: datetime) -> None:
    """The bulletin of a month of which there is none; who froze one meanwhile was the first."""
    store(ledger, home, figures, content(figures, declared, None), None, now)


def restate(ledger: Ledger, home: Path, figures: Figures, declared: Declarations, because: str, now: datetime) -> None:
    """A restatement of the newest bulletin of the month; raises BulletinRefused where there is none, or nothing changed."""
    before = frozen(ledger, figures.since)
    if not before:
        raise BulletinRefused(f"the bulletin of {figures.since:%Y-%m} is not frozen yet: leave out --restate")
    last = before[-1]["sha256"]
    found = changed(home, before[-1], figures)
    if not found:
        raise BulletinRefused(f"nothing to restate: the last release gives the same figures of {figures.since:%Y-%m}")
    restated = Restated(last, because, found)
    store(ledger, home, figures, content(figures, declared, restated), restated, now)


def changed(home: Path, last: dict[str, Any], figures: Figures) -> list[Change]:
    """What the figures say otherwise than the frozen bulletin."""
    return changes(read(home, last)[f"{last['month']:%Y-%m}.zh.csv"], figures)


def content(figures: Figures, declared: Declarations, restated: Restated | None) -> dict[str, bytes]:
    """Page and table in both languages; of a restatement its changes too."""
    made = {}
    for lang in LANGUAGES:
        stem = f"{figures.since:%Y-%m}.{lang}"
        made[f"{stem}.html"] = rendered(Page(figures, declared, lang, True, restated))
        made[f"{stem}.csv"] = as_csv(figures, declared, lang)
        if restated:
            made[f"{stem}.changes.csv"] = changes_csv(restated.changes, declared, lang)
    return made


# ---- stored by its hash

def store(ledger: Ledger, home: Path, figures: Figures, files: dict[str, bytes], restated: Restated | None,
          now: datetime) -> None:
    """The files first, by the hash of their manifest, then the row that makes them count: one that died between left nothing
    but files which the next writes again."""
    release = figures.release["release_id"]
    manifest = {"month": f"{figures.since:%Y-%m}", "release_id": release, "restates": restated and restated.restates,
                "because": restated and restated.because, "files": {name: sha256(files[name]) for name in sorted(files)}}
    whole = {**files, MANIFEST: json.dumps(manifest, ensure_ascii=False, indent=1).encode()}
    row = {"sha256": sha256(whole[MANIFEST]), "month": figures.since, "release_id": release, "made_at": now,
           "restates": manifest["restates"]}
    folder = folder_of(home, row)
    folder.mkdir(parents=True, exist_ok=True)
    for name, told in whole.items():
        (folder / name).write_bytes(told)
    ledger.add("bulletins", [row], known=True)


def read(home: Path, row: dict[str, Any]) -> dict[str, bytes]:
    """The frozen files by name; raises FrozenDiffers where one is not what was frozen."""
    folder = folder_of(home, row)
    try:
        manifest = (folder / MANIFEST).read_bytes()
        named = json.loads(manifest)["files"] if sha256(manifest) == row["sha256"] else {}
        files = {name: (folder / name).read_bytes() for name in named}
    except FileNotFoundError as error:
        raise FrozenDiffers(f"{error.filename} is gone: the ledger knows a bulletin that is not there") from error
    faults = [name for name, told in files.items() if sha256(told) != named[name]] if named else [MANIFEST]
    if faults:
        raise FrozenDiffers(f"{folder}: {', '.join(faults)} is not what was frozen; the ledger says {row['sha256']}")
    return files


def folder_of(home: Path, row: dict[str, Any]) -> Path:
    return home / "bulletins" / f"{row['month']:%Y-%m}" / row["sha256"]


def sha256(told: bytes) -> str:
    return hashlib.sha256(told).hexdigest()


def named(home: Path, rows: list[dict[str, Any]], lang: str) -> Iterator[tuple[str, bytes]]:
    """The files of that language, the first as `bulletin-MONTH`, those after it as `bulletin-MONTH.restated-N`."""
    for place, row in enumerate(rows):
        for name, told in read(home, row).items():
            month, said, rest = name.split(".", 2)
            if said == lang:
                yield ".".join([f"bulletin-{month}", *([f"restated-{place}"] if place else []), lang, rest]), told

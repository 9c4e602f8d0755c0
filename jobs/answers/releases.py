"""Releases by id, and what differs between a release and the same one made again."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from jobs.declarations import DeclarationError
from jobs.stores.ledger import Ledger

SHORTEST = 6  # characters of a release id that may stand for it
SHOWN = 3
CONTENT_OF = "content_of"  # of the inputs of a release that a rollback made: the release that says what it says


class UnknownRelease(DeclarationError):
    """No release, or more than one, is meant. Exit code 2."""


def found(ledger: Ledger, asked: str) -> dict[str, Any]:
    """The release of this id, of the only id that begins so, of this sequence number, or the `last` of all."""
    known = ledger.rows("select * from credit.releases order by sequence desc")
    if asked == "last" and known:
        return known[0]
    meant = [row for row in known if row["release_id"] == asked or str(row["sequence"]) == asked] or \
            [row for row in known if len(asked) >= SHORTEST and row["release_id"].startswith(asked)]
    if len(meant) != 1:
        listed = ", ".join(f"{row['sequence']} ({row['release_id'][:12]}… as of {row['as_of']})" for row in known[:10])
        raise UnknownRelease(f"release {asked!r}: {len(meant)} are meant; known by sequence: {listed or 'none yet'}")
    return meant[0]


def last_served(ledger: Ledger) -> dict[str, Any] | None:
    """The release whose content consumers read."""
    served = ledger.rows("select * from credit.releases where release_status = 'served' order by sequence desc limit 1")
    return served[0] if served else None


def made_by_night(ledger: Ledger, release: dict[str, Any]) -> dict[str, Any]:
    """The release whose night made this content: itself, or the one that a rollback went back to."""
    while of := release["inputs"].get(CONTENT_OF):
        release = ledger.rows("select * from credit.releases where release_id = :id", id=of)[0]
    return release


def ended(ledger: Ledger, release_id: str) -> str:
    """Whether consumers read what this night made; of an older date it makes files, and what is served stays (design law 8)."""
    [made] = ledger.rows("select release_status from credit.releases where release_id = :id", id=release_id)
    stands = last_served(ledger)
    if stands is None or made_by_night(ledger, stands)["release_id"] == release_id:
        return "RELEASED"
    how = "MADE AS FILES ONLY" if made["release_status"] == "files_only" else "RELEASED BEFORE"
    return f"{how}, NOT SERVED: consumers read the release of {stands['as_of']}"


def served_instead(ledger: Ledger, row: dict[str, Any]) -> list[str]:
    """Which release consumers read, where that is another one, and why."""
    stands = last_served(ledger)
    if stands is None or stands["release_id"] == row["release_id"]:
        return []
    if made_by_night(ledger, stands)["release_id"] == row["release_id"]:
        return [f"served        as sequence {stands['sequence']}, by a rollback"]
    why = "by a rollback" if CONTENT_OF in stands["inputs"] else \
          "a night of an older date makes files and moves no table" if row["as_of"] < stands["as_of"] else "made since"
    return [f"served        {stands['release_id']} (sequence {stands['sequence']}, as of {stands['as_of']}): {why}",
            f"to serve this python -m jobs rollback {row['sequence']} --because …"]


def verdict(release: dict[str, Any], manifest: dict[str, Any], home: Path, other: Path, codes: str,
            differs: type[Exception]) -> str:
    """That the release made again is the same; raises `differs` with the tables that are not."""
    told = f"release {release['release_id']} (sequence {release['sequence']}, as of {release['as_of']})"
    if manifest["content_hash"] == release["content_hash"]:
        return f"same: {told} rebuilt has the content hash {release['content_hash']}; {codes}"
    lines = differences(home / "releases" / release["release_id"], other / "releases" / release["release_id"], manifest)
    raise differs("\n".join([f"{told} rebuilt is not the same; {codes}", f"  content hash then {release['content_hash']}",
                             f"  content hash now  {manifest['content_hash']}", *lines]))


def differences(then: Path, now: Path, manifest: dict[str, Any]) -> list[str]:
    """A line for each table whose content differs."""
    if not (then / "manifest.json").exists():
        return [f"  {then / 'manifest.json'} is not there, so which tables differ cannot be told"]
    before = json.loads((then / "manifest.json").read_text(encoding="utf-8"))["tables"]
    after = manifest["tables"]
    return [f"  {name}: {compared(name, before.get(name), after.get(name), then, now)}" for name in sorted(before | after)
            if hash_of(before.get(name)) != hash_of(after.get(name))]


def hash_of(table: dict[str, Any] | None) -> str | None:
    return table["content_hash"] if table else None


def compared(name: str, before: dict[str, Any] | None, after: dict[str, Any] | None, then: Path, now: Path) -> str:
    if before is None or after is None:
        return "only then" if before else "only now"
    if not (then / before["file"]).exists():
        return f"{before['rows']:,} rows then, {after['rows']:,} now; its file of then is gone"
    old, new = hashes(then / before["file"]), hashes(now / after["file"])
    kinds = {"only then": old.keys() - new.keys(), "only now": new.keys() - old.keys(),
             "with other content": {key for key in old.keys() & new.keys() if old[key] != new[key]}}
    told = [f"{len(keys):,} {kind} (first {', '.join(sorted(keys)[:SHOWN])})" for kind, keys in kinds.items() if keys]
    columns = sorted(set(before["columns"]) ^ set(after["columns"]))
    told += [f"columns {', '.join(columns)}"] if columns else []
    return "; ".join([f"{len(old):,} rows then, {len(new):,} now", *told])


def hashes(path: Path) -> dict[str, str]:
    """The row hash of each key."""
    table = pq.read_table(path, columns=["row_key", "row_hash"])
    return dict(zip(table["row_key"].to_pylist(), table["row_hash"].to_pylist(), strict=True))

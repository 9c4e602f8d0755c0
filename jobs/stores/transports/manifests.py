"""Manifests that come with files: what they say of each, and where a file disagrees."""
from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyarrow.parquet as pq

TOTAL = "total:"
KNOWN = ("file", "sha256", "md5", "bytes", "rows")
REASON = "manifest_disagrees"
ADVICE = "ask the organ for the file and the manifest that belong together"


class ManifestWrong(Exception):
    """A manifest that says nothing one can compare; the message names its line."""


class ManifestDisagrees(Exception):
    """A file is another than its manifest says; it is kept in quarantine."""

    reason = REASON


@dataclass(frozen=True)
class Said:
    """What a manifest says of one file; what it leaves empty is None."""

    manifest: str
    sha256: str | None
    md5: str | None
    bytes: int | None
    rows: int | None
    totals: tuple[tuple[str, Decimal], ...] = ()

    @property
    def digest(self) -> str:
        """The same for the same sayings, in whatever manifest they stand."""
        return hashlib.sha256(repr(astuple(self)[1:]).encode()).hexdigest()[:16]


def files_of(name: str, content: bytes) -> dict[str, Said]:
    """What the manifest of that name says of each file it names; raises ManifestWrong."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ManifestWrong(f"{name}: byte {error.start} is not UTF-8") from None
    lines = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    labels = lines.fieldnames or []
    unknown = [label for label in labels if label not in KNOWN and not label.startswith(TOTAL)]
    if unknown or "file" not in labels or not {"sha256", "md5"} & set(labels):
        raise ManifestWrong(f"{name}: expected columns file, sha256 or md5, and of bytes, rows, total:LABEL what is said; "
                            f"seen: {', '.join(labels) or 'nothing'}")
    said: dict[str, Said] = {}
    try:
        for line in lines:
            said[line["file"]] = entry(name, line)
    except (ValueError, InvalidOperation, csv.Error) as error:
        raise ManifestWrong(f"{name}: line {lines.line_num}: {error}") from None
    return said


def entry(name: str, line: dict[str, str | None]) -> Said:
    """One line; raises ValueError where a cell is none of what its column holds."""
    if None in line or None in line.values():
        raise ValueError("has another number of cells than the header")
    digests = {kind: (line.get(kind) or "").strip().lower() or None for kind in ("sha256", "md5")}
    if not any(digests.values()):
        raise ValueError("has no checksum")
    counts = {kind: int(line[kind]) if line.get(kind) else None for kind in ("bytes", "rows")}
    totals = ((label[len(TOTAL):], Decimal(cell)) for label, cell in line.items() if label.startswith(TOTAL) and cell)
    return Said(name, **digests, **counts, totals=tuple(totals))


# ---- said against found

def refuse_bytes(said: Said | None, path: Path, size: int, sha256: str) -> None:
    """The file has the bytes its manifest says; raises ManifestDisagrees."""
    if said is None:
        return
    found: dict[str, object] = {"sha256": sha256, "bytes": size}
    if said.md5:
        with path.open("rb") as file:
            found["md5"] = hashlib.file_digest(file, "md5").hexdigest()
    refuse(said, path.name, [(name, getattr(said, name), value) for name, value in found.items()])


def refuse_rows(said: Said | None, name: str, header: tuple[str, ...], count: int, rows: Path) -> None:
    """The rows as read are as many, and their columns have the totals, that the manifest says; raises ManifestDisagrees."""
    if said is None:
        return
    totals = [(f"total of {label}", total, total_of(rows, header, label)) for label, total in said.totals]
    refuse(said, name, [("rows", said.rows, count), *totals])


def refuse(said: Said, name: str, compared: Iterable[tuple[str, object, object]]) -> None:
    wrong = [f"{what} {told} said, {found} found" for what, told, found in compared if told is not None and told != found]
    if wrong:
        raise ManifestDisagrees(f"{name}: {said.manifest} disagrees: {'; '.join(wrong)}; {ADVICE}")


def total_of(rows: Path, header: tuple[str, ...], label: str) -> Decimal | str:
    """The sum of a column, an empty cell adding nothing; in words where there is none."""
    if label not in header:
        return "no such column"
    place, total, none = header.index(label), Decimal(0), 0
    with pq.ParquetFile(rows) as file:
        for batch in file.iter_batches(50_000, columns=["cells"], use_threads=False):
            for cells in batch.column(0).to_pylist():
                cell = (cells[place] or "").strip().replace(",", "") if place < len(cells) else ""
                number = decimal(cell)
                none += number is None
                total += number or 0
    return f"{total} and {none} cells that are no number" if none else total


def decimal(cell: str) -> Decimal | None:
    """The number of a cell, nothing being zero; None where it is no finite number."""
    try:
        number = Decimal(cell or "0")
    except InvalidOperation:
        return None
    return number if number.is_finite() else None

"""How example files are laid out, by their bytes: kind, container, encoding, delimiter, place of the records, header, footer."""
from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from jobs.answers.drafting import trees
from jobs.answers.drafting.heading import LOOKED_AT, Heading, Row, heading_of
from jobs.readers import FormatSpec, Limits, Reading, Unreadable, containers, read
from jobs.readers.delimiter import decide_delimiter
from jobs.readers.inspect import UTF16, decide_encoding, decoded, looks_like
from jobs.readers.json_text import NotJsonError, TwoValuesError
from jobs.readers.zips import opened

Knows = Callable[[str], bool]
MOST_TITLES = 8
MOST_TABLES = 50
SHEETS = {"a compound file of an old Office program": "xls"}


@dataclass(frozen=True)
class Shape:
    """The format of a file as it would be declared, what is doubtful in it by its key, and the texts above its header."""

    spec: FormatSpec
    unsure: dict[str, str] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)


class Ends:
    """Keeps the first and the last records that a reader passes on."""

    def __init__(self) -> None:
        self.first: list[Row] = []
        self.last: list[Row] = []

    def __call__(self, batch: pa.RecordBatch) -> None:
        rows = batch.column("cells")
        self.first += rows[: max(0, LOOKED_AT - len(self.first))].to_pylist()
        self.last = (self.last + rows[-LOOKED_AT:].to_pylist())[-LOOKED_AT:]


def shape_of(path: Path, limits: Limits, knows: Knows) -> Shape:
    """The format of one example file; Unreadable where it is none that is read."""
    seen = looks_like(path)
    if seen == "a gzip file":
        return contained(path, "gzip", limits, knows)
    if seen == "a zip archive" and not is_workbook(path):
        return contained(path, "zip", limits, knows)
    return plain_shape(path, limits, knows)


def is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


def contained(path: Path, container: str, limits: Limits, knows: Knows) -> Shape:
    """The format of what a container holds, which is inflated by its reader."""
    if container == "gzip":
        return shape_within(path, FormatSpec(kind="xlsx", container="gzip"), limits, knows)
    fault: Unreadable | None = None
    for members in (patterns := members_of(path, limits)):
        try:
            shape = shape_within(path, FormatSpec(kind="xlsx", container="zip", members=members), limits, knows)
        except Unreadable as error:
            fault = fault or error
            continue
        others = [pattern for pattern in patterns if pattern != members]
        doubt = {"members": f"it also holds {', '.join(others)}"} if others else {}
        return Shape(shape.spec, {**shape.unsure, **doubt}, shape.titles)
    raise fault or Unreadable("no_such_member", path, "it holds no file")


def shape_within(path: Path, of: FormatSpec, limits: Limits, knows: Knows) -> Shape:
    """The format of the files of a container that the pattern names; it is doubtful where they differ."""
    found: list[Shape] = []

    def look(inner: Path, spec: FormatSpec, batches_to: object, within: Limits) -> Reading:
        found.append(plain_shape(inner, within, knows))
        return Reading(None, None, None, (), 0, 0, 0, 0, 0, 0)

    containers.read(path, of, lambda batch: None, limits, read_file=look)
    first = found[0]
    unsure = dict(first.unsure)
    if any(shape.spec != first.spec for shape in found):
        unsure["members"] = "the members are laid out differently; name those of this feed"
    spec = first.spec.model_copy(update={"container": of.container, "members": of.members})
    return Shape(spec, unsure, [title for shape in found for title in shape.titles])


def members_of(path: Path, limits: Limits) -> list[str]:
    """The patterns of a zip's files by their endings, those of the largest files first; raises Unreadable of a damaged one."""
    with opened(path, limits, limits.max_contained_bytes) as archive:
        files = [one for one in archive.infolist() if not one.is_dir() and "__MACOSX" not in one.filename]
    endings: dict[str, int] = {}
    for one in files:
        ending = Path(one.filename).suffix.lower()
        endings[ending] = max(one.file_size, endings.get(ending, 0))
    return [f"*{ending}" for ending in sorted(endings, key=lambda each: (-endings[each], each))]


def plain_shape(path: Path, limits: Limits, knows: Knows) -> Shape:
    """The format of a file that is in no container."""
    seen = looks_like(path)
    if seen == "a zip archive":
        return tabular(path, {"kind": "xlsx"}, limits, knows)
    if seen in SHEETS:
        return tabular(path, {"kind": SHEETS[seen]}, limits, knows)
    if seen == "an HTML page":
        return page(path, limits, knows)
    if seen == "an XML document":
        return Shape(*trees.xml(path, limits))
    if seen not in ("text", UTF16):
        raise Unreadable("empty_file" if seen == "empty" else "not_text", path, f"looks like {seen}")
    return text(path, limits, knows)


def text(path: Path, limits: Limits, knows: Knows) -> Shape:
    encoding = decide_encoding(path, "detect")
    start = next((part for block in decoded(path, encoding) if (part := block.lstrip())), "")
    said = {} if encoding.name == "utf-8" else {"encoding": encoding.name}
    if start.startswith("<"):
        return Shape(*trees.xml(path, limits))
    if start.startswith(("{", "[")):
        try:
            return Shape(*trees.json_of(path, encoding, said, limits))
        except (ValueError, NotJsonError, TwoValuesError):
            pass  # a table may well begin with a bracket; what it is then its own reader says
    shape = delimited(path, encoding, said, limits, knows)
    if said.get("encoding") == "gb18030" and "header_rows" in shape.unsure:
        doubt = {"encoding": "it decodes as GB18030, but no label is known: is it Big5?"}
        return Shape(shape.spec, {**shape.unsure, **doubt}, shape.titles)
    return shape


def delimited(path: Path, encoding: object, said: dict, limits: Limits, knows: Knows) -> Shape:
    """A table in text: as CSV where its quotes are whole, else as text in which a quote is an ordinary character."""
    fault: Unreadable | None = None
    for kind in ("csv", "text"):
        for titles in range(MOST_TITLES):
            spec = FormatSpec(kind=kind, delimiter="detect", title_rows=titles, **said)
            try:
                sign = decide_delimiter(path, encoding, spec)
                found = tabular(path, {"kind": kind, "delimiter": sign, **said}, limits, knows)
            except Unreadable as error:
                fault = fault or error
            else:
                return quoted(found, path, encoding)
    raise fault or Unreadable("no_header", path, "no table is seen in it")


def quoted(shape: Shape, path: Path, encoding: object) -> Shape:
    """Where no quote occurs, CSV and text read the same: said, as the next file may have one."""
    if shape.spec.kind == "csv" and shape.spec.delimiter != "," and not any('"' in block for block in decoded(path, encoding)):
        doubt = "no quote occurs in the examples: csv and text read them the same"
        return Shape(shape.spec, {**shape.unsure, "kind": doubt}, shape.titles)
    return shape


def page(path: Path, limits: Limits, knows: Knows) -> Shape:
    """The table of a page that names most known labels, else the one with most records."""
    found: list[tuple[tuple[int, int, int], Shape]] = []
    for number in range(1, MOST_TABLES):
        ends = Ends()
        try:
            rows = read(path, FormatSpec(kind="html", records=str(number), header_rows=0), ends, limits).rows
            shape = tabular(path, {"kind": "html", "records": str(number)}, limits, knows)
        except Unreadable as error:
            if error.reason == "no_records":
                break
            continue
        found.append(((sum(knows(cell) for row in ends.first[:4] for cell in row), rows, -number), shape))
    if not found:
        raise Unreadable("no_records", path, "no table of the page has a header")
    _, best = max(found, key=lambda one: one[0])
    doubt = {"records": f"of {len(found)} tables this one names most known labels"} if len(found) > 1 else {}
    return Shape(best.spec, {**best.unsure, **doubt}, best.titles)


def tabular(path: Path, said: dict, limits: Limits, knows: Knows) -> Shape:
    """A table whose header stands in a record: where it begins and ends is tried with the feed's own reader."""
    ends = Ends()
    read(path, FormatSpec(**said, header_rows=0), ends, limits)
    heading = heading_of(ends.first, ends.last, knows)
    if heading is None:
        raise Unreadable("no_header", path, "none of the first records names the columns")
    spec = settled(path, said, heading, limits)
    return Shape(spec, {**heading.unsure, **more_sheets(path, spec, limits)}, heading.titles)


def settled(path: Path, said: dict, heading: Heading, limits: Limits) -> FormatSpec:
    """The format under which the reader finds the header; blank records above it count as titles."""
    lines = {} if heading.header_rows == 1 else {"header_rows": heading.header_rows}
    wanted = [label.strip() for label in heading.labels]
    fault: Unreadable | None = None
    for blank in range(MOST_TITLES):
        spec = FormatSpec(**said, **lines, title_rows=heading.above + blank, footer=heading.footer)
        try:
            header = read(path, spec, lambda batch: None, limits).header
        except Unreadable as error:
            fault = fault or error
            continue
        if [label.strip() for label in header][: len(wanted)] == wanted:
            return spec
    raise fault or Unreadable("no_header", path, "its header is not found again")


def more_sheets(path: Path, spec: FormatSpec, limits: Limits) -> dict[str, str]:
    """What a workbook holds beside the sheet that is read."""
    if spec.kind not in SHEETS.values() and spec.kind != "xlsx":
        return {}
    one = read(path, spec, lambda batch: None, limits)
    told = {"hidden_rows": f"{one.hidden_kept} rows are hidden and kept; skip leaves them out"} if one.hidden_kept else {}
    try:
        every = read(path, spec.model_copy(update={"sheets": "all"}), lambda batch: None, limits)
    except Unreadable:
        return {**told, "sheets": "further sheets are laid out differently and are not read"}
    more = every.rows - one.rows
    return {**told, "sheets": f"further sheets hold {more} rows under the same header; `all` reads them"} if more else told

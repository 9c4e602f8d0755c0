"""Gzip files and zip archives: their files are inflated one at a time, within limits, and read as declared."""

import gzip
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import BinaryIO

from jobs.readers.archive import blocks
from jobs.readers.inspect import looks_like
from jobs.readers.parts import Sink, together
from jobs.readers.reading import Reading, Unreadable
from jobs.readers.spec import FormatSpec, Limits
from jobs.readers.zips import BROKEN, check_size, opened

# A zip does not always say that a name is in UTF-8; where it is not, Chinese Windows wrote it in its own code page.
UTF8_FLAG = 0x800
LOOK = {"gzip": "a gzip file", "zip": "a zip archive"}
ARCHIVES = ("a zip archive", "a gzip file", "a RAR archive", "a 7z archive")

ReadFile = Callable[[Path, FormatSpec, Sink, Limits], Reading]


def read(path: Path, spec: FormatSpec, batches_to: Sink, limits: Limits, read_file: ReadFile) -> Reading:
    """The account of what the container holds, read by `read_file` as one file; Unreadable names the member."""
    seen = looks_like(path)
    if seen == "empty":
        raise Unreadable("empty_file", path, "zero bytes")
    if seen != LOOK[spec.container]:
        raise Unreadable("not_a_container", path, f"looks like {seen}, declared as {spec.container}")
    inner = spec.model_copy(update={"container": "none", "members": "*"})
    with tempfile.TemporaryDirectory(prefix="credit-member-") as folder:
        opened = _gunzipped if spec.container == "gzip" else _unzipped
        files = opened(path, spec, limits, Path(folder) / "member")
        parts = ((name, partial(_read_member, path, name, file, inner, limits, read_file)) for name, file in files)
        return together(path, parts, batches_to)


def _read_member(
    path: Path, name: str, file: Path, inner: FormatSpec, limits: Limits, read_file: ReadFile, batches_to: Sink
) -> Reading:
    seen = looks_like(file)
    if seen in ARCHIVES and not (inner.kind == "xlsx" and seen == LOOK["zip"]):
        raise Unreadable("nested_archive", path, f"{name} looks like {seen}")
    try:
        return read_file(file, inner, batches_to, limits)
    except Unreadable as error:
        raise Unreadable(error.reason, path, f"{name}: {error.seen}") from error


def _gunzipped(path: Path, spec: FormatSpec, limits: Limits, target: Path) -> Iterator[tuple[str, Path]]:
    try:
        with gzip.open(path) as stream:
            _inflate(path, stream, target, 0, limits)
    except EOFError as error:
        raise Unreadable("truncated", path, "ends in the middle of the gzip stream") from error
    except (gzip.BadGzipFile, zlib.error, struct.error) as error:
        raise Unreadable("damaged", path, f"begins like a gzip file and is not a whole one ({error})") from error
    yield "its content", target


def _unzipped(path: Path, spec: FormatSpec, limits: Limits, target: Path) -> Iterator[tuple[str, Path]]:
    with opened(path, limits, limits.max_contained_bytes) as archive:
        inflated = 0
        for name, member in _chosen(path, archive, spec):
            try:
                with archive.open(member) as stream:
                    inflated = _inflate(path, stream, target, inflated, limits)
            except BROKEN as error:
                raise Unreadable("damaged", path, f"{name} cannot be inflated ({type(error).__name__})") from error
            yield name, target


def _inflate(path: Path, stream: BinaryIO, target: Path, before: int, limits: Limits) -> int:
    """The bytes inflated so far, those of this member written to `target`."""
    with target.open("wb") as file:
        for block in blocks(stream):
            before += len(block)
            check_size(path, before, limits, limits.max_contained_bytes, "inflates to")
            file.write(block)
    return before


def _chosen(path: Path, archive: zipfile.ZipFile, spec: FormatSpec) -> list[tuple[str, zipfile.ZipInfo]]:
    """The members to read, in the order of their names, once the directory of the archive raises no doubt."""
    named: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        name = _name(path, member)
        _refuse_unsafe(path, name, member)
        if name in named:
            raise Unreadable("duplicate_member", path, f"two members are named {name}")
        named[name] = member
    files = {name: member for name, member in named.items() if _is_a_file(name)}
    fitting = sorted(name for name in files if fnmatchcase(name.casefold(), spec.members.casefold()))
    if not fitting:
        raise Unreadable("no_such_member", path, f"none of {len(files)} files is named like {spec.members}")
    return [(name, files[name]) for name in fitting]


def _name(path: Path, member: zipfile.ZipInfo) -> str:
    if member.flag_bits & UTF8_FLAG:
        return member.orig_filename
    raw = member.orig_filename.encode("cp437")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("damaged", path, f"a member's name ({raw[:40].hex(' ')}) is neither UTF-8 nor GB18030")


def _refuse_unsafe(path: Path, name: str, member: zipfile.ZipInfo) -> None:
    steps = name.replace("\\", "/").split("/")
    if ".." in steps or not steps[0] or steps[0].endswith(":") or not name.isprintable():
        raise Unreadable("unsafe_member", path, f"a member is named {name!r}")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise Unreadable("unsafe_member", path, f"{name} is a link")


def _is_a_file(name: str) -> bool:
    """Not a folder, nor what a Mac keeps of its own beside each file."""
    return not name.endswith("/") and "__MACOSX" not in name.split("/")

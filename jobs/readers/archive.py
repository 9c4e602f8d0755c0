"""Whether a workbook is safe to open: a real zip of bounded size whose XML declares no document type."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from jobs.readers.inspect import looks_like
from jobs.readers.reading import Unreadable
from jobs.readers.spec import Limits
from jobs.readers.zips import BROKEN, check_size, damaged, opened

BLOCK = 256 * 1024
ROW_TAG = re.compile(rb"<(?:\w+:)?row(?=[\s/>])([^>]*)>")
ROW_NUMBER = re.compile(rb"\sr=[\"'](\d{1,9})[\"']")


class DoctypeError(Exception):
    """A document type declaration was met."""


def check(path: Path, limits: Limits) -> None:
    """Returns when the file is a workbook that may be opened; Unreadable says why it may not."""
    _zip_or_unreadable(path)
    with opened(path, limits, limits.max_expanded_bytes) as archive:
        _check_members(path, archive)
        try:
            _check_contents(path, archive, limits)
        except BROKEN as error:
            raise damaged(path, error) from error


def _zip_or_unreadable(path: Path) -> None:
    seen = looks_like(path)
    if seen == "empty":
        raise Unreadable("empty_file", path, "zero bytes")
    if seen.startswith("a compound file"):
        # MS-OFFCRYPTO: an encrypted workbook is a compound file with a stream of this name.
        if _holds(path, "EncryptedPackage".encode("utf-16-le")):
            raise Unreadable("encrypted", path, "a workbook under a password")
        if _holds(path, "Workbook".encode("utf-16-le")):
            seen = "a legacy XLS workbook"
    if seen != "a zip archive":
        raise Unreadable("not_an_xlsx", path, f"looks like {seen}, declared as xlsx")


def _holds(path: Path, name: bytes) -> bool:
    tail = b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if name in tail + block:
                return True
            tail = block[-len(name) :]
    return False


def _check_members(path: Path, archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if "xl/workbook.bin" in names:
        raise Unreadable("not_an_xlsx", path, "a binary workbook (XLSB)")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Unreadable("not_an_xlsx", path, "a zip archive without a workbook")


def _check_contents(path: Path, archive: zipfile.ZipFile, limits: Limits) -> None:
    expanded = 0
    for member in archive.infolist():
        parser = _parser() if member.filename.endswith((".xml", ".rels")) else None
        before = expanded
        with archive.open(member) as stream:
            for block in blocks(stream):
                expanded += len(block)
                check_size(path, expanded, limits, limits.max_expanded_bytes, "inflates to")
                if parser:
                    _parse(path, member.filename, parser, block)
                    # A comment without end is looked at from its beginning with every block.
                    if expanded - before - parser.CurrentByteIndex > limits.max_record_bytes:
                        what = f"{member.filename} has a tag or comment of more than {limits.max_record_bytes} bytes"
                        raise Unreadable("bomb", path, what)


def _parser():
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_) -> None:
    raise DoctypeError


def _parse(path: Path, member: str, parser, block: bytes) -> None:
    try:
        parser.Parse(block, not block)
    except DoctypeError as error:
        raise Unreadable("doctype", path, f"{member} declares a document type") from error
    except expat.ExpatError as error:
        raise Unreadable("damaged", path, f"{member} is not well-formed XML ({error})") from error


def blocks(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes of a stream, and an empty block at its end."""
    while block := stream.read(BLOCK):
        yield block
    yield b""


def count_rows(archive: zipfile.ZipFile, member: str) -> int:
    """The rows of a sheet, counted in its bytes and not by parsing; a gap in the row numbers is so many blank rows."""
    rest, row, physical = b"", 0, 0
    with archive.open(member) as stream:
        for block in blocks(stream):
            data = rest + block
            whole = data.rfind(b">") + 1
            rest = data[whole:]
            for tag in ROW_TAG.finditer(data, 0, whole):
                given = ROW_NUMBER.search(tag[1])
                number = int(given[1]) if given else row + 1
                # A row number met before makes a record of its own.
                physical += max(number - row, 1)
                row = max(number, row)
    return physical

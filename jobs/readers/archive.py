"""Whether a workbook is safe to open: a real zip of bounded size whose XML declares no document type."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from jobs.readers.inspect import looks_like
from jobs.readers.reading import Unreadable
from jobs.readers.spec import Limits

BLOCK = 256 * 1024
ENCRYPTED_FLAG = 0x1
LAST_ROW = 1_048_576  # ECMA-376: the rows of a worksheet


class Doctype(Exception):
    """A document type declaration was met."""


def check(path: Path, limits: Limits) -> None:
    """Returns when the file is a workbook that may be opened; Unreadable says why it may not."""
    _zip_or_unreadable(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(path, archive, limits)
            _check_contents(path, archive, limits)
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError) as error:
        raise Unreadable("damaged", path, f"begins like a zip archive and is not a whole one ({error})") from error


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


def _check_members(path: Path, archive: zipfile.ZipFile, limits: Limits) -> None:
    """What the zip directory itself says, before anything is inflated."""
    members = archive.infolist()
    if len(members) > limits.max_members:
        raise Unreadable("bomb", path, f"{len(members)} members, at most {limits.max_members}")
    if any(member.flag_bits & ENCRYPTED_FLAG for member in members):
        raise Unreadable("encrypted", path, "a zip archive under a password")
    _check_size(path, sum(member.file_size for member in members), limits, "says it holds")
    names = {member.filename for member in members}
    if "xl/workbook.bin" in names:
        raise Unreadable("not_an_xlsx", path, "a binary workbook (XLSB)")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise Unreadable("not_an_xlsx", path, "a zip archive without a workbook")


def _check_size(path: Path, expanded: int, limits: Limits, verb: str) -> None:
    size = path.stat().st_size
    if expanded > limits.max_expanded_bytes:
        raise Unreadable("bomb", path, f"{verb} {expanded} bytes, at most {limits.max_expanded_bytes}")
    if expanded > size * limits.max_ratio:
        raise Unreadable("bomb", path, f"{verb} {expanded} bytes in {size}, at most {limits.max_ratio} times as many")


def _check_contents(path: Path, archive: zipfile.ZipFile, limits: Limits) -> None:
    expanded = 0
    for member in archive.infolist():
        parser = _parser() if member.filename.endswith((".xml", ".rels")) else None
        with archive.open(member) as stream:
            for block in _blocks(stream):
                expanded += len(block)
                _check_size(path, expanded, limits, "inflates to")
                if parser:
                    _parse(path, member.filename, parser, block)


def _parser():
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_) -> None:
    raise Doctype


def _parse(path: Path, member: str, parser, block: bytes) -> None:
    try:
        parser.Parse(block, not block)
    except Doctype as error:
        raise Unreadable("doctype", path, f"{member} declares a document type") from error
    except expat.ExpatError as error:
        raise Unreadable("damaged", path, f"{member} is not well-formed XML ({error})") from error


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(BLOCK):
        yield block
    yield b""


class SheetCount:
    """Rows of one sheet's XML, counted without reading a value; a gap in the row numbers is so many blank rows."""

    def __init__(self, path: Path, member: str):
        self.path, self.member = path, member
        self.physical = self.row = 0
        self.cell: dict[str, str] = {}
        self.has_formula = self.has_value = self.in_value = False
        parser = _parser()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
            for block in _blocks(stream):
                _parse(path, member, parser, block)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self._row(attributes.get("r", str(self.row + 1)))
            case "c":
                self.cell, self.has_formula, self.has_value = attributes, False, False
            case "f":
                self.has_formula = True
            case "v":
                self.in_value = True
                # A formula may well give an empty text.
                self.has_value = self.cell.get("t") == "str"

    def _text(self, text: str) -> None:
        self.has_value |= self.in_value

    def _row(self, given: str) -> None:
        if not given.isdecimal():
            raise Unreadable("damaged", self.path, f"{self.member} numbers a row {given[:20]!r}")
        number = int(given)
        if number > LAST_ROW:
            raise Unreadable("bomb", self.path, f"{self.member} numbers a row {number}, a sheet has {LAST_ROW}")
        # A row number met before makes a record of its own, so that the counts disagree where one is lost.
        self.physical += max(number - self.row, 1)
        self.row = max(number, self.row)

    def _end(self, name: str) -> None:
        self.in_value = False
        if self.has_formula and not self.has_value and name.rpartition(":")[2] == "c":
            where = self.cell.get("r", f"in row {self.row}")
            what = f"{self.member} cell {where} has a formula and no value"
            raise Unreadable("formula_without_value", self.path, what)

"""The parts of an XLSX workbook that its cells refer to: sheets, shared strings, date formats, epoch.

Read here and not through openpyxl, which is several times as slow, cuts rows to the dimension that a program wrote,
and makes "#VALUE!" of a number that is no date under a date format.
"""

import posixpath
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree
from xml.parsers import expat

from openpyxl.styles.numbers import is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
from openpyxl.utils.escape import unescape

from jobs.readers.archive import blocks
from jobs.readers.sheets import format_codes


@dataclass(frozen=True)
class Sheet:
    """A worksheet: its title, whether it is shown, and its member of the archive."""

    title: str
    visible: bool
    member: str


@dataclass(frozen=True)
class Workbook:
    """What the cells of every sheet refer to; styles are by number: those of dates, and those of durations."""

    sheets: tuple[Sheet, ...]
    strings: list[str]
    dated: frozenset[int]
    timed: frozenset[int]
    epoch: datetime


def opened(archive: zipfile.ZipFile) -> Workbook:
    """The workbook in a checked archive; KeyError, ValueError or ParseError where a part is missing or broken."""
    main = _related(archive, "")["officeDocument"][0]
    root = ElementTree.fromstring(archive.read(main))
    related = _related(archive, main)
    strings = [text for member in related.get("sharedStrings", []) for text in _strings(archive, member)]
    formats = [code for member in related.get("styles", []) for code in _formats(archive, member)]
    dated = frozenset(number for number, code in enumerate(formats) if is_date_format(code))
    timed = frozenset(number for number, code in enumerate(formats) if is_timedelta_format(code))
    return Workbook(tuple(_sheets(archive, main, root)), strings, dated, timed, _epoch(root))


def _epoch(root: ElementTree.Element) -> datetime:
    properties = root.find("{*}workbookPr")
    of_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    return CALENDAR_MAC_1904 if of_1904 else CALENDAR_WINDOWS_1900


def _relations(archive: zipfile.ZipFile, member: str) -> Iterator[tuple[str, str, str]]:
    """Id, kind and member of every part that a part refers to."""
    folder, name = posixpath.split(member)
    rels = ElementTree.fromstring(archive.read(posixpath.join(folder, "_rels", f"{name}.rels")))
    for relation in rels:
        target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))
        yield relation.get("Id", ""), relation.get("Type", "").rpartition("/")[2], target.lstrip("/")


def _related(archive: zipfile.ZipFile, member: str) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for _, kind, target in _relations(archive, member):
        kinds.setdefault(kind, []).append(target)
    return kinds


def _sheets(archive: zipfile.ZipFile, main: str, root: ElementTree.Element) -> Iterator[Sheet]:
    members = {number: target for number, kind, target in _relations(archive, main) if kind == "worksheet"}
    for sheet in root.iterfind("{*}sheets/{*}sheet"):
        number = next((value for key, value in sheet.items() if key.endswith("}id")), "")
        # What is not a worksheet is a chart.
        if number in members:
            yield Sheet(sheet.get("name", ""), sheet.get("state", "visible") == "visible", members[number])


def _formats(archive: zipfile.ZipFile, member: str) -> Iterator[str]:
    """The format code of every cell style, in order."""
    root = ElementTree.fromstring(archive.read(member))
    formats = root.iterfind("{*}numFmts/{*}numFmt")
    own = {int(form.get("numFmtId", 0)): form.get("formatCode", "General") for form in formats}
    codes = format_codes(own)
    for style in root.iterfind("{*}cellXfs/{*}xf"):
        yield codes.get(int(style.get("numFmtId", 0)), "General")


def _strings(archive: zipfile.ZipFile, member: str) -> list[str]:
    strings: list[str] = []
    text = Runs()
    ends = text.ends | {"si": lambda _: strings.append(text.taken())}
    for _ in events(archive, member, text.begins, ends):
        pass
    return strings


class Runs:
    """The text of one string, gathered from its runs without the phonetic ones; `begins` and `ends` are for events."""

    def __init__(self):
        self.parts: list[str] = []
        self.phonetic = False
        self.begins = {"rPh": self._begin_phonetic}
        self.ends = {"t": self._end_text, "rPh": self._end_phonetic}

    def _begin_phonetic(self, attributes: dict[str, str]) -> None:
        self.phonetic = True

    def _end_phonetic(self, characters: str) -> None:
        self.phonetic = False

    def _end_text(self, characters: str) -> None:
        if not self.phonetic:
            self.parts.append(characters)

    def taken(self) -> str:
        """The text gathered since it was last taken."""
        text = "".join(self.parts)
        self.parts.clear()
        return unescaped(text)


def unescaped(text: str) -> str:
    """The text with its control characters, which are written _xHHHH_ (ECMA-376 part 1, 22.9.2.19)."""
    return unescape(text) if "_x" in text else text


def events(
    archive: zipfile.ZipFile,
    member: str,
    begins: dict[str, Callable[[dict[str, str]], None]],
    ends: dict[str, Callable[[str], None]],
) -> Iterator[None]:
    """Parses a part block by block; `begins` take an element's attributes, `ends` its characters, by its local name."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    characters: list[str] = []
    # By the name as written, with whatever prefix.
    begin_of: dict[str, Callable | None] = {}
    end_of: dict[str, Callable | None] = {}

    def started(name: str, attributes: dict[str, str]) -> None:
        characters.clear()
        if name not in begin_of:
            local = name.rpartition(":")[2]
            begin_of[name], end_of[name] = begins.get(local), ends.get(local)
        if begin := begin_of[name]:
            begin(attributes)

    def ended(name: str) -> None:
        if end := end_of[name]:
            end("".join(characters))

    parser.StartElementHandler, parser.EndElementHandler = started, ended
    parser.CharacterDataHandler = characters.append
    with archive.open(member) as stream:
        for block in blocks(stream):
            parser.Parse(block, not block)
            yield

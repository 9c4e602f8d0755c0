"""The parts of an XLSX workbook that its cells refer to: sheets, shared strings, date formats, epoch.

Read here and not through openpyxl, which takes 30 µs a cell and reads a sheet without dimension twice.
"""

import posixpath
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900
from openpyxl.utils.escape import unescape

from jobs.readers.archive import blocks

# ECMA-376 part 1, 18.8.30: date formats of Chinese Excel that have no format code in the file, and none in openpyxl.
CHINESE_DATE_FORMATS = frozenset({*range(27, 37), *range(50, 59)})


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
    chinese = dict.fromkeys(CHINESE_DATE_FORMATS, "yyyy-mm-dd")
    codes = BUILTIN_FORMATS | chinese | own
    for style in root.iterfind("{*}cellXfs/{*}xf"):
        yield codes.get(int(style.get("numFmtId", 0)), "General")


def _strings(archive: zipfile.ZipFile, member: str) -> list[str]:
    strings: list[str] = []
    text = Runs()

    def end(name: str, characters: str) -> None:
        text.end(name, characters)
        if name == "si":
            strings.append(text.taken())

    for _ in events(archive, member, text.begin, end):
        pass
    return strings


class Runs:
    """The text of one string, gathered from its runs without the phonetic ones."""

    def __init__(self):
        self.parts: list[str] = []
        self.phonetic = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """Takes the start of an element."""
        self.phonetic |= name == "rPh"

    def end(self, name: str, characters: str) -> None:
        """Takes the end of an element with the characters in it."""
        if name == "t" and not self.phonetic:
            self.parts.append(characters)
        elif name == "rPh":
            self.phonetic = False

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
    begin: Callable[[str, dict[str, str]], None],
    end: Callable[[str, str], None],
) -> Iterator[None]:
    """Calls `begin` and `end` for every element of a part by its local name, block by block of the part."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    local: dict[str, str] = {}
    characters: list[str] = []

    def started(name: str, attributes: dict[str, str]) -> None:
        characters.clear()
        if name not in local:
            local[name] = name.rpartition(":")[2]
        begin(local[name], attributes)

    def ended(name: str) -> None:
        end(local[name], "".join(characters))
        characters.clear()

    parser.StartElementHandler, parser.EndElementHandler = started, ended
    parser.CharacterDataHandler = characters.append
    with archive.open(member) as stream:
        for block in blocks(stream):
            parser.Parse(block, not block)
            yield

"""XML, the elements of one tag as rows: attributes and child elements under their paths, by local name."""

import re
from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

import pyarrow as pa

from jobs.readers.inspect import HEAD, Encoding, text_or_unreadable, utf8_blocks
from jobs.readers.labelled import MANY, Labelled
from jobs.readers.reading import Reading, Unreadable
from jobs.readers.spec import FormatSpec, Limits
from jobs.readers.xml_count import ElementCount

DECLARED = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([\w.:-]+)[\"']")
# What the declarations of files from China name; GBK and GB2312 are subsets of GB18030.
ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "x-gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "utf-16": "utf-16",
    "utf-16le": "utf-16",
    "utf-16be": "utf-16",
}
DEEPEST = 100


def read(path: Path, spec: FormatSpec, batches_to: Callable[[pa.RecordBatch], None], limits: Limits) -> Reading:
    """The account of a file whose records have gone to `batches_to`; Unreadable when they are not where declared."""
    text_or_unreadable(path, spec, "an XML document", "an HTML page", "text")
    encoding = Encoding(spec.encoding) if spec.encoding != "detect" else _declared(path)
    labelled = Labelled(path, spec, limits, batches_to)
    count = ElementCount(spec.records)
    elements = Elements(path, spec.records, limits, labelled)
    for data in utf8_blocks(path, encoding):
        elements.take(data, last=False)
        count.add(data)
    elements.take(b"", last=True)
    if not elements.records and elements.others:
        raise Unreadable("no_records", path, f"has elements, but none is a {spec.records}")
    return labelled.reading(count.total(), encoding.name)


def _declared(path: Path) -> Encoding:
    """The encoding a document says it is in; without a word it is UTF-8, or by its mark UTF-16 (XML 1.0, 4.3.3)."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Encoding("utf-16")
    found = DECLARED.match(head.removeprefix(b"\xef\xbb\xbf").lstrip())
    name = found[1].decode().lower() if found else "utf-8"
    if name not in ENCODINGS:
        known = ", ".join(dict.fromkeys(ENCODINGS.values()))
        raise Unreadable("wrong_encoding", path, f"declares the encoding {name}, known are {known}")
    return Encoding(ENCODINGS[name])


class DoctypeError(Exception):
    """A document type declaration was met."""


class Place:
    """Where an element stands in a record: its path, and the places under it by the names as written."""

    __slots__ = ("below", "path")

    def __init__(self, path: str):
        self.path = path
        self.below: dict[str, Place] = {}

    def under(self, name: str) -> "Place":
        """The place of an element of this name, with whatever prefix."""
        local = name.rpartition(":")[2]
        self.below[name] = place = Place(f"{self.path}.{local}" if self.path else local)
        return place


class Elements:
    """Parses a document block by block and adds its records, the elements of one tag, to `labelled`."""

    def __init__(self, path: Path, tag: str, limits: Limits, labelled: Labelled):
        self.path, self.tag, self.limits, self.labelled = path, tag, limits, labelled
        self.records = self.others = self.outside = self.began = self.done = 0
        self.record: dict[str, str | None] = {}
        self.top = Place("")
        # Where the element at hand stands, None outside records; then those around it.
        self.here: Place | None = None
        self.around: list[Place] = []
        self.leaf = False
        self.characters: list[str] = []
        # The text is UTF-8 by now, whatever the document says of itself.
        self.parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self.characters.append

    def take(self, data: bytes, last: bool) -> None:
        """Parses on; Unreadable where the text is no XML."""
        try:
            self.parser.Parse(data, last)
        except DoctypeError as error:
            raise Unreadable("doctype", self.path, "declares a document type") from error
        except expat.ExpatError as error:
            reason = "truncated" if last else "damaged"
            raise Unreadable(reason, self.path, f"is not well-formed XML ({error})") from error
        self.done += len(data)
        # A tag or comment without end is looked at from its beginning with every block, which is why it is given up.
        begun = self.parser.CurrentByteIndex if self.here is None else self.began
        if self.done - begun > self.limits.max_record_bytes:
            what = f"a {self.tag}, or a comment, is longer than {self.limits.max_record_bytes} bytes"
            raise Unreadable("record_too_long", self.path, what)
        if self.here is None:
            self.characters.clear()

    def _doctype(self, *_) -> None:
        raise DoctypeError

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        here = self.here
        if here is None:
            self._start_outside(name, attributes)
            return
        if self.characters:
            self._add_text_beside_elements()
        place = here.below.get(name) or self._new_place(name)
        self.around.append(here)
        self.here, self.leaf = place, True
        if attributes:
            self._add_attributes(attributes)

    def _start_outside(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == self.tag:
            self.record, self.began = {}, self.parser.CurrentByteIndex
            self.here, self.leaf = self.top, False
            self.characters.clear()
            self._add_attributes(attributes)
        else:
            # The root holds the records, it is not one that was missed.
            self.others += self.outside > 0
            self.outside += 1

    def _new_place(self, name: str) -> Place:
        if name.rpartition(":")[2] == self.tag:
            raise Unreadable("not_a_record", self.path, f"a {self.tag} inside a {self.tag}")
        if len(self.around) > DEEPEST:
            raise Unreadable("damaged", self.path, f"elements nested deeper than {DEEPEST}")
        return self.here.under(name)

    def _end(self, name: str) -> None:
        here = self.here
        if here is None:
            self.outside -= 1
            return
        if self.leaf:
            text = "".join(self.characters)
            self.characters.clear()
            if here.path in self.record:
                self._add(here.path, text)
            else:
                self.record[here.path] = text
            self.leaf = False
        elif self.characters:
            self._add_text_beside_elements()
        if self.around:
            self.here = self.around.pop()
        else:
            self.here = None
            self.records += 1
            self.labelled.add(self.record, self.parser.CurrentByteIndex - self.began)

    def _add_attributes(self, attributes: dict[str, str]) -> None:
        for name, value in attributes.items():
            if not name.startswith("xmlns"):
                label = "@" + name.rpartition(":")[2]
                self._add(f"{self.here.path}.{label}" if self.here.path else label, value)

    def _add_text_beside_elements(self) -> None:
        """Beside elements white space is no text; the record's own text is `.`."""
        text = "".join(self.characters)
        self.characters.clear()
        if text.strip():
            self._add(self.here.path or ".", text)

    def _add(self, label: str, text: str) -> None:
        before = self.record.get(label)
        self.record[label] = text if before is None else f"{before}{MANY}{text}"

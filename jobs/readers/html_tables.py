"""One table of an HTML page as rows, each cell as the text a reader of the page sees."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
from lxml import etree, html

from jobs.readers.html_count import RowCount
from jobs.readers.inspect import HEAD, Encoding, decide_encoding, decoded, text_or_unreadable
from jobs.readers.reading import ROWS_SCHEMA, Reading, Unreadable
from jobs.readers.records import BATCH_ROWS, Records
from jobs.readers.spec import FormatSpec, Limits

META = re.compile(rb"<meta[^>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
# HTML's own white space; a no-break space is a character of the text.
SPACE = re.compile(r"[ \t\n\r\f]+")
BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd"})
UNSEEN = frozenset({"script", "style", "template", "noscript"})
CELLS = ("td", "th")
# The least a cell is written with; spans may make many of one.
BYTES_A_CELL = len("<td></td>")


def read(path: Path, spec: FormatSpec, batches_to: Callable[[pa.RecordBatch], None], limits: Limits) -> Reading:
    """The account of the declared table whose rows have gone to `batches_to`; Unreadable when the page has none."""
    text_or_unreadable(path, spec, "an HTML page", "an XML document", "text")
    if path.stat().st_size > limits.max_whole_bytes:
        raise Unreadable("too_large", path, f"a page of {path.stat().st_size} bytes, at most {limits.max_whole_bytes}")
    encoding = _encoding(path, spec.encoding)
    text = "".join(decoded(path, encoding))
    if "\0" in text:
        raise Unreadable("not_text", path, f"a NUL character, decoded as {encoding.name}")
    number, table = _table(path, text, spec.records)
    count = RowCount.of(text, number)
    if count.open:
        raise Unreadable("truncated", path, f"table {number} has no end")
    records = Records(path, spec, limits, batches_to)
    rows = list(_rows(path, table, limits))
    for start in range(0, len(rows), BATCH_ROWS):
        records.take(pa.array(rows[start : start + BATCH_ROWS], ROWS_SCHEMA.field("cells").type))
    return records.reading(count.rows, encoding.name, None, None)


def _encoding(path: Path, declared: str) -> Encoding:
    """UTF-8 where the whole page is that; else what the page says of itself, for pages in Big5 look like GB18030."""
    encoding = decide_encoding(path, declared)
    if declared != "detect" or encoding.name != "gb18030":
        return encoding
    with path.open("rb") as file:
        found = META.search(file.read(HEAD))
    return Encoding("big5", encoding.not_utf8) if found and found[1].lower().startswith(b"big5") else encoding


def _table(path: Path, text: str, wanted: str) -> tuple[int, etree.ElementBase]:
    """The table of this number or caption, and its number; nested ones are numbered where they begin."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(text.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Unreadable("damaged", path, f"no page can be made of it ({type(error).__name__})") from error
    tables = list(root.iter("table"))
    if wanted.isdecimal():
        fitting = [int(wanted)] if int(wanted) <= len(tables) else []
    else:
        fitting = [number for number, table in enumerate(tables, start=1) if _caption(table) == wanted.strip()]
    if len(fitting) != 1:
        raise Unreadable("no_records", path, f"{len(fitting)} of {len(tables)} tables are no. or caption {wanted!r}")
    return fitting[0], tables[fitting[0] - 1]


def _caption(table: etree.ElementBase) -> str | None:
    captions = [child for child in table if child.tag == "caption"]
    return _text(captions[0]).strip() if captions else None


def _own_rows(table: etree.ElementBase) -> Iterator[etree.ElementBase]:
    for row in table.iter("tr"):
        if next(row.iterancestors("table")) is table:
            yield row


def _rows(path: Path, table: etree.ElementBase, limits: Limits) -> Iterator[list[str]]:
    """The rows on the table's grid: a cell over several rows is in each, one over several columns in the first.

    In the header, where a cell over several columns is the upper label of each, the empty ones continue it.
    """
    for cell in table.iter(*CELLS):
        if cell.getparent().tag != "tr":
            raise Unreadable("damaged", path, "a cell of the table stands in no row")
    # By column, how many more rows a cell goes down, and its text.
    down: dict[int, tuple[int, str]] = {}
    most, so_far = limits.max_whole_bytes // BYTES_A_CELL, 0
    for row in _own_rows(table):
        cells: list[str] = []
        below: dict[int, tuple[int, str]] = {}
        for cell in (child for child in row if child.tag in CELLS):
            _fill(cells, down, below)
            rows, columns = _span(cell, "rowspan"), min(_span(cell, "colspan"), limits.max_columns + 1)
            for text in [_text(cell), *[""] * (columns - 1)]:
                if rows > 1:
                    below[len(cells)] = (rows - 1, text)
                cells.append(text)
            if len(cells) > limits.max_columns:
                raise Unreadable("too_many_columns", path, f"a row of more than {limits.max_columns} cells")
        _fill(cells, down, below)
        down, so_far = below, so_far + len(cells)
        if so_far > most:
            raise Unreadable("bomb", path, f"cells over several rows and columns make more than {most} of them")
        yield cells or [""]


def _fill(cells: list[str], down: dict[int, tuple[int, str]], below: dict[int, tuple[int, str]]) -> None:
    """Adds what cells of rows above put next."""
    while len(cells) in down:
        more, text = down[len(cells)]
        if more > 1:
            below[len(cells)] = (more - 1, text)
        cells.append(text)


def _span(cell: etree.ElementBase, name: str) -> int:
    given = cell.get(name, "1").strip()
    return max(int(given), 1) if given.isdecimal() and len(given) < 6 else 1


def _text(cell: etree.ElementBase) -> str:
    """What is seen of the cell: white space is one space, and a line break one where an element breaks the line."""
    if not len(cell):
        return SPACE.sub(" ", cell.text or "").strip(" ")
    parts: list[str] = []
    _gather(cell, parts)
    lines = (SPACE.sub(" ", line).strip(" ") for line in "".join(parts).split("\0"))
    return "\n".join(line for line in lines if line)


def _gather(element: etree.ElementBase, parts: list[str]) -> None:
    # The page holds no NUL: it marks the breaks that are of the page and not of its source.
    for event, one in etree.iterwalk(element, events=("start", "end")):
        breaks = one is not element and one.tag in BREAKS
        if event == "start":
            parts.append("\0" * breaks + ("" if one.tag in UNSEEN else one.text or ""))
        elif one is not element:
            parts.append("\0" * breaks + (one.tail or ""))

"""Which character separates the cells of a text: the declared one, or the only one that makes a table of its first block."""

from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from jobs.readers.inspect import Encoding, utf8_blocks
from jobs.readers.quoting import StrayQuoteError, split
from jobs.readers.reading import Unreadable
from jobs.readers.records import blank_records
from jobs.readers.spec import FormatSpec

CANDIDATES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
# A ragged row or a footer among the first records is no reason to refuse the file.
OF_THE_HEADERS_WIDTH = 0.9


def decide_delimiter(path: Path, encoding: Encoding, spec: FormatSpec) -> str:
    """The delimiter to read with; Unreadable where none of the candidates makes a table, or more than one does."""
    if spec.delimiter != "detect":
        return spec.delimiter
    sample = next(utf8_blocks(path, encoding), b"")
    fitting = [sign for sign in CANDIDATES if _makes_a_table(sample, sign, spec)]
    if len(fitting) == 1:
        return fitting[0]
    among = ", ".join(CANDIDATES[sign] for sign in fitting) or "none"
    what = f"of {', '.join(CANDIDATES.values())} one should make a table of the header and the first records: {among}"
    raise Unreadable("delimiter_undecided", path, what)


def _makes_a_table(sample: bytes, sign: str, spec: FormatSpec) -> bool:
    quote = ord(spec.quoting) if spec.quoting else None
    try:
        block = split(sample, ord(sign), quote, last=False)
        # A file of one line without end.
        cells = block.cells if block.used else split(sample, ord(sign), quote, last=True).cells
    except StrayQuoteError:
        return False
    cells = cells[spec.title_rows + max(spec.header_rows - 1, 0) :]
    widths = pc.list_value_length(cells).to_numpy(zero_copy_only=False)[~blank_records(cells)] if len(cells) else []
    return len(widths) > 0 and widths[0] > 1 and np.mean(widths == widths[0]) >= OF_THE_HEADERS_WIDTH

"""What a reading says of a file, and why a file could not be read."""

from dataclasses import dataclass, fields
from pathlib import Path

import pyarrow as pa

# Part of the name of a rows object: bump it when the same bytes would read differently.
READER_VERSION = "2"

ROWS_SCHEMA = pa.schema([("row_no", pa.int32()), ("cells", pa.list_(pa.string()))])

# Every reason a delivery is quarantined for, with what its owner should do.
ADVICE = {
    "bomb": "it is not opened; ask the organ for an ordinary export, or raise the limit if the size is genuine",
    "cell_too_long": "a quote may be missing before it; correct the file, or raise limits.max_cell_chars",
    "damaged": "ask the organ to send the file again",
    "delimiter_undecided": "set format.delimiter",
    "doctype": "rows never need one; ask the organ for a file without it",
    "duplicate_header": "rename one of the columns, or correct format.title_rows if this is not the header",
    "duplicate_key": "ask the organ which of the two values is meant, and for a file with one",
    "duplicate_member": "ask the organ for an archive in which every file has a name of its own",
    "empty_file": "ask the organ whether its export failed",
    "encrypted": "ask the organ for a file without a password",
    "footer_too_long": "make format.footer match totals and signatures only",
    "formula_without_value": "open the file in a spreadsheet program and save it, or send values",
    "headers_differ": "ask the organ for one header throughout, or declare a feed for each layout",
    "nested_archive": "ask the organ for an archive of the files themselves",
    "no_header": "correct format.title_rows, or set format.header_rows: 0",
    "no_records": "correct format.records, or ask the organ whether its export failed",
    "no_such_member": "correct format.members, or ask the organ for the missing file",
    "no_such_sheet": "correct format.sheet",
    "not_a_container": "correct format.container, or ask the organ for the archive as declared",
    "not_a_record": "correct format.records: each record is an object of labels and values",
    "not_an_xls": "save it as .xls, or declare the format it has",
    "not_an_xlsx": "save it as .xlsx, or declare the format it has",
    "not_text": "send text, or declare the format it has",
    "record_too_long": "correct format.delimiter or format.records and the line ends, or raise limits.max_record_bytes",
    "row_count_disagrees": "the file is read by nobody until the reader is corrected; report it with the file",
    "stray_quote": "double a quote inside a quoted cell and close every quote; if the cell is genuine and well quoted, "
    "set format.swallow_check: false",
    "too_large": "split the file, or raise limits.max_bytes; limits.max_whole_bytes of a page or an XLS",
    "too_many_columns": "correct format.delimiter, or raise limits.max_columns",
    "truncated": "ask the organ to send the whole file again",
    "unsafe_member": "ask the organ for an archive whose names stay inside it",
    "wrong_encoding": "correct format.encoding, or ask the organ to send the file in UTF-8 or GB18030",
}


class Unreadable(Exception):
    """A file that cannot be read as its feed declares; `reason`, a key of ADVICE, says why it is quarantined."""

    def __init__(self, reason: str, path: Path, what: str):
        super().__init__(f"{path.name}: {what}; {ADVICE[reason]}")
        self.reason = reason
        self.seen = what


@dataclass(frozen=True)
class Reading:
    """The account of one file: physical = rows + blank + title + footer + hidden, the header being of `title`.

    `hidden` records were left out because the sheet hides them; `hidden_kept` are among the rows although it does.
    """

    encoding: str | None
    delimiter: str | None
    sheet: str | None
    header: tuple[str, ...]
    physical: int
    rows: int
    blank: int
    title: int
    footer: int
    ragged: int
    hidden: int = 0
    hidden_kept: int = 0

    def header_of(self, file: str) -> str:
        """Where its header stands, as a message names it: the file, and of a workbook the sheet."""
        return f"{file}, sheet {self.sheet!r}" if self.sheet else file


# The counts of an account, in the order of its fields.
ACCOUNT = tuple(one.name for one in fields(Reading) if one.type is int)

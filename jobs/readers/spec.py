"""The `format:` of a feed file, and the limits of what is read at all."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

TEXT, SHEETS = ("csv", "text"), ("xlsx", "xls")
# Which kinds a key means something for; a key that is not here suits every kind.
SUITS = {
    "encoding": (*TEXT, "json", "jsonl", "xml", "html"),
    "delimiter": TEXT,
    "quote": ("csv",),
    "swallow_check": ("csv",),
    "title_rows": (*TEXT, *SHEETS, "html"),
    "header_rows": (*TEXT, *SHEETS, "html"),
    "sheet": SHEETS,
    "sheets": SHEETS,
    "hidden_rows": SHEETS,
    "blank_rows": (*TEXT, *SHEETS),
    "records": ("json", "jsonl", "xml", "html"),
}
NEEDS_RECORDS = {
    "json": "a path such as data.list[]",
    "xml": "the tag of a row",
    "html": "the number of the table from 1, or its caption",
}
# A name may hold anything but the signs of the path; only the whole file has none.
JSON_PATH = re.compile(r"(?:\[\]|[^.\[\]]+(?:\[\])?)(?:\.[^.\[\]]+(?:\[\])?)*")


def _one_ascii_character(value: str) -> str:
    if len(value) != 1 or not value.isascii() or value in "\r\n\0":
        raise ValueError(f"{value!r} is not one ASCII character other than a line end")
    return value


def _delimiter(value: str) -> str:
    try:
        return value if value == "detect" else _one_ascii_character(value)
    except ValueError as error:
        raise ValueError(f"{error}, nor detect") from error


def _regular_expression(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"{value!r} is not a regular expression: {error}") from error
    return value


Character = Annotated[str, AfterValidator(_one_ascii_character)]
Pattern = Annotated[str, AfterValidator(_regular_expression)]


class FormatSpec(BaseModel):
    """How the files of one feed are laid out; `text` is delimited text in which a quote is an ordinary character."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["csv", "text", "xlsx", "xls", "json", "jsonl", "xml", "html"]
    container: Literal["none", "gzip", "zip"] = "none"
    # The files of a zip that are read, in the order of their names, as one delivery; they have the same header.
    members: str = Field(default="*", min_length=1)
    # GBK and GB2312 are subsets of GB18030. An XML file or an HTML page may say itself what it is in.
    encoding: Literal["detect", "utf-8", "gb18030", "big5", "utf-16"] = "detect"
    # Detected among comma, semicolon, tab and bar.
    delimiter: Annotated[str, AfterValidator(_delimiter)] = ","
    quote: Character = '"'
    # False where genuine multi-line cells look like swallowed rows.
    swallow_check: bool = True
    title_rows: int = Field(default=0, ge=0, le=100)
    # Of two, the labels are joined as upper/lower; an empty upper cell continues the one to its left.
    header_rows: int = Field(default=1, ge=0, le=2)
    # Patterns for the first non-empty cell of the rows at the foot: totals, signatures, dates of filling in.
    footer: tuple[Pattern, ...] = ()
    # By name, else the first visible sheet, or all visible ones, which then have the same header.
    sheet: str | None = None
    sheets: Literal["first", "all"] = "first"
    # Rows that a person hid in a spreadsheet: kept as rows and told of, or left out and counted.
    hidden_rows: Literal["keep", "skip"] = "keep"
    # Kept in a list whose answers are found by the number of the row; elsewhere counted and left out.
    blank_rows: Literal["keep", "skip"] = "skip"
    # Where the records are: a JSON path with [] for arrays, an XML tag, an HTML table's number or caption.
    records: str | None = Field(default=None, min_length=1)

    @property
    def quoting(self) -> str | None:
        """The quote character, None where there is no quoting."""
        return self.quote if self.kind == "csv" else None

    @model_validator(mode="after")
    def _keys_suit_the_kind(self) -> Self:
        given = {key for key, field in type(self).model_fields.items() if getattr(self, key) != field.default}
        for key in SUITS:
            if key in given and self.kind not in SUITS[key]:
                raise ValueError(f"format.{key} means nothing where kind is {self.kind}, only in {', '.join(SUITS[key])}")
        if "members" in given and self.container != "zip":
            raise ValueError(f"format.members means nothing where container is {self.container}, only in zip")
        if {"sheet", "sheets"} <= given:
            raise ValueError(f"format.sheet {self.sheet!r} and format.sheets {self.sheets} contradict each other")
        if self.delimiter == self.quoting:
            raise ValueError(f"delimiter and quote are both {self.quote!r}")
        return self

    @model_validator(mode="after")
    def _records_suit_the_kind(self) -> Self:
        if self.kind in NEEDS_RECORDS and self.records is None:
            raise ValueError(f"format.records is missing: of {self.kind} it is {NEEDS_RECORDS[self.kind]}")
        if self.kind in ("json", "jsonl") and self.records is not None:
            _check_json_path(self.kind, self.records)
        if self.kind == "html" and self.records.isdecimal() and int(self.records) < 1:
            raise ValueError(f"format.records {self.records!r} numbers no table: the first is 1")
        return self


def _check_json_path(kind: str, path: str) -> None:
    if not JSON_PATH.fullmatch(path) or not path.endswith("[]"):
        raise ValueError(f"format.records {path!r} is not a path that ends in an array, such as data.list[] or []")
    if kind == "jsonl" and not path.startswith("[]"):
        raise ValueError(f"format.records {path!r} does not begin with the lines themselves, as [] or [].penalties[] does")


class Limits(BaseModel):
    """What a file may measure before it is refused unread; characters and bytes, not rows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    max_bytes: int = Field(default=2 * 1024**3, gt=0)
    # Of a workbook, of whose texts a table is held in memory.
    max_expanded_bytes: int = Field(default=1024**3, gt=0)
    # Of a gzip file or a zip, which is read member by member; a CSV of 2 GB is an ordinary one.
    max_contained_bytes: int = Field(default=4 * 1024**3, gt=0)
    max_ratio: int = Field(default=200, gt=0)
    max_members: int = Field(default=2_000, gt=0)
    max_columns: int = Field(default=2_000, gt=0)
    max_cell_chars: int = Field(default=1_000_000, gt=0)
    max_record_bytes: int = Field(default=16 * 1024**2, gt=0)
    # Of a page and of a legacy workbook, which are held whole.
    max_whole_bytes: int = Field(default=32 * 1024**2, gt=0)

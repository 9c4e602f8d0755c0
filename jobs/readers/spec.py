"""The `format:` of a feed file, and the limits of what is read at all."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

OF_TEXT_ONLY = ("encoding", "delimiter", "quote", "swallow_check")


def _one_ascii_character(value: str) -> str:
    if len(value) != 1 or not value.isascii() or value in "\r\n\0":
        raise ValueError(f"{value!r} is not one ASCII character other than a line end")
    return value


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

    kind: Literal["csv", "text", "xlsx"]
    # GBK and GB2312 are subsets of GB18030.
    encoding: Literal["detect", "utf-8", "gb18030", "big5", "utf-16"] = "detect"
    delimiter: Character = ","
    quote: Character = '"'
    # False where genuine multi-line cells look like swallowed rows.
    swallow_check: bool = True
    title_rows: int = Field(default=0, ge=0, le=100)
    header_row: bool = True
    # Patterns for the first non-empty cell of the rows at the foot: totals, signatures, dates of filling in.
    footer: tuple[Pattern, ...] = ()
    # None is the first visible sheet.
    sheet: str | None = None

    @property
    def quoting(self) -> str | None:
        """The quote character, None where there is no quoting."""
        return self.quote if self.kind == "csv" else None

    @model_validator(mode="after")
    def _keys_suit_the_kind(self) -> Self:
        foreign = OF_TEXT_ONLY if self.kind == "xlsx" else ("sheet",)
        given = [key for key in foreign if getattr(self, key) != type(self).model_fields[key].default]
        if given:
            raise ValueError(f"format.{given[0]} means nothing where kind is {self.kind}")
        if self.delimiter == self.quoting:
            raise ValueError(f"delimiter and quote are both {self.quote!r}")
        return self


class Limits(BaseModel):
    """What a file may measure before it is refused unread; characters and bytes, not rows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    max_bytes: int = Field(default=2 * 1024**3, gt=0)
    max_expanded_bytes: int = Field(default=1024**3, gt=0)
    max_ratio: int = Field(default=200, gt=0)
    max_members: int = Field(default=2_000, gt=0)
    max_columns: int = Field(default=2_000, gt=0)
    max_cell_chars: int = Field(default=1_000_000, gt=0)
    max_record_bytes: int = Field(default=16 * 1024**2, gt=0)

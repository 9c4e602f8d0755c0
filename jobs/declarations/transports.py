"""Models of how a feed's deliveries reach us, one a kind, and of what is done when one is late.

A `connection` is a name; address and secret come by that name from the environment (docs/transports.md), never from here.
"""
from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from jobs.declarations.files import Declared
from jobs.readers.spec import Limits

MOST_MEMBERS = Limits().max_members
PREFIX = "CREDIT_CONNECTION_"

ConnectionName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
TimeOfDay = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
ItemPath = Annotated[str, Field(pattern=r"^[^.\s]+(\.[^.\s]+)*$")]


def variable_of(connection: str) -> str:
    """The environment variable that holds the connection of that name."""
    return f"{PREFIX}{connection.upper()}"


def _beside_the_file(suffix: str) -> str:
    if not re.fullmatch(r"[.\w-]*\w", suffix):
        raise ValueError(f"{suffix!r} is not the end of a file name, such as .ok")
    return suffix


# ---- how one knows that a file is not still being written

class Marker(Declared):
    """`penalties.csv` is whole once `penalties.csv<suffix>` lies beside it."""

    by: Literal["marker"]
    suffix: Annotated[str, AfterValidator(_beside_the_file)] = ".ok"


class StableSize(Declared):
    """A file is whole when two looks that many seconds apart find the same size and time."""

    by: Literal["stable_size"]
    seconds: int = Field(ge=1, le=600)


class ControlManifest(Declared):
    """A file is whole once a manifest names it: CSV of file, sha256 or md5, bytes, rows, and `total:LABEL` for control totals."""

    by: Literal["manifest"]
    pattern: str = "*.manifest.csv"


Complete = Annotated[Marker | StableSize | ControlManifest, Field(discriminator="by")]


# ---- the transports

class FolderTransport(Declared):
    """Files dropped into inbox/<feed>/ of the home."""

    kind: Literal["folder"]
    pattern: str = "*"
    complete: Complete | None = Field(default=None, description="without, hidden names and .part, .tmp are left alone")


class BucketTransport(Declared):
    """Objects of a bucket of MinIO or any S3."""

    kind: Literal["bucket"]
    connection: ConnectionName
    bucket: str
    prefix: str = Field(default="", description="folder within the bucket, ending in /")
    pattern: str = "*"
    complete: Complete | None = None

    @model_validator(mode="after")
    def _prefix_is_a_folder(self) -> Self:
        if self.prefix and not self.prefix.endswith("/"):
            raise ValueError(f"prefix {self.prefix!r} is not a folder: it ends in /")
        return self


class SftpTransport(Declared):
    """Files of one folder of an SFTP server."""

    kind: Literal["sftp"]
    connection: ConnectionName
    folder: str
    pattern: str = "*"
    complete: Complete | None = None


class CursorPaging(Declared):
    """Each page names the next one; the last page names none, or says at `more` that there is none."""

    by: Literal["cursor"]
    parameter: str = Field(description="query parameter that carries the cursor")
    next: ItemPath = Field(description="where in a page the next cursor stands")
    more: ItemPath | None = Field(default=None, description="where a page says whether there is a next one")
    continues: bool = Field(default=False, description="the last cursor is where the next delivery begins; else at the start")


class NumberPaging(Declared):
    """Pages are numbered; the last one is not full."""

    by: Literal["page"]
    parameter: str
    first: int = Field(default=1, ge=0)


class PageSize(Declared):
    parameter: str
    items: int = Field(ge=1, le=100_000)


class HttpTransport(Declared):
    """A paged API; its pages, as received, are the members of one ZIP: page-000001.json and on."""

    kind: Literal["http"]
    connection: ConnectionName
    path: str
    parameters: dict[str, str] = {}
    items: ItemPath = Field(description="where in a page its items stand, names joined by full stops")
    paging: Annotated[CursorPaging | NumberPaging, Field(discriminator="by")]
    page_size: PageSize
    rate_limit_per_second: float = Field(default=5, gt=0)
    retries: int = Field(default=5, ge=0, le=20)
    timeout_seconds: float = Field(default=30, gt=0)
    max_pages: int = Field(default=MOST_MEMBERS, ge=1, le=MOST_MEMBERS, description="what one ZIP may hold and is read of")


class DatabaseTransport(Declared):
    """A table or query of a front-end database: all of it, or what is newer than the last watermark."""

    kind: Literal["database"]
    connection: ConnectionName
    dialect: Literal["postgresql", "mysql"]
    table: str | None = Field(default=None, description="TABLE or SCHEMA.TABLE")
    query: str | None = Field(default=None, description="one SELECT, instead of a table")
    columns: list[str] = Field(default=[], description="what is read of it; without, every column")
    watermark: str | None = Field(default=None, description="column that grows with every change; without, all is read each time")
    key: list[str] = Field(min_length=1, description="columns that tell rows apart: the order of the file")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.table is None) == (self.query is None):
            raise ValueError("exactly one of table and query is declared")
        unread = [name for name in (*self.key, self.watermark) if name and self.columns and name not in self.columns]
        if unread:
            raise ValueError(f"columns: {', '.join(unread)} is key or watermark and not among the columns read")
        return self


class UploadTransport(Declared):
    """Nothing is fetched: a person hands over each file, `land --feed F FILE --by NAME --because REASON`."""

    kind: Literal["upload"]


Transport = Annotated[
    FolderTransport | BucketTransport | SftpTransport | HttpTransport | DatabaseTransport | UploadTransport,
    Field(discriminator="kind")]
FileTransport = FolderTransport | BucketTransport | SftpTransport


# ---- what a night does while a delivery is owed

class WaitUntil(Declared):
    """The night of today waits for what is due that day, at the longest until this time (Asia/Shanghai)."""

    wait_until: TimeOfDay


IfLate = Literal["go_without", "hold"] | WaitUntil

"""A home, feeds of every transport, and the real servers from which they fetch."""
from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from jobs.declarations import Declarations
from jobs.declarations.feeds import Feed
from jobs.declarations.settings import Settings
from jobs.declarations.transports import Transport
from jobs.readers.spec import FormatSpec
from jobs.stages.land import land
from jobs.stores import database
from jobs.stores.objects import objects, raw_key
from jobs.stores.transports import TransportFailed, arrivals, every
from tests.standing import asked
from tests.transports.api import Api
from tests.transports.files import FileServer

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
LATER = datetime(2026, 11, 21, 10, tzinfo=UTC)
SECRET = "s3cret-of-nobody/@:+"
NUMBERS = itertools.count(1)


@dataclass
class Bureau:
    """A home in which a test declares feeds of its own; what is said on the way is kept."""

    home: Settings
    declared: Declarations
    name: str
    said: list[str] = field(default_factory=list)

    def feed(self, transport: dict[str, Any], form: dict[str, Any] | None = None, also: str = "", **given: Any) -> Feed:
        """A feed of that transport, declared from here on."""
        name, like = self.name + also, self.declared.feeds["market_farming_registry"]
        spec = FormatSpec.model_validate(form or {"kind": "csv"})
        one = like.model_copy(update={"feed": name, "transport": TypeAdapter(Transport).validate_python(transport),
                                      "format": spec, **given})
        self.declared = replace(self.declared, feeds={**self.declared.feeds, name: one})
        return one

    def land(self, *feeds: Feed, now: datetime = NOW) -> list[dict[str, Any]]:
        """What is taken now; raises TransportFailed with all that failed."""
        failed: list[str] = []
        found = every(self.home, list(feeds), lambda: now, failed, self.said.append)
        taken = land(found, self.declared, database.engine(self.home), objects(self.home), self.said.append)
        if failed:
            raise TransportFailed("\n".join(failed))
        return taken

    def content(self, delivery: dict[str, Any]) -> bytes:
        with objects(self.home).open(raw_key(delivery["object_sha256"])) as file:
            return file.read()

    def listed(self) -> list[tuple[str, str]]:
        rows = asked(self.home, """select source_name, delivery_status from ledger.deliveries where feed = :feed
                                   order by received_at, source_name, delivery_status""", feed=self.name)
        return [(row["source_name"], row["delivery_status"]) for row in rows]

    def spooled(self) -> list[str]:
        """Whatever lies in the spool, locks apart."""
        left = (self.home.home / "spool" / self.name).rglob("*")
        return sorted(path.name for path in left if path.is_file() and path.name != ".lock")

    def fails(self, feed: Feed) -> str:
        """What the transport says when it fails."""
        with pytest.raises(TransportFailed) as raised:
            list(arrivals(self.home, feed, NOW))
        return str(raised.value)


@pytest.fixture(scope="package")
def home(new_home: Callable[..., Settings]) -> Settings:
    return new_home()


@pytest.fixture
def bureau(home: Settings, declared: Declarations) -> Bureau:
    return Bureau(home, declared, f"feed_{next(NUMBERS)}")


@pytest.fixture
def inbox(bureau: Bureau) -> Path:
    return bureau.home.home / "inbox" / bureau.name


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Gives an address a connection name of its own."""
    def name(address: str) -> str:
        made = f"sender_{next(NUMBERS)}"
        monkeypatch.setenv(f"CREDIT_CONNECTION_{made.upper()}", address)
        return made
    return name


@pytest.fixture(scope="session")
def sftp_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FileServer]:
    with FileServer(tmp_path_factory.mktemp("sftp"), SECRET) as server:
        yield server


@pytest.fixture
def api() -> Iterator[Api]:
    with Api("pipeline", SECRET) as server:
        yield server


def touch(path: Path, text: str = "", at: float | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    if at is not None:
        os.utime(path, (at, at))
    return path

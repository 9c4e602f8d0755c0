"""Suites of one expectation, and nights whose rows are written by hand over a real ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from jobs.declarations.policies import Expectation, Suite
from jobs.stores import database
from tests.gates.night import AS_OF, KNOWN_AT, HandNight, begun


@pytest.fixture
def suite() -> Callable[..., Suite]:
    """A suite of one expectation, of severity `fail` over the table `events` by Spark where nothing else is said."""

    def make(expectation: str, arguments: dict[str, Any] | None = None, **said: Any) -> Suite:
        given = {"suite": "events", "stage": "assemble", "table": "events", "engine": "spark", "key": ["event_id"], **said}
        one = Expectation(
            expectation=expectation, arguments=arguments or {}, severity=given.pop("severity", "fail"), because="a test says so"
        )
        return Suite(expectations=[one], **given)

    return make


@pytest.fixture(scope="session")
def home(new_home):
    return new_home()


@pytest.fixture
def connection(home) -> Iterator[sa.Connection]:
    with database.engine(home).connect() as one:
        yield one


@pytest.fixture
def night(home, connection, declared, spark) -> Callable[..., HandNight]:
    """Makes a night at a stage, its run begun in the ledger, with these frames in its lake and whatever else is said."""

    def make(stage: str, frames: dict[str, Any] | None = None, before: str = "", **said: Any) -> HandNight:
        heard: list[str] = []
        given = {"as_of": AS_OF, "known_at": KNOWN_AT, "declarations": declared, "connection": connection, **said}
        one = HandNight(settings=home, clock=lambda: KNOWN_AT, say=heard.append, frames=frames or {}, heard=heard, **given)
        return begun(one, stage, before)

    return make

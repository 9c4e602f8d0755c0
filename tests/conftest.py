"""One Spark and one PostgreSQL for the whole suite; every home is a folder and a database of its own."""
from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from jobs.declarations import Declarations, load
from jobs.declarations.settings import ROOT, Settings, settings
from jobs.stores import database
from tests.groups import ByGroup, place
from tests.homes import copied
from tests.object_store import minio
from tests.released import Released, released

__all__ = ["minio"]  # the store of the suites that need one

NUMBERS = itertools.count(1)
os.environ.setdefault("TZ", "UTC")


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByGroup:
    """With several workers (`-n`) tests that share what is dear to make go to one of them."""
    return ByGroup(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """For several workers the longest groups come first, so that none is left alone with one at the end."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: place(item.nodeid))


@pytest.fixture(scope="session")
def server() -> Iterator[Settings]:
    """The home whose PostgreSQL the suite shares; outside pytest's folder, which the database's system user cannot enter."""
    folder = tempfile.mkdtemp(prefix="credit-")
    one = settings(home=Path(folder) / "home")
    database.up(one)
    yield one
    database.down(one)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def new_home(server: Settings) -> Iterator[Callable[..., Settings]]:
    """Makes an empty home: a folder, and a database at the newest version in the shared server; or one that goes on from where
    `template` stands, which is not used any more itself."""
    made: list[str] = []
    admin = sa.create_engine(database.url(server).set(database="postgres"), isolation_level="AUTOCOMMIT")

    def make(template: Settings | None = None, **overrides: object) -> Settings:
        name, like = f"home_{next(NUMBERS)}", database.url(template or server).database or database.DATABASE
        database.engine(template or server).dispose()
        with admin.connect() as connection:
            if template:  # Spark keeps connections to its catalog, and a database in use cannot be copied
                end = sa.text("select pg_terminate_backend(pid) from pg_stat_activity where datname = :like")
                connection.execute(end, {"like": like})
            connection.execute(sa.text(f"create database {name} template {like}"))
        made.append(tempfile.mkdtemp(prefix=f"credit-{name}-"))
        address = database.url(server).set(database=name).render_as_string(hide_password=False)
        home = settings(home=Path(made[-1]), database_url=address, **overrides)
        return copied(template, home) if template else home

    yield make
    admin.dispose()
    for folder in made:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def spark(server: Settings):
    """The one Spark of the suite, as the product makes it."""
    from jobs.stores import lake

    return lake.session(server)


@pytest.fixture(scope="session")
def declared() -> Declarations:
    return load(ROOT / "config")


@pytest.fixture(scope="session")
def village(new_home: Callable[..., Settings], declared: Declarations) -> Released:
    """A home with one release of a synthetic village, for every test that asks about a release."""
    return released(new_home(), declared)

"""A home that goes on from where another one stands."""
from __future__ import annotations

import shutil

import sqlalchemy as sa

from jobs.declarations.settings import Settings
from jobs.stores import database
from jobs.stores.lake import opened


def copied(template: Settings, home: Settings) -> Settings:
    """The home with the template's files and lake: a catalog of its own over the same warehouse, where nothing is overwritten."""
    for folder in ("inbox", "objects"):
        shutil.copytree(template.home / folder, home.home / folder)
    home = home.model_copy(update={"spark": home.spark.model_copy(update={"warehouse": template.warehouse})})
    belongs(home, opened(home).catalog)
    return home


def belongs(home: Settings, catalog: str) -> None:
    """The home's lake is of this name: its own process calls it `lake`, the suite's Spark, with many homes, otherwise."""
    with database.engine(home).begin() as connection:
        connection.execute(sa.text("update iceberg_tables set catalog_name = :catalog"), {"catalog": catalog})

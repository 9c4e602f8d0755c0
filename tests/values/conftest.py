import os
from pathlib import Path

import pytest

from jobs.values.divisions import Divisions
from jobs.values.regions import Industries

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def codes_folder() -> Path:
    return ROOT / "config" / "codes"


@pytest.fixture(scope="session")
def divisions(codes_folder: Path) -> Divisions:
    return Divisions.load(codes_folder / "divisions.csv")


@pytest.fixture(scope="session")
def industries(codes_folder: Path) -> Industries:
    return Industries.load(codes_folder / "industries.csv")


@pytest.fixture(scope="session")
def realdata() -> Path:
    folder = Path(os.environ.get("CREDIT_REALDATA", ROOT.parent / "shared" / "realdata"))
    assert folder.is_dir(), f"the real extracts are not at {folder}: set CREDIT_REALDATA to their folder"
    return folder

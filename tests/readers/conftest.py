"""Files written by a test, and what the readers make of them."""

import os
from pathlib import Path

import pytest

from jobs.readers import FormatSpec, Limits, Unreadable, read


class Read:
    """A reading and the rows that came with it."""

    def __init__(self, path: Path, limits: Limits, **spec):
        self.batches = []
        self.reading = read(path, FormatSpec(**spec), self.batches.append, limits)
        self.rows = [cells for batch in self.batches for cells in batch["cells"].to_pylist()]
        self.numbers = [number for batch in self.batches for number in batch["row_no"].to_pylist()]

    @property
    def account(self) -> tuple[int, ...]:
        """Physical, rows, blank, title, footer, ragged."""
        of = self.reading
        return of.physical, of.rows, of.blank, of.title, of.footer, of.ragged


@pytest.fixture
def read_file():
    """What a file on disk reads as."""

    def reader(path: Path, limits: Limits | None = None, **spec) -> Read:
        return Read(path, limits or Limits(), **spec)

    return reader


@pytest.fixture
def read_csv(tmp_path):
    """What some bytes read as, as a delimited file."""

    def reader(data: bytes, limits: Limits | None = None, **spec) -> Read:
        path = tmp_path / "delivery.csv"
        path.write_bytes(data)
        return Read(path, limits or Limits(), **{"kind": "csv", **spec})

    return reader


@pytest.fixture
def read_bytes(tmp_path):
    """What some bytes read as, in a declared format."""

    def reader(data: bytes, limits: Limits | None = None, **spec) -> Read:
        path = tmp_path / "delivery.dat"
        path.write_bytes(data)
        return Read(path, limits or Limits(), **spec)

    return reader


@pytest.fixture
def refusal(tmp_path):
    """Why some bytes cannot be read."""

    def reader(data: bytes, limits: Limits | None = None, **spec) -> Unreadable:
        path = tmp_path / "delivery.dat"
        path.write_bytes(data)
        with pytest.raises(Unreadable) as caught:
            Read(path, limits or Limits(), **{"kind": "csv", **spec})
        return caught.value

    return reader


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real extracts."""
    root = Path(__file__).parents[2]
    folder = (root / os.environ.get("CREDIT_REALDATA", "../shared/realdata")).resolve()
    assert folder.is_dir(), f"no real extracts at {folder}: set CREDIT_REALDATA to their folder"
    return folder

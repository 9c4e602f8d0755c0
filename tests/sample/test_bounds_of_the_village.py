"""The bounds that the feeds declare hold for what the village delivers: nothing of it is held for what is not wrong with it."""
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from jobs.declarations import load
from tests.sample.conftest import ROOT, File

FEEDS = load(ROOT / "config").feeds


@pytest.fixture(scope="module")
def readable(read_back) -> list[File]:
    return [file for file in read_back if not file.unreadable]


def rows_of(file: File) -> int:
    """Rows as received: one that names several subjects is one."""
    return len({row["row_no"] for row in file.rows()})


def filled(file: File) -> dict[str, float]:
    """The share of the facts that have each bounded field, where they are enough for one."""
    whole = pa.Table.from_batches(file.batches)
    facts = whole.filter(pc.equal(whole["outcome"], "fact"))
    bounds = FEEDS[file.feed].volume.fill.items()
    return {name: 1 - facts[name].null_count / len(facts) for name, fill in bounds if len(facts) >= fill.least_facts}


def test_every_delivery_has_as_many_rows_as_its_feed_expects(readable):
    counted = {file.path: (rows_of(file), FEEDS[file.feed].volume) for file in readable}
    assert len(counted) > 200
    assert {path: rows for path, (rows, volume) in counted.items() if not volume.min_rows <= rows <= volume.max_rows} == {}


def test_every_delivery_is_as_full_as_its_feed_expects(readable):
    shares = {file.path: (filled(file), FEEDS[file.feed].volume.fill) for file in readable if file.batches}
    low = {path: told for path, (told, bounds) in shares.items() if any(share < bounds[name].min for name, share in told.items())}
    assert sum(bool(told) for told, _ in shares.values()) > 5
    assert low == {}

"""What reading takes of memory is bounded by a batch, whatever the size of the file."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROWS = "".join(f"{n},示例市{n}公司,91340100MA{n:07d}X,{n}.50,2026-07-08\n" for n in range(100_000)).encode()
PEAK = '''
def peak():
    """The most this process held itself, in MiB; getrusage tells that of the test's process too, whose fork it began as."""
    said = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
    return int(said.split()[1]) // 1024
'''
READ = PEAK + """
import sys
from pathlib import Path
from jobs.readers import FormatSpec, Limits, read
read(Path(sys.argv[2]), FormatSpec(kind="csv"), lambda batch: None, Limits())
before = peak()
reading = read(Path(sys.argv[1]), FormatSpec(kind="csv", container=sys.argv[3]), lambda batch: None, Limits())
print([reading.rows, peak() - before])
"""
TAKE = PEAK + """
import json, sys
from datetime import UTC, date, datetime
from pathlib import Path
from jobs.declarations import load
from jobs.declarations.settings import ROOT
from jobs.readers import Limits
from jobs.readers.inspect import inspect
from jobs.stages.deliveries import take
from jobs.stores.objects import Folder
from jobs.stores.transports import Arrival
declared, at = load(ROOT / "config"), datetime(2026, 11, 20, 10, tzinfo=UTC)
def taken(path):
    arrival = Arrival("abnormal_list", path, date(2026, 11, 20), at)
    delivery = take(arrival, inspect(path, Limits()), declared, Folder(Path(sys.argv[3])))
    return delivery["delivery_status"], delivery["rows_received"], peak()
before = taken(Path(sys.argv[2]))
status, rows, most = taken(Path(sys.argv[1]))
print(json.dumps([status, rows, most - before[2], most]))
"""
TIMES = 25
FEW, MOST = 60, 400  # MiB: what a big file may add to a small one; and the whole process, of the 1 GiB that 2 GB may take


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> tuple[Path, Path]:
    """A file of two batches, and one of many."""
    folder = tmp_path_factory.mktemp("memory")
    small, big = folder / "small.csv", folder / "big.csv"
    small.write_bytes(b"a,b,c,d,e\n" + ROWS)
    with big.open("wb") as file:
        file.write(b"a,b,c,d,e\n")
        for _ in range(TIMES):
            file.write(ROWS)
    return small, big


def test_landing_a_csv_of_many_batches_takes_the_memory_of_a_few(files, tmp_path):
    """All of `take`: counted, hashed, read, its rows written and its bytes kept."""
    small, big = files
    command = [sys.executable, "-c", TAKE, str(big), str(small), str(tmp_path / "objects")]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    status, rows, grown, peak = json.loads(done.stdout)
    assert (status, rows) == ("received", TIMES * 100_000)
    assert big.stat().st_size > 150 * 2**20
    assert grown < FEW
    assert peak < MOST


@pytest.mark.parametrize("container", ["none", "zip"])
def test_a_csv_of_many_batches_takes_the_memory_of_a_few(files, tmp_path, container):
    small, big = files
    size = big.stat().st_size
    if container == "zip":
        with zipfile.ZipFile(tmp_path / "big.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.write(big, "big.csv")
        big = tmp_path / "big.zip"
    command = [sys.executable, "-c", READ, str(big), str(small), container]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    rows, grown = json.loads(done.stdout)
    assert rows == TIMES * 100_000
    assert size > 150 * 2**20
    assert grown < 40

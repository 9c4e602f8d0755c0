"""What reading takes of memory is bounded by a batch, whatever the size of the file."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROWS = "".join(f"{n},示例市{n}公司,91340100MA{n:07d}X,{n}.50,2026-07-08\n" for n in range(100_000)).encode()
READ = """
import resource, sys
from pathlib import Path
from jobs.readers import FormatSpec, Limits, read
read(Path(sys.argv[2]), FormatSpec(kind="csv"), lambda batch: None, Limits())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
reading = read(Path(sys.argv[1]), FormatSpec(kind="csv", container=sys.argv[3]), lambda batch: None, Limits())
print([reading.rows, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024])
"""
TIMES = 25


@pytest.mark.parametrize("container", ["none", "zip"])
def test_a_csv_of_many_batches_takes_the_memory_of_a_few(tmp_path, container):
    small, big = tmp_path / "small.csv", tmp_path / "big.csv"
    small.write_bytes(b"a,b,c,d,e\n" + ROWS)
    with big.open("wb") as file:
        file.write(b"a,b,c,d,e\n")
        for _ in range(TIMES):
            file.write(ROWS)
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

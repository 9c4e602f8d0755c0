"""How fast files of every format are read, beside the plain library reading the same file, and what 2 GB cost in memory.

Figures are printed and written under `readers` in benchmarks/latest.json.
"""
from __future__ import annotations

import argparse
import csv
import io
import json
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import ijson
import openpyxl
import pyarrow.csv
import xlrd
from lxml import etree, html

from benchmarks.measure import own_peak, written
from jobs.declarations import load
from jobs.declarations.settings import ROOT, settings
from jobs.readers import FormatSpec, Limits, read
from jobs.stages.land import land
from jobs.stores import database
from jobs.stores.objects import objects
from jobs.stores.transports import arrivals
from tests.readers.biff import Sheet, workbook

GIB = 1024**3
TAGS = [f"c{number}" for number in range(16)]
FEED = "abnormal_list"
AIMS = {"csv": 2.0, "csv in GB18030": 2.0, "xlsx": 1.5, "xls": 1.5, "json": 1.5, "json lines": 1.5, "xml": 1.5}


def rows(number: int) -> Iterator[list[str]]:
    """Rows as a penalty feed has them, every one another."""
    for n in range(number):
        yield [f"示例市第{n}经营有限公司", "法人及非法人组织", f"91340100MA{n:07d}X", "", "", "", f"示市监罚字〔2026〕{n:06d}号",
               "未按规定期限公示年度报告", f"当事人未在规定期限内通过企业信用信息公示系统报送年度报告（第{n}号案）", "罚款",
               f"罚款人民币{n % 977}元整", f"{n % 977}.50", "2026-07-08", "2027-07-08", "瑶海区市场监督管理局", "0"]


def delimited(number: int) -> bytes:
    csv.writer(buffer := io.StringIO()).writerows([TAGS, *rows(number)])
    return buffer.getvalue().encode()


def xlsx(number: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in [TAGS, *rows(number)]:
        sheet.append([*row[:11], float(row[11]), *row[12:]] if row is not TAGS else row)
    book.save(buffer := io.BytesIO())
    return buffer.getvalue()


def xml(number: int) -> bytes:
    body = "".join("<row>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for tag, cell in zip(TAGS, row, strict=True)) + "</row>\n"
                   for row in rows(number))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rows>\n{body}</rows>'.encode()


def page(number: int) -> bytes:
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in [TAGS, *rows(number)])
    return f"<html><body><table>{body}</table></body></html>".encode()


def dicts(number: int) -> list[dict[str, str]]:
    return [dict(zip(TAGS, row, strict=True)) for row in rows(number)]


def with_ijson(path: Path) -> None:
    with path.open("rb") as file:
        for _ in ijson.items(file, "data.item"):
            pass


def with_iterparse(path: Path) -> None:
    for _, element in etree.iterparse(path, tag="row"):
        [(child.tag, child.text) for child in element]
        element.clear()


def with_openpyxl(path: Path) -> None:
    for sheet in openpyxl.load_workbook(path, read_only=True).worksheets:
        for _ in sheet.iter_rows(values_only=True):
            pass


def with_xlrd(path: Path) -> None:
    sheet = xlrd.open_workbook(path).sheet_by_index(0)
    for number in range(sheet.nrows):
        sheet.row_values(number)


def with_lxml_html(path: Path) -> None:
    for row in html.parse(path).getroot().iter("tr"):
        [cell.text_content() for cell in row]


def with_pyarrow(path: Path, encoding: str = "utf-8") -> None:
    strings = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(TAGS, pyarrow.string()), strings_can_be_null=False)
    options = pyarrow.csv.ReadOptions(use_threads=False, encoding=encoding)
    for _ in pyarrow.csv.open_csv(path, read_options=options, convert_options=strings):
        pass


def with_csv(path: Path) -> None:
    with path.open(newline="", encoding="utf-8") as file:
        for _ in csv.reader(file):
            pass


def with_json_lines(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        for line in file:
            json.loads(line)


CASES: dict[str, tuple[Callable[[int], bytes], int, dict, dict[str, Callable[[Path], None]]]] = {
    "csv": (delimited, 200_000, {"kind": "csv"}, {"pyarrow.csv": with_pyarrow, "csv": with_csv}),
    "csv in GB18030": (lambda n: delimited(n).decode().encode("gb18030"), 200_000, {"kind": "csv"},
                       {"pyarrow.csv": lambda path: with_pyarrow(path, "gb18030")}),
    "xlsx": (xlsx, 20_000, {"kind": "xlsx"}, {"openpyxl": with_openpyxl}),
    "xls": (lambda n: workbook(Sheet([TAGS, *rows(n)])), 8_000, {"kind": "xls"}, {"xlrd": with_xlrd}),
    "json": (lambda n: json.dumps({"data": dicts(n)}, ensure_ascii=False).encode(), 100_000,
             {"kind": "json", "records": "data[]"}, {"ijson": with_ijson, "json": lambda path: json.loads(path.read_bytes())}),
    "json lines": (lambda n: "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in dicts(n)).encode(), 100_000,
                   {"kind": "jsonl"}, {"json": with_json_lines}),
    "xml": (xml, 100_000, {"kind": "xml", "records": "row"}, {"lxml": with_iterparse}),
    "html": (page, 5_000, {"kind": "html", "records": "1"}, {"lxml": with_lxml_html}),
}


def cpu_seconds(work: Callable[[], object], times: int = 3) -> float:
    """The least CPU seconds of several runs: what the others add is the machine's."""
    least = float("inf")
    for _ in range(times):
        started = time.process_time()
        work()
        least = min(least, time.process_time() - started)
    return least


def figures(folder: Path) -> dict[str, dict[str, object]]:
    """MB and CPU seconds per format, ours and the plain libraries'."""
    told: dict[str, dict[str, object]] = {}
    for name, (write, number, spec, plain) in CASES.items():
        path = folder / f"delivery.{spec['kind']}"
        path.write_bytes(write(number))
        size = path.stat().st_size / 1e6
        ours = cpu_seconds(lambda path=path, spec=spec: read(path, FormatSpec(**spec), lambda batch: None, Limits()))
        others = {library: cpu_seconds(lambda work=work, path=path: work(path)) for library, work in plain.items()}
        times = {library: round(ours / seconds, 2) for library, seconds in others.items()}
        told[name] = {"mb": round(size, 1), "cpu_seconds": round(ours, 2), "mb_per_cpu_second": round(size / ours, 1),
                      "plain_cpu_seconds": {library: round(seconds, 2) for library, seconds in others.items()},
                      "times_the_plain": times, "aim": AIMS.get(name)}
        print(f"{name:<15} {size:>7.1f} MB {ours:>7.2f} CPU s {size / ours:>7.1f} MB/s   "
              + ", ".join(f"{number} x {library}" for library, number in times.items()), flush=True)
    return told


def home_of(folder: Path, container: str) -> tuple[Path, Path]:
    """A home whose inbox waits for a big file, and declarations under which the feed delivers it so contained."""
    config = folder / "config"
    shutil.copytree(ROOT / "config", config)
    feed = config / "feeds" / f"{FEED}.yml"
    told = feed.read_text(encoding="utf-8").replace("format: {kind: csv}", f"format: {{kind: csv, container: {container}}}")
    feed.write_text(told.replace('"*.csv"', '"*"'), encoding="utf-8")
    return folder / "home", config


def big(path: Path, size: int) -> None:
    """A CSV of at least so many bytes; one part of 10,000 rows again and again, further apart than deflate looks back."""
    part = delimited(10_000).split(b"\n", 1)
    with path.open("wb") as file:
        file.write(part[0] + b"\n")
        while file.tell() < size:
            file.write(part[1])


def land_one(home: Path, config: Path) -> None:
    """Lands what waits, and prints the rows taken and the peak memory of this process."""
    chosen = settings(home=home, config=config)
    declared = load(config)
    database.up(chosen)
    started = time.monotonic()
    try:
        arrived = arrivals(chosen, declared.feeds[FEED], datetime.now(UTC))
        taken = land(arrived, declared, database.engine(chosen), objects(chosen), lambda line: print(line, file=sys.stderr))
    finally:
        database.down(chosen)
    print(json.dumps({"rows": sum(one["rows_received"] for one in taken), "peak_mib": own_peak(),
                      "seconds": round(time.monotonic() - started, 1)}))


def memory(size: int) -> dict[str, dict[str, float]]:
    """What `land` takes of a CSV of so many bytes, and of a zip that holds it, each in a process of its own."""
    told = {}
    for container in ("none", "zip"):
        with tempfile.TemporaryDirectory(prefix="credit-big-") as name:
            home, config = home_of(Path(name), container)
            inbox = home / "inbox" / FEED
            inbox.mkdir(parents=True)
            big(inbox / "big.csv", size)
            if container == "zip":
                with zipfile.ZipFile(inbox / "big.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                    archive.write(inbox / "big.csv", "big.csv")
                (inbox / "big.csv").unlink()
            command = [sys.executable, "-m", "benchmarks.readers", "--land", str(home), str(config)]
            done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
            told[f"csv of {size / 1e9:.1f} GB" + (" in a zip" if container == "zip" else "")] = json.loads(done.stdout)
            print(told, flush=True)
    return told


def main() -> None:
    given = argparse.ArgumentParser(prog="python -m benchmarks.readers", description=__doc__)
    given.add_argument("--big", action="store_true", help="also land 2 GB twice: minutes, and 6 GB of disk")
    given.add_argument("--write", type=Path, default=ROOT / "benchmarks" / "latest.json")
    given.add_argument("--land", nargs=2, type=Path, help=argparse.SUPPRESS)
    arguments = given.parse_args()
    if arguments.land:
        land_one(*arguments.land)
        return
    with tempfile.TemporaryDirectory(prefix="credit-bench-") as folder:
        told: dict[str, object] = {"formats": figures(Path(folder))}
    if arguments.big:
        told["memory"] = memory(2 * 10**9)
    written(arguments.write, {"readers": told})


if __name__ == "__main__":
    main()

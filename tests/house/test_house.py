"""The house's own rules, each with its remedy in the message."""
from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

from jobs.declarations.settings import ROOT

FILES = sorted(path for folder in ("jobs", "dags", "plugins", "sample", "install") for path in Path(ROOT, folder).rglob("*.py"))
MAY_IMPORT = {
    "values": {"values"},
    "readers": {"readers", "values"},
    "declarations": {"declarations", "readers", "values"},
    "facts": {"facts", "values", "declarations", "readers", "enterprises"},
    "enterprises": {"enterprises", "values", "declarations", "readers"},
    "judgements": {"judgements", "facts", "values", "declarations", "readers"},
    "stores": {"stores", "declarations"},
}
FORBIDDEN = {
    "overwritePartitions": "with an empty result it does nothing; use Lake.replace",
    'mode("overwrite")': "a day's overwrite wipes the other feeds; use Lake.append",
    "datetime.now(": "only the door reads the clock; take the moment as an argument",
    "date.today(": "only the door reads the clock; take the day as an argument",
}
CLOCKS = {"jobs/__main__.py", "install/ui.py"}


def imported(path: Path) -> set[str]:
    """The rooms of jobs that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("jobs."):
            names.add(node.module.split(".")[1])
        elif isinstance(node, ast.ImportFrom) and node.module == "jobs":
            names |= {alias.name for alias in node.names}
    return names


@pytest.mark.parametrize("path", [path for path in FILES if path.parts[len(ROOT.parts)] == "jobs"], ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path):
    room = path.relative_to(ROOT / "jobs").parts[0]
    if room in MAY_IMPORT:
        too_far = imported(path) - MAY_IMPORT[room]
        assert not too_far, f"{path}: {room} may import {sorted(MAY_IMPORT[room])}, not {sorted(too_far)}: move the code, not the rule"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_forbidden_calls(path):
    text = path.read_text(encoding="utf-8")
    for call, remedy in FORBIDDEN.items():
        if str(path.relative_to(ROOT)) not in CLOCKS:
            assert call not in text, f"{path}: {call}: {remedy}"


@pytest.mark.parametrize("path", [path for path in FILES if "pyspark" in path.read_text(encoding="utf-8")], ids=lambda path: str(path.relative_to(ROOT)))
def test_dags_and_plugins_import_no_pyspark(path):
    if path.parts[len(ROOT.parts)] in ("dags", "plugins"):
        assert "import pyspark" not in path.read_text(encoding="utf-8"), f"{path}: a DAG file is parsed every minute; leave Spark to the door"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_small(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= 260, f"{path}: {lines} lines; make two rooms with clear names of it"


def test_nothing_generated_is_committed():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    assert [name for name in tracked if name.startswith((".credit/", ".jars/", ".venv/")) or name.endswith(".pyc")] == []

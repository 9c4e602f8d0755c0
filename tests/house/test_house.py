"""The house's own rules, each with its remedy in the message."""
from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.declarations import load
from jobs.declarations.settings import ROOT
from jobs.values import CLEANERS

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
TABLES_OF_CONTENTS = {"land.py", "standardise.py", "match.py", "assemble.py", "grade.py", "publish.py", "gate.py", "night.py"}
CLOCKS = {"jobs/door.py", "install/ui.py"}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(path: Path) -> set[str]:
    """The rooms of jobs that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("jobs."):
            names.add(node.module.split(".")[1])
        elif isinstance(node, ast.ImportFrom) and node.module == "jobs":
            names |= {alias.name for alias in node.names}
    return names


JOBS = [path for path in FILES if named(path).startswith("jobs/")]
PURE = [path for path in JOBS if named(path).split("/")[1] in ("values", "facts", "enterprises", "judgements")]
OUTSIDE = {"sqlalchemy", "psycopg", "minio", "urllib", "requests", "socket", "subprocess", "shutil", "tempfile", "logging"}
TOUCHING = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "unlink", "mkdir", "writeTo", "toPandas"}
CODE_TABLES = {"jobs/values/divisions.py", "jobs/values/regions.py", "jobs/values/dates.py"}  # read once, named by a declaration


def calls(path: Path) -> set[str]:
    """The names of everything that a file calls."""
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    called = [node.func for node in tree if isinstance(node, ast.Call)]
    return {getattr(node, "attr", None) or getattr(node, "id", "") for node in called}


@pytest.mark.parametrize("path", PURE, ids=named)
def test_only_stores_read_and_write(path):
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    modules = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
    modules |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    outside = {module for module in modules if module.split(".")[0] in OUTSIDE}
    touched = (calls(path) & TOUCHING) - ({"open"} if named(path) in CODE_TABLES else set())
    assert not outside | touched, f"{path}: {sorted(outside | touched)}: give it a frame or a value; a store reads and writes"


@pytest.mark.parametrize("path", JOBS, ids=named)
def test_imports_point_one_way(path):
    room = path.relative_to(ROOT / "jobs").parts[0]
    if room in MAY_IMPORT:
        too_far = imported(path) - MAY_IMPORT[room]
        may = sorted(MAY_IMPORT[room])
        assert not too_far, f"{path}: {room} may import {may}, not {sorted(too_far)}: move the code, not the rule"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_forbidden_calls(path):
    text = path.read_text(encoding="utf-8")
    for call, remedy in FORBIDDEN.items():
        if str(path.relative_to(ROOT)) not in CLOCKS:
            assert call not in text, f"{path}: {call}: {remedy}"


@pytest.mark.parametrize("path", [path for path in FILES if named(path).startswith(("dags/", "plugins/"))], ids=named)
def test_dags_and_plugins_import_no_pyspark(path):
    text = path.read_text(encoding="utf-8")
    assert "import pyspark" not in text, f"{path}: a DAG file is parsed all the time; leave Spark to the door"
    assert "from pyspark" not in text, f"{path}: a DAG file is parsed all the time; leave Spark to the door"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_files_stay_small(path):
    most = 80 if named(path).startswith("jobs/stages/") and path.name in TABLES_OF_CONTENTS else 250
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= most, f"{path}: {lines} lines, at most {most}; make two rooms with clear names of it"


def test_the_linter_finds_nothing():
    done = subprocess.run([sys.executable, "-m", "ruff", "check", "."], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_cleaner_is_named_by_a_declaration():
    declared = load(ROOT / "config")
    named_by = {field.cleaner for field in declared.fields.values()}
    named_by |= {source.cleaner for feed in declared.feeds.values() for source in feed.fields.values()}
    assert sorted(set(CLEANERS) - named_by) == [], "name it in config/fields.yml or as `cleaner` of a column, or delete it"


def test_nothing_generated_is_committed():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    assert [name for name in tracked if name.startswith((".credit/", ".jars/", ".venv/")) or name.endswith(".pyc")] == []


def test_commands_run_in_any_folder(tmp_path):
    """The installation puts the project on the path (install/python.sh)."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([sys.executable, "-m", "jobs", "--help"], cwd=tmp_path, env=environment, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, f"{done.stderr}: make install"


def test_test_files_bear_names_of_their_own():
    """Pytest takes two files of one name for one module where their folders are no packages."""
    found = [path.name for path in Path(ROOT, "tests").rglob("test_*.py") if not (path.parent / "__init__.py").exists()]
    assert sorted({name for name in found if found.count(name) > 1}) == []

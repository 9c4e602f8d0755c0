"""Fetch the Spark jars of jars.lock into .jars/, each checked against its sha256; what is already there is not fetched again.

The Ivy that PySpark ships resolves from Maven Central (or from what IVY_SETTINGS, a path of an ivysettings.xml, says).
"""
from __future__ import annotations

import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def wanted() -> list[tuple[str, str, str, str]]:
    """The lines of jars.lock as (group, artifact, version, sha256)."""
    lines = (ROOT / "jars.lock").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split()) for line in lines if line and not line.startswith("#")]  # type: ignore[misc]


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def ivy() -> Path:
    pyspark = importlib.util.find_spec("pyspark")
    return next(Path(pyspark.submodule_search_locations[0], "jars").glob("ivy-*.jar"))


def fetch(group: str, artifact: str, version: str, folder: Path) -> Path:
    """The one jar of this coordinate, without what it depends on."""
    command = ["java", "-cp", str(ivy()), "org.apache.ivy.Main", "-dependency", group, artifact, version,
               "-retrieve", f"{folder}/[artifact]-[revision].[ext]", "-confs", "default", "-notransitive", "-types", "jar"]
    if settings := os.environ.get("IVY_SETTINGS"):
        command += ["-settings", settings]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    jar = folder / f"{artifact}-{version}.jar"
    if not jar.exists():
        sys.exit(f"{group}:{artifact}:{version} could not be fetched; Ivy said:\n{done.stdout[-1500:]}{done.stderr[-500:]}")
    return jar


def main() -> None:
    target = ROOT / ".jars"
    target.mkdir(exist_ok=True)
    for group, artifact, version, sha256 in wanted():
        jar = target / f"{artifact}-{version}.jar"
        if jar.exists() and digest(jar) == sha256:
            continue
        print(f"fetching {group}:{artifact}:{version}", flush=True)
        with tempfile.TemporaryDirectory(dir=target) as folder:
            fetched = fetch(group, artifact, version, Path(folder))
            if (seen := digest(fetched)) != sha256:
                sys.exit(f"{jar.name}: sha256 is {seen}, jars.lock says {sha256}: not used")
            fetched.replace(jar)


if __name__ == "__main__":
    main()

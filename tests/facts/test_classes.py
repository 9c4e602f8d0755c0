"""The driver's JVM maps the archive of classes that the installation made; one that is not there is not asked for."""
from __future__ import annotations

from pathlib import Path

from jobs.declarations.settings import Settings


def test_the_jvm_maps_the_archive_of_classes(spark, server: Settings):
    jvm = spark._jvm.java.lang.ProcessHandle.current().pid()
    assert str(server.classes.resolve()) in Path(f"/proc/{jvm}/maps").read_text(encoding="utf-8"), \
        "install/classes.py makes it; it holds for the Java and the jars it was made with"


def test_without_an_archive_none_is_asked_for(server: Settings, tmp_path: Path):
    bare = server.model_copy(update={"spark": server.spark.model_copy(update={"jars": tmp_path})})
    assert "SharedArchiveFile" in server.java_options
    assert "SharedArchiveFile" not in bare.java_options

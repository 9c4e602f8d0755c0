"""How Spark's Python workers start: pyspark's own daemon, which has loaded our code before it forks, and imports from folders.

Before each task a worker forgets what it knows of its import path (pyspark.worker_util) and reads the list of files of every
archive on it anew, of pyspark.zip and of Spark's own jar; after each it looks for garbage (pyspark.daemon) among all that was
ever imported. Together an eighth of a second for a task of nothing, and a night of many small tables has hundreds of tasks.
"""
from __future__ import annotations

import gc
import sys

ARCHIVES = (".zip", ".jar")


def without_archives(path: list[str]) -> list[str]:
    """The import path without what is no folder; all that is in the archives is installed beside us, of the same version."""
    return [entry for entry in path if not entry.endswith(ARCHIVES)]


def start() -> None:
    """Serves workers until Spark ends."""
    sys.path[:] = without_archives(sys.path)
    sys.path_importer_cache.clear()
    from pyspark.daemon import manager

    import jobs.facts.cleaning
    import jobs.stores.objects  # noqa: F401 - both for every worker, once

    gc.freeze()
    manager()


if __name__ == "__main__":
    start()

"""What is true of each delivered row, written beside the inbox for tests alone."""

import csv
import json
from pathlib import Path
from typing import Any, NamedTuple

COLUMNS = ("path", "row_no", "part", "enterprise", "act", "becomes", "field", "reason", "tier", "dirt", "target")


class Mark(NamedTuple):
    """One subject of one row: who it is, and what should become of it.

    `becomes` is fact, reject, duplicate, household or natural_person. `field` and `reason` say why a row is a reject, or which
    value of a fact was spoilt and is a flaw (there may be flags beside it). `tier` is empty where no link may be made.
    `act` is the same for every report of one act, and `target` is the act that a repair ends.
    """

    enterprise: str = ""
    act: str = ""
    becomes: str = "fact"
    field: str = ""
    reason: str = ""
    tier: str = ""
    dirt: str = ""
    target: str = ""


class Truth:
    """Two files: `truth.csv`, a line a row and subject; `truth.jsonl`, a line a delivery and whether it is `late`.

    Of a day that a feed owed and did not cover, the line says `missing`, or `none` where there was nothing to say.
    """

    def __init__(self, folder: Path):
        self._rows = (folder / "truth.csv").open("w", encoding="utf-8", newline="")
        self._deliveries = (folder / "truth.jsonl").open("w", encoding="utf-8")
        self._writer = csv.writer(self._rows, lineterminator="\n")
        self._writer.writerow(COLUMNS)

    def rows(self, path: str, row_no: int, marks: list[Mark]) -> None:
        # A row of one subject has part 0, the subjects of a row of several count from 1.
        self._writer.writerows((path, row_no, part, *mark) for part, mark in enumerate(marks, start=len(marks) > 1))

    def delivery(self, **said: Any) -> None:
        self._deliveries.write(json.dumps(said, ensure_ascii=False, sort_keys=True) + "\n")

    def close(self) -> None:
        self._rows.close()
        self._deliveries.close()

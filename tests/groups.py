"""Which tests go together to one worker when several run the suite, and which of these groups begin first."""
from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

# Files that share a night or a home which is dear to make; the files of these rooms share theirs by their own conftest.
SHARED = {
    "two nights": ["stages/test_deaths.py", "stages/test_decided_nights.py", "stages/test_kills.py", "stages/test_outcomes.py",
                   "stages/test_owed.py", "stages/test_scored.py"],
    "village": ["answers/test_explain.py", "answers/test_replay.py", "answers/test_resolve.py", "answers/test_summary.py",
                "answers/test_unknown_words.py", "production/test_bucket_night.py", "stages/test_night.py",
                "stages/test_planted.py"],
}
ROOMS = ("airflow", "gates", "sample")
LONGEST = ("two nights", "tests/stages/test_ten_nights.py", "airflow", "village", "tests/stages/test_ten_days_scored.py",
           "tests/stages/test_three_nights.py", "gates")
GROUPS = {f"tests/{file}": group for group, files in SHARED.items() for file in files}


def group_of(nodeid: str) -> str:
    """The group of a test: what its file shares, its room, or its file alone."""
    file = nodeid.split("::", 1)[0]
    room = file.split("/")[1]
    return GROUPS.get(file) or (room if room in ROOMS else file)


def place(nodeid: str) -> int:
    """Where its group stands in the order of beginning."""
    group = group_of(nodeid)
    return LONGEST.index(group) if group in LONGEST else len(LONGEST)


class ByGroup(LoadFileScheduling):
    """Each group whole to one worker. By the file's name, as pytest 9.2 hides the marks that `--dist loadgroup` sets."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)

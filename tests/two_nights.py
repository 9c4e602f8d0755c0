"""Two nights of a village of 200 enterprises: the first makes the release that readers see while the second goes wrong."""
from __future__ import annotations

from datetime import UTC, date, datetime

import sample
from jobs.declarations import Declarations
from jobs.declarations.settings import Settings
from jobs.stages.run import STAGES
from sample.schedule import BY_HAND
from tests.released import AS_OF, KNOWN_AT, as_far_as, landed

FIRST = date(2026, 11, 19), datetime(2026, 11, 19, 15, tzinfo=UTC)
SECOND = AS_OF, KNOWN_AT
BRINGS = ("hubei_award_notices", "province_penalties", "repair_decisions")  # what arrives for the second night


def delivered(settings: Settings) -> None:
    """The village's files of both days are in the inbox, of the second day those few, whole."""
    sample.village(settings.home, enterprises=200, days=2, only=BY_HAND)
    for path in (settings.home / "inbox").glob("*/*_20261120*"):
        if path.parent.name not in BRINGS or path.stem != f"{path.parent.name}_20261120":
            path.unlink()


def night_of(settings: Settings, declared: Declarations, when: tuple[date, datetime], stages: tuple[str, ...] = STAGES) -> None:
    """The night on what has arrived by then, as far as these stages."""
    landed(settings, declared, when[1])
    as_far_as(settings, declared, *when, stages)

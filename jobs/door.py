"""The clock, which nothing inside reads, and what is said while work goes on."""
from __future__ import annotations

import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    return datetime.now(UTC)


def say(line: str) -> None:
    """Progress, on the error stream, so that results can be piped."""
    print(f"{datetime.now(SHANGHAI):%H:%M:%S} {line}", file=sys.stderr, flush=True)

"""The business date of a night: the one asked for, or that of what is known, and never one still to come."""
from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from jobs.answers.declared import business_date
from jobs.declarations import DeclarationError

LATE = datetime(2026, 11, 20, 17, tzinfo=UTC)  # one in the morning of the 21st in Shanghai


@pytest.mark.parametrize(("asked", "told"), [(None, date(2026, 11, 21)), (date(2026, 11, 21), date(2026, 11, 21)),
                                             (date(2026, 11, 9), date(2026, 11, 9))])
def test_it_is_the_day_asked_for_or_known(asked: date | None, told: date) -> None:
    assert business_date(asked, LATE, LATE) == told


def test_a_day_still_to_come_is_refused() -> None:
    with pytest.raises(DeclarationError, match="--as-of 2026-11-22 is still to come; today is 2026-11-21"):
        business_date(date(2026, 11, 22), LATE, LATE)

"""Which business date and cut-off a run has: by schedule, by hand, by parameter."""
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from airflow.sdk.exceptions import AirflowFailException

from plugins.nights import times

DUE = datetime(2026, 11, 20, 13, 30, tzinfo=UTC)  # 21:30 in Shanghai
AFTER_MIDNIGHT = datetime(2026, 11, 20, 17, 5, tzinfo=UTC)  # 01:05 of the 21st in Shanghai


@pytest.mark.parametrize(("params", "run_after", "scheduled", "as_of", "known_at"), [
    pytest.param({}, DUE, True, "2026-11-20", "2026-11-20T21:00:00+08:00", id="scheduled-knows-to-the-cut-off"),
    pytest.param({}, DUE, False, "2026-11-20", "2026-11-20T21:30:00+08:00", id="by-hand-knows-until-the-trigger"),
    pytest.param({}, AFTER_MIDNIGHT, False, "2026-11-21", "2026-11-21T01:05:00+08:00", id="the-date-is-shanghais"),
    pytest.param({"as_of": "2026-03-01"}, DUE, False, "2026-03-01", "2026-11-20T21:30:00+08:00", id="past-knows-all"),
    pytest.param({"as_of": "2026-03-01", "known_at": "2026-03-01T13:00:00Z"}, DUE, False, "2026-03-01",
                 "2026-03-01T13:00:00+00:00", id="both-asked"),
    pytest.param({"as_of": None, "known_at": None}, DUE, False, "2026-11-20", "2026-11-20T21:30:00+08:00", id="empty"),
])
def test_times(params: dict, run_after: datetime, scheduled: bool, as_of: str, known_at: str) -> None:
    assert times(params, run_after, scheduled, "21:00") == {"as_of": as_of, "known_at": known_at}


@pytest.mark.parametrize(("came", "known_at"), [
    pytest.param("2026-11-20 22:10:05+08:00", "2026-11-20T22:10:05+08:00", id="moves-the-cut-off"),
    pytest.param("2026-11-20 12:00:00+00:00", "2026-11-20T21:00:00+08:00", id="came-before-it"),
])
def test_what_came_while_the_night_waited_is_known_to_it(came: str, known_at: str) -> None:
    assert times({}, DUE, True, "21:00", came)["known_at"] == known_at


@pytest.mark.parametrize(("params", "says"), [
    pytest.param({"as_of": "20.11.2026"}, "as_of", id="date-in-another-order"),
    pytest.param({"known_at": "yesterday"}, "known_at", id="a-word"),
    pytest.param({"known_at": "2026-11-20T21:00:00"}, "no zone", id="no-zone"),
])
def test_a_wrong_parameter_is_final_and_says_how_to_write_it(params: dict, says: str) -> None:
    with pytest.raises(AirflowFailException, match=says) as raised:
        times(params, DUE, False, "21:00")
    assert "write it as 2026-11-20" in str(raised.value)

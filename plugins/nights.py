"""Which night a run of the night DAG is: its business date and its cut-off, fixed once for all its tasks."""
from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from airflow.sdk.exceptions import AirflowFailException

SHANGHAI = ZoneInfo("Asia/Shanghai")


def business_date(asked: str | None, run_after: datetime) -> date:
    """The date asked for, else the day in Shanghai on which the run was due; never `ds`, which not every run has."""
    if asked is None:
        return run_after.astimezone(SHANGHAI).date()
    try:
        return date.fromisoformat(asked)
    except ValueError as error:
        raise AirflowFailException(f"parameter as_of: {asked!r} is not a date; write it as 2026-11-20") from error


def known_until(asked: str | None, as_of: date, run_after: datetime, scheduled: bool, cut_off: time,
                came: str | None) -> datetime:
    """What the night may know: as asked, else that day's cut-off for a scheduled run and the trigger for a person's, or
    what came later while it waited."""
    if asked is None:
        usual = datetime.combine(as_of, cut_off, SHANGHAI) if scheduled else run_after.astimezone(SHANGHAI)
        return max(usual, datetime.fromisoformat(came).astimezone(SHANGHAI)) if came else usual
    try:
        moment = datetime.fromisoformat(asked)
    except ValueError as error:
        raise AirflowFailException(f"parameter known_at: {asked!r} is not a moment; write it as "
                                   "2026-11-20T21:00:00+08:00") from error
    if moment.tzinfo is None:
        raise AirflowFailException(f"parameter known_at: {asked!r} has no zone; write it as 2026-11-20T21:00:00+08:00")
    return moment


def times(params: dict[str, Any], run_after: datetime, scheduled: bool, cut_off: str, came: str | None = None) -> dict[str, str]:
    """`as_of` and `known_at` as the door takes them; the door itself refuses a moment still to come."""
    as_of = business_date(params.get("as_of"), run_after)
    known_at = known_until(params.get("known_at"), as_of, run_after, scheduled, time.fromisoformat(cut_off), came)
    return {"as_of": as_of.isoformat(), "known_at": known_at.isoformat()}

"""A night that a feed's debt stops: the last release stands, what must go goes."""
from __future__ import annotations

from dataclasses import replace

import pytest

from jobs.declarations.feeds import Deadline
from jobs.stages.run import GateStopped
from tests.standing import asked, releases
from tests.two_nights import SECOND, night_of

OWES = "city_permits"


def test_while_a_feed_that_declares_hold_owes_there_is_no_release_and_removals_take_effect(new_home, old, declared, spark):
    home = new_home(old[0])
    before = releases(home)
    one = declared.feeds[OWES].model_copy(update={
        "if_late": "hold", "schedule": "0 9 * * *", "deadline": Deadline(working_days=0, time="18:00")})
    with pytest.raises(GateStopped, match=f"{OWES} owes 2026-11-20, due 2026-11-20 18:00"):
        night_of(home, replace(declared, feeds={**declared.feeds, OWES: one}), SECOND)
    assert releases(home) == before
    ended = "select run_status from ledger.runs join ledger.run_results using (run_id) where stage = 'publish' and as_of = :day"
    assert asked(home, ended, day=SECOND[0]) == [{"run_status": "stopped"}]
    withdrawn = asked(home, "select event_key from ledger.withdrawals where known_at = :moment", moment=SECOND[1])
    assert withdrawn != []
    shown = "select event_key from open.penalties where event_key = any(:keys)"
    assert asked(home, shown, keys=[row["event_key"] for row in withdrawn]) == []
    night_of(home, declared, SECOND)  # it came, or may be gone without
    assert len(releases(home)) == len(before) + 1

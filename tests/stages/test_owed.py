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
    ended = "select stage, run_status from ledger.runs join ledger.run_results using (run_id) order by finished_at desc limit 1"
    assert asked(home, ended) == [{"stage": "publish", "run_status": "stopped"}]
    withdrawn = [row["event_key"] for row in asked(home, "select distinct event_key from ledger.withdrawals")]
    served = asked(home, "select count(*) as n from credit.penalties where event_key = any(:keys)", keys=withdrawn)
    shown = asked(home, "select count(*) as n from open.penalties where event_key = any(:keys)", keys=withdrawn)
    assert (served[0]["n"] > 0, shown) == (True, [{"n": 0}])
    night_of(home, declared, SECOND)  # it came, or may be gone without
    assert len(releases(home)) == len(before) + 1

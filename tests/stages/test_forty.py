"""One broken file among forty, each of another feed."""
from __future__ import annotations

from collections.abc import Iterable

import sample
from jobs.stages.land import land
from jobs.stores import database
from jobs.stores.objects import objects
from jobs.stores.transports import Arrival, arrivals
from tests.released import KNOWN_AT, quiet, tonight
from tests.standing import asked

BROKEN = "city_penalties_20261110.xlsx"
ACCIDENTS = ("重发", "中断", "空")  # what the sample breaks or sends twice by itself


def first_of(arrived: Iterable[Arrival]) -> Arrival:
    """The feed's first file that is as it should be."""
    return min((one for one in arrived if not any(word in one.path.name for word in ACCIDENTS)), key=lambda one: one.covers)


def test_thirty_nine_are_in_the_release_and_the_broken_one_is_named(new_home, declared, spark):
    home = new_home()
    sample.village(home.home, enterprises=500, days=10)
    forty = [first_of(arrivals(home, feed, KNOWN_AT)) for _, feed in sorted(declared.feeds.items())[:40]]
    assert len(forty) == 40
    [broken] = [one.path for one in forty if one.path.name == BROKEN]
    broken.write_bytes(broken.read_bytes()[:broken.stat().st_size // 2])

    land(forty, declared, database.engine(home), objects(home), quiet)
    told = tonight(home, declared)

    assert [line for line in told.splitlines() if BROKEN in line and "quarantined" in line] != []
    served = asked(home, "select delivery_id, delivery_status as status, rows_facts from credit.deliveries")
    assert sorted(row["status"] for row in served) == ["admitted"] * 39 + ["quarantined"]
    with_facts = {row["delivery_id"] for row in served if row["rows_facts"]}
    assert len(with_facts) == 39
    files = asked(home, "select d.source_name from ledger.deliveries d where d.delivery_id <> all(:ids)", ids=sorted(with_facts))
    assert files == [{"source_name": BROKEN}]

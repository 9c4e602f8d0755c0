"""The organs of the sample decide only while they are in office."""
from datetime import date, timedelta

from jobs.declarations import Declarations
from sample.acts import LONG_AGO
from sample.organs import Organs

LAST_DAY, DAYS = date(2026, 11, 20), 30  # the newest day of the default sample, and more days than any sample has


def test_whoever_decides_was_in_office_on_every_day_of_the_sample(declared: Declarations) -> None:
    organs = Organs(declared.organs)
    codes = {decider.code for deciders in organs.deciders.values() for decider in deciders}
    codes |= {organ.code for organ in (*organs.market.values(), *organs.districts)}
    first = LAST_DAY - timedelta(days=LONG_AGO + DAYS)
    deciding = [organ for organ in declared.organs.values() if organ.code in codes]
    assert len(deciding) == len(codes) > 10
    assert [organ.zh for organ in deciding if not (organ.on(first) and organ.on(LAST_DAY))] == []

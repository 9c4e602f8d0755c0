"""One district: its world, its organs, and what each of its deliveries says."""

from collections.abc import Callable, Iterator
from datetime import date
from math import sqrt
from pathlib import Path

from jobs.declarations import load
from jobs.declarations.feeds import Feed
from sample import acts, awards, listings, permits, registries, schedule
from sample.generic import Generic
from sample.organs import Organs
from sample.penalties import Penalties
from sample.registries import Row
from sample.schedule import Delivery
from sample.world import World

REGISTERED = 1.9  # registry rows for each enterprise: most stand in two registries
# Of the rows that are not of registries, the share of each feed; the rest are permits of the province.
SHARES = {
    "city_permits": 0.07, "city_penalties": 0.08, "province_penalties": 0.1, "abnormal_list": 0.03, "serious_list": 0.006,
    "hubei_award_notices": 0.08, "fujian_award_trades": 0.07,
}  # fmt: skip
# Of all rows, the share of each feed that has no maker of its own; above so many rows it grows with the square root only.
GENERIC, WITHOUT_GROWTH = 0.005, 50_000
MOST_IN_A_WORKBOOK = 6_000  # rows of a feed: nobody sends large workbooks, and they are slow to read
STOCK = 0.6  # of the rows of a feed, those that the first delivery brings
_REGISTRY = {feed: registry for registry, feed in registries.FEEDS.items()}


class District:
    """One district: its world, its organs and the plan of its deliveries."""

    def __init__(self, seed: int, enterprises: int, facts: int, days: int, last_day: date, config: Path):
        if days < 1:
            raise ValueError(f"--days is {days}; there must be at least one")
        self.days = schedule.business_days(last_day, days, schedule.moved(config))
        self.world = World(seed, enterprises, self.days[0], self.days[-1])
        declared = load(config)
        self.organs = Organs(declared.organs)
        self.feeds, self.fields = declared.feeds, declared.fields
        self.counts = _counts(enterprises, facts, self.feeds, {feed: len(self.turns(feed)) for feed in self.feeds})
        self.parts = {feed: acts.slices(count, self.turns(feed), STOCK) for feed, count in self.counts.items()}
        self.generic = {
            name: Generic(self.world, self.organs, feed, declared.categories[feed.category], self.fields)
            for name, feed in self.feeds.items() if name not in schedule.BY_HAND
        }
        self.penalties = Penalties(self.world, self.organs, self.parts["city_penalties"], self.parts["province_penalties"])

    def turns(self, feed: str) -> list[date]:
        """The days that the feed covers."""
        return schedule.turns(self.feeds[feed], self.days)

    def rows(self, delivery: Delivery) -> Iterator[Row]:
        """What a delivery says, row by row."""
        world, feed, turn = self.world, delivery.feed, delivery.turn
        if feed in _REGISTRY:
            covered = self.turns(feed)
            return registries.rows(world, _REGISTRY[feed], delivery.covers, covered[turn - 1] if turn else None)
        if feed == "repair_decisions":
            return listings.repair_rows(self.penalties, self.turns(feed), turn)
        part = self._part(delivery)
        if feed in self.generic:
            return self.generic[feed].rows(self.parts[feed], part)
        makers: dict[str, Callable[[], Iterator[Row]]] = {
            "city_permits": lambda: permits.rows(world, self.organs, feed, part),
            "province_permits": lambda: permits.rows(world, self.organs, feed, part),
            "city_penalties": lambda: self.penalties.city_rows(part),
            "province_penalties": lambda: self.penalties.province_rows(part),
            "abnormal_list": lambda: listings.abnormal_rows(world, self.organs, self.parts[feed], part),
            "serious_list": lambda: listings.serious_rows(world, self.organs, self.parts[feed], part),
            "hubei_award_notices": lambda: awards.hubei_rows(world, part),
            "fujian_award_trades": lambda: awards.fujian_rows(world, part),
        }
        return makers[feed]()

    def _part(self, delivery: Delivery) -> acts.Slice:
        """The acts of a delivery; one beyond the turns of its feed brings the acts behind all others."""
        parts = self.parts[delivery.feed]
        if delivery.turn < len(parts):
            return parts[delivery.turn]
        start = parts[-1].end
        return acts.Slice(delivery.turn, start, start + max(start // 100, 5), delivery.covers)

    def expected(self, feed: str) -> int:
        """About how many rows the feed delivers."""
        return self.counts.get(feed, self.world.size // 6 if feed in _REGISTRY else self.counts["city_penalties"] // 30) or 1


def _counts(enterprises: int, facts: int, feeds: dict[str, Feed], turns: dict[str, int]) -> dict[str, int]:
    """How many acts each feed brings; what no other feed has are permits of the province."""
    rest = max(facts - int(enterprises * REGISTERED), 100)
    each = GENERIC * min(facts, sqrt(facts * WITHOUT_GROWTH))
    # A full extract says everything again each time.
    times = {name: max(turns[name] // 2, 1) if feed.snapshot == "full" else 1 for name, feed in feeds.items()}
    counts = {name: max(int(each) // times[name], 8 + 2 * turns[name]) for name in feeds if name not in schedule.BY_HAND}
    counts |= {feed: max(int(rest * share), 10) for feed, share in SHARES.items()}
    books = {feed for feed in counts if feeds[feed].format.kind in ("xlsx", "xls")}
    counts |= {feed: min(counts[feed], MOST_IN_A_WORKBOOK) for feed in books}
    return counts | {"province_permits": max(rest - sum(counts.values()), 10)}

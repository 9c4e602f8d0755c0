"""Which feed delivers on which day, when it arrives, and in what form."""

from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from jobs.answers.lateness import runs_on
from jobs.declarations.feeds import Feed

SHANGHAI = timezone(timedelta(hours=8))
FEEDS = (
    "market_province_registry", "market_farming_registry", "market_mixed_registry", "market_builders_registry",
    "market_small_registry", "city_penalties", "province_penalties", "city_permits", "province_permits", "abnormal_list",
    "serious_list", "repair_decisions", "hubei_award_notices", "fujian_award_trades",
)  # fmt: skip
# Feeds whose encoding the declaration leaves open are each written in another one.
ENCODINGS = {
    "market_mixed_registry": "utf-8-sig", "market_builders_registry": "gb18030", "market_province_registry": "gb18030",
    "hubei_award_notices": "utf-8-sig", "abnormal_list": "gb18030",
}  # fmt: skip
LATE = {("province_permits", 2): 4, ("hubei_award_notices", 1): 5, ("market_mixed_registry", 1): 3}  # (feed, turn): working days
LOST = {("city_permits", 2)}  # (feed, turn): only an empty file came
_RECEIVED = {"repair_decisions": 17, "abnormal_list": 17, "serious_list": 17}


class Delivery(NamedTuple):
    feed: str
    turn: int
    covers: date
    received_at: datetime
    name: str
    late: bool = False  # after the deadline that the feed declares

    @property
    def path(self) -> str:
        return f"{self.feed}/{self.name}"


def business_days(last: date, count: int) -> list[date]:
    """The last weekdays up to the day; the sample's window has no public holiday."""
    days: list[date] = []
    while len(days) < count:
        if last.weekday() < 5:
            days.append(last)
        last -= timedelta(days=1)
    return days[::-1]


def scheduled(feed: Feed, days: list[date]) -> list[date]:
    """The days on which the feed's declared schedule runs; the first day where the window is too short for any."""
    return [day for day in days if runs_on(feed.schedule, day)] or days[:1]


def turns(feed: Feed, days: list[date]) -> list[date]:
    """The days that the feed covers with a readable file."""
    return [day for turn, day in enumerate(scheduled(feed, days)) if (feed.feed, turn) not in LOST]


def lost(feed: Feed, days: list[date]) -> list[date]:
    """The days that the feed owes and never covers."""
    return [day for day in scheduled(feed, days) if day not in turns(feed, days)]


def deliveries(days: list[date], feeds: dict[str, Feed]) -> list[Delivery]:
    """The regular deliveries in the order of their arrival."""
    planned = (
        _planned(feeds[name], turn, covers, days)
        for name in FEEDS for turn, covers in enumerate(turns(feeds[name], days))
    )
    return sorted(planned, key=lambda delivery: (delivery.received_at, delivery.path))


def _planned(feed: Feed, turn: int, covers: date, days: list[date]) -> Delivery:
    received_at = _arrival(feed.feed, turn, covers, days)
    suffix = ".xlsx" if feed.format.kind == "xlsx" else ".csv"
    late = is_late(feed, covers, received_at, days)
    return Delivery(feed.feed, turn, covers, received_at, f"{feed.feed}_{covers:%Y%m%d}{suffix}", late)


def is_late(feed: Feed, covers: date, received_at: datetime, days: list[date]) -> bool:
    """Whether it came more working days after the day it covers than the feed may take, or on the last of them too late."""
    took = days.index(received_at.date()) - days.index(covers)
    return (took, f"{received_at:%H:%M}") > (feed.deadline.working_days, feed.deadline.time)


def _arrival(feed: str, turn: int, covers: date, days: list[date]) -> datetime:
    """The evening of the day, or some working days later, but never after the window."""
    position = min(days.index(covers) + LATE.get((feed, turn), 0), len(days) - 1)
    return at(days[position], _RECEIVED.get(feed, 18), FEEDS.index(feed) * 3)


def at(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)

"""Which feed delivers on which day, when it arrives, and in what form."""

from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

SHANGHAI = timezone(timedelta(hours=8))
PLANNED_DAYS = 10
# Of ten business days, those that each feed covers.
TURNS = {
    "market_province_registry": (0, 4, 8), "market_farming_registry": (0, 6), "market_mixed_registry": (0, 5),
    "market_builders_registry": (1,), "market_small_registry": (1, 6),
    "city_penalties": (0, 2, 4, 6, 8), "province_penalties": (1, 3, 5, 7, 9),
    "city_permits": (0, 3, 8), "province_permits": (1, 4, 6, 9),
    "abnormal_list": (2, 9), "serious_list": (3, 8), "repair_decisions": (2, 4, 6, 9),
    "hubei_award_notices": (1, 5, 8), "fujian_award_trades": (2, 7),
}  # fmt: skip
# Feeds whose encoding the declaration leaves open are each written in another one.
ENCODINGS = {
    "market_mixed_registry": "utf-8-sig", "market_builders_registry": "gb18030", "market_province_registry": "gb18030",
    "hubei_award_notices": "utf-8-sig", "abnormal_list": "gb18030",
}  # fmt: skip
LATE = {("province_permits", 2): 4, ("hubei_award_notices", 1): 5, ("market_mixed_registry", 1): 3}  # (feed, turn): working days
_RECEIVED = {"repair_decisions": 17, "abnormal_list": 17, "serious_list": 17}


class Delivery(NamedTuple):
    feed: str
    turn: int
    covers: date
    received_at: datetime
    name: str

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


def turns(feed: str, days: list[date]) -> list[date]:
    """The days that the feed covers, each once, whatever the length of the window."""
    return list(dict.fromkeys(days[turn * len(days) // PLANNED_DAYS] for turn in TURNS[feed]))


def deliveries(days: list[date], suffixes: dict[str, str]) -> list[Delivery]:
    """The regular deliveries in the order of their arrival."""
    planned = [
        Delivery(feed, turn, covers, _arrival(feed, turn, covers, days), f"{feed}_{covers:%Y%m%d}{suffixes[feed]}")
        for feed in TURNS
        for turn, covers in enumerate(turns(feed, days))
    ]
    return sorted(planned, key=lambda delivery: (delivery.received_at, delivery.path))


def _arrival(feed: str, turn: int, covers: date, days: list[date]) -> datetime:
    """The evening of the day, or some working days later, but never after the window."""
    position = min(days.index(covers) + LATE.get((feed, turn), 0), len(days) - 1)
    minute = list(TURNS).index(feed) * 3
    return at(days[position], _RECEIVED.get(feed, 18), minute)


def at(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)

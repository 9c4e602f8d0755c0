"""Which feed delivers on which day, when it arrives, and in what form."""

import csv
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

from jobs.answers.lateness import runs_on
from jobs.declarations.feeds import Feed
from sample.draw import Draw
from sample.write import Look

SHANGHAI = timezone(timedelta(hours=8))
# Feeds that have a maker of their own, and whose accidents are told here; every other one is made of its declaration.
BY_HAND = frozenset({
    "market_province_registry", "market_farming_registry", "market_mixed_registry", "market_builders_registry",
    "market_small_registry", "city_penalties", "province_penalties", "city_permits", "province_permits", "abnormal_list",
    "serious_list", "repair_decisions", "hubei_award_notices", "fujian_award_trades",
})  # fmt: skip
# Feeds whose encoding the declaration leaves open are each written in another one.
ENCODINGS = {
    "market_mixed_registry": "utf-8-sig", "market_builders_registry": "gb18030", "market_province_registry": "gb18030",
    "hubei_award_notices": "utf-8-sig", "abnormal_list": "gb18030", "market_farming_registry": "utf-8",
    "market_small_registry": "utf-8", "fujian_award_trades": "utf-8", "repair_decisions": "utf-8", "serious_list": "utf-8",
}  # fmt: skip
LATE = {("province_permits", 2): 4, ("hubei_award_notices", 1): 5, ("market_mixed_registry", 1): 3}  # (feed, turn): working days
LOST = {("city_permits", 2)}  # (feed, turn): only an empty file came
FIRST_ARRIVAL = 17 * 60  # minutes after midnight; each feed comes a minute after the one before it by name


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


def moved(config: Path) -> dict[date, str]:
    """The weekdays that are `off` and the weekend days that are `work`, as the notices say."""
    with (config / "codes" / "working_days.csv").open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(line["date"]): line["kind"] for line in csv.DictReader(file)}


def business_days(last: date, count: int, exceptions: Mapping[date, str] = {}) -> list[date]:
    """The last days up to the day that are worked; of a year without a notice the weekdays, as nobody knows better."""
    days: list[date] = []
    while len(days) < count:
        if exceptions.get(last, "work" if last.weekday() < 5 else "off") == "work":
            days.append(last)
        last -= timedelta(days=1)
    return days[::-1]


def scheduled(feed: Feed, days: list[date]) -> list[date]:
    """The days on which the feed's declared schedule runs; the first day where the window is too short for any."""
    return [day for day in days if runs_on(feed.schedule, day)] or days[:1]


def turns(feed: Feed, days: list[date]) -> list[date]:
    """The days that the feed covers with a readable file."""
    planned = scheduled(feed, days)
    return [day for turn, day in enumerate(planned) if not _is_lost(feed.feed, turn, len(planned))]


def _is_lost(feed: str, turn: int, of: int) -> bool:
    """The one turn that is named, or of one feed in eight that come often the second."""
    by_name = feed not in BY_HAND and turn == 1 and of > 3 and Draw(f"{feed}|lost").below(8) == 0
    return by_name or (feed, turn) in LOST


def _late_by(feed: Feed, turn: int) -> int:
    """Working days: those named, or of one feed in eight the second delivery a day more than it may take."""
    by_name = feed.feed not in BY_HAND and turn == 1 and Draw(f"{feed.feed}|late").below(8) == 0
    return LATE.get((feed.feed, turn), feed.deadline.working_days + 1 if by_name else 0)


def lost(feed: Feed, days: list[date]) -> list[date]:
    """The days that the feed owes and never covers."""
    return [day for day in scheduled(feed, days) if day not in turns(feed, days)]


def deliveries(days: list[date], feeds: dict[str, Feed]) -> list[Delivery]:
    """The regular deliveries in the order of their arrival."""
    planned = (
        _planned(feeds[feed], place, turn, covers, days)
        for place, feed in enumerate(sorted(feeds)) for turn, covers in enumerate(turns(feeds[feed], days))
    )
    return sorted(planned, key=lambda delivery: (delivery.received_at, delivery.path))


def _planned(feed: Feed, place: int, turn: int, covers: date, days: list[date]) -> Delivery:
    received_at = _arrival(feed, place, turn, covers, days)
    late = is_late(feed, covers, received_at, days)
    return Delivery(feed.feed, turn, covers, received_at, name(feed, f"{covers:%Y%m%d}"), late)


def name(feed: Feed, tail: str) -> str:
    """What a file of the feed is called, so that its transport finds it."""
    pattern = getattr(feed.transport, "pattern", None) or "*"
    return f"{feed.feed}_{tail}{suffix(feed)}" if pattern.startswith("*.") or pattern == "*" else _fitted(pattern, feed, tail)


def _fitted(pattern: str, feed: Feed, tail: str) -> str:
    """The pattern with the feed and the tail in place of its first star."""
    return re.sub(r"\*", f"{feed.feed}_{tail}", pattern, count=1).replace("*", "")


def suffix(feed: Feed) -> str:
    """What the names of the feed's files end in: as its transport looks for, else by its format."""
    pattern = getattr(feed.transport, "pattern", None) or "*"
    ending = pattern.rpartition("*")[2]
    form = feed.format
    packed = {"gzip": ".gz", "zip": ".zip"}.get(getattr(form, "container", "none"), "")
    inner = ".txt" if form.kind == "text" else f".{form.kind}"
    return ending if ending.startswith(".") else packed if packed == ".zip" else inner + packed


def look(feed: Feed, covers: date) -> Look:
    """How the feed's files look where its declaration leaves it open."""
    draw, form = Draw(f"{feed.feed}|look"), feed.format
    encoding = form.encoding
    if encoding == "detect" and form.kind in ("csv", "text"):
        encoding = ENCODINGS.get(feed.feed) or draw.pick(("utf-8", "utf-8-sig", "gb18030"))
    delimiter = draw.pick(",;\t|") if form.delimiter == "detect" else form.delimiter
    title = f"{feed.zh}（合成数据，{covers}）"
    return Look(title, feed.owner, "utf-8" if encoding == "detect" else encoding, delimiter, feed.feed == "market_small_registry")


def is_late(feed: Feed, covers: date, received_at: datetime, days: list[date]) -> bool:
    """Whether it came more working days after the day it covers than the feed may take, or on the last of them too late."""
    took = days.index(received_at.date()) - days.index(covers)
    return (took, f"{received_at:%H:%M}") > (feed.deadline.working_days, feed.deadline.time)


def _arrival(feed: Feed, place: int, turn: int, covers: date, days: list[date]) -> datetime:
    """The evening of the day, or some working days later, but never after the window; an hour before a deadline of the day."""
    position = min(days.index(covers) + _late_by(feed, turn), len(days) - 1)
    due = time.fromisoformat(feed.deadline.time)
    before = due.hour * 60 + due.minute - 60 if feed.deadline.working_days == 0 else 24 * 60
    return at(days[position], 0, 0) + timedelta(minutes=min(FIRST_ARRIVAL + place, before))


def at(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)

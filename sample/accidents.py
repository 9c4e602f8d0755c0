"""What goes wrong with whole files: sent twice, corrected, for a past day, cut off, empty."""

import shutil
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from sample import schedule
from sample.files import Files
from sample.registries import Row
from sample.schedule import Delivery


def happen(files: Files, planned: list[Delivery], renaming: Collection[str] = ()) -> None:
    """Five accidents, each on a delivery of another feed; then the same ones on feeds that have no maker of their own; and of
    each feed that is renaming, one file under a label that nobody knows."""
    days = files.district.days
    by_feed = {feed: [one for one in planned if one.feed == feed] for feed in files.district.feeds}
    middle, late = len(days) // 2, (len(days) - 1) * 7 // 9
    _same_again(files, by_feed["city_penalties"][0], schedule.at(days[middle], 19, 1))
    _corrected(files, by_feed["abnormal_list"][0], schedule.at(days[late], 19, 2))
    _for_a_past_day(files, by_feed["province_permits"], schedule.at(days[late], 19, 3))
    _cut_off(files, by_feed["province_penalties"][-1])
    lost = schedule.lost(files.district.feeds["city_permits"], days)
    _empty(files, by_feed["city_permits"][0], schedule.at(lost[0] if lost else days[middle], 19, 4), missing=bool(lost))
    for place, feed in enumerate(sorted(files.district.generic)):
        if by_feed[feed]:  # none where the feed was not asked for
            _also(files, by_feed[feed], place, days[middle])
    for feed in renaming:
        _renamed_column(files, by_feed[feed])


def _also(files: Files, feed: list[Delivery], place: int, day: date) -> None:
    """One feed in six is sent twice and one cut off; of each day that a feed lost an empty file came."""
    written = [one for one in feed if (files.inbox / one.path).exists()]
    declared = files.district.feeds[feed[0].feed]
    for lost in schedule.lost(declared, files.district.days):
        _empty(files, feed[0], schedule.at(lost, 19, 5), missing=True)
    if written and place % 6 == 1:
        _same_again(files, written[0], max(schedule.at(day, 19, 6), written[0].received_at + timedelta(minutes=1)))
    if written and place % 6 == 4:
        _halved(files, written[-1])


def _renamed(delivery: Delivery, tail: str) -> str:
    stem, dot, suffixes = delivery.name.partition(".")
    return f"{stem}_{tail}{dot}{suffixes}"


def _same_again(files: Files, delivery: Delivery, received_at: datetime) -> None:
    """The same bytes for the same day under another name: one delivery."""
    again = delivery._replace(name=_renamed(delivery, "重发"), received_at=received_at)
    shutil.copyfile(files.inbox / delivery.path, files.inbox / again.path)
    files.noted(again, "same", {}, same_as=delivery.path)


def _corrected(files: Files, delivery: Delivery, received_at: datetime) -> None:
    """The file once more with one row changed: a delivery of its own, whose other rows are one more report each."""
    again = delivery._replace(name=_renamed(delivery, "更正"), received_at=received_at, late=False)
    files.deliver(again, _with_first_row_changed)


def _with_first_row_changed(rows: Iterator[Row]) -> Iterator[Row]:
    cells, marks = next(rows)
    yield cells | {"remarks": "更正：列入事由表述有误，以本次为准"}, [mark._replace(dirt="corrected") for mark in marks]
    yield from rows


def _for_a_past_day(files: Files, feed: list[Delivery], received_at: datetime) -> None:
    """A day that was forgotten is delivered a week later."""
    days = files.district.days
    name = schedule.name(files.district.feeds[feed[0].feed], f"{days[0]:%Y%m%d}")
    if name in (one.name for one in feed):  # in a window of a day or two each day has its delivery
        return
    late = schedule.is_late(files.district.feeds[feed[0].feed], days[0], received_at, days)
    files.deliver(Delivery(feed[0].feed, len(feed), days[0], received_at, name, late))


def _cut_off(files: Files, delivery: Delivery) -> None:
    """A transfer that broke off inside a quoted cell, an hour before the whole file came."""
    data = (files.inbox / delivery.path).read_bytes()
    broken = delivery._replace(name=_renamed(delivery, "中断"), received_at=delivery.received_at - timedelta(hours=1))
    half = data[: len(data) // 2]
    line = half[: half.rindex(b"\r\n") + 2]
    (files.inbox / broken.path).write_bytes(line + '"合成'.encode("gb18030"))
    files.noted(broken, "quarantined", {}, reasons=["truncated", "stray_quote"])


def _renamed_column(files: Files, feed: list[Delivery]) -> None:
    """A file of a day that the feed need not cover, as text, with its last column called otherwise."""
    declared, days = files.district.feeds[feed[0].feed], files.district.days
    covers = next(day for day in days[1:] if day not in {one.covers for one in feed})
    name = schedule.name(declared, f"{covers:%Y%m%d}")
    held = Delivery(declared.feed, len(feed), covers, schedule.at(covers, 16, 7), name)
    files.deliver(held, status="held", reasons=["header_unknown"])
    path, encoding = files.inbox / held.path, schedule.look(declared, covers).encoding
    head, end, rest = path.read_bytes().decode(encoding).partition("\r\n")
    last = files.layouts[declared.feed].header[-1]
    path.write_bytes(f"{head.removesuffix(last)}{last}（新）{end}{rest}".encode(encoding))


def _halved(files: Files, delivery: Delivery) -> None:
    """A file that broke off in its middle, an hour before the whole one; of text, inside a row."""
    form = files.district.feeds[delivery.feed].format
    data = (files.inbox / delivery.path).read_bytes()
    half = data[: len(data) // 2]
    if form.container == "none" and form.kind in ("csv", "text"):
        look = schedule.look(files.district.feeds[delivery.feed], delivery.covers)
        lines = data.decode(look.encoding).splitlines(keepends=True)
        half = "".join((*lines[: len(lines) // 2 + 1], f'{form.quoting or ""}合成')).encode(look.encoding)
    broken = delivery._replace(name=_renamed(delivery, "中断"), received_at=delivery.received_at - timedelta(hours=1))
    (files.inbox / broken.path).write_bytes(half)
    files.noted(broken, "quarantined", {}, reasons=["truncated", "stray_quote", "damaged"])


def _empty(files: Files, delivery: Delivery, received_at: datetime, missing: bool) -> None:
    """A file of no bytes; where no other came for its day, that day is missing."""
    covers = received_at.date()
    name = schedule.name(files.district.feeds[delivery.feed], f"{covers:%Y%m%d}_空")
    empty = delivery._replace(name=name, covers=covers, received_at=received_at)
    (files.inbox / empty.path).touch()
    files.noted(empty, "quarantined", {}, reasons=["empty_file", "not_an_xlsx"], missing=missing)

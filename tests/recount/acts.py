"""What each file reports of acts, and what other feeds and levels say of the same ones."""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from jobs.declarations.feeds import Feed
from tests.recount.known import Delivery, Known
from tests.recount.told import Cells, day_in

SURE = ("1", "2")  # the tiers that link by a number; a name alone is doubt, which reaches nothing adverse
# Who is believed first of an act that several tell, as the preface of config/survivorship.yml has it.
BELIEVED = ("city_penalties", "province_penalties", "market_province_registry", "market_small_registry",
            "market_builders_registry", "market_farming_registry", "market_mixed_registry")
# What reports of one act may say otherwise than each other and the sample writes alike in every feed: words, numbers and days.
COMPARED = ("violation_kind", "violation_facts", "penalty_basis", "penalty_kinds", "penalty_content", "fine_amount_yuan",
            "confiscated_amount_yuan", "withheld_licence", "publicity_end_date", "severity", "enterprise_type", "business_scope")


@dataclass(frozen=True)
class Report:
    """A fact that reaches a credit file, and the act that it is of."""

    delivery: Delivery
    category: str
    act: tuple[str, ...]
    cells: Cells

    @property
    def feed(self) -> str:
        return self.delivery["feed"]


def counted(known: Known) -> Iterator[tuple[str, date, str, Counter[str]]]:
    said: dict[tuple[str, ...], list[Report]] = defaultdict(list)
    for one in reports(known):
        said[one.act].append(one)
    tiers: dict[str, set[str]] = defaultdict(set)
    for feed in known.declared.feeds.values():
        tiers[feed.category].add(feed.level)
    for same in said.values():
        levels = {known.declared.feeds[one.feed].level for one in same}
        shared = len({one.feed for one in same}) > 1
        others = against(known, same) if shared else []
        for one in same:
            category, tiered = known.declared.categories[one.category], len(tiers[one.category]) > 1
            yield one.feed, one.delivery["covers"], "acts", Counter(
                acts=1, adverse=int(category.adverse), declared=int(category.evidence == "declared"), shared=int(shared),
                tiered=int(tiered), one_tier=int(tiered and len(levels) == 1), disagreeing=int(one in others))


def against(known: Known, same: list[Report]) -> list[Report]:
    """The reports that say something else than that of the feed which is believed; of each feed the last it told of the act."""
    order = sorted(same, key=lambda one: (one.delivery["covers"], one.delivery["received_at"]))
    newest = {one.feed: one for one in order}
    first = newest[min(newest, key=BELIEVED.index)]
    return [one for one in newest.values() if any(
        value and value != said(known, first, field) for field in COMPARED if (value := said(known, one, field)))]


def said(known: Known, one: Report, field: str) -> str:
    """The cell of the field, a number without its last noughts, a day by its numbers."""
    source = known.declared.feeds[one.feed].fields.get(field)
    cell = one.cells.get(source.labels[0], "").strip() if source else ""
    if field.endswith("_date"):
        return str(day_in(cell))
    return cell.rstrip("0").rstrip(".") if field.endswith("_yuan") and "." in cell else cell


def reports(known: Known) -> Iterator[Report]:
    for one in known.admitted:
        feed = known.feed(one)
        category = known.declared.categories[feed.category]
        for row in known.rows[one["path"]]:
            for mark in row.facts:
                if revokes(feed, row.cells):
                    continue
                if mark["tier"] in SURE or (mark["tier"] and not category.adverse):
                    yield Report(one, feed.category, act_of(feed, mark, row.cells), row.cells)


def revokes(feed: Feed, cells: Cells) -> bool:
    """What takes an act back is no report of it."""
    source = feed.fields.get("report_action")
    return bool(source and feed.lookups[source.lookup].get(cells.get(source.labels[0], "")) == "revoke")


def act_of(feed: Feed, mark: dict[str, str], cells: Cells) -> tuple[str, ...]:
    """The act and whom it is about; of a registry the state of the enterprise that was approved on that day."""
    if feed.category != "registration":
        return feed.category, mark["act"], mark["enterprise"]
    source = feed.fields.get("approval_date")
    approved = day_in(cells[source.labels[0]], source.options.get("order", "ymd")) if source else None
    return "registration", mark["enterprise"], str(approved or (mark["path"], mark["row_no"]))

"""Every figure of a scorecard recomputed by hand from a few deliveries: bands, gaps, sums, and a year without a calendar."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest

from jobs.answers import scorecards
from jobs.declarations import Declarations
from jobs.declarations.scorecards import MADE, Figure
from jobs.declarations.settings import Settings
from jobs.stores import database
from jobs.stores.ledger import Ledger

PENALTIES, PERMITS = "city_penalties", "city_permits"  # due at 18:00 of the next working day: Tue and Thu, Mon and Thu
WEDNESDAY, NOVEMBER = date(2026, 11, 25), date(2026, 11, 1)
ORGAN = "city_credit_centre"
ROWS = ("rows_facts", "rows_rejected", "rows_duplicate", "rows_household", "rows_natural_person", "facts", "flaws")


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


class Deliveries:
    """Rows of the ledger: what came, and what became of it."""

    def __init__(self, home: Settings) -> None:
        self.home, self.number = home, 0

    def add(self, feed: str, covers: date, received_at: str, rows: tuple[int, ...] = (), made: tuple[int, ...] = (),
            status: str = "received", verdict: str = "admitted") -> None:
        self.number += 1
        one = {"delivery_id": f"d{self.number}", "feed": feed, "covers": covers, "received_at": at(received_at),
               "delivery_status": status, "source_name": "a.csv", "object_sha256": "0", "rows_received": sum(rows[:5])}
        admission = {"delivery_id": f"d{self.number}", "run_id": "r", "known_at": at("2026-11-25T23:00:00"), "verdict": verdict,
                     "category": feed.removeprefix("city_").removesuffix("s").replace("penaltie", "penalty"),
                     **dict(zip(ROWS, rows, strict=False)), **dict(zip(MADE, made, strict=False))}
        with database.engine(self.home).begin() as connection:
            Ledger(connection).add("deliveries", [one])
            Ledger(connection).add("admissions", [admission] if status == "received" else [])


@pytest.fixture
def deliveries(new_home: Callable[..., Settings]) -> Deliveries:
    return Deliveries(new_home())


def told(given: Deliveries, declared: Declarations, as_of: date = WEDNESDAY,
         known_at: str = "2027-12-31T23:00:00") -> dict[tuple[str, str, date, str], tuple]:
    """By name, kind of period, period and figure: numerator, denominator, share, band, provisional."""
    with database.engine(given.home).connect() as connection:
        made = scorecards.table(declared, Ledger(connection), None, as_of, at(known_at))
    return {(row["name"], row["period_kind"], row["period"], row["figure"]): tuple(row.values())[5:] for row in made.to_pylist()}


@pytest.fixture
def week(deliveries: Deliveries) -> Deliveries:
    """Of penalties one on time, one late, one missing, a file that is not readable and one that is held; one of permits."""
    # rows that are facts, rejects, duplicates, households, persons; facts, flaws; then MADE in its order
    deliveries.add(PENALTIES, date(2026, 11, 17), "2026-11-17T20:30:00", (7, 1, 1, 1, 0, 7, 2),
                   (140, 120, 9, 2, 7, 2, 20, 0, 0, 1))
    deliveries.add(PENALTIES, date(2026, 11, 19), "2026-11-23T09:00:00", (5, 0, 0, 0, 0, 5, 0),
                   (100, 100, 5, 0, 5, 1, 9, 1, 0, 0))
    deliveries.add(PENALTIES, date(2026, 11, 17), "2026-11-17T21:00:00", status="quarantined")
    deliveries.add(PENALTIES, date(2026, 11, 19), "2026-11-23T10:00:00", (90, 0, 0, 0, 0, 90, 0), verdict="held")
    deliveries.add(PERMITS, date(2026, 11, 23), "2026-11-23T20:10:00", (80, 5, 0, 13, 2, 80, 0),
                   (800, 700, 85, 0, 80, 0, 0, 0, 0, 0))
    return deliveries


def test_the_month_of_a_feed_is_what_its_deliveries_add_up_to(week: Deliveries, declared: Declarations) -> None:
    found = {figure: values for (name, kind, _, figure), values in told(week, declared).items()
             if (name, kind) == (PENALTIES, "month")}
    share = Decimal
    assert found == {
        "coverage": (1, 1, share("1.0000"), None, False),
        "deliveries": (4, None, None, None, False),
        "on_time": (1, 3, share("0.3333"), "red", False),
        "missing": (1, 3, share("0.3333"), "red", False),
        "admitted": (2, 4, share("0.5000"), "red", False),
        "late_rate": (3, 12, share("0.2500"), "amber", False),
        "delay_hand_over": (28, 30, share("0.9333"), None, False),
        "delay_above": (0, 30, share("0.0000"), None, False),
        "delay_receipt": (1, 30, share("0.0333"), None, False),
        "delay_release": (1, 30, share("0.0333"), None, False),
        "rows": (15, None, None, None, False),
        "stored": (12, None, None, None, False),
        "personal": (1, 15, share("0.0667"), None, False),
        "compliance": (13, 14, share("0.9286"), "red", False),
        "completeness": (220, 240, share("0.9167"), None, False),
        "validity": (220, 222, share("0.9910"), "green", False),
        "uniqueness": (14, 15, share("0.9333"), "red", False),
        "consistency": (12, 14, share("0.8571"), "red", False),
        **dict.fromkeys(("disagreement", "one_tier", "adverse", "voluntary", "slips_open"), (None, None, None, None, False))}


def test_an_organ_adds_the_counts_of_its_feeds_and_averages_no_share(week: Deliveries, declared: Declarations) -> None:
    found, code = told(week, declared), declared.organs[ORGAN].code
    feeds = sum(feed.organ == ORGAN for feed in declared.feeds.values())
    assert found[code, "month", NOVEMBER, "compliance"] == (13 + 80, 14 + 85, Decimal("0.9394"), "red", False)
    assert found[code, "month", NOVEMBER, "coverage"] == (2, feeds, round(Decimal(2) / feeds, 4), None, False)
    assert found[code, "day", date(2026, 11, 23), "on_time"] == (1, 1, 1, "green", False)


def test_a_month_adds_its_days(week: Deliveries, declared: Declarations) -> None:
    found = told(week, declared)
    days = [values[:2] for (name, kind, _, figure), values in found.items()
            if (name, kind, figure) == (PENALTIES, "day", "on_time")]
    assert sorted(days) == [(0, 1), (0, 1), (1, 1)]
    assert found[PENALTIES, "day", date(2026, 11, 24), "missing"] == (1, 1, 1, "red", False)
    assert (PENALTIES, "day", date(2026, 11, 24), "compliance") not in found  # nothing came: there is nothing to tell


def test_a_feed_that_never_came_is_a_gap_and_no_zero(week: Deliveries, declared: Declarations) -> None:
    found = told(week, declared)
    assert found["court_debtors", "month", NOVEMBER, "coverage"] == (0, 1, 0, None, False)
    assert found["court_debtors", "month", NOVEMBER, "compliance"] == (None, None, None, None, False)


def test_nothing_that_came_later_is_known(week: Deliveries, declared: Declarations) -> None:
    found = told(week, declared, known_at="2026-11-23T09:30:00")  # before anything was admitted
    assert found[PENALTIES, "month", NOVEMBER, "deliveries"][0] == 3
    assert found[PENALTIES, "month", NOVEMBER, "rows"][0] is None


def test_counts_that_were_not_made_then_are_null(deliveries: Deliveries, declared: Declarations) -> None:
    deliveries.add(PENALTIES, date(2026, 11, 17), "2026-11-17T20:30:00", (7, 1, 1, 1, 0, 7, 2))
    found = told(deliveries, declared)
    assert found[PENALTIES, "month", NOVEMBER, "completeness"] == (None, None, None, None, False)
    assert found[PENALTIES, "month", NOVEMBER, "compliance"][:2] == (8, 9)


def test_over_a_holiday_week_the_make_up_day_counts_and_the_days_off_do_not(deliveries: Deliveries,
                                                                            declared: Declarations) -> None:
    """Of 2026 the 1st to the 7th of October are off and Saturday the 10th is worked: what covers Friday the 9th is due on it."""
    deliveries.add("province_penalties", date(2026, 9, 30), "2026-10-08T17:59:00")  # the 8th is the next working day
    deliveries.add("province_penalties", date(2026, 10, 9), "2026-10-12T09:00:00")
    found = told(deliveries, declared, date(2026, 10, 10))
    assert found["province_penalties", "month", date(2026, 9, 1), "on_time"][:2] == (1, 1)
    assert found["province_penalties", "month", date(2026, 10, 1), "on_time"][:2] == (0, 1)  # nobody owes the 2nd and the 7th


def test_into_a_year_without_a_calendar_figures_are_provisional_and_nobody_is_late(deliveries: Deliveries,
                                                                                  declared: Declarations) -> None:
    deliveries.add(PENALTIES, date(2026, 12, 29), "2026-12-29T21:00:00", (7, 0, 0, 0, 0, 7, 0), (7, 7, 7, 0, 7, 0, 0, 0))
    deliveries.add(PENALTIES, date(2026, 12, 31), "2027-01-08T21:00:00", (7, 0, 0, 0, 0, 7, 0), (7, 7, 7, 0, 0, 0, 0, 0))
    found = told(deliveries, declared, date(2027, 1, 10))
    december, january = date(2026, 12, 1), date(2027, 1, 1)
    assert found[PENALTIES, "month", december, "on_time"] == (1, 1, 1, "green", True)
    assert found[PENALTIES, "month", december, "late_rate"] == (0, 7, 0, "green", True)
    assert found[PENALTIES, "month", december, "compliance"] == (14, 14, 1, "green", False)
    assert found[PENALTIES, "month", january, "missing"] == (None, None, None, None, True)
    assert found[PENALTIES, "day", date(2026, 12, 31), "on_time"] == (None, None, None, None, True)


@pytest.mark.parametrize(("better", "numerator", "denominator", "band"), [
    pytest.param("high", 98, 100, "green", id="on the bound"),
    pytest.param("high", 979999, 1000000, "amber", id="below it by less than is shown"),
    pytest.param("high", 9, 10, "amber", id="on the lower bound"),
    pytest.param("high", 899, 1000, "red", id="below both"),
    pytest.param("low", 2, 100, "green", id="low: on the bound"),
    pytest.param("low", 20001, 1000000, "amber", id="low: above it by less than is shown"),
    pytest.param("low", 1, 10, "amber", id="low: on the upper bound"),
    pytest.param("low", 101, 1000, "red", id="low: above both"),
])
def test_a_share_on_a_bound_is_in_the_better_band(better: str, numerator: int, denominator: int, band: str) -> None:
    bounds = {"green": "0.98", "amber": "0.9"} if better == "high" else {"green": "0.02", "amber": "0.1"}
    figure = Figure(zh="x", en="x", numerator="on_time", denominator="owed", better=better, bands={**bounds, "because": "test"})
    told = scorecards.shared(figure, {"on_time": numerator, "owed": denominator})
    assert (told["band"], told["share"]) == (band, round(Decimal(numerator) / denominator, 4))


def mix(adverse: int, other: int) -> dict[str, int]:
    return {"acts": adverse + other, "acts_adverse": adverse, "acts_declared": 0}


@pytest.mark.parametrize(("before", "now", "band"), [
    pytest.param((40, 60), (50, 50), "green", id="on the bound"),
    pytest.param((40, 60), (501, 499), "amber", id="above it by less than is shown"),
    pytest.param((40, 60), (15, 85), "amber", id="the other way, on the upper bound"),
    pytest.param((40, 60), (66, 34), "red", id="above both"),
    pytest.param((40, 60), (29, 0), None, id="too few now"),
    pytest.param((10, 19), (90, 10), None, id="too few before"),
    pytest.param((0, 0), (90, 10), None, id="nothing before"),
])
def test_a_mix_that_drifts_from_that_of_the_days_before_is_asked_about(
        declared: Declarations, before: tuple[int, int], now: tuple[int, int], band: str | None) -> None:
    """Of an organ, whose penalties are adverse and whose permits are not; the days before the month are ninety."""
    told = {PENALTIES: {date(2026, 8, 3): mix(before[0], 0), date(2026, 8, 2): mix(1000, 0), WEDNESDAY: mix(now[0], 0)},
            PERMITS: {date(2026, 10, 31): mix(0, before[1]), WEDNESDAY: mix(0, now[1])}}
    found = scorecards.rows(declared, told, date(2026, 10, 1), date(2026, 10, 1), WEDNESDAY)
    code = declared.organs[ORGAN].code
    [row] = [row for row in found if (row["name"], row["period_kind"], row["figure"]) == (code, "month", "adverse")
             and row["period"] == NOVEMBER]
    assert (row["numerator"], row["denominator"], row["band"]) == (now[0], sum(now), band)


def test_no_month_is_told_of_that_a_drift_alone_looks_at(declared: Declarations) -> None:
    told = {PENALTIES: {date(2026, 8, 3): mix(40, 0), WEDNESDAY: mix(40, 0)}}
    found = scorecards.rows(declared, told, date(2026, 10, 1), date(2026, 10, 1), WEDNESDAY)
    assert {row["period"] for row in found if row["period_kind"] == "month"} == {date(2026, 10, 1), NOVEMBER}


def test_a_share_of_nothing_is_null(declared: Declarations) -> None:
    none = {"numerator": 0, "denominator": 0, "share": None, "band": None}
    assert scorecards.shared(declared.scorecards.figures["on_time"], {"on_time": 0, "owed": 0}) == none


def test_what_answers_for_a_feed_is_who_took_over(declared: Declarations) -> None:
    heir = declared.organs["city_market_regulation"].code
    gone = declared.feeds["abnormal_list"].model_copy(update={"organ": "city_industry_commerce"})
    feeds = type("Feeds", (), {"feeds": {"abnormal_list": gone}, "organs": declared.organs})
    own = declared.organs["city_industry_commerce"].code
    assert scorecards.answering(feeds, "abnormal_list", date(2018, 12, 31)).name == own
    assert scorecards.answering(feeds, "abnormal_list", date(2019, 1, 1)).name == heir

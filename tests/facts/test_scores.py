"""What scorecards count of rows: values, acts that ran out of their clock by working days, and broken checks."""
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from jobs.declarations.settings import ROOT
from jobs.facts import scores
from jobs.facts.cleaning import TELLING
from jobs.facts.rows import schema
from jobs.values.dates import Calendar

CALENDAR = Calendar.load(ROOT / "config" / "codes" / "working_days.csv")


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


CASES = {  # decided, received (UTC), and what is expected: dated, late, waited
    "the seventh working day, over the holiday week": (date(2026, 9, 28), at(date(2026, 10, 13)), (1, 0, 0)),
    "the eighth: the 10th, a Saturday, is worked": (date(2026, 9, 28), at(date(2026, 10, 14)), (1, 1, 7)),
    "in the evening of the seventh by UTC, the eighth in Shanghai": (date(2026, 9, 28), at(date(2026, 10, 13), 17), (1, 1, 7)),
    "on the day itself": (date(2026, 11, 20), at(date(2026, 11, 20)), (1, 0, 0)),
    "of a year before the calendar": (date(2023, 12, 20), at(date(2026, 11, 20)), (0, 0, 0)),
    "received in a year without one, in doubt": (date(2026, 12, 28), at(date(2027, 1, 20)), (0, 0, 0)),
    "received in a year without one, its clock over before": (date(2026, 11, 2), at(date(2027, 1, 20)), (1, 1, 0)),
    "received on the first day of it": (date(2026, 12, 28), at(date(2027, 1, 1)), (1, 0, 0)),
    "without a date": (None, at(date(2026, 11, 20)), (0, 0, 0)),
}


@pytest.fixture(scope="module")
def counted(spark, declared) -> dict[str, dict]:
    """By the place of each case, and behind them a rejected row and a fact with flaws."""
    shape = schema(declared.categories["penalty"], {name: field.type for name, field in declared.fields.items()})
    rows = [{"outcome": "fact", "feed": "city_penalties", "row_no": place, "event_date": decided, "received_at": received,
             "subject_name": "示例市甲有限公司", "document_no": "示罚1号", "severity": "minor", "report_action": "report"}
            for place, (decided, received, _) in enumerate(CASES.values())]
    broken = {"field": "fine_amount_yuan", "value": "5", "reason": "unit_slip"}
    other = {"field": "remarks", "value": "x", "reason": "masked_personal"}
    rows += [{"outcome": "reject", "row_no": 100, "reject_field": "decision_date", "reject_reason": "after_receipt"},
             {"outcome": "reject", "row_no": 101, "reject_field": "document_no", "reject_reason": "missing"},
             {"outcome": "fact", "row_no": 102, "flaws": [other, broken]}, {"outcome": "fact", "row_no": 103, "flaws": [other]}]
    frame = spark.createDataFrame(pa.Table.from_pylist(rows, shape))
    given = frame.select("row_no", *TELLING, "feed", "received_at", *scores.of_category("penalty", declared))
    told = given.select("row_no", "there", *scores.of_all(declared, CALENDAR)).collect()
    return {row["row_no"]: row.asDict() for row in told}


@pytest.mark.parametrize("case", CASES)
def test_an_act_is_late_after_the_seventh_working_day(counted, case):
    row = counted[list(CASES).index(case)]
    assert (row["dated"], row["late"], row["waited"]) == CASES[case][2]


def test_the_calendar_by_hand_says_the_same():
    for decided, received, (dated, late, _) in CASES.values():
        if dated and received.year == 2026:
            shanghai = received.astimezone(scores.SHANGHAI).date()
            assert (shanghai > CALENDAR.add_working_days(decided, 7)) == bool(late)


def test_only_columns_that_every_delivery_has_are_counted(counted, declared):
    assert {"subject_name", "document_no"} <= set(scores.always(declared.feeds["city_penalties"]))
    assert counted[0]["there"] == 2  # severity is optional there, and the feed gives no report_action


def test_a_broken_check_is_of_the_row(counted):
    assert [counted[place]["inconsistent"] for place in (100, 101, 102, 103)] == [1, 0, 1, 0]


def test_the_way_to_us_is_a_part_of_what_late_acts_waited(declared):
    account = {"facts": 10, "there": 90, "dated": 10, "late": 2, "waited": 20, "inconsistent": 1}
    monday, friday = date(2026, 11, 16), date(2026, 11, 20)
    delivery = {"feed": "city_penalties", "rows_received": 12, "covers": monday, "received_at": at(friday),
                "first_admitted_at": at(friday + timedelta(days=4))}
    told = scores.of_delivery(declared, delivery, account, CALENDAR, 1)
    assert (told["days_waited"], told["days_receipt"], told["rows_checked"]) == (20, 2 * 3, 11)
    assert (told["days_above"], told["days_release"]) == (0, 2 * 2)  # Friday and Monday, until the night of Tuesday
    from_above = scores.of_delivery(declared, {**delivery, "feed": "province_penalties"}, account, CALENDAR, 1)
    assert from_above["days_above"] == from_above["days_receipt"] == 2 * 3
    assert told["values_given"] == 10 * len(scores.always(declared.feeds["city_penalties"]))
    assert set(scores.of_delivery(declared, delivery, {}, CALENDAR, 0).values()) == {None}

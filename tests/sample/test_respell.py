"""Dates moved within their spelling."""

from datetime import date

import pytest

from sample.respell import Move, days_in, moved, period_moved, unit


@pytest.mark.parametrize(
    ("cell", "order", "later"),
    [
        ("2026-11-01", "ymd", "2026-11-04"),
        ("2026/1/2", "ymd", "2026/1/5"),
        ("2026/01/02 00:00:00", "ymd", "2026/01/05 00:00:00"),
        ("2026年12月30日", "ymd", "2027年01月02日"),
        ("20260102", "ymd", "20260105"),
        ("20260102101112", "ymd", "20260105101112"),
        ("2/1/2026 00:00:00", "dmy", "5/1/2026 00:00:00"),
        ("1/2/2026", "mdy", "1/5/2026"),
        ("45000", "ymd", "45003"),
        ("2026-11-01 至 2027-01-02", "ymd", "2026-11-04 至 2027-01-05"),
        ("2099-12-31", "ymd", "2099-12-31"),
        ("长期", "ymd", "长期"),
        ("2026-02-30", "ymd", "2026-02-30"),
        ("于2026年7月3日作出，罚款45000元，20260102", "", "于2026年7月6日作出，罚款45000元，20260102"),
    ],
)
def test_a_date_keeps_its_spelling(cell, order, later):
    assert moved(cell, Move(days=3), order) == later


def test_the_days_of_a_cell_are_those_that_mean_an_end():
    assert list(days_in("2026-11-01 至 2099-12-31", "ymd")) == [date(2026, 11, 1)]


@pytest.mark.parametrize(
    ("cell", "months", "earlier"),
    [
        ("2026", 12, "2025"), ("2026年度", 12, "2025年度"), ("2026-10", 1, "2025-10"), ("202610", 1, "202510"),
        ("2026年1月", 1, "2025年1月"), ("2026年第三季度", 3, "2025年第三季度"), ("2026Q3", 3, "2025Q3"),
    ],
)  # fmt: skip
def test_a_period_moves_by_whole_ones(cell, months, earlier):
    assert unit(cell) == months
    assert period_moved(cell, Move(months=-12)) == earlier


def test_what_is_no_period_has_no_unit():
    assert [unit(cell) for cell in ("", "340100", "12", "2026-10-01", "长期")] == [0, 0, 0, 0, 0]


def test_a_day_that_a_month_has_not_is_its_last():
    assert Move(months=-1).day(date(2026, 3, 31)) == date(2026, 2, 28)
    assert Move(months=1).day(date(2026, 12, 31)) == date(2027, 1, 31)

import csv
from datetime import date, timedelta

import chinese_calendar
import pytest

from jobs.values import dates
from jobs.values.dates import Calendar, CalendarYearError

DAY = date(2020, 4, 9)


@pytest.mark.parametrize(
    "written",
    ["2020-4-9", "2020-04-09", "2020/04/09", "2020.4.9", "20200409", "2020年4月9日", "2020年04月09", "２０２０－０４－０９",
     " 2020-04-09 ", "2020-04-09 00:00:00", "2020-04-09 00:00:00.0", "2020-04-09T13:45:59.123", "2020/4/9 0:00", "20200409120000",
     "二〇二〇年四月九日", "2020-04-08T16:00:00Z", "2020-04-08T16:00:00.000Z", "2020-04-09T00:00:00+08:00",
     "2020-04-09T01:00:00+0900", "2020–04–09", "2020年4月9号", "2020-04-09 星期四", "2020年4月9日（周四）", "9-Apr-2020",
     "Apr 9, 2020", "April 9 2020", "Thu Apr 09 00:00:00 CST 2020"],
)  # fmt: skip
def test_a_day_in_its_usual_spellings(written):
    assert dates.date(written) == (DAY, None)


@pytest.mark.parametrize(
    ("written", "order", "day"),
    [
        ("9/4/2020", "dmy", DAY),
        ("9/4/2020 00:00:00", "dmy", DAY),
        ("09.04.2020", "dmy", DAY),
        ("4/9/2020", "mdy", DAY),
        ("26/7/1995 00:00:00", "dmy", date(1995, 7, 26)),
        ("2020-04-09", "dmy", DAY),
        ("2020/4/9", "mdy", DAY),
    ],
)
def test_the_order_of_the_feed_rules_where_the_year_stands_last(written, order, day):
    assert dates.date(written, order=order) == (day, None)


@pytest.mark.parametrize("day", ["十九", "十", "三十一", "二十", "九"])
def test_han_numerals(day):
    said, _ = dates.date(f"二〇一九年十二月{day}日")
    assert said == date(2019, 12, {"十九": 19, "十": 10, "三十一": 31, "二十": 20, "九": 9}[day])


@pytest.mark.parametrize(
    ("written", "options", "reason"),
    [
        ("2023-02-29", {}, "not_a_date"),
        ("2023-13-01", {}, "not_a_date"),
        ("2020-00-10", {}, "not_a_date"),
        ("13/13/2020", {"order": "dmy"}, "not_a_date"),
        ("9/26/2020", {"order": "dmy"}, "not_a_date"),
        ("0000-00-00", {}, "not_a_date"),
        ("很久以前", {}, "not_a_date"),
        ("2020-04-09 abc", {}, "not_a_date"),
        ("9/4/2020", {}, "wrong_order"),
        ("20-4-9", {}, "two_digit_year"),
        ("9/4/20", {"order": "dmy"}, "two_digit_year"),
        ("20年4月9日", {}, "two_digit_year"),
        ("2020年4月", {}, "precision_month"),
        ("2020-04", {}, "precision_month"),
        ("二〇二〇年四月", {}, "precision_month"),
        ("2020", {}, "precision_year"),
        ("2020年度", {}, "precision_year"),
        ("2023年第三季度", {}, "quarter"),
        ("2023年三季度", {}, "quarter"),
        ("2023Q3", {}, "quarter"),
        ("2023年上半年", {}, "not_a_date"),
        ("2020-13", {}, "not_a_date"),
        ("1586361600000", {}, "epoch_number"),
        ("43930", {}, "excel_serial"),
        ("1066-10-14", {}, "date_out_of_range"),
        ("2120-01-01", {}, "date_out_of_range"),
        ("2020-04-09", {"earliest": "2021-01-01"}, "date_out_of_range"),
        ("2020-04-09", {"latest": "2019-12-31"}, "date_out_of_range"),
        ("2020-04-09�", {}, "mojibake"),
    ],
)
def test_what_is_no_day_says_why(written, options, reason):
    assert dates.date(written, **options) == (None, reason)


@pytest.mark.parametrize(("written", "day"), [("43930", DAY), ("43930.5", DAY), ("36526", date(2000, 1, 1))])
def test_a_spreadsheets_day_number_where_the_feed_declares_it(written, day):
    assert dates.date(written, serial=True) == (day, None)


@pytest.mark.parametrize("written", ["1586361600000", "1586447999999"])
def test_milliseconds_since_1970_where_the_feed_declares_them(written):
    assert dates.date(written, epoch=True) == (DAY, None)


@pytest.mark.parametrize(
    ("written", "reduced"),
    [
        ("2020年4月9日", ("2020-04-09", None)),
        ("2020年4月", ("2020-04", None)),
        ("2020/4", ("2020-04", None)),
        ("二〇二〇年", ("2020", None)),
        ("2020年度", ("2020", None)),
        ("1066", (None, "date_out_of_range")),
        ("2023年第三季度", (None, "quarter")),
        ("长期", (None, "not_a_date")),
        ("-", (None, None)),
    ],
)
def test_a_reduced_date_is_as_exact_as_the_cell(written, reduced):
    assert dates.reduced_date(written) == reduced


def test_any_date_may_be_one_end_of_a_range():
    cell = "2020年4月9日至2030年4月8日"
    assert dates.date(cell, of_range="start") == (DAY, None)
    assert dates.open_date(cell, of_range="end") == (date(2030, 4, 8), None)
    assert dates.open_date("2020.4.9-长期", of_range="end") == (None, "open_ended")
    assert dates.date("9/4/2020 至 8/4/2030", order="dmy", of_range="start") == (DAY, None)
    assert dates.date("2020-04-09", of_range="start") == (None, "not_a_term")
    assert dates.date(cell) == (None, "not_a_date")


@pytest.mark.parametrize(
    "written",
    ["长期", "无固定期限", "永久", "长期有效", "2099-12-31", "2099/12/31", "9999-12-31", "99991231", "2099-12-31 00:00:00"],
)
def test_no_end_is_a_mark(written):
    assert dates.open_date(written) == (None, "open_ended")
    assert dates.date("2098-12-31") == (date(2098, 12, 31), None)


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2020-04-09至无固定期限", (DAY, None), (None, "open_ended")),
        ("2020-04-09 至 2030-04-08", (DAY, None), (date(2030, 4, 8), None)),
        ("2020-04-09至2030-04-08", (DAY, None), (date(2030, 4, 8), None)),
        ("2020年4月9日至2030年4月8日", (DAY, None), (date(2030, 4, 8), None)),
        ("自2020年4月9日起至2030年4月8日止", (DAY, None), (date(2030, 4, 8), None)),
        ("2020-04-09 - 2030-04-08", (DAY, None), (date(2030, 4, 8), None)),
        ("2020.04.09—长期", (DAY, None), (None, "open_ended")),
        ("2020.04.09-2030.04.08", (DAY, None), (date(2030, 4, 8), None)),
        ("2020年4月9日-2030年4月8日", (DAY, None), (date(2030, 4, 8), None)),
        ("2020-04-09-2030-04-08", (None, "not_a_term"), (None, "not_a_term")),
        ("2020-04-09 ~ 9999-12-31", (DAY, None), (None, "open_ended")),
        ("2020-04-09至", (DAY, None), (None, None)),
        ("至2030-04-08", (None, None), (date(2030, 4, 8), None)),
        ("长期", (None, None), (None, "open_ended")),
        ("2020-04-09", (None, "not_a_term"), (None, "not_a_term")),
        ("2020-04-09至2020-02-30", (DAY, None), (None, "not_a_date")),
        ("-", (None, None), (None, None)),
    ],
)
def test_business_terms(written, start, end):
    assert dates.term_start(written) == start
    assert dates.term_end(written) == end


def test_real_days_are_day_first_against_the_business_term(realdata):
    with open(realdata / "registry" / "companies.csv", encoding="utf-8", newline="") as rows:
        pairs = [(row["establishment_date"], row["business_term"]) for row in csv.DictReader(rows)]
    both = [(dates.date(day, order="dmy")[0], dates.term_start(term)[0]) for day, term in pairs if day and term]
    assert len(both) == 931
    assert sum(day == start for day, start in both) == 930


@pytest.fixture(scope="module")
def calendar(codes_folder):
    return Calendar.load(codes_folder / "working_days.csv")


@pytest.mark.parametrize(
    ("decided", "due"),
    [
        ("2024-02-08", "2024-02-23"),
        ("2024-09-27", "2024-10-12"),
        ("2025-01-24", "2025-02-10"),
        ("2025-09-26", "2025-10-13"),
        ("2026-02-11", "2026-02-27"),
        ("2026-02-13", "2026-03-02"),
        ("2026-04-30", "2026-05-13"),
        ("2026-09-30", "2026-10-15"),
    ],
)
def test_seven_working_days_after_a_decision(calendar, decided, due):
    day, end = date.fromisoformat(decided), date.fromisoformat(due)
    assert calendar.add_working_days(day, 7) == end
    assert calendar.working_days_after(day, end) == 7
    assert calendar.add_working_days(day, 0) == day


@pytest.mark.parametrize(("year", "worked"), [(2024, 251), (2025, 248), (2026, 248)])
def test_every_day_agrees_with_chinesecalendar(calendar, year, worked):
    days = [date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    assert [day for day in days if calendar.is_working_day(day) != chinese_calendar.is_workday(day)] == []
    assert sum(map(calendar.is_working_day, days)) == worked


def test_a_year_without_a_notice_is_an_error_and_no_estimate(calendar):
    with pytest.raises(CalendarYearError, match=r"working_days.csv has no year 2027 \(it has 2024, 2025, 2026\)"):
        calendar.add_working_days(date(2026, 12, 28), 7)
    with pytest.raises(CalendarYearError, match="2023"):
        calendar.is_working_day(date(2023, 12, 29))


def test_a_calendar_of_another_kind_is_refused(tmp_path):
    file = tmp_path / "days.csv"
    file.write_text("date,kind,notice\n2026-01-01,holiday,x\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2: kind 'holiday' is not one of off, work"):
        Calendar.load(file)
    with pytest.raises(ValueError, match="forward"):
        Calendar({date(2026, 1, 1): "off"}).add_working_days(date(2026, 1, 5), -1)


def test_working_days_are_counted_from_the_last_years_without_a_gap():
    kinds = {date(2023, 1, 2): "off", date(2025, 1, 1): "off", date(2026, 1, 1): "off"}  # 2024 is not entered
    first, counts = Calendar(kinds).counted()
    assert (first, len(counts)) == (date(2025, 1, 1), 730)
    assert counts[:5] == [0, 1, 2, 2, 2]  # a holiday, Thursday, Friday, and a weekend
    for start, end in ((date(2025, 1, 3), date(2025, 3, 1)), (date(2025, 12, 20), date(2026, 1, 20))):
        assert counts[(end - first).days] - counts[(start - first).days] == Calendar(kinds).working_days_after(start, end)

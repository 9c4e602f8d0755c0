from datetime import UTC, datetime

from jobs.answers.layout import clipped, columns_of, counted, shown, table


def test_han_characters_take_two_columns_and_numbers_stand_to_the_right() -> None:
    lines = table(["feed", "rows"], [["行政处罚", 1200], ["ab", 7]])
    assert lines == ["feed       rows", "行政处罚  1,200", "ab            7"]
    assert {columns_of(line) for line in lines} == {15}


def test_what_is_longer_than_its_column_ends_in_dots() -> None:
    assert clipped("行政处罚决定书", 8) == "行政处…"
    assert clipped("short", 8) == "short"


def test_moments_are_shown_in_shanghai() -> None:
    assert shown(datetime(2026, 11, 20, 16, 30, tzinfo=UTC)) == "2026-11-21 00:30"


def test_counts_are_told_the_most_frequent_first() -> None:
    assert counted({"a": 2, "c": 1200, "b": 2}.items()) == "1,200 c, 2 a, 2 b"
    assert counted([]) == "none"

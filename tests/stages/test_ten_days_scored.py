"""Every figure of scorecards and bulletins over ten business days is what the truth says: a week of holidays with its make-up
days, and a year end into a year without a calendar; with late, missing, held and repeated files, and a month restated."""
from __future__ import annotations

import csv
import io
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from jobs.declarations import Declarations
from jobs.declarations.settings import Settings
from tests.recount import bulletins
from tests.recount.cards import FIGURES, cards
from tests.recount.counts import tallies
from tests.recount.known import Known
from tests.recount.slips import Slip, slips
from tests.standing import asked
from tests.ten_days import HELD, Table, Window, evening, window

SEPTEMBER, DECEMBER = date(2026, 9, 1), date(2026, 12, 1)
FRIDAY_BEFORE, LAST, LATER = date(2026, 9, 24), date(2026, 10, 12), date(2026, 10, 16)
NEW_YEAR, END = date(2027, 1, 3), date(2027, 1, 8)
PENALTIES, COURT = "city_penalties", "court_debtors"


@dataclass(frozen=True)
class Night:
    """What a release and the bulletins of it said, and the truth of what it knew."""

    served: dict[tuple[Any, ...], tuple[Any, ...]]
    known: Known
    tables: Table

    @property
    def slips(self) -> list[Slip]:
        return slips(self.known)

    def expected(self, since: date, until: date, month: bool = False) -> set[tuple[str, ...]]:
        return bulletins.lines(self.known, tallies(self.known, self.slips), self.slips, since, until, month)


@pytest.fixture(scope="module")
def holidays(new_home: Callable[..., Settings], declared: Declarations, spark: object) -> Window:
    """The hamlet from 22 September to 12 October 2026: two holidays, and a Saturday that is worked."""
    return window(new_home(), declared, LAST)


@pytest.fixture(scope="module")
def first(holidays: Window, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """After the last of the ten days, September just frozen; a release before the holidays told the first slips."""
    holidays.night(FRIDAY_BEFORE)
    known, to = holidays.night(LAST), tmp_path_factory.mktemp("first")
    tables = holidays.bulletin(evening(LAST), to, days=5) | holidays.bulletin(evening(LAST), to, month=SEPTEMBER)
    return Night(holidays.served(), known, tables)


@pytest.fixture(scope="module")
def corrected(holidays: Window, first: Night, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """After three files of September came in October, and the month was restated."""
    at, to = evening(LATER) - timedelta(hours=3), tmp_path_factory.mktemp("corrected")
    holidays.sends(*with_its_usual_header(holidays, to), at)
    holidays.sends(*the_day_that_was_missing(holidays, to), at)
    holidays.sends(*with_another_violation(holidays, to), at)
    known = holidays.night(LATER)
    holidays.bulletin(evening(LATER), to / "told", month=SEPTEMBER, restate=True, because="补报、更正")
    return Night(holidays.served(), known, holidays.bulletin(evening(LATER), to / "told", month=SEPTEMBER))


def with_its_usual_header(holidays: Window, to: Path) -> tuple[Path, str, date]:
    [held] = [one for one in holidays.truth() if one["delivery_status"] == "held"]
    file = to / Path(held["path"]).name
    file.write_bytes((holidays.inbox / held["path"]).read_bytes().decode("gb18030").replace("（新）", "", 1).encode("gb18030"))
    return file, held["path"], held["covers"]


def the_day_that_was_missing(holidays: Window, to: Path) -> tuple[Path, str, date]:
    """The day says what another day said, word for word."""
    day = next(one["covers"] for one in holidays.truth() if one["feed"] == COURT and one.get("missing"))
    like = next(one["path"] for one in holidays.truth() if one["feed"] == COURT and one["covers"] > day)
    shutil.copy(holidays.inbox / like, to / f"{COURT}_{day:%Y%m%d}.csv")
    return to / f"{COURT}_{day:%Y%m%d}.csv", like, day


def with_another_violation(holidays: Window, to: Path) -> tuple[Path, str, date]:
    """The city corrects what it said of acts, some of which the province told as the city did before."""
    like = f"{PENALTIES}/{PENALTIES}_20260924.xlsx"
    book = load_workbook(holidays.inbox / like)
    column = next(cell.column for cell in book.active[2] if cell.value == "违法行为类型")
    for line in range(3, book.active.max_row + 1):
        book.active.cell(line, column).value = "违反计量管理规定"
    book.save(to / Path(like).name)
    return to / Path(like).name, like, date(2026, 9, 24)


@pytest.fixture(scope="module")
def year_end(new_home: Callable[..., Settings], declared: Declarations, spark: object,
             tmp_path_factory: pytest.TempPathFactory) -> Night:
    """The hamlet from 28 December 2026 to 8 January 2027, of which year nobody knows the holidays."""
    one, to = window(new_home(), declared, END), tmp_path_factory.mktemp("year")
    known = one.night(END)
    tables = one.bulletin(evening(END), to, days=5, until=NEW_YEAR) | one.bulletin(evening(END), to, month=DECEMBER)
    return Night(one.served(), known, tables)


# ---- the figures

@pytest.mark.parametrize("night", ["first", "corrected", "year_end"])
def test_every_row_of_the_scorecards_is_what_the_truth_adds_up_to(night: str, request: pytest.FixtureRequest) -> None:
    told: Night = request.getfixturevalue(night)
    expected = cards(told.known, tallies(told.known, told.slips))
    wrong = {key: (told.served.get(key), expected.get(key)) for key in told.served | expected
             if told.served.get(key) != expected.get(key)}
    assert Counter(figure for *_, figure in wrong) == {}, list(wrong.items())[:9]
    assert {key[4] for key in expected} == set(FIGURES) == set(told.known.declared.scorecards.figures)


OF_FIVE, OF_SEPTEMBER = (date(2026, 10, 8), LAST, False), (SEPTEMBER, date(2026, 9, 30), True)
OVER_THE_YEAR, OF_DECEMBER = (date(2026, 12, 30), NEW_YEAR, False), (DECEMBER, date(2026, 12, 31), True)


@pytest.mark.parametrize(("night", "name", "asked_for"), [
    pytest.param("first", "bulletin-2026-10-08-2026-10-12.en.csv", OF_FIVE, id="five days with a make-up day"),
    pytest.param("first", "bulletin-2026-09.en.csv", OF_SEPTEMBER, id="the frozen month"),
    pytest.param("corrected", "bulletin-2026-09.restated-1.en.csv", OF_SEPTEMBER, id="the month restated"),
    pytest.param("year_end", "bulletin-2026-12-30-2027-01-03.en.csv", OVER_THE_YEAR, id="five days over the year"),
    pytest.param("year_end", "bulletin-2026-12.en.csv", OF_DECEMBER, id="the last month of the calendar"),
])
def test_every_line_of_a_bulletin_is_what_the_truth_adds_up_to(night: str, name: str, asked_for: tuple[date, date, bool],
                                                              request: pytest.FixtureRequest) -> None:
    told: Night = request.getfixturevalue(night)
    expected = told.expected(*asked_for)
    assert sorted(told.tables[name] - expected) == []
    assert sorted(expected - told.tables[name]) == []


# ---- what the days are for: each of these is among the figures above

def arrivals(told: Table, name: str) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(line[1], line[3]): line[4:] for line in told[name] if line[0] == "day"}


def test_the_days_hold_what_they_are_for(first: Night, corrected: Night, year_end: Night) -> None:
    of_five, of_month = (arrivals(first.tables, f"bulletin-{name}.en.csv") for name in ("2026-10-08-2026-10-12", "2026-09"))
    states = {value[-1] for value in (*of_five.values(), *of_month.values())}
    assert states == {"on_time", "late", "missing", "gap"}
    assert of_five[COURT, "2026-10-10"][-1] == "on_time"  # a Saturday that is worked
    assert of_five["province_permits", "2026-10-09"][-1] == "late"  # due on it, came on Monday
    assert of_five["city_permits", "2026-10-08"] == ("0", "1", "", "", "missing")  # an empty file came
    assert of_month[HELD, "2026-09-24"] == ("0", "1", "", "", "on_time")  # held: it came, and is not admitted
    assert of_month[PENALTIES, "2026-09-22"] == ("1", "1", "", "", "on_time")  # the same bytes came twice
    assert {day for (feed, day), value in of_month.items() if feed == COURT and value[-1] == "missing"} == {"2026-09-23"}
    assert {slip.status for slip in corrected.slips} == {"open", "closed", "overdue"}
    over = arrivals(year_end.tables, "bulletin-2026-12-30-2027-01-03.en.csv")
    assert {value[-1] for (_, day), value in over.items() if day > "2026-12-31"} == {"provisional", "gap"}
    adverse = [said for key, said in corrected.served.items() if key[4] == "disagreement" and said[0]]
    assert adverse


def test_nobody_is_late_or_missing_in_a_year_without_a_calendar(year_end: Night) -> None:
    january = {key: said for key, said in year_end.served.items() if key[3] >= END.replace(day=1)}
    assert {said[:2] for key, said in january.items() if key[4] in ("on_time", "missing")} == {(None, None)}
    assert any(said[4] for key, said in january.items() if key[4] == "on_time")
    late = [said for key, said in january.items() if key[4] == "late_rate" and key[1] == PENALTIES and key[2] == "month"]
    assert [said[4] for said in late] == [True]


# ---- the restatement

def test_a_restatement_says_of_every_figure_what_it_was_and_is(holidays: Window, first: Night, corrected: Night) -> None:
    was, now = ({line[:4]: line[4:] for line in one.expected(*OF_SEPTEMBER)} for one in (first, corrected))
    changed = {key for key in was | now if was.get(key) != now.get(key)}
    restated = {key[:4]: key[4:6] for key in changes(holidays)}
    assert set(restated) == changed
    assert restated["day", COURT, "arrival", "2026-09-23"] == ("0/1 missing", "1/2 late")
    assert restated["day", HELD, "arrival", "2026-09-24"] == ("0/1 on time", "1/2 on time")
    assert corrected.tables["bulletin-2026-09.en.csv"] == first.tables["bulletin-2026-09.en.csv"]  # what was frozen stays


def changes(holidays: Window) -> list[tuple[str, ...]]:
    [row] = asked(holidays.home, "select sha256, restates, release_id from ledger.bulletins where restates is not null")
    [frozen] = asked(holidays.home, "select sha256, release_id from ledger.bulletins where restates is null")
    assert (row["restates"], row["release_id"] != frozen["release_id"]) == (frozen["sha256"], True)
    file = holidays.home.home / "bulletins" / "2026-09" / row["sha256"] / "2026-09.en.changes.csv"
    return [tuple(line) for line in list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))[1:]]

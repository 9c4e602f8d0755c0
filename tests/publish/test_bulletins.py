"""Both bulletins: their figures are the table's, a month is frozen and restated, gaps stay gaps, what is said is escaped."""
from __future__ import annotations

import csv
import hashlib
import io
import re
from argparse import Namespace
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa

from jobs import __main__ as door
from jobs import asking as typed
from jobs.answers import bulletin as asked_for
from jobs.answers.bulletin_figures import BulletinRefused, Figures, Line, of_days, of_month
from jobs.answers.bulletin_frozen import FrozenDiffers, frozen, restate
from jobs.answers.bulletin_names import Names
from jobs.answers.bulletin_page import Page, Restated, rendered
from jobs.answers.bulletin_table import Change, as_csv
from jobs.answers.bulletin_words import WORDS, compact
from jobs.stages.failures import OUTSIDE, code_of
from jobs.stores.ledger import Ledger
from tests.publish.lake import KNOWN, lake, penalty

NOVEMBER, LAST = date(2026, 11, 1), date(2026, 11, 30)
CITY, PROVINCE, ORGAN = "city_penalties", "province_penalties", "city_credit_centre"
DAYS = 5


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@dataclass
class Desk:
    """A ledger written by hand, and the releases made over it."""

    connection: sa.Connection
    release: Any

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.connection)

    def arrives(self, name: str, feed: str, covers: date, days_late: int = 0, status: str = "received", **rows: int) -> None:
        """A file of that day, by default received in the evening; with rows, admitted."""
        received = {"delivery_id": name, "feed": feed, "covers": covers, "received_at": at(covers + timedelta(days=days_late)),
                    "delivery_status": status, "source_name": "a.csv", "object_sha256": "0", "reason": None,
                    "rows_received": sum(rows.get(key, 0) for key in ("rows_facts", "rows_rejected", "rows_household"))}
        self.ledger.add("deliveries", [received | ({} if status == "received" else {"reason": "damaged"})])
        if rows:
            self.ledger.add("admissions", [{"delivery_id": name, "run_id": "r", "known_at": KNOWN, "verdict": "admitted",
                                            "category": "penalty", "facts": rows.get("rows_facts", 0), **rows}])

    def released(self, as_of: date, **how: Any) -> None:
        rejects = [{"delivery_id": "d1", "row_no": n, "part": 0, "field": "credit_code", "value": "x", "reason": reason}
                   for n, reason in enumerate(("total_check", "total_check", "missing"))]
        self.connection.commit()
        self.release({**lake(penalty(1), penalty(2, evidence="declared", adverse=False)), "rejects": rejects}, as_of=as_of, **how)
        self.connection.commit()


@pytest.fixture
def desk(connection, release):
    """Of one feed on time, late, missing and not readable; another a day; as of the 20th, a Friday."""
    one = Desk(connection, release)
    one.arrives("d1", CITY, date(2026, 11, 17), rows_facts=7, rows_rejected=3, rows_household=5)
    one.arrives("d0", CITY, date(2026, 11, 12), rows_facts=11)
    one.arrives("d2", CITY, date(2026, 11, 19), status="quarantined")
    one.arrives("d3", PROVINCE, date(2026, 11, 16), days_late=3, rows_facts=4, rows_rejected=1)
    return one


@pytest.fixture
def served(desk):
    desk.released(KNOWN.date())
    return desk


@pytest.fixture
def month_over(desk):
    desk.released(LAST)
    return desk


def days(desk: Desk, declared: Any, count: int = DAYS, until: date | None = None) -> Figures:
    return of_days(desk.ledger, declared, count, until)


def told(figures: Figures, part: str) -> dict[tuple, tuple]:
    return {(line.code, line.figure, line.day): (line.numerator, line.denominator) for line in figures.lines if line.part == part}


def asking(to: Path, **said: Any) -> Namespace:
    given = {"days": None, "month": None, "until": None, "to": to, "lang": "zh", "restate": False, "because": None}
    return Namespace(**given | said)


# ---- the figures

def test_five_days_add_what_the_table_says_of_each(served, declared):
    found = days(served, declared)
    assert (found.since, found.until) == (date(2026, 11, 16), date(2026, 11, 20))
    sums = {(row["scope"], row["name"], row["figure"]): (row["n"], row["d"]) for row in served.ledger.rows("""
        select scope, name, figure, sum(numerator)::bigint as n, sum(denominator)::bigint as d from credit.scorecards
        where period_kind = 'day' and period between '2026-11-16' and '2026-11-20' group by scope, name, figure""")}
    lines = {(line.part, line.code, line.figure): (line.numerator, line.denominator) for line in found.lines
             if line.part in ("feed", "organ") and line.figure != "rejected"}
    assert lines == sums
    assert told(found, "feed")[CITY, "rows", None] == (15, None)  # the 12th is not of these days
    assert told(found, "feed")[CITY, "compliance", None] == (7, 10)
    assert told(found, "feed")[CITY, "rejected", None] == (3, None)
    assert told(found, "all")["(all)", "compliance", None] == (11, 15)
    assert told(found, "all")["(all)", "rows", date(2026, 11, 17)] == (15, None)


def test_a_month_says_what_the_table_says_of_it(month_over, declared):
    found = of_month(month_over.ledger, declared, NOVEMBER)
    table = month_over.ledger.rows("""select scope, name, figure, numerator, denominator, share, band from credit.scorecards
                                      where period_kind = 'month' and period = '2026-11-01'""")
    lines = {(line.part, line.code, line.figure): (line.numerator, line.denominator, line.share, line.band)
             for line in found.lines if line.part in ("feed", "organ") and line.figure != "rejected"}
    assert lines == {tuple(row.values())[:3]: tuple(row.values())[3:] for row in table}
    assert told(found, "feed")[CITY, "rows", None] == (26, None)
    bands = {line.band for line in found.lines if (line.part, line.code, line.figure) == ("feed", CITY, "compliance")}
    assert bands == {"red"}


def test_each_day_is_on_time_late_missing_or_a_gap(served, declared):
    states = {(line.code, line.day.day): (line.state, line.numerator, line.denominator)
              for line in days(served, declared).lines if line.part == "day"}
    assert states[CITY, 17] == ("on_time", 1, 1)
    assert states[PROVINCE, 16][0] == "late"
    assert states[CITY, 19] == ("missing", 0, 1)  # a file came, and nobody could read it
    assert states[CITY, 18] == ("gap", None, None)
    assert len(states) == DAYS * len(declared.feeds)


def test_a_year_without_a_calendar_is_provisional(desk, declared):
    desk.arrives("d9", CITY, date(2026, 12, 31), rows_facts=1)
    desk.connection.execute(sa.text("alter table ledger.deliveries disable trigger append_only"))
    desk.connection.execute(sa.text("update ledger.deliveries set received_at = :known"), {"known": KNOWN})
    desk.released(date(2027, 1, 3))
    lines = days(desk, declared, 4).lines
    state = {line.day: line.state for line in lines if (line.part, line.code) == ("day", CITY)}
    assert state[date(2026, 12, 31)] == "provisional"


def test_coverage_reasons_and_slips_are_counted(served, declared):
    found = days(served, declared)
    organ = declared.organs[ORGAN].code
    feeds = [feed for feed in declared.feeds.values() if (feed.organ, feed.category) == (ORGAN, "penalty")]
    assert told(found, "coverage")[organ, "penalty", None] == (1, len(feeds))
    assert {"(0, 1)"} & {str(value) for value in told(found, "coverage").values()}
    assert told(found, "reason") == {("missing", "rejects", None): (1, None), ("total_check", "rejects", None): (2, None)}
    assert told(found, "slips") == {(organ, "open", None): (1, None)}  # the file that was not readable


def test_days_that_the_release_does_not_tell_are_refused(served, declared):
    with pytest.raises(BulletinRefused, match="tells the days from 2026-10-01 to 2026-11-20"):
        days(served, declared, until=date(2026, 11, 21))
    with pytest.raises(BulletinRefused, match="2026-11-20"):
        of_month(served.ledger, declared, NOVEMBER)  # it is not over
    with pytest.raises(BulletinRefused, match="--days"):
        days(served, declared, 0)


def test_without_a_release_there_is_no_bulletin(desk, declared):
    with pytest.raises(BulletinRefused, match="no release tells scorecards yet"):
        days(desk, declared)


# ---- page and table

def page(figures: Figures, declared: Any, lang: str, **how: Any) -> str:
    return rendered(Page(figures, declared, lang, how.pop("month", False), **how)).decode()


def test_the_page_needs_nothing_beside_it_and_says_all_in_one_language(served, declared):
    found = days(served, declared)
    zh, en = (page(found, declared, lang) for lang in ("zh", "en"))
    for one in (zh, en):
        ElementTree.fromstring(re.sub(r"<(meta [^>]*|br)>", r"<\1/>", one.replace("<!DOCTYPE html>", "")))  # every tag is closed
        assert not re.search(r"https?:|src=|@import|<link|<script", one)
        assert found.release["release_id"] in one
        assert "11/15" in one
    assert "信用代码" in zh.split("主要拒收原因")[1]
    assert "■ 红" in zh
    assert declared.organs[ORGAN].zh in zh
    assert declared.organs[ORGAN].en in en
    assert not re.search("[一-鿿]", re.sub("<style>.*?</style>", "", en, flags=re.S))


def test_a_gap_is_shown_as_a_gap(served, declared):
    zh = page(days(served, declared), declared, "zh")
    row = re.search(rf'<th class="who">{declared.feeds[CITY].zh}</th>(.*?)</tr>', zh)[1]
    assert re.findall(r'<td class="(\w+)"[^>]*>([^<]*)</td>', row) == [
        ("gap", "·"), ("on_time", "✓"), ("gap", "·"), ("missing", "缺!"), ("gap", "·")]
    assert f"{len(declared.feeds) - 2})</b>: " in zh  # those that delivered nothing are named
    assert "0/1 缺口" in zh


def test_what_is_said_is_escaped(served, declared):
    evil = "<script>alert(1)</script>\"'&"
    feeds = {**declared.feeds, CITY: declared.feeds[CITY].model_copy(update={"zh": evil})}
    organs = {name: one.model_copy(update={"zh": evil}) for name, one in declared.organs.items()}
    given = replace(declared, feeds=feeds, organs=organs)
    change = Change(("feed", CITY, "rows", ""), None, ("<b>", "", "", "", ""))
    zh = page(days(served, declared), given, "zh", month=True, restated=Restated(evil, evil, (change,)))
    assert "<script" not in zh
    assert "<b><b>" not in zh
    assert zh.count("&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;") > 5


def test_the_table_has_every_figure_with_its_name(served, declared):
    found = days(served, declared)
    content = as_csv(found, declared, "zh")
    assert content.startswith(b"\xef\xbb\xbf")
    head, first, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert head[:4] == ["部分", "代码", "指标代码", "日期"]
    assert first[:4] == ["release", found.release["release_id"], "as_of", "2026-11-20"]
    assert len(rows) == len(found.lines)
    [row] = [row for row in rows if row[:3] == ["feed", CITY, "compliance"]]
    assert row[4:] == ["7", "10", "0.7000", "red", "", declared.feeds[CITY].zh, "数据合规率", "■ 红"]
    assert {len(told) for told in WORDS.values()} == {2}
    assert [compact(n, "zh") for n in (None, 0, 9999, 12_345, 123_456)] == ["", "0", "9999", "1.2万", "12万"]


@pytest.mark.parametrize(("band", "bound"), [("amber", "10.00 %"), ("red", "25.00 %")])
def test_a_mix_that_drifted_is_told_with_the_bound_that_it_passed(declared, band, bound):
    line = Line("organ", ORGAN, "adverse", numerator=66, denominator=100, share=Decimal("0.6600"), band=band)
    why = Names(declared, "en").why(line)
    assert why == f"adverse 66.00 % (66/100), differs from the days before by more than {bound}"


def test_a_bulletin_of_days_is_written_where_it_is_asked_for(served, home, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(typed, "settings", lambda: home)
    door.bulletin(door.parser_of().parse_args(["bulletin", "--days", "5", "--until", "2026-11-19", "--to", str(tmp_path)]))
    names = ["bulletin-2026-11-15-2026-11-19.zh.csv", "bulletin-2026-11-15-2026-11-19.zh.html"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert names[1] in capsys.readouterr().out


@pytest.mark.parametrize("said", [{"restate": True, "month": NOVEMBER}, {"because": "x", "month": NOVEMBER},
                                  {"restate": True, "because": "x", "days": 5}, {"until": LAST, "month": NOVEMBER}])
def test_arguments_that_do_not_go_together_are_refused(said, tmp_path):
    with pytest.raises(asked_for.DeclarationError, match="goes with"):
        asked_for.refuse_mixed(asking(tmp_path, **said))


# ---- frozen

def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_month_is_frozen_by_the_first_who_asks(month_over, home, tmp_path, declared):
    asked_for.bulletin(home, asking(tmp_path / "a", month=NOVEMBER), at(LAST, 14))
    month_over.arrives("d7", CITY, date(2026, 11, 24), days_late=-4, rows_facts=100)  # by what is known
    month_over.released(LAST, salt="later")
    said = asked_for.bulletin(home, asking(tmp_path / "b", month=NOVEMBER), at(LAST, 20))
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert list(files(tmp_path / "a")) == ["bulletin-2026-11.zh.csv", "bulletin-2026-11.zh.html"]
    assert re.search(r"the last release gives \d+ figures otherwise", said)
    [row] = month_over.ledger.rows("select * from ledger.bulletins")
    folder = home.home / "bulletins" / "2026-11" / row["sha256"]
    assert hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest() == row["sha256"]
    assert row["release_id"] in files(tmp_path / "a")["bulletin-2026-11.zh.html"].decode()
    assert row["made_at"] == at(LAST, 14)
    assert str(at(LAST, 14).date()) + " 22:00" not in files(tmp_path / "a")["bulletin-2026-11.zh.html"].decode()  # no clock


def test_a_restatement_names_what_changed_and_stands_beside_the_first(month_over, home, tmp_path, declared):
    asked_for.bulletin(home, asking(tmp_path / "a", month=NOVEMBER), at(LAST, 14))
    month_over.arrives("d7", CITY, date(2026, 11, 24), days_late=-4, rows_facts=100)  # by what is known
    month_over.released(LAST, salt="later")
    restating = asking(tmp_path / "b", month=NOVEMBER, restate=True, because="补报 <11-24>")
    asked_for.bulletin(home, restating, at(LAST, 20))
    made = files(tmp_path / "b")
    assert sorted(made) == ["bulletin-2026-11.restated-1.zh.changes.csv", "bulletin-2026-11.restated-1.zh.csv",
                            "bulletin-2026-11.restated-1.zh.html", "bulletin-2026-11.zh.csv", "bulletin-2026-11.zh.html"]
    first = files(tmp_path / "a")
    assert {name: made[name] for name in first} == first  # the first never changes
    changes = list(csv.DictReader(io.StringIO(made["bulletin-2026-11.restated-1.zh.changes.csv"].decode("utf-8-sig"))))
    of_city = {(one["指标代码"], one["日期"]): (one["原数"], one["现数"]) for one in changes if one["代码"] == CITY}
    assert of_city["rows", ""] == ("26", "126")
    assert of_city["arrival", "2026-11-24"] == ("缺报", "1/1 按时")
    html = made["bulletin-2026-11.restated-1.zh.html"].decode()
    one, two = frozen(month_over.ledger, NOVEMBER)
    assert (one["restates"], two["restates"]) == (None, one["sha256"])
    assert one["sha256"] in html
    assert "补报 &lt;11-24&gt;" in html
    assert f"改变的数字: {len(changes)}<" in html
    with pytest.raises(BulletinRefused, match="nothing to restate"):
        asked_for.bulletin(home, restating, at(LAST, 21))


def test_what_is_not_frozen_cannot_be_restated_and_frozen_rows_stay(month_over, home, declared, tmp_path):
    figures = of_month(month_over.ledger, declared, NOVEMBER)
    with pytest.raises(BulletinRefused, match="not frozen yet"):
        restate(month_over.ledger, home.home, figures, declared, "x", at(LAST))
    month_over.connection.rollback()
    asked_for.bulletin(home, asking(tmp_path, month=NOVEMBER), at(LAST, 14))
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        month_over.connection.execute(sa.text("update ledger.bulletins set month = month"))


def test_a_frozen_file_that_was_touched_is_not_handed_out(month_over, home, tmp_path):
    asked_for.bulletin(home, asking(tmp_path, month=NOVEMBER), at(LAST, 14))
    [stored] = (home.home / "bulletins" / "2026-11").iterdir()
    (stored / "2026-11.zh.html").write_bytes(b"better figures")
    with pytest.raises(FrozenDiffers, match=r"2026-11\.zh\.html is not what was frozen") as raised:
        asked_for.bulletin(home, asking(tmp_path, month=NOVEMBER), at(LAST, 15))
    assert code_of(raised.value) == OUTSIDE

"""A feed whose files change: what becomes of each delivery, alone, beside good ones of its own feed and of another."""
from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from jobs.answers import declared as answered
from jobs.declarations import Declarations
from jobs.declarations.feeds import Earlier, Fill
from jobs.declarations.settings import Settings
from jobs.stages.land import land
from jobs.stages.run import Night
from jobs.stores import database
from jobs.stores.ledger import Ledger
from jobs.stores.objects import objects
from jobs.stores.transports import Arrival
from tests.released import AS_OF, KNOWN_AT, as_far_as, quiet, read_anew

PENALTIES, FIRMS, MANY = "province_penalties", "market_farming_registry", 24  # of fewer rows a share may say nothing
NAME, CODE, FINE, KINDS = "行政相对人名称", "行政相对人代码_1(统一社会信用代码)", "罚款金额(万元)", "处罚类别"
CONTENT, DECIDED, SHOWN_UNTIL = "处罚内容", "处罚决定日期", "公示截止期"
LAST_OF_OLD = date(2021, 7, 14)
Row = dict[str, str]
Change = Callable[[Row], Row]


def under(**labels: str) -> Change:
    """The row with some of its columns under other labels."""
    return lambda row: {labels.get(label, label): cell for label, cell in row.items()}


def swapped(one: str, other: str) -> Change:
    """The row with the cells of two columns exchanged under their labels."""
    return lambda row: {**row, one: row[other], other: row[one]}


def without(label: str) -> Change:
    return lambda row: {name: cell for name, cell in row.items() if name != label}


def day_of(row: Row, order: str) -> str:
    year, month, day = row["_day"].split("-")
    return "/".join({"d": day, "m": month, "y": year}[part] for part in order)


@dataclass(frozen=True)
class Case:
    """One delivery: how its rows differ from good ones, and what must become of it; a part of why, where it is held."""

    feed: str
    change: Change
    held: str | None = None
    facts: int = MANY
    rejects: int = 0
    flaws: tuple[str, ...] = ()  # field and reason, of every row
    covers: date | None = None


CASES = {
    "as declared": Case(PENALTIES, dict),
    "another feed as declared": Case(FIRMS, dict),
    # ---- columns
    "columns moved, two of them exchanged with their labels among them": Case(PENALTIES, lambda row: dict(reversed(row.items()))),
    "a column added": Case(PENALTIES, lambda row: {**row, "联系人": "丁一凡"}),
    "a column added under a label that is there": Case(PENALTIES, lambda row: {**row, "备 注": "丁一凡"}, "in the header twice"),
    "a column dropped": Case(PENALTIES, without("备注"), "labels not found in the header: 备注"),
    "a column dropped that may be absent": Case(PENALTIES, without("惩戒程度标识部门"), flaws=("severity_source_missing",)),
    "a cell more than the header": Case(PENALTIES, lambda row: {**row, "": "x"}, "reject_rate", facts=0, rejects=MANY),
    # ---- two columns swapped under their labels, which only their values can tell
    "names and codes swapped": Case(PENALTIES, swapped(NAME, CODE), "credit_code 0.000 of at least 0.9"),
    "the days of decision and of publicity swapped": Case(PENALTIES, swapped(DECIDED, SHOWN_UNTIL), "reject_rate", 0, MANY),
    "two texts swapped": Case(PENALTIES, swapped("违法行为类型", "处罚依据")),  # nothing can know
    # ---- units
    "another unit, and its label": Case(PENALTIES, under(**{FINE: "罚款金额(元)"}), "header_unknown"),
    "another unit under the same label": Case(PENALTIES, lambda row: {**row, FINE: "5000"},
                                              "fine_amount_yuan 0.000 of at least 0.9", flaws=("unit_slip",)),
    "another unit that the cells name": Case(PENALTIES, lambda row: {**row, FINE: "5000元"}),
    # nothing can know: a smaller number is as good a capital
    "a larger unit where no text says the amount": Case(FIRMS, lambda row: {**row, "registered_capital": "500"}),
    "a smaller unit than the feed's most": Case(FIRMS, lambda row: {**row, "registered_capital": "50000000000"},
                                                "registered_capital 0.000 of at least 0.9", flaws=("too_large",)),
    # ---- dates
    "the year last where it stood first": Case(PENALTIES, lambda row: {**row, DECIDED: "11/12/2026"}, "reject_rate", 0, MANY),
    "month and day exchanged": Case(FIRMS, lambda row: {**row, "establishment_date": day_of(row, "mdy")},
                                    "founding_date 0.500 of at least 0.9"),
    "the year first where it stood last": Case(FIRMS, lambda row: {**row, "establishment_date": day_of(row, "ymd")}),
    # ---- words
    "a new word in a column that rejects": Case(PENALTIES, lambda row: {**row, KINDS: "通报"}, "reject_rate", 0, MANY),
    "a new word in one row": Case(PENALTIES, lambda row: {**row, KINDS: "通报" if row["_number"] == "1" else row[KINDS]},
                                  facts=MANY - 1, rejects=1),
    "a new word in a column that flaws": Case(PENALTIES, lambda row: {**row, "严重程度": "较重"}, flaws=("unknown_code",)),
    # ---- versions
    "of an earlier version": Case(PENALTIES, dict, covers=date(2021, 7, 13)),
    "a word of the law after it": Case(PENALTIES, lambda row: {**row, KINDS: "罚款；通报批评"}, "reject_rate", 0, MANY,
                                       covers=LAST_OF_OLD),
    "the same word under that law": Case(PENALTIES, lambda row: {**row, KINDS: "罚款；没收违法所得；通报批评"}),
    # the last, which is read at the end by a version that is made for it
    "a column renamed": Case(PENALTIES, under(**{CONTENT: "处罚结果"}), "labels not found in the header: 处罚内容"),
}


def days() -> dict[str, date]:
    """The day that each case covers: a day of its own, the older the earlier it stands."""
    return {name: case.covers or AS_OF - timedelta(days=len(CASES) - number) for number, (name, case) in enumerate(CASES.items())}


def watching(declared: Declarations) -> Declarations:
    """The declarations with bounds of fill rates, and files of the old time that were delimited otherwise."""
    feeds = dict(declared.feeds)
    for name, fields in {PENALTIES: ("credit_code", "fine_amount_yuan"), FIRMS: ("founding_date", "registered_capital")}.items():
        fill = {field: Fill(min=0.9, because="test") for field in fields}
        feeds[name] = feeds[name].model_copy(update={"volume": feeds[name].volume.model_copy(update={"fill": fill})})
    [old] = feeds[PENALTIES].earlier
    form = feeds[PENALTIES].format.model_copy(update={"delimiter": ";", "encoding": "utf-8"})
    feeds[PENALTIES] = feeds[PENALTIES].model_copy(update={"earlier": [old.model_copy(update={"format": form})]})
    source = feeds[FIRMS].fields["registered_capital"]
    most = source.model_copy(update={"options": {**source.options, "most": "10000000000"}})
    feeds[FIRMS] = feeds[FIRMS].model_copy(update={"fields": {**feeds[FIRMS].fields, "registered_capital": most}})
    return replace(declared, feeds=feeds)


def good(declared: Declarations, name: str, case: Case) -> Iterable[Row]:
    """Good rows of the case's feed, each an act or a firm of its own; what begins with _ is for the change alone."""
    one = declared.feeds[case.feed].examples[0].row
    for number in range(1, MANY + 1):
        row = {**one, "_number": f"{number}", "_day": f"2020-05-{number:02d}"}
        if case.feed == FIRMS:
            yield {**row, "establishment_date": day_of(row, "dmy"), "business_scope": name}
        else:
            decided = {DECIDED: "2021/06/10", SHOWN_UNTIL: "2022/06/10"} if case.covers else {}
            number = f"示罚字〔2026〕第{number:06d}号"
            yield {**row, "违法事实": "发布虚假广告", "行政处罚决定书文号": number, "备注": name, **decided}


def file(declared: Declarations, name: str, case: Case) -> bytes:
    rows = [{label: cell for label, cell in case.change(row).items() if not label.startswith("_")}
            for row in good(declared, name, case)]
    form, text = declared.feeds[case.feed].on(days()[name]).format, io.StringIO(newline="")
    writer = csv.writer(text, delimiter=form.delimiter)
    writer.writerow([label for label in rows[0] if label])
    writer.writerows(row.values() for row in rows)
    return text.getvalue().encode("utf-8" if form.encoding == "detect" else form.encoding)


@pytest.fixture(scope="module")
def drifted(new_home: Callable[..., Settings], declared: Declarations, tmp_path_factory,
            spark) -> tuple[Settings, Declarations, Night]:
    """A home in which every case is one delivery, decided in one run."""
    home, folder, own = new_home(), tmp_path_factory.mktemp("drift"), watching(declared)
    arrived = []
    for name, case in CASES.items():
        path = folder / f"{name}.csv"
        path.write_bytes(file(own, name, case))
        arrived.append(Arrival(case.feed, path, days()[name], KNOWN_AT - timedelta(hours=2)))
    landed = land(arrived, own, database.engine(home), objects(home), quiet)
    assert {row["delivery_status"] for row in landed} == {"received"}, [row["message"] for row in landed]
    return home, own, as_far_as(home, own, stages=("standardise",))


DECISIONS = """
    select d.source_name, d.delivery_id, a.verdict, a.reason, a.facts, a.rows_rejected, a.flaws
    from ledger.admissions a join ledger.deliveries d using (delivery_id) where a.run_id = :run_id"""


@pytest.fixture(scope="module")
def decided(drifted) -> dict[str, dict[str, Any]]:
    """The decision about each case, by its name."""
    home, _, night = drifted
    with database.engine(home).connect() as connection:
        rows = Ledger(connection).rows(DECISIONS, run_id=night.run_id)
    return {row["source_name"].removesuffix(".csv"): row for row in rows}


@pytest.mark.parametrize("name", CASES)
def test_each_is_held_or_taken_as_declared(decided, drifted, name):
    case, told = CASES[name], decided[name]
    assert (told["verdict"], case.held or "") == ("held" if case.held else "admitted", case.held or "")
    assert (case.held or "") in (told["reason"] or ""), told["reason"]
    if case.held and ("header" in case.held):
        assert (told["facts"], told["rows_rejected"]) == (0, 0)  # not a row of it is read
    else:
        assert (told["facts"], told["rows_rejected"]) == (case.facts, case.rejects)
    given = {row["reason"] for row in drifted[2].metrics["standardise"]["reasons"]
             if row["delivery_id"] == told["delivery_id"] and row["kind"] == "flaw" and row["count"] == told["facts"]}
    assert set(case.flaws) <= given, given


# ---- a version that is made for the new header

def stale(home: Settings, declared: Declarations) -> list[dict[str, Any]]:
    with database.engine(home).connect() as connection:
        return answered.stale(Ledger(connection), declared, AS_OF, KNOWN_AT + timedelta(days=1))


def with_penalties(declared: Declarations, **said: Any) -> Declarations:
    one = declared.feeds[PENALTIES].model_copy(update=said)
    return replace(declared, feeds={**declared.feeds, PENALTIES: one})


def test_only_what_the_changed_version_read_is_stale(drifted):
    home, own, _ = drifted
    [old] = own.feeds[PENALTIES].earlier
    changed = with_penalties(own, earlier=[old.model_copy(update={"nulls": ["-"]})])
    assert stale(home, own) == []
    assert stale(home, changed) == [{"feed": PENALTIES, "deliveries": 2, "since": LAST_OF_OLD - timedelta(days=1)}]


def test_the_version_made_for_it_reads_the_held_delivery_and_leaves_every_other_as_it_was(drifted, decided):
    home, own, _ = drifted
    one, day, later = own.feeds[PENALTIES], days()["a column renamed"], KNOWN_AT + timedelta(hours=1)
    until_then = Earlier(until=day - timedelta(days=1), because="the column had another name", fields=one.fields,
                         examples=one.examples)
    content = one.fields["penalty_content"].model_copy(update={"label": "处罚结果"})
    new = with_penalties(own, earlier=[*one.earlier, until_then], fields={**one.fields, "penalty_content": content})
    assert stale(home, new) == [{"feed": PENALTIES, "deliveries": 1, "since": day}]  # the held one alone
    read_anew(home, new, PENALTIES, day, later)
    with database.engine(home).connect() as connection:
        rows = Ledger(connection).rows("""
            select d.source_name, a.verdict, a.facts from ledger.admissions a join ledger.deliveries d using (delivery_id)
            where a.known_at = :later""", later=later)
    assert rows == [{"source_name": "a column renamed.csv", "verdict": "admitted", "facts": MANY}]
    assert stale(home, new) == []

"""Decisions as they are typed, from files and from organs, against a small release: what is refused, and what becomes of them."""
from __future__ import annotations

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import Workbook, load_workbook

from jobs import __main__ as door
from jobs.answers import question_files, questions
from jobs.stages.failures import WRONG
from jobs.stores.ledger import Ledger
from tests.publish.lake import KNOWN, lake

CODES = {"e1": "91340100MA0X00031A", "e2": "91340100MA0X00032B"}


def review(n: int, organ: str, subject: str = "5ubject1", **said: object) -> dict:
    return {"review_id": f"review{n}", "fact_id": f"fact{n}", "category": "penalty", "reason": "unique_name", "adverse": True,
            "candidates": ["e1", "e2"], "priority": 1, "subject": subject, "facts": 2, "said": json.dumps({"name_key": "示例一"}),
            "document_no": f"=示罚{n}号", "event_date": date(2026, 3, 1), "organ_code": organ, "asked_organ_code": organ,
            "offered": ["e1", "e2"], "waiting_on": "organ", **said}


@pytest.fixture
def organs(declared) -> list[str]:
    """The names of two organs."""
    return sorted(declared.organs)[:2]


@pytest.fixture
def ledger(release, declared, organs, connection, home, monkeypatch) -> Ledger:
    """A release with two questions of one organ and one of another, and a link that nobody doubts."""
    mine, other = (declared.organs[name].code for name in organs)
    rows = lake()
    rows["enterprises"] = [one | {"credit_code": CODES[one["enterprise_id"]]} for one in rows["enterprises"]]
    rows["identifiers"] = [{"enterprise_id": id, "kind": "credit_code", "value": code, "fact_ids": []}
                           for id, code in CODES.items()]
    reviews = [review(1, mine), review(2, mine), review(3, mine, "5ubject2", offered=["e2"]), review(4, other, "5ubject3"),
               review(5, mine, "5ubject4", waiting_on="us", asked_organ_code=None, offered=None, candidates=[])]
    rows["links"] = [{"fact_id": one["fact_id"], "category": "penalty", "feed": "city_penalties", "reason": "unique_name",
                      "tier": 3, "enterprise_id": "e1", "pending": True, "subject": one["subject"]} for one in reviews]
    release({**rows, "reviews": reviews})
    monkeypatch.setenv("CREDIT_HOME", str(home.home))
    monkeypatch.setenv("CREDIT_DATABASE_URL", home.database_url.get_secret_value())
    monkeypatch.setattr("jobs.door.now", lambda: KNOWN + timedelta(days=8))
    return Ledger(connection)


def decide(*words: str) -> int:
    return door.main(["decide", *words])


def standing(ledger: Ledger) -> list[tuple]:
    ledger.connection.rollback()
    told = ("subject", "enterprise_id", "verdict", "decided_by", "role")
    found = [tuple(one[name] for name in told) for one in ledger.match_decisions(KNOWN + timedelta(days=9))]
    return sorted(found, key=lambda row: (row[0], row[3], row[1]))


WHY = ("--because", "登记档案一致")


def test_it_is_said_of_whom_a_decision_is_and_that_nobody_thought_of_that_enterprise(ledger, capsys):
    assert decide("fact5", "--same", "e1", *WHY, "--by", "陈") == 0
    assert "none of the candidates" not in capsys.readouterr().out  # it is whom the night linked
    assert decide("fact5", "--different", "e2", *WHY, "--by", "陈") == 0
    told = capsys.readouterr().out
    assert CODES["e2"] in told
    assert "none of the candidates" in told


def test_a_person_decides_once_a_second_one_makes_it_count_and_one_withdraws(ledger, capsys):
    assert decide("fact1", "--same", CODES["e1"], *WHY, "--by", "陈") == 0
    first = capsys.readouterr().out
    assert "an adverse fact waits for a second person" in first
    assert decide("5ubject1", "--same", "e1", *WHY, "--by", "陈 ") == WRONG
    assert "decided this record already" in capsys.readouterr().err
    assert decide("5ubject1", "--same", "e2", *WHY, "--by", "陈") == WRONG
    assert decide("review2", "--same", "e1", *WHY, "--by", "王") == 0
    assert "A: counts" in capsys.readouterr().out
    assert [row[2:4] for row in standing(ledger)] == [("same", "王"), ("same", "陈")]
    assert ledger.match_decisions(KNOWN)[:1] == []  # of before they were made nothing is known
    assert ledger.match_decisions(KNOWN + timedelta(days=9))[0]["said"] == {"name_key": "示例一"}
    ledger.connection.rollback()
    assert decide("--withdraw", first.split()[0]) == WRONG
    assert decide("--withdraw", first.split()[0][:8], "--by", "李", *WHY) == 0
    assert [row[3] for row in standing(ledger)] == ["王"]
    assert decide("--withdraw", first.split()[0], "--by", "李", *WHY) == WRONG
    actions = [row["action"] for row in ledger.rows("select action from ledger.audit_log order by entry")]
    assert actions == ["decide", "decide", "withdraw_decision"]
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        ledger.connection.execute(sa.text("delete from ledger.match_decisions"))


@pytest.mark.parametrize(("words", "said"), [
    (("fact1", "--same", "e1", "--by", "陈"), "because is empty"),
    (("fact1", "--same", "e1", *WHY), "by is empty"),
    (("nobodys", "--same", "e1", *WHY, "--by", "陈"), "record 'nobodys': none of the last release"),
    (("fact", "--same", "e1", *WHY, "--by", "陈"), "record 'fact': none"),
    (("5ubject", "--same", "e1", *WHY, "--by", "陈"), "record '5ubject': 4 of the last release"),
    (("fact1", "--same", "e9", *WHY, "--by", "陈"), "enterprise 'e9': none"),
    (("fact1",), "decide needs a record and one of"),
    (("--file", "no.csv", "--by", "陈"), "there is no such file"),
])
def test_what_is_unclear_is_refused(ledger, capsys, words, said):
    assert decide(*words) == WRONG
    assert said in capsys.readouterr().err
    assert standing(ledger) == []


def test_a_file_is_entered_whole_or_not_at_all(ledger, tmp_path, capsys):
    path = tmp_path / "decisions.csv"
    good = "记录,企业,结论,理由\nfact1,e1,同一,一致\nfact3,e2,different,\n"
    path.write_text(good + "fact4,e7,same,x\nfact4,e1,same,x\n5ubject1,e1,同一,x\n", encoding="gb18030")
    assert decide("--file", str(path), "--by", "陈", *WHY) == WRONG
    told = capsys.readouterr().err
    assert "decisions.csv row 3: enterprise 'e7'" in told
    assert "decisions.csv row 5: 陈 decided this record already" in told
    assert standing(ledger) == []
    path.write_text(good + "fact4,e1,perhaps,x\n", encoding="utf-8")
    assert decide("--file", str(path), "--by", "陈", *WHY) == WRONG
    assert "row 3: verdict 'perhaps' is unknown; known:" in capsys.readouterr().err
    path.write_text("记录,企业\nfact1,e1\n", encoding="utf-8")
    assert decide("--file", str(path), "--by", "陈", *WHY) == WRONG
    assert "no column verdict or 结论" in capsys.readouterr().err
    book = Workbook()
    book.active.title = "认定"
    book.active.append(["记录", "企业"])
    book.active.append(["fact1", "e1"])
    book.save(tmp_path / "decisions.xlsx")
    assert decide("--file", str(tmp_path / "decisions.xlsx"), "--by", "陈", *WHY) == WRONG
    assert "decisions.xlsx, sheet '认定': no column verdict or 结论" in capsys.readouterr().err
    path.write_text(good, encoding="utf-8")
    assert decide("--file", str(path), "--by", "陈", *WHY) == 0
    assert [row[:3] for row in standing(ledger)] == [("5ubject1", "e1", "same"), ("5ubject2", "e2", "different")]


def test_the_list_tells_what_contradicts_and_who_is_waited_for(ledger, capsys, declared, organs):
    for enterprise, by in (("e1", "陈"), ("e2", "王")):
        assert decide("fact1", "--same", enterprise, *WHY, "--by", by) == 0
    capsys.readouterr()
    assert decide("--list") == 0
    told = capsys.readouterr().out
    assert told.count("contradicted, counts for nothing") == 2
    mine, other = (declared.organs[name].zh for name in organs)
    assert f"wait on organs: 3 questions about 4 records; the oldest for 8 days ({mine} 2; {other} 1)" in told
    assert "wait on us: 1 questions about 1 records; the oldest for 8 days" in told
    first, second = sorted(one["decision_id"] for one in ledger.match_decisions(KNOWN + timedelta(days=9)))
    ledger.connection.rollback()
    assert "CONTRADICTED  until one side is withdrawn: python -m jobs decide --withdraw ID" in told
    assert f"  示例一: withdraw what is wrong of {first}, {second}" in told
    assert "a row of its 回填代码" in told
    assert decide("--list", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["decisions"]) == 2
    assert len(told["questions"]) == 3


def test_a_withdrawn_decision_is_counted_and_told_where_it_is_asked_for(ledger, capsys):
    assert decide("fact1", "--same", "e1", *WHY, "--by", "陈") == 0
    id_ = capsys.readouterr().out.split()[0]
    assert decide("--withdraw", id_, "--by", "李", "--because", "看错") == 0
    capsys.readouterr()
    assert decide("--list") == 0
    told = capsys.readouterr().out
    assert told.startswith("nothing is decided\n1 withdrawn, not shown: --all\n")
    assert "CONTRADICTED" not in told
    assert decide("--list", "--all") == 0
    told = capsys.readouterr().out
    assert id_ in told
    assert "withdrawn by 李: 看错" in told
    assert "not shown" not in told
    assert decide("--list", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["decisions"], told["withdrawn"]) == ([], 1)


# ---- what organs are asked, and answer

@pytest.fixture
def sheet(ledger, declared, organs, tmp_path, capsys) -> Path:
    """The first organ's questions as `slips` writes them."""
    assert door.main(["slips", "--to", str(tmp_path)]) == 0
    told = capsys.readouterr()
    assert "wait on organs: 3 questions" in told.out
    mine, other = (declared.organs[name].zh for name in organs)
    assert [line.split() for line in told.out.splitlines()[1:4]] == [
        [mine, "0", "0", "0", "0", "2", "3"], [other, "0", "0", "0", "0", "1", "1"], ["all", "0", "0", "0", "0", "3", "4"]]
    assert f"4 files in {tmp_path}: " in told.out
    assert "slips:" not in told.err
    return tmp_path / f"回填代码_{declared.organs[organs[0]].code}.csv"


def filled(path: Path, *answers: str, who: str = "赵", **cells: str) -> Path:
    """The file with these answers, row by row."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, answer in zip(rows, answers, strict=False):
        row.update({question_files.ANSWER: answer, question_files.WHO: who, **cells})
    other = path.with_name("filled.csv")
    with other.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, question_files.HEAD)
        writer.writeheader()
        writer.writerows(rows)
    return other


def test_a_question_is_told_in_chinese_with_its_candidates(sheet):
    book = load_workbook(sheet.with_suffix(".xlsx"))
    head, first, second = book["回填代码"].iter_rows(values_only=True)
    assert head == question_files.HEAD
    assert (first[1], first[4], first[5]) == ("示例一", 2, "=示罚1号 2026-03-01；=示罚2号 2026-03-01")
    assert [first[place] for place in (6, 7, 9, 10)] == ["示例企业1有限公司", CODES["e1"], "示例企业2有限公司", CODES["e2"]]
    assert [second[place] for place in (7, 10)] == [CODES["e2"], None]
    told = str(list(book["说明"].iter_rows(values_only=True)))
    assert "不作任何使用" in told
    assert "2（一行一问：同一原报名称和号码为一问，涉及 3 条记录）" in told
    before = sheet.with_suffix(".xlsx").read_bytes()
    assert door.main(["slips", "--to", str(sheet.parent)]) == 0
    assert sheet.with_suffix(".xlsx").read_bytes() == before


def answer(path: Path, organ: str) -> int:
    return decide("--answers", str(path), "--organ", organ)


def test_an_organs_answer_is_a_decision_of_its_own(sheet, ledger, organs, declared, capsys):
    assert answer(filled(sheet, CODES["e1"], "都不是"), organs[0]) == 0
    assert standing(ledger) == [("5ubject1", "e1", "same", "赵", "organ"), ("5ubject2", "e2", "different", "赵", "organ")]
    kept = ledger.match_decisions(KNOWN + timedelta(days=9))[0]
    assert (kept["organ_code"], kept["document"]) == (declared.organs[organs[0]].code, "filled.csv")
    assert capsys.readouterr().out.count("counts") == 2
    ledger.connection.rollback()
    assert answer(filled(sheet, CODES["e2"]), organs[0]) == WRONG  # who named one was asked of the others too
    assert f"was answered otherwise before ({kept['decision_id']})" in capsys.readouterr().err


def test_what_an_organ_says_again_in_its_next_file_is_known_and_what_is_new_is_entered(sheet, ledger, organs, capsys):
    assert answer(filled(sheet, CODES["e1"]), organs[0]) == 0
    assert answer(filled(sheet, CODES["e1"], "都不是"), organs[0]) == 0
    told = capsys.readouterr().out
    assert told.endswith("1 answers say again what the organ decided before: known already, nothing entered\n")
    before = standing(ledger)
    assert [row[:3] for row in before] == [("5ubject1", "e1", "same"), ("5ubject2", "e2", "different")]
    ledger.connection.rollback()
    assert answer(filled(sheet, CODES["e1"].lower(), "都不是", who=""), organs[0]) == 0
    assert capsys.readouterr().out == "2 answers say again what the organ decided before: known already, nothing entered\n"
    assert answer(filled(sheet, CODES["e1"], "无法判断"), organs[0]) == WRONG  # the second one differs, so the first is not taken
    assert "row 2: question" in capsys.readouterr().err
    assert answer(filled(sheet, CODES["e1"]), organs[1]) == WRONG  # of another organ nothing is known already
    assert standing(ledger) == before


def test_what_somebody_withdrew_is_not_entered_again_by_the_same_row(sheet, ledger, organs, capsys, monkeypatch):
    assert answer(filled(sheet, CODES["e1"]), organs[0]) == 0
    id_ = capsys.readouterr().out.split()[0]
    assert decide("--withdraw", id_, "--by", "李", "--because", "代码有误") == 0
    assert answer(filled(sheet, CODES["e1"]), organs[0]) == WRONG
    assert "李 withdrew it (代码有误): leave the row out" in capsys.readouterr().err
    assert standing(ledger) == []
    ledger.connection.rollback()
    monkeypatch.setattr("jobs.door.now", lambda: KNOWN + timedelta(days=8, minutes=1))
    assert answer(filled(sheet, CODES["e1"], **{question_files.NOTE: "已与登记机关核对"}), organs[0]) == 0
    assert [row[:3] for row in standing(ledger)] == [("5ubject1", "e1", "same")]


def test_what_was_answered_since_the_release_is_told_beside_what_is_open(sheet, organs, capsys):
    assert answer(filled(sheet, CODES["e1"]), organs[0]) == 0
    assert decide("--list") == 0
    assert "wait on organs: 3 questions about 4 records, 2 open and 1 answered since the release" in capsys.readouterr().out


def test_cannot_say_is_kept_and_asks_no_more(sheet, ledger, organs):
    assert answer(filled(sheet, "无法判断"), organs[0]) == 0
    assert [row[1:3] for row in standing(ledger)] == [("e1", "unsure"), ("e2", "unsure")]
    assert {one.subject for one in questions.questions(ledger, KNOWN + timedelta(days=9))} == {"5ubject2", "5ubject3"}


@pytest.mark.parametrize(("answers", "cells", "said"), [
    (["91340100MA0X00099X"], {}, "row 1: '91340100MA0X00099X' is no candidate of question"),
    (["", CODES["e1"]], {}, "row 2: '91340100MA0X00031A' is no candidate"),
    ([CODES["e1"]], {question_files.ID: "0" * 16}, "row 1: question '0000000000000000' is unknown"),
    ([CODES["e1"], CODES["e2"]], {question_files.WHO: ""}, f"row 2: {question_files.WHO} is empty"),
    ([], {}, "no row has an answer"),
])
def test_a_wrong_answer_is_refused_with_its_row_and_nothing_is_entered(sheet, ledger, organs, capsys, answers, cells, said):
    assert answer(filled(sheet, *answers, **cells), organs[0]) == WRONG
    assert said in capsys.readouterr().err
    assert standing(ledger) == []


def test_an_organ_answers_for_its_own_acts_alone(sheet, ledger, organs, tmp_path, capsys):
    assert answer(filled(sheet, CODES["e1"]), organs[1]) == WRONG
    assert "row 1: question" in (told := capsys.readouterr().err)
    assert "is about an act of another organ" in told
    assert answer(filled(sheet, CODES["e1"]), "nobody") == WRONG
    assert "--organ: 'nobody' is unknown; known: " in capsys.readouterr().err
    assert decide("--answers", str(sheet)) == WRONG
    assert "--organ is missing" in capsys.readouterr().err
    foreign = tmp_path / "foreign.csv"
    foreign.write_text("a,b\n1,2\n", encoding="utf-8")
    assert answer(foreign, organs[0]) == WRONG
    assert "it is no 回填代码 of ours" in capsys.readouterr().err
    assert standing(ledger) == []

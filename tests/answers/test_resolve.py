"""`resolve` asked of the release of the village."""
from __future__ import annotations

import csv
import io
import json
import re
import sys
from argparse import Namespace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from jobs.answers.resolve import resolve
from jobs.answers.resolving import answers
from jobs.answers.resolving.columns import ListRefused
from jobs.enterprises import exact
from jobs.stores import database
from jobs.stores.lake import opened
from tests.acts import frame
from tests.released import KNOWN_AT, Released

PERSON, HOUSEHOLD = "欧阳晓测", "92340102MA2N000013"
LATER = KNOWN_AT + timedelta(hours=2)


def ask(village: Released, file: str | Path, **more: object) -> str:
    given = {"file": str(file), "purpose": "supervision", "by": "li", "known_at": None, "out": None, "json": False, **more}
    return resolve(village.settings, Namespace(**given), lambda: LATER)


def answered(village: Released, folder: Path, lines: list[str], **more: object) -> list[dict[str, str]]:
    """The answers to a list of these lines, as a spreadsheet would read them."""
    number = len(list(folder.iterdir()))
    (folder / f"{number}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    ask(village, folder / f"{number}.csv", out=folder / f"out{number}.csv", **more)
    return list(csv.DictReader(io.StringIO((folder / f"out{number}.csv").read_text(encoding="utf-8-sig"))))


def last_query(village: Released) -> dict:
    return village.rows("select * from ledger.query_log order by entry desc limit 1")[0]


@pytest.fixture(scope="module")
def one(village: Released) -> dict:
    """An enterprise with a code whose name nobody else bears."""
    return village.rows("""
        select e.* from credit.enterprises e where credit_code is not null and length(name) > 10 and name !~ '分公司'
          and (select count(*) from credit.names n where n.name_key = upper(e.name)) <= 1 order by enterprise_id limit 1""")[0]


def test_rows_are_answered_in_order_with_tier_reason_and_what_was_looked_up(village: Released, tmp_path: Path, one: dict) -> None:
    name, code = one["name"], one["credit_code"]
    told = answered(village, tmp_path, [
        "名称,统一社会信用代码", f"{name},{code}", f"{PERSON},", f"{name},", f"老王小吃店,{HOUSEHOLD}",
        "黑龙江省绝无此名科技有限公司,", ",无", f",{code}"])
    assert [row["row"] for row in told] == [str(number) for number in range(1, 8)]
    assert [row["reason"] for row in told] == ["credit_code", "out_of_scope", "unique_name", "out_of_scope",
                                               "name_not_in_registry", "missing", "credit_code"]
    assert [row["tier"] for row in told] == ["1", "", "3", "", "", "", "1"]
    assert [row["doubtful"] for row in told] == ["no", "", "yes", "", "", "", "no"]
    linked = [told[place] for place in (0, 2, 6)]
    assert {(row["enterprise_id"], row["credit_code"], row["name"]) for row in linked} == {(one["enterprise_id"], code, name)}
    [release] = village.rows("select * from credit.releases")
    for row in told:
        assert (row["release"], row["as_of"]) == (release["release_id"], "2026-11-20")
        assert row["known_at"] == "2026-11-20T15:00:00+00:00"
        assert "只回答主体是谁" in row["looked_up_zh"]
        assert row["reason_zh"]
        assert row["reason_en"]
    assert PERSON not in str(told)
    assert "老王" not in str(told)


def test_a_misspelt_name_is_told_by_its_score_or_with_alternatives(village: Released, tmp_path: Path, one: dict) -> None:
    name = one["name"]
    lost = [f"{name[:cut]}{name[cut + 1:]},{one['registered_region']}" for cut in (2, 3)]
    told = answered(village, tmp_path, ["name,region", *lost])
    for row in told:
        ids = [row["enterprise_id"], *(row[f"alternative_{place}_enterprise_id"] for place in (1, 2, 3))]
        assert one["enterprise_id"] in ids, row
        if row["reason"] == "scored":
            assert (row["doubtful"], row["tier"]) == ("yes", "5")
            assert 0 < float(row["score"]) < 1
            assert "不是确定结论" in row["reason_zh"]
        else:
            place = ids.index(one["enterprise_id"])
            assert 0 < float(row[f"alternative_{place}_score"]) < 1
            assert row[f"alternative_{place}_name"] == name
        scores = [float(row[f"alternative_{place}_score"] or 0) for place in (1, 2, 3)]
        assert scores == sorted(scores, reverse=True)


def test_the_same_subject_is_answered_as_the_night_linked_it_few_or_many_at_once(
        village: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = opened(village.settings)
    facts = lake.spark.table(lake.name("facts.penalty")).where(
        "credit_code is not null or credit_code_received is null").toArrow().to_pylist()
    links = {row["fact_id"]: row for row in village.rows("select * from credit.links where category = 'penalty'")}
    facts = [fact for fact in facts if fact["fact_id"] in links and fact["registration_number"] is None]
    by_reason: dict[str, list[dict]] = {}
    for fact in sorted(facts, key=lambda fact: fact["fact_id"]):
        by_reason.setdefault(links[fact["fact_id"]]["reason"], []).append(fact)
    chosen = [fact for each in by_reason.values() for fact in each[:4]]
    said = ("subject_name", *exact.NUMBERS)
    lines = [",".join([*(fact[name] or "" for name in said), fact["organ_code"][2:8], f"{fact['event_date'] or ''}"])
             for fact in chosen]
    head = "name,credit_code,organisation_code,registration_number,tax_number,region,date"
    assert len(by_reason) > 2
    few = answered(village, tmp_path, [head, *lines[:answers.FEW]])
    monkeypatch.setattr("jobs.answers.resolving.index.FEW", 0)
    monkeypatch.setattr(answers, "FEW", 0)
    many = answered(village, tmp_path, [head, *lines])
    assert few == many[:len(few)]
    for fact, row in zip(chosen, many, strict=True):
        link = links[fact["fact_id"]]
        assert (row["enterprise_id"] or None, row["reason"]) == (link["enterprise_id"], link["reason"])
        assert (row["tier"] or None) == (link["tier"] and str(link["tier"]))
        assert float(row["score"] or 0) == float(link["score"] or 0)


def test_of_several_bearers_the_one_of_the_rows_day_is_answered(village: Released) -> None:
    spark = opened(village.settings).spark
    said = frame(spark, {"row": "int", "subject": "string", "name_key": "string", "event_date": "date"}, [
        {"row": 1, "subject": "s", "name_key": "合肥甲", "event_date": date(2020, 5, 1)},
        {"row": 2, "subject": "s", "name_key": "合肥甲", "event_date": date(2024, 5, 1)},
        {"row": 3, "subject": "s", "name_key": "合肥甲"}])
    answer = {"subject": "string", "enterprise_id": "string", "tier": "int", "score": "decimal(5,4)", "reason": "string"}
    ruled = frame(spark, answer, [{"subject": "s", "reason": "name_of_several"}])
    names = frame(spark, {"name_key": "string", "enterprise_id": "string", "valid_from": "date", "valid_until": "date"}, [
        {"name_key": "合肥甲", "enterprise_id": "A", "valid_until": date(2022, 1, 1)},
        {"name_key": "合肥甲", "enterprise_id": "B", "valid_from": date(2022, 1, 1)}])
    told = {row["row"]: (row["enterprise_id"], row["reason"]) for row in answers.at_date(said, ruled, names).collect()}
    assert told == {1: ("A", "unique_name_at_date"), 2: ("B", "unique_name_at_date"), 3: (None, "name_of_several")}


def test_a_query_is_logged_with_who_and_what_for_and_nobodys_name(village: Released, tmp_path: Path, one: dict) -> None:
    answered(village, tmp_path, ["name", one["name"], "绝无此名科技有限公司"], purpose="awards", by="wang")
    logged = last_query(village)
    assert (logged["asked_by"], logged["purpose"], logged["command"], logged["at"]) == ("wang", "awards", "resolve", LATER)
    assert (logged["rows"], logged["unanswered"], logged["out_of_scope"], logged["by_tier"]) == (2, 1, 0, {"3": 1})
    assert re.fullmatch("[0-9a-f]{64}", logged["input_sha256"])
    assert one["name"] not in str(logged)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), database.engine(village.settings).begin() as connection:
        connection.execute(sa.text("update ledger.query_log set purpose = 'supervision'"))


def test_of_a_person_nothing_is_kept_not_even_a_digest(village: Released, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    told = answered(village, tmp_path, ["name,credit_code", f"{PERSON},", f"老王小吃店,{HOUSEHOLD}"])
    assert {row["reason"] for row in told} == {"out_of_scope"}
    logged = last_query(village)
    assert (logged["out_of_scope"], logged["rows"], logged["input_sha256"]) == (2, 2, None)
    assert PERSON not in str(village.rows("select * from ledger.query_log"))
    texts = [word.encode() for word in (PERSON, "老王小吃店", HOUSEHOLD)]
    files = [path for path in village.settings.home.rglob("*") if path.is_file()]
    assert [path for path in files if any(text in path.read_bytes() for text in texts)] == []
    assert PERSON not in "".join(capsys.readouterr())


def test_lines_are_answered_one_by_one_and_each_is_logged(village: Released, monkeypatch: pytest.MonkeyPatch, one: dict,
                                                          capsys: pytest.CaptureFixture) -> None:
    before = village.rows("select count(*) as n from ledger.query_log")[0]["n"]
    lines = [json.dumps({"企业名称": name}, ensure_ascii=False) for name in (one["name"], PERSON)]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("\n".join(lines).encode())))
    summary = ask(village, "-", json=True)
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["row"], first["enterprise_id"], first["tier"], first["doubtful"]) == (1, one["enterprise_id"], 3, True)
    assert (second["row"], second["reason"], second["name"]) == (2, "out_of_scope", None)
    assert first["not_covered"] == [one for one in first["not_covered"] if one["of_index"]]
    assert village.rows("select count(*) as n from ledger.query_log")[0]["n"] == before + 2
    assert "out of scope: 1" in summary
    assert "not covered:" in summary


def test_what_was_known_then_is_asked_of_the_index_of_then(village: Released, tmp_path: Path, one: dict,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    lake, [release] = opened(village.settings), village.rows("select * from credit.releases")
    without = lake.read("names", release["snapshots"]["names"]).where(f"enterprise_id <> '{one['enterprise_id']}'")
    snapshots = {**release["snapshots"], "names": lake.replace(without, "names")}
    row = {**release, "release_id": "later", "sequence": 2, "known_at": LATER - timedelta(hours=1), "supersedes": None,
           "snapshots": json.dumps(snapshots), "inputs": json.dumps(release["inputs"])}
    columns, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    engine = database.engine(village.settings)
    with engine.begin() as connection:
        connection.execute(sa.text(f"insert into credit.releases ({columns}) values ({values})"), row)
    try:
        now, then = (answered(village, tmp_path, ["name", one["name"]], known_at=known_at)[0] for known_at in (None, KNOWN_AT))
    finally:
        with engine.begin() as connection:
            connection.execute(sa.text("delete from credit.releases where release_id = 'later'"))
    assert (now["release"], then["release"]) == ("later", release["release_id"])
    assert then["enterprise_id"] == one["enterprise_id"]
    assert now["tier"] != "3"
    assert last_query(village)["asked_known_at"] == KNOWN_AT
    monkeypatch.setattr("jobs.answers.resolving.index.opened", lambda settings: pytest.fail("the lake was opened"))
    with pytest.raises(ListRefused, match="no release was known then; the first knows until 2026-11-20T15:00"):
        answered(village, tmp_path, ["name", one["name"]], known_at=KNOWN_AT - timedelta(days=1))
    with pytest.raises(Exception, match="still to come"):
        answered(village, tmp_path, ["name", one["name"]], known_at=LATER + timedelta(days=1))


def test_nothing_is_asked_without_a_purpose_and_no_file_is_written_over(village: Released, tmp_path: Path, one: dict) -> None:
    before = village.rows("select count(*) as n from ledger.query_log")[0]["n"]
    (tmp_path / "list.csv").write_text(f"name\n{one['name']}\n", encoding="utf-8")
    with pytest.raises(ListRefused, match="nothing is asked without one"):
        ask(village, tmp_path / "list.csv", purpose=None)
    with pytest.raises(Exception, match="not overwritten"):
        ask(village, tmp_path / "list.csv", out=tmp_path / "list.csv")
    assert village.rows("select count(*) as n from ledger.query_log")[0]["n"] == before

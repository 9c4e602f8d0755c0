import json
from argparse import Namespace
from pathlib import Path

import pytest

from jobs.answers import explain_ids
from jobs.answers.evidence import shown
from jobs.answers.explain import explain
from jobs.answers.explain_ids import UnknownId
from jobs.answers.link_told import ABOUT_ITSELF
from jobs.answers.quality import quality
from jobs.declarations import DeclarationError
from jobs.declarations.feeds import ColumnSource
from jobs.enterprises.comparing import LEVELS
from jobs.stores import database
from jobs.stores.ledger import Ledger
from tests.released import Released


def answer(village: Released, id: str) -> dict:
    found = json.loads(explain(village.settings, id, True))
    assert len(found) == 1
    return found[0]


def one(village: Released, sql: str) -> dict:
    return village.rows(f"{sql} limit 1")[0]


def test_an_enterprise_is_told_with_the_file_and_row_of_every_fact(village: Released) -> None:
    asked = one(village, "select enterprise_id from credit.events where category = 'penalty' order by event_id")["enterprise_id"]
    told = answer(village, asked)
    linked = village.rows("select fact_id from credit.links where enterprise_id = :id and not pending", id=asked)
    assert {row["fact_id"] for row in told["facts"]} == {row["fact_id"] for row in linked}
    assert {row["fact_id"] for row in told["header"]} <= {row["fact_id"] for row in told["facts"]}
    files = {row["source_name"] for row in village.rows("select source_name from ledger.deliveries")}
    assert all(row["file"] in files and row["row"] > 0 for row in told["facts"])
    assert {"penalty", "registration"} <= {row["category"] for row in told["events"]}
    assert told["grades"][0]["grade_status"] == "preview"


def test_an_enterprise_is_found_by_code_number_name_and_older_id(village: Released) -> None:
    asked = one(village, """
        select e.enterprise_id, e.credit_code, e.name, r.referent_id from credit.enterprises e join credit.enterprise_referents r
        using (enterprise_id) where credit_code is not null and referent_id <> enterprise_id
          and (select count(*) from credit.names n where n.name = e.name) = 1 order by 1""")
    for id in (asked["credit_code"], asked["credit_code"][8:17], asked["name"], asked["referent_id"]):
        assert answer(village, id)["id"] == asked["enterprise_id"]


def test_a_fact_is_told_by_its_cells_as_received_and_what_became_of_them(village: Released) -> None:
    asked = one(village, "select fact_id from credit.penalties where fine_amount_yuan > 0 and levels = 1 order by event_id")
    told = answer(village, asked["fact_id"])
    row = told["rows_received"][0]
    cells = {cell["field"]: cell for cell in row["cells"]}
    assert cells["document_no"]["received"].strip()
    assert float(cells["fine_amount_yuan"]["received"]) * 10_000 == float(cells["fine_amount_yuan"]["value"])
    assert told["link"][0]["reason"] in ("credit_code", "registered_number")
    labels = {label for cell in row["cells"] for label in cell["label"].split("/")}
    feed = village.declarations.feeds[row["feed"]]
    assert not labels & {*feed.personal, *feed.person_if_filled}


def test_a_list_entry_is_told_with_organ_basis_and_row(village: Released) -> None:
    asked = one(village, "select * from credit.list_entries where origin = 'organ_decision' order by entry_id")
    told = answer(village, asked["entry_id"])
    assert told["organ"][0]["organ_code"] == asked["organ_code"]
    assert {row["fact_id"] for row in told["rows_received"]} == set(asked["fact_ids"])
    assert all(row["file"] and row["row"] for row in told["rows_received"])


def test_a_finding_and_a_grade_are_told_with_rule_article_and_evidence(village: Released) -> None:
    asked = one(village, "select * from credit.findings where rule_id = 'penalty_moderate' order by finding_id")
    told = answer(village, asked["finding_id"])
    assert told["finding"]["legal_basis"] == told["finding"]["article"]
    assert {row["event_id"] for row in told["events"]} == set(asked["event_ids"])
    graded = answer(village, f"{asked['enterprise_id']}/supervision")
    assert asked["finding_id"] in {row["finding_id"] for row in graded["findings"]}


def test_a_repaired_penalty_is_told_with_the_repair_that_ends_it(village: Released) -> None:
    asked = one(village, """
        select event_id, event_key from credit.events join ledger.withdrawals using (event_key) order by event_id""")
    told = answer(village, asked["event_key"])
    assert told["id"] == asked["event_id"]
    assert told["withdrawals"][0]["reason"] == "repaired"


def test_a_fact_nobody_is_linked_to_is_told_with_why(village: Released) -> None:
    asked = one(village, "select * from credit.review_queue where adverse order by review_id")
    told = answer(village, asked["review_id"])
    assert told["id"] == asked["fact_id"]
    assert told["review"][0]["reason"] == asked["reason"]
    assert told["rows_received"]


def scored(village: Released) -> dict:
    return one(village, "select * from credit.links where score is not null order by tier nulls last, fact_id")


def test_a_scored_fact_is_told_step_by_step_up_to_what_the_night_found(village: Released) -> None:
    asked = scored(village)
    told = answer(village, asked["fact_id"])
    first = told["candidates"][0]
    assert [row["step"] for row in first["steps"]] == ["prior", *LEVELS, "term"]
    assert first["steps"][-1]["sum"] == first["total_bits"]
    assert min(first["chance"], 0.9999) == pytest.approx(float(asked["score"]), abs=0.00006)
    assert first["enterprise_id"] == asked["enterprise_id"] or asked["enterprise_id"] is None
    assert told["matching"]["model"]
    assert told["matching"]["note"] is None
    assert told["matching"]["accepted"] == (asked["tier"] == 5)
    assert first["found_by_zh"]
    assert first["found_by_en"]


def test_no_step_shows_a_token_of_a_person(village: Released) -> None:
    told = json.dumps(answer(village, scored(village)["fact_id"]), ensure_ascii=False)
    assert all(row["record"] is row["index"] is None for one in json.loads(told)["candidates"] for row in one["steps"]
               if row["step"] == "person")
    assert "legal_representative_token" not in told


def test_a_fact_linked_by_its_code_is_told_by_the_number_s_claim(village: Released) -> None:
    asked = one(village, "select * from credit.links where reason = 'credit_code' and category = 'penalty' order by 1")
    told = answer(village, asked["fact_id"])
    code = next(row for row in told["claims"] if row["number"] == "credit_code")
    assert code["enterprise_id"] == asked["enterprise_id"]
    assert code["agreement"] in ("letter_by_letter", "as_a_slip", "no_name")
    assert told["candidates"] == []


def test_a_registration_is_about_itself(village: Released) -> None:
    asked = one(village, "select fact_id from credit.links where category = 'registration' order by 1")
    assert answer(village, asked["fact_id"])["matching"] == {"note": ABOUT_ITSELF}


def test_a_link_is_told_as_a_page_too_and_nothing_else_is(village: Released, tmp_path: Path) -> None:
    asked = scored(village)["fact_id"]
    assert explain(village.settings, asked, False, tmp_path / "new" / "link.html", "en") == str(tmp_path / "new" / "link.html")
    assert "Why this record is linked as it is" in (tmp_path / "new" / "link.html").read_text(encoding="utf-8")
    page = tmp_path / "both.html"
    assert json.loads(explain(village.settings, asked, True, page))[0]["id"] == asked
    assert "主体匹配说明" in page.read_text(encoding="utf-8")


def test_no_page_of_anything_else_and_that_is_said_before_spark_is_asked(village: Released, tmp_path: Path,
                                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.stores.lake.opened", lambda settings: pytest.fail("the lake was opened"))
    for id in (one(village, "select enterprise_id as id from credit.enterprises")["id"],
               one(village, "select delivery_id as id from ledger.deliveries")["id"]):
        with pytest.raises(DeclarationError, match="--html tells how a fact is linked"):
            explain(village.settings, id, False, tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_the_beginning_of_an_id_is_enough_where_no_other_begins_so(village: Released, monkeypatch: pytest.MonkeyPatch) -> None:
    def meant(id: str) -> list[tuple[str, str]]:
        with database.engine(village.settings).connect() as connection:
            return explain_ids.meant(Ledger(connection), id)

    review = one(village, "select review_id, fact_id from credit.review_queue order by 1")
    assert meant(review["review_id"][:16]) == [("fact", review["fact_id"])]
    event = one(village, "select event_id as id from credit.events order by 1")["id"]
    assert meant(f"{event[:12]}…") == [("event", event)]
    delivery = one(village, "select delivery_id as id from ledger.deliveries order by 1")["id"]
    assert meant(delivery[:12]) == [("delivery", delivery)]
    monkeypatch.setattr(explain_ids, "SHORTEST", 1)
    with pytest.raises(UnknownId, match=rf"'{event[:2]}' begins \d+ ids, say more of it: .*(event|fact) {event[:2]}"):
        meant(event[:2])


def test_the_night_keeps_a_page_of_its_matching_and_a_table(village: Released, tmp_path: Path,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.declarations.settings.settings", lambda: village.settings)
    quality(Namespace(to=tmp_path, release=None, lang="zh"))
    page, = tmp_path.glob("matching-*.zh.html")
    assert "主体匹配质量" in page.read_text(encoding="utf-8")
    counted = village.rows("select figure, count from audit.match_quality where part = 'tier' and name = 'all'")
    linked = village.rows("""select coalesce(tier::text, 'none') as figure, count(*) as count from credit.links
                             where category <> 'registration' group by 1""")
    assert sorted(counted, key=str) == sorted(linked, key=str)
    assert village.rows("select count from audit.match_quality where part = 'labels' and figure = 'recall'")[0]["count"] > 0


def test_the_gates_of_the_release_are_told(village: Released) -> None:
    asked = one(village, "select enterprise_id from credit.enterprises order by 1")["enterprise_id"]
    stages = {row["stage"] for row in answer(village, asked)["gates"]}
    assert stages == {"standardise", "match", "assemble", "grade", "publish"}


def test_an_unknown_id_is_refused_with_what_can_be_asked(village: Released) -> None:
    with pytest.raises(UnknownId, match="'nobody' is not in the last release; what can be explained: an enterprise"):
        explain(village.settings, "nobody", False)


def test_what_levels_say_otherwise_of_one_act_is_listed_beside_it(village: Released) -> None:
    asked = one(village, """
        select e.event_id, e.feeds from credit.events e join credit.losing_values l using (event_id)
        where e.levels > 1 and l.reason = 'less_believed' order by e.event_id""")
    told = answer(village, asked["event_id"])
    lost = village.rows("select field, value, fact_id, feed from credit.losing_values where event_id = :id", id=asked["event_id"])
    assert {(row["field"], row["value"], row["fact_id"]) for row in told["losing_values"]} \
        == {(row["field"], row["value"], row["fact_id"]) for row in lost}
    assert {row["feed"] for row in told["losing_values"]} < set(asked["feeds"])
    assert {row["fact_id"] for row in told["losing_values"]} <= {row["fact_id"] for row in told["rows_received"]}
    assert asked["event_id"] in explain(village.settings, asked["event_id"], False)


@pytest.mark.parametrize(("cell", "flawed", "told"), [
    ("11340000MB0P004334", False, "11340000MB0P004334"), ("徐睿曌", True, "(3 characters: Han)")])
def test_a_flawed_cell_is_not_shown_where_its_value_is_known_from_elsewhere(cell: str, flawed: bool, told: str) -> None:
    fact = {"organ_code": "11340000MB0P004334"}  # by the organ's name, where its own cell said something else
    assert shown("organ_code", ColumnSource(label="机关代码"), fact, {"机关代码": cell}, flawed) == told

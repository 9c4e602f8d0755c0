import json

import pytest

from jobs.answers.evidence import shown
from jobs.answers.explain import UnknownId, explain
from jobs.declarations.feeds import ColumnSource
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

"""One night's release: what is served, what a second night changes, and what is never done twice."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from jobs.stages import publish
from jobs.stores.serving.compose import StagingError
from jobs.stores.serving.delta import DoubledKey
from tests.publish.lake import DECLARED, PENALTY, enterprise, lake, penalty

NEXT_DAY = date(2026, 11, 21)


def rows(connection: sa.Connection, sql: str) -> list[tuple]:
    found = [tuple(row) for row in connection.execute(sa.text(sql))]
    connection.commit()
    return found


def test_a_first_release_serves_every_row(release, connection):
    made = release(lake(penalty(1), penalty(2, of=2)))
    assert (made["sequence"], made["release_status"], made["supersedes"]) == (1, "served", None)
    assert made["changes"]["penalties"] == {"delete": 0, "update": 0, "insert": 2}
    assert rows(
        connection, "select event_id, enterprise_id, document_no, fine_amount_yuan::text from credit.penalties order by 1"
    ) == [("v1", "e1", "示罚〔2026〕1号", "500.00"), ("v2", "e2", "示罚〔2026〕2号", "500.00")]


def test_a_second_night_moves_only_what_changed(release, connection):
    release(lake(penalty(1), penalty(2), penalty(3)))
    before = dict(rows(connection, "select event_id, xmin::text from credit.penalties"))
    made = release(lake(penalty(1), penalty(2, fine_amount_yuan=Decimal("900.00")), penalty(4)), as_of=NEXT_DAY)
    assert made["changes"]["penalties"] == {"delete": 1, "update": 1, "insert": 1}
    assert rows(
        connection,
        "select key, change from credit.release_delta where table_name = 'penalties' "
        f"and release_id = '{made['release_id']}' order by 1",
    ) == [("v2", "update"), ("v3", "delete"), ("v4", "insert")]
    after = dict(rows(connection, "select event_id, xmin::text from credit.penalties"))
    assert after["v1"] == before["v1"], "a row that did not change was written"
    assert rows(connection, "select event_id, fine_amount_yuan::int from credit.penalties order by 1") == [
        ("v1", 500),
        ("v2", 900),
        ("v4", 500),
    ]


def test_the_delta_says_the_hash_of_what_now_stands(release, connection):
    made = release(lake(penalty(1)))
    assert rows(
        connection,
        f"""select count(*) from credit.release_delta d join credit.penalties p on p.row_key = d.key
        where d.row_hash = p.row_hash and d.release_id = '{made["release_id"]}'""",
    ) == [(1,)]


def test_the_same_inputs_make_no_second_release(release, connection):
    first, second = release(lake(penalty(1))), release(lake(penalty(1)))
    assert second == {"release_id": first["release_id"], "content_hash": first["content_hash"], "already_published": True}
    assert rows(connection, "select count(*) from credit.releases") == [(1,)]


def test_other_inputs_with_the_same_content_change_nothing_and_supersede(release, connection):
    first = release(lake(penalty(1)))
    second = release(lake(penalty(1)), salt="another admission of nothing")
    assert second["content_hash"] == first["content_hash"]
    assert second["supersedes"] == first["release_id"]
    assert not any(any(counts.values()) for counts in second["changes"].values())
    assert rows(connection, f"select count(*) from credit.release_delta where release_id = '{second['release_id']}'") == [(0,)]


def test_an_older_date_makes_files_and_leaves_the_tables(release, connection, night):
    release(lake(penalty(1)), as_of=NEXT_DAY)
    made = release(lake(penalty(2)))
    assert (made["release_status"], made["changes"]) == ("files_only", {})
    assert rows(connection, "select event_id from credit.penalties") == [("v1",)]
    assert (night({}).settings.home / "releases" / made["release_id"] / "penalties.parquet").exists()


def test_a_lake_without_rows_is_a_release_of_empty_tables(release, connection):
    made = release(lake() | {"enterprises": []})
    assert made["release_status"] == "served"
    assert rows(connection, "select count(*) from credit.enterprises") == [(0,)]
    after = release(lake(penalty(1)), as_of=NEXT_DAY)
    assert after["changes"]["enterprises"]["insert"] == 2


def test_everything_may_go(release, connection):
    release(lake(penalty(1)))
    assert release(lake(), as_of=NEXT_DAY)["changes"]["penalties"] == {"delete": 1, "update": 0, "insert": 0}
    assert rows(connection, "select count(*) from credit.penalties") == [(0,)]


VALUES = {
    "null": None,
    "empty": "",
    "quotes": 'a "b" c',
    "comma and line": "a,b\nc",
    "backslash": "\\N \\t",
    "chinese": "中文〔2026〕𠮷号",
    "looks like null": "NULL",
}


def test_text_arrives_as_it_was(release, connection):
    release(lake(*[penalty(n, violation_facts=value, penalty_kinds=["fine", value]) for n, value in enumerate(VALUES.values())]))
    arrived = {
        n: (text, kinds)
        for n, text, kinds in rows(connection, "select event_id, violation_facts, penalty_kinds from credit.penalties")
    }
    assert {name: arrived[f"v{n}"] for n, name in enumerate(VALUES)} == {
        name: (value, ["fine", value]) for name, value in VALUES.items()
    }


def test_a_null_list_is_not_an_empty_one(release, connection):
    release(lake(penalty(1, penalty_kinds=None), penalty(2, penalty_kinds=[])))
    assert rows(connection, "select penalty_kinds from credit.penalties order by event_id") == [(None,), ([],)]


def test_null_and_empty_string_have_different_hashes(release):
    assert release(lake(penalty(1, violation_facts="")))["content_hash"] != release(lake(penalty(1)), salt="x")["content_hash"]


def test_row_hash_can_be_computed_by_anybody(release, connection):
    release(lake())
    columns = ["organ_code", "zh", "en", "level", "region", "competence", "valid_from", "valid_to", "successor"]
    row, said = rows(
        connection, f"select json_build_array({', '.join(columns)})::text, row_hash from credit.organs order by row_key limit 1"
    )[0]
    assert hashlib.sha256(row.encode()).hexdigest() == said
    since = {organ.code: str(organ.valid_from) for organ in DECLARED.organs.values()}
    assert json.loads(row)[6] == since[json.loads(row)[0]]


def test_content_hash_does_not_know_run_release_or_order(release):
    one = release(lake(penalty(1), penalty(2)))
    other = release({name: table[::-1] for name, table in lake(penalty(1), penalty(2)).items()}, salt="other run")
    assert one["release_id"] != other["release_id"]
    assert one["content_hash"] == other["content_hash"]


def test_the_newest_report_of_a_fact_gives_its_fields(release, connection):
    event, fact = penalty(1)
    again = fact | {"delivery_id": "d2", "received_at": fact["received_at"].replace(day=21), "penalty_content": "更正"}
    release(lake((event, fact)) | {"facts_penalty": [again, fact]})
    assert rows(connection, "select penalty_content from credit.penalties") == [("更正",)]


def test_a_doubled_key_is_refused_by_name(night, connection):
    one = night(lake() | {"enterprises": [enterprise(1), enterprise(1)]})
    publish.prepare(one)
    with pytest.raises(
        DoubledKey, match=r"table enterprises: 1 keys occur more than once, the first is e1; the key is \(enterprise_id\)"
    ):
        publish.apply(one)
    assert rows(connection, "select count(*) from credit.releases") == [(0,)]


def test_an_event_without_its_fact_is_refused(night):
    with pytest.raises(
        StagingError, match="table penalties: 1 events name a fact that is not among the admitted facts of penalty"
    ):
        publish.prepare(night(lake(penalty(1)) | {"facts_penalty": []}))


def test_what_a_file_rests_on_is_the_facts_and_their_events(release, connection):
    event, fact = penalty(1)
    grade = {
        "enterprise_id": "e1",
        "scheme": "s",
        "scheme_version": "1",
        "grade": "C",
        "grade_status": "preview",
        "rests_on": ["p1"],
        "use_until": date(2027, 1, 1),
    }
    indicator = {"enterprise_id": "e1", "indicator": "fines", "value": Decimal(1), "fact_ids": ["p1"]}
    release(lake((event | {"use_until": date(2026, 12, 31)}, fact), grades=[grade], indicators=[indicator]))
    for table in ("grades", "indicators"):
        assert rows(connection, f"select rests_on, publicity_until, use_until from credit.{table}") == [
            (sorted(["p1", event["event_key"]]), date(2026, 12, 31), date(2026, 12, 31))
        ]


def test_only_served_tables_are_in_staging_for_the_gate(night, connection):
    one = night(lake(penalty(1)))
    made = publish.prepare(one)
    names = {name for (name,) in rows(connection, f"select tablename from pg_tables where schemaname = '{made['staging']}'")}
    assert {"penalties", "events", "deliveries", "withdrawals"} <= names
    assert not {name for name in names if name.startswith("raw")}
    assert made["rows"]["penalties"] == 1


def test_no_column_of_the_fact_is_forgotten(release, connection):
    release(lake(penalty(1)))
    served = {
        name for (name,) in rows(connection, "select column_name from information_schema.columns where table_name = 'penalties'")
    }
    envelope = {"delivery_id", "feed", "row_no", "part", "covers", "received_at", "event_date"}
    assert "legal_representative_token" not in served  # what is never served in any channel (decision 0021)
    assert set(PENALTY) - envelope - {"legal_representative_token"} <= served

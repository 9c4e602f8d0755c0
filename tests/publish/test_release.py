"""One night's release: what is served, what a second night changes, and what is never done twice."""
from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from jobs.stages import publish
from tests.publish.lake import enterprise, lake, penalty


def rows(connection: sa.Connection, sql: str) -> list[tuple]:
    found = [tuple(row) for row in connection.execute(sa.text(sql))]
    connection.commit()
    return found


def test_a_first_release_serves_every_row(release, connection):
    made = release(lake(penalty(1), penalty(2, of=2)))
    assert made["sequence"] == 1
    assert made["release_status"] == "served"
    assert made["changes"]["penalties"] == {"delete": 0, "update": 0, "insert": 2}
    assert rows(connection, "select event_id, enterprise_id, document_no, fine_amount_yuan::text from credit.penalties order by 1") == [
        ("v1", "e1", "示罚〔2026〕1号", "500.00"), ("v2", "e2", "示罚〔2026〕2号", "500.00")]
    assert rows(connection, "select count(*) from credit.organs") > [(0,)]

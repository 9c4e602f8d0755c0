"""The publish gate reads the rows that consumers would read, through connections that leave nothing behind."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from jobs.stages import gate, publish
from jobs.stages.run import GateStopped
from tests.gates.night import AS_OF, KNOWN_AT, HandNight, begun
from tests.publish.lake import lake, penalty, table

PHONE = "13812345678"
CARD = "6222021234567890128"  # made up; its check digit is right
IDENTITY = "11010119900307803X"  # made up; its check digit is right
LINK = {"fact_id": "p1", "category": "penalty", "feed": "city_penalties", "enterprise_id": "e1", "tier": 1, "pending": False}


class PublishNight(HandNight):
    """A night over the hand-written tables of the publish tests."""

    def read(self, name: str) -> Any:
        return table(name, self.frames.get(name, []))

    def facts(self, category: str) -> Any:
        return table("facts_penalty", self.frames.get("facts_penalty", [])) if category == "penalty" else None

    def admitted(self, name: str, category: str | None = None) -> None:
        return None


@pytest.fixture
def prepared(home, connection, declared):
    """Makes a night whose staging holds one penalty, with what is said of it and of its link."""

    def make(link: dict[str, Any] | None = None, **said: Any) -> PublishNight:
        rows = lake(penalty(1, publicity_until=date(2027, 3, 2), **said), links=[LINK | (link or {})])
        one = PublishNight(AS_OF, KNOWN_AT, home, declared, connection, clock=lambda: KNOWN_AT, frames=rows)
        publish.prepare(begun(one, "publish"))
        connection.commit()
        return one

    return make


def stopped(night: PublishNight) -> str:
    with pytest.raises(GateStopped) as stop:
        gate.check(night, "publish")
    return str(stop.value)


def test_good_staging_passes_and_can_be_dropped_at_once(prepared):
    night = prepared()
    assert [result.told for result in gate.check(night, "publish") if not result.success] == []
    night.connection.execute(sa.text("set lock_timeout = '2s'"))
    publish.staging_of(night).close()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param(f"联系电话：{PHONE}。", "a mobile number is a person's", id="mobile"),
        pytest.param(f"当事人{IDENTITY}承认", "check digit of an identity number", id="identity"),
        pytest.param(f"转入{CARD}账户", "a person's account", id="bank card"),
    ],
)
def test_personal_number_in_a_text_stops_the_release_and_is_not_repeated(prepared, text, why, caplog):
    night = prepared(violation_facts=text)
    told = stopped(night)
    assert why in told
    assert "event_id=v1" in told
    assert text not in told + str(night.results) + caplog.text
    assert [row["keys"] for row in night.results if not row["success"]] == [[{"event_id": "v1"}]]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("罚款13812345678元", id="amount"),
        pytest.param("合同编号20261381234567890", id="longer number"),
        pytest.param("统一社会信用代码91340100MA2N0XCL3K", id="credit code"),
        pytest.param("统一社会信用代码513401005000001707", id="credit code of digits that pass the check of a card"),
        pytest.param("许可证编号6222021234567890127", id="long number without the check digit of a card"),
    ],
)
def test_numbers_that_are_nobodys_pass(prepared, text):
    gate.check(prepared(violation_facts=text), "publish")


def test_pending_fact_behind_a_served_row_stops_the_release(prepared):
    assert "doubt never punishes" in stopped(prepared(link={"pending": True, "tier": 3}))


def test_row_of_an_enterprise_without_a_file_stops_the_release(prepared):
    assert "consumers join by these ids" in stopped(prepared(enterprise_id="e9", link={"enterprise_id": "e9"}))


def test_penalty_without_an_end_stops_the_release(prepared):
    night = prepared()
    night.connection.execute(sa.text(f"update {publish.staging_of(night).schema}.penalties set publicity_until = null"))
    night.connection.commit()
    assert "would be shown for ever" in stopped(night)

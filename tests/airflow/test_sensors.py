"""The night waits without keeping a worker, lands what it waits for, and knows when it came."""
from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowException

from plugins import sensors
from plugins.failures import Subject
from plugins.sensors import OwedSensor

ABOUT = Subject("Waiting", "config/feeds", "nothing", "data office", "python -m jobs owed")
RUN = SimpleNamespace(run_after=datetime(2026, 11, 20, 13, 30, tzinfo=UTC))
AWAITED = {"feed": "repair_decisions", "covers": "2026-11-20", "if_late": "wait_until 23:00", "owner": "office"}
CAME = "2026-11-20 22:10:00+08:00"


@pytest.fixture
def sensor() -> OwedSensor:
    return OwedSensor(task_id="wait", subject=ABOUT, connections={"repair_decisions": "city"})


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What is asked of the door, which has what it waits for after the first landing."""
    asked: list[tuple[Any, ...]] = []

    def door(*words: str, connection: str | None = None) -> subprocess.CompletedProcess[str]:
        landed = any(one[0] == "land" for one in asked)
        asked.append((*words, connection))
        told = {"owed": [], "awaited": [] if landed else [AWAITED], "came": CAME if landed else None}
        return subprocess.CompletedProcess(words, 0, json.dumps(told), "")

    monkeypatch.setattr(sensors, "door", door)
    return asked


def test_it_lands_what_it_waits_for_and_says_when_it_came(sensor: OwedSensor, typed: list) -> None:
    done = sensor.poke({"params": {}, "dag_run": RUN})
    assert (done.is_done, done.xcom_value) == (True, CAME)
    assert typed == [("owed", "--as-of", "2026-11-20", "--json", None), ("land", "--feed", "repair_decisions", "city"),
                     ("owed", "--as-of", "2026-11-20", "--json", None)]
    assert sensor.reschedule


def test_it_is_asked_again_while_it_has_not_come(sensor: OwedSensor, monkeypatch: pytest.MonkeyPatch) -> None:
    told = json.dumps({"owed": [], "awaited": [AWAITED], "came": None})
    monkeypatch.setattr(sensors, "door", lambda *words, **_: subprocess.CompletedProcess(words, 0, told, "a transport failed"))
    assert not sensor.poke({"params": {}, "dag_run": RUN})


def test_a_night_that_is_told_what_it_knows_waits_for_nothing(sensor: OwedSensor, typed: list) -> None:
    assert sensor.poke({"params": {"known_at": "2026-11-20T21:00:00+08:00"}, "dag_run": RUN})
    assert typed == []


def test_the_door_itself_answers(sensor: OwedSensor, home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_HOME", str(home.home))
    done = sensor.poke({"params": {"as_of": "2026-11-20"}, "dag_run": RUN})
    assert (done.is_done, done.xcom_value) == (True, None)
    monkeypatch.setenv("CREDIT_DATABASE_URL", "postgresql://u@127.0.0.1:1/nothing")
    with pytest.raises(AirflowException, match="exit code 3"):
        sensor.poke({"params": {}, "dag_run": RUN})

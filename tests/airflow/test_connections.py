"""A feed's connection as the command that lands it is told: derived from Airflow's, in no log, and found by the transport."""
from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from airflow.sdk import Connection
from airflow.sdk.exceptions import AirflowException

from jobs.stores.transports.connections import connection
from plugins.connections import environment, spelled
from plugins.failures import Subject
from plugins.operators import JobsCommand

SECRET = "s3cret/@:+ of nobody"
ABOUT = Subject("Landing", "config/feeds", "ledger.deliveries", "data office", "python -m jobs land")


@pytest.mark.parametrize(("given", "schemes", "seen"), [
    pytest.param({"conn_type": "sftp", "host": "h", "port": 2222, "extra": {"host_key": "ssh-ed25519 AA+/="}}, ["sftp"],
                 ("sftp", "h", 2222, "", {"host_key": "ssh-ed25519 AA+/="}), id="sftp"),
    pytest.param({"conn_type": "http", "host": "h", "schema": "https"}, ["http", "https"],
                 ("https", "h", None, "", {}), id="api"),
    pytest.param({"conn_type": "http", "host": "https://h/share"}, ["http", "https"], ("https", "h", None, "/share", {}),
                 id="api by address"),
    pytest.param({"conn_type": "postgres", "host": "h", "port": 5432, "schema": "front"}, ["postgresql"],
                 ("postgresql", "h", 5432, "/front", {}), id="postgresql"),
    pytest.param({"conn_type": "mysql", "host": "h", "schema": "front", "extra": {"charset": "utf8mb4"}}, ["mysql"],
                 ("mysql", "h", None, "/front", {"charset": "utf8mb4"}), id="mysql"),
    pytest.param({"conn_type": "aws", "extra": {"endpoint_url": "http://h:9000", "region_name": "cn-1"}}, ["http", "https"],
                 ("http", "h", 9000, "", {"region": "cn-1"}), id="bucket"),
])
def test_an_airflow_connection_is_what_the_transport_finds(monkeypatch: pytest.MonkeyPatch, given: dict[str, Any],
                                                          schemes: list[str], seen: tuple) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_CITY", json.dumps({"login": "us:er", "password": SECRET, **given}))
    derived = environment("city")
    assert list(derived) == ["CREDIT_CONNECTION_CITY"]
    monkeypatch.setenv("CREDIT_CONNECTION_CITY", derived["CREDIT_CONNECTION_CITY"])
    found = connection("city", *schemes)
    assert (found.user, found.password) == ("us:er", SECRET)
    assert (found.scheme, found.host, found.port, found.path, found.options) == seen


def test_a_variable_wins_and_what_nobody_knows_is_left_to_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_CONNECTION_CITY", "sftp://u@h")
    assert environment("city") == environment(None) == environment("nobody_knows_it") == {}


def test_the_command_is_told_and_the_log_is_not(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_CITY", json.dumps({"conn_type": "sftp", "host": "h", "login": "u", "password": SECRET}))
    command = JobsCommand(task_id="land", arguments=["land", "--feed", "no_such_feed"], subject=ABOUT, connection="city")
    with caplog.at_level(logging.DEBUG), pytest.raises(AirflowException) as raised:
        command.execute({})
    address = spelled(Connection.get("city"))
    assert [text for text in (caplog.text, str(raised.value)) if SECRET in text or address in text] == []

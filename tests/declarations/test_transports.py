"""What may be declared of a transport, and what is refused with the key that is wrong."""
from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from jobs.declarations.transports import IfLate, Transport, WaitUntil

TRANSPORT, IF_LATE = TypeAdapter(Transport), TypeAdapter(IfLate)
HTTP = {"kind": "http", "connection": "province", "path": "/penalties", "items": "data.records",
        "paging": {"by": "cursor", "parameter": "cursor", "next": "data.next"}, "page_size": {"parameter": "size", "items": 500}}
DATABASE = {"kind": "database", "connection": "front_end", "dialect": "mysql", "table": "share.penalties",
            "watermark": "updated_at", "key": ["id"]}
GOOD = [
    {"kind": "folder", "pattern": "*.csv"},
    {"kind": "bucket", "connection": "city_store", "bucket": "in", "prefix": "penalties/", "complete": {"by": "marker"}},
    {"kind": "sftp", "connection": "front_end", "folder": "/out", "complete": {"by": "stable_size", "seconds": 5}},
    {"kind": "sftp", "connection": "front_end", "folder": "/out", "complete": {"by": "manifest", "pattern": "*.ctl"}},
    HTTP, {**HTTP, "paging": {"by": "page", "parameter": "page"}}, DATABASE, {"kind": "upload"}]
WRONG = [
    pytest.param({"kind": "fax"}, "does not match any of the expected tags", id="unknown kind"),
    pytest.param({"kind": "upload", "pattern": "*"}, "upload.pattern", id="a key of another kind"),
    pytest.param({**HTTP, "connection": "https://u:p@h"}, "http.connection", id="an address instead of a name"),
    pytest.param({**DATABASE, "password": "x"}, "database.password", id="a secret"),
    pytest.param({**DATABASE, "query": "select 1"}, "exactly one of table and query", id="two sources"),
    pytest.param({**DATABASE, "columns": ["id"]}, "updated_at is key or watermark", id="a watermark that is not read"),
    pytest.param({"kind": "bucket", "connection": "a", "bucket": "b", "prefix": "x"}, "ends in /", id="prefix no folder"),
    pytest.param({"kind": "folder", "complete": {"by": "marker", "suffix": "/x"}}, "end of a file name", id="suffix a path"),
]


@pytest.mark.parametrize("declared", GOOD, ids=lambda declared: declared["kind"])
def test_what_is_declared_is_kept(declared: dict[str, Any]) -> None:
    assert TRANSPORT.dump_python(TRANSPORT.validate_python(declared), exclude_defaults=True) | declared == declared


@pytest.mark.parametrize(("declared", "told"), WRONG)
def test_what_is_wrong_is_told(declared: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as raised:
        TRANSPORT.validate_python(declared)
    keys = [".".join(map(str, fault["loc"])) for fault in raised.value.errors()]
    assert told in str(raised.value) or told in keys


def test_waiting_carries_its_time() -> None:
    assert [IF_LATE.validate_python(one) for one in ("go_without", "hold", {"wait_until": "23:00"})] == [
        "go_without", "hold", WaitUntil(wait_until="23:00")]
    for wrong in ("wait_until", {"wait_until": "25:00"}, {"wait_until": "soon"}):
        with pytest.raises(ValidationError):
            IF_LATE.validate_python(wrong)

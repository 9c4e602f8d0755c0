"""A paged API of a real HTTP server: pages, pace, patience, and going on after a failure."""
from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from jobs.stores.embedded import free_port
from jobs.stores.transports import TransportFailed, http
from tests.standing import asked
from tests.transports.api import Api
from tests.transports.conftest import LATER, NOW, SECRET, Bureau

CURSOR = {"by": "cursor", "parameter": "cursor", "next": "data.next"}
CONTINUES = {"by": "cursor", "parameter": "cursor", "next": "data.at", "more": "data.more", "continues": True}
NUMBERED = {"by": "page", "parameter": "page"}
Answer = tuple[int, dict[str, str], bytes]


@pytest.fixture
def declare(bureau: Bureau, api: Api, known: Callable[[str], str]) -> Callable[..., Any]:
    """Declares the feed, its connection at this address."""
    api.items = items(7)

    def made(paging: dict[str, Any] | None = None, address: str = "", **given: Any) -> Any:
        transport = {"kind": "http", "connection": known(address or api.address), "path": "/penalties", "items": "data.records",
                     "paging": paging or CURSOR, "page_size": {"parameter": "size", "items": 3}, "rate_limit_per_second": 1000}
        return bureau.feed(transport | given, form={"kind": "json", "container": "zip", "records": "data.records[]"})
    return made


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "FIRST_WAIT", 0.02)


def items(count: int) -> list[dict[str, Any]]:
    return [{"document_no": f"{number}号", "amount": number} for number in range(1, count + 1)]


def pages(bureau: Bureau, delivery: dict[str, Any]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bureau.content(delivery))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def held(bureau: Bureau, delivery: dict[str, Any]) -> list[str]:
    found = [json.loads(page)["data"]["records"] for page in pages(bureau, delivery).values()]
    return [one["document_no"] for page in found for one in page]


def failing(answers: dict[int, Answer]) -> Callable[[int], Answer | None]:
    return lambda number: answers.get(number)


# ---- pages

@pytest.mark.parametrize(("paging", "name", "positions"), [
    (CURSOR, "cursor", [None, "3", "6"]), (NUMBERED, "page", ["1", "2", "3"])], ids=["cursor", "page"])
def test_all_pages_are_kept_as_received_in_one_zip(bureau: Bureau, api: Api, declare, paging: dict, name: str,
                                                  positions: list) -> None:
    feed = declare(paging, parameters={"area": "340100"})
    [taken] = bureau.land(feed)
    assert [one.get(name) for one in api.asked] == positions
    assert {(one["area"], one["size"]) for one in api.asked} == {("340100", "3")}
    expected = {f"page-{number:06d}.json": api.page(query) for number, query in enumerate(api.asked[:3], 1)}
    assert pages(bureau, taken) == expected
    assert taken["source_name"] == f"{bureau.name}_20261120.zip"
    assert bureau.spooled() == []


def test_a_last_page_that_is_full_is_followed_by_an_empty_one_that_is_no_member(bureau: Bureau, api: Api, declare) -> None:
    api.items = items(6)
    [taken] = bureau.land(declare(NUMBERED))
    assert (len(api.asked), len(pages(bureau, taken))) == (3, 2)


def test_the_same_pages_are_the_same_delivery(bureau: Bureau, api: Api, declare) -> None:
    feed = declare()
    assert len(bureau.land(feed)) == 1
    assert bureau.land(feed, now=NOW + timedelta(hours=2)) == []
    assert bureau.listed() == [(f"{bureau.name}_20261120.zip", "received")]


def test_an_api_that_continues_gives_each_item_once(bureau: Bureau, api: Api, declare) -> None:
    feed = declare(CONTINUES)
    [first] = bureau.land(feed)
    assert bureau.land(feed, now=LATER) == []  # nothing new is no delivery
    api.items = items(9)
    [second] = bureau.land(feed, now=LATER)
    assert held(bureau, first) + held(bureau, second) == [one["document_no"] for one in items(9)]
    marks = asked(bureau.home, "select key, mark ->> 'cursor' as cursor, delivery_id from ledger.transport_marks "
                               "where feed = :feed order by key", feed=bureau.name)
    assert [(row["key"], row["cursor"], row["delivery_id"]) for row in marks] == [
        ("000000001", "7", first["delivery_id"]), ("000000002", "9", second["delivery_id"])]


def test_more_pages_than_allowed_are_the_next_delivery_or_a_failure(bureau: Bureau, api: Api, declare) -> None:
    feed = declare(CONTINUES, max_pages=2)
    assert [held(bureau, bureau.land(feed, now=moment)[0]) for moment in (NOW, LATER)] == [
        [f"{number}号" for number in range(1, 7)], ["7号"]]
    assert "more than max_pages 2" in bureau.fails(declare(max_pages=2))


def test_a_cursor_that_leads_nowhere_is_told(bureau: Bureau, api: Api, declare) -> None:
    assert "names no cursor" in bureau.fails(declare(CONTINUES | {"next": "data.next", "more": None}))
    api.before = lambda _: (200, {}, json.dumps({"data": {"records": [1], "next": "a"}}).encode())
    assert "names itself as the next one" in bureau.fails(declare())


# ---- pace and patience

def test_it_is_asked_no_faster_than_allowed(bureau: Bureau, api: Api, declare) -> None:
    bureau.land(declare(rate_limit_per_second=10))
    waits = [after - before for before, after in zip(api.times, api.times[1:], strict=False)]
    assert min(waits) >= 0.09


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 408])
def test_a_busy_server_is_asked_again(bureau: Bureau, api: Api, declare, status: int) -> None:
    api.before = failing({2: (status, {}, b"busy"), 3: (status, {}, b"busy")})
    [taken] = bureau.land(declare())
    assert len(api.asked) == 5
    assert len(held(bureau, taken)) == 7


@pytest.mark.parametrize("said", [
    {"Retry-After": "1"},
    {"Date": "Fri, 20 Nov 2026 10:00:00 GMT", "Retry-After": "Fri, 20 Nov 2026 10:00:01 GMT"}], ids=["seconds", "moment"])
def test_it_waits_as_long_as_it_is_told(bureau: Bureau, api: Api, declare, said: dict[str, str]) -> None:
    api.before = failing({1: (429, said, b"")})
    bureau.land(declare(max_pages=3))
    assert api.times[1] - api.times[0] >= 1


def test_one_who_wants_us_to_come_much_later_is_not_asked_before(bureau: Bureau, api: Api, declare) -> None:
    api.before = failing({1: (429, {"Retry-After": "3600"}, b"")})
    assert "answered 429, to be asked again in 3600 s" in bureau.fails(declare())
    assert len(api.asked) == 1


def test_a_server_that_stays_busy_fails_its_feed_after_so_many_attempts(bureau: Bureau, api: Api, declare) -> None:
    api.before = lambda number: (503, {}, b"") if number > 1 else None
    assert "Busy: answered 503" in bureau.fails(declare(retries=2))
    assert len(api.asked) == 4


def test_a_server_that_does_not_answer_in_time_is_asked_again(bureau: Bureau, api: Api, declare) -> None:
    api.before = lambda number: time.sleep(0.6) if number == 1 else None
    [taken] = bureau.land(declare(timeout_seconds=0.3))
    assert len(held(bureau, taken)) == 7
    api.before = lambda _: time.sleep(0.6)
    assert "ReadTimeout" in bureau.fails(declare(timeout_seconds=0.2, retries=1))


def test_what_no_asking_again_makes_right_is_told_at_once(bureau: Bureau, api: Api, declare, known) -> None:
    for status in (400, 403, 404, 302):
        api.asked, api.before = [], failing({1: (status, {"Location": "/other"}, b"")})
        assert f"Wrong: answered {status}" in bureau.fails(declare())
        assert len(api.asked) == 1
    api.before = lambda _: (200, {}, "<html>张三</html>".encode())
    told = bureau.fails(declare())
    assert "page 1 is not JSON" in told
    assert "张三" not in told
    api.before = lambda _: (200, {}, b'{"data": {"list": []}}')
    assert "page 1 has no list at data.records" in bureau.fails(declare())


def test_a_page_longer_than_memory_allows_is_refused(bureau: Bureau, api: Api, declare, monkeypatch) -> None:
    monkeypatch.setattr(http, "LONGEST_PAGE", 100)
    assert "a page of more than 100 bytes" in bureau.fails(declare())


def test_wrong_password_and_a_server_that_is_down_are_told_without_secrets(bureau: Bureau, api: Api, declare) -> None:
    wrong = api.address.replace("pipeline:", "pipeline:x")
    nobody = f"http://pipeline:{SECRET[:8]}@127.0.0.1:{free_port()}"
    told = [bureau.fails(declare(address=wrong)), bureau.fails(declare(address=nobody, retries=1))]
    assert "answered 401" in told[0]
    assert "ConnectError" in told[1]
    assert [said for said in told if SECRET[:8] in said] == []


# ---- going on

def test_a_fetch_that_failed_goes_on_at_the_page_it_came_to(bureau: Bureau, api: Api, declare) -> None:
    feed = declare(retries=0)
    api.before = failing({3: (503, {}, b"")})
    with pytest.raises(TransportFailed):
        bureau.land(feed)
    assert bureau.spooled() == ["checkpoint.json", "page-000001.json", "page-000002.json"]
    [taken] = bureau.land(feed, now=NOW + timedelta(hours=20))
    assert [one.get("cursor") for one in api.asked] == [None, "3", "6", "6"]
    assert str(taken["covers"]) == "2026-11-20"  # the day the fetch began
    assert len(held(bureau, taken)) == 7
    assert bureau.spooled() == []


@pytest.mark.parametrize("why", ["too long ago", "another declaration", "landed already"])
def test_a_checkpoint_of_another_fetch_is_dropped(bureau: Bureau, api: Api, declare, why: str) -> None:
    feed, api.before = declare(retries=0), failing({3: (503, {}, b"")})
    with pytest.raises(TransportFailed):
        bureau.land(feed)
    if why == "another declaration":
        feed = declare(retries=0, parameters={"area": "1"})
    if why == "landed already":
        kept = {path: path.read_bytes() for path in (bureau.home.home / "spool" / bureau.name).glob("*")}
        bureau.land(feed)
        for path, content in kept.items():  # as if the process had died after the commit and before it tidied up
            path.write_bytes(content)
    bureau.land(feed, now=NOW + timedelta(hours=25 if why == "too long ago" else 1))
    assert api.asked[-3].get("cursor") is None
    assert bureau.spooled() == []

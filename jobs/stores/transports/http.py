"""A paged API through httpx: asked no faster than allowed, asked again where it is busy, gone on with where a kill ended it."""
from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import tenacity

from jobs.declarations.feeds import Feed
from jobs.declarations.settings import Settings
from jobs.declarations.transports import CursorPaging, HttpTransport
from jobs.stores.transports import marks, pages
from jobs.stores.transports.arrival import Arrival, day_of
from jobs.stores.transports.connections import Connection, connection, reaching
from jobs.stores.transports.pages import Checkpoint
from jobs.stores.transports.spool import empty, spool, until_landed

BUSY = (408, 425, 429, 500, 502, 503, 504)
LONGEST_PAGE = 64 * 1024**2  # bytes
LONGEST_WAIT = 300.0  # seconds
FIRST_WAIT = 0.5


class Busy(Exception):
    """An answer after which one may ask again; `after` is how long its sender wants us to wait."""

    def __init__(self, status: int, after: float | None) -> None:
        super().__init__(f"answered {status}")
        self.after = after


class Wrong(Exception):
    """An answer that no asking again makes right."""


FAULTS = (httpx.HTTPError, httpx.InvalidURL, Busy, Wrong, OSError)


def retry_after(headers: httpx.Headers) -> float | None:
    """Seconds to wait as `Retry-After` says them, or as a moment, which counts from the sender's own clock."""
    told = headers.get("retry-after", "")
    if told.isdigit():
        return float(told)
    try:
        return max((parsedate_to_datetime(told) - parsedate_to_datetime(headers["date"])).total_seconds(), 0.0)
    except (KeyError, TypeError, ValueError):
        return None


def pause(state: tenacity.RetryCallState) -> float:
    """As long as we are told, else twice as long each time."""
    error = state.outcome.exception() if state.outcome else None
    told = getattr(error, "after", None)
    return min(FIRST_WAIT * 2 ** (state.attempt_number - 1), LONGEST_WAIT) if told is None else told


def signed_in(where: Connection) -> dict[str, Any]:
    """A user and password, or a password alone, which is a token."""
    if where.user:
        return {"auth": httpx.BasicAuth(where.user, where.password)}
    return {"headers": {"Authorization": f"Bearer {where.password}"}} if where.password else {}


class Api:
    """One sender, asked for one page after the other."""

    def __init__(self, where: Connection, declared: HttpTransport, client: httpx.Client) -> None:
        self.declared, self.client = declared, client
        port = f":{where.port}" if where.port else ""
        self.url = f"{where.scheme}://{where.host}{port}{where.path.rstrip('/')}/{declared.path.lstrip('/')}"
        self.free_at = 0.0

    def page(self, position: str | None) -> bytes:
        """The bytes of one page, asked for as often as declared."""
        again = tenacity.Retrying(stop=tenacity.stop_after_attempt(self.declared.retries + 1), wait=pause, reraise=True,
                                  retry=tenacity.retry_if_exception_type((httpx.TransportError, Busy)))
        return again(self.once, position)

    def once(self, position: str | None) -> bytes:
        time.sleep(max(self.free_at - time.monotonic(), 0))
        self.free_at = time.monotonic() + 1 / self.declared.rate_limit_per_second
        size, paging = self.declared.page_size, self.declared.paging
        asked = {**self.declared.parameters, size.parameter: str(size.items)}
        asked |= {paging.parameter: position} if position is not None else {}
        with self.client.stream("GET", self.url, params=asked) as answer:
            if answer.status_code in BUSY:
                if (after := retry_after(answer.headers)) and after > LONGEST_WAIT:
                    raise Wrong(f"answered {answer.status_code}, to be asked again in {after:.0f} s, which is too long")
                raise Busy(answer.status_code, after)
            if answer.status_code != 200:
                raise Wrong(f"answered {answer.status_code}")
            return limited(answer.iter_bytes())


def limited(blocks: Iterator[bytes]) -> bytes:
    page = bytearray()
    for block in blocks:
        page += block
        if len(page) > LONGEST_PAGE:
            raise Wrong(f"a page of more than {LONGEST_PAGE} bytes: declare a smaller page_size")
    return bytes(page)


# ---- from page to page

def read(page: bytes, declared: HttpTransport, number: int) -> tuple[Any, int]:
    """The page, and how many items it has; what it holds is never told."""
    try:
        content = json.loads(page)
    except ValueError:
        raise Wrong(f"page {number} is not JSON") from None
    items = pages.at(content, declared.items)
    if not isinstance(items, list):
        raise Wrong(f"page {number} has no list at {declared.items}")
    return content, len(items)


def step(checkpoint: Checkpoint, declared: HttpTransport, content: Any, items: int) -> dict[str, Any]:
    """Where to go on after a page, or that it was the last one; raises Wrong where that would be the same page again."""
    paging = declared.paging
    if not isinstance(paging, CursorPaging):
        position = paging.first if checkpoint.position is None else int(checkpoint.position)
        return {"position": str(position + 1), "ended": items < declared.page_size.items}
    cursor = pages.at(content, paging.next)
    none = cursor is None or cursor == "" or isinstance(cursor, (bool, list, dict))
    ended = none or (not pages.at(content, paging.more) if paging.more else not items)
    if none and items and paging.continues:
        raise Wrong(f"page {checkpoint.pages + 1} names no cursor, so that the next delivery cannot go on from it")
    if not ended and str(cursor) == checkpoint.position:
        raise Wrong(f"page {checkpoint.pages + 1} names itself as the next one")
    return {"position": None if none else str(cursor), "last": checkpoint.last if none else str(cursor), "ended": ended}


def fetch(api: Api, folder: Path, checkpoint: Checkpoint) -> Checkpoint:
    """All pages are on disk, from wherever an earlier process came to."""
    declared = api.declared
    while not checkpoint.ended:
        if checkpoint.pages == declared.max_pages:
            if continues(declared):
                break  # the next delivery goes on here
            raise Wrong(f"more than max_pages {declared.max_pages}: declare larger pages")
        position = checkpoint.position
        if position is None and not isinstance(declared.paging, CursorPaging):
            position = str(declared.paging.first)
        page = api.page(position)
        content, items = read(page, declared, checkpoint.pages + 1)
        checkpoint = pages.keep(folder, checkpoint, page if items or not checkpoint.pages else None,
                                **step(checkpoint, declared, content, items), items=checkpoint.items + items)
    return checkpoint


def continues(declared: HttpTransport) -> bool:
    return isinstance(declared.paging, CursorPaging) and declared.paging.continues


def arrivals(settings: Settings, feed: Feed, now: datetime) -> Iterator[Arrival]:
    """One ZIP of all pages; where the API continues, of those after the last mark, if anything is there."""
    where, declared = connection(feed.transport.connection, "http", "https"), feed.transport
    with spool(settings, feed) as folder:
        number, mark = marks.last(settings, feed)
        cursor = mark.get("cursor") if continues(declared) else None
        begun = Checkpoint(number, pages.declared(feed), now.isoformat(), position=cursor, last=cursor)
        with reaching(where, *FAULTS), httpx.Client(timeout=declared.timeout_seconds, **signed_in(where)) as client:
            checkpoint = fetch(Api(where, declared, client), folder, pages.begin(folder, begun, now))
        if checkpoint.items or not continues(declared):
            covers = day_of(checkpoint.begun)
            with until_landed(pages.packed(folder, checkpoint.pages, f"{feed.feed}_{covers:%Y%m%d}.zip")) as path:
                said = {"cursor": checkpoint.last, "pages": checkpoint.pages, "items": checkpoint.items}
                yield Arrival(feed.feed, path, covers, now, mark=marks.following(number, said))
        empty(folder)

"""A real HTTP server of a paged API on this machine, which does what a test tells it to."""
from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit


class Api:
    """Items by cursor or by number; `before` may answer in its place, and `asked` are the queries in their order."""

    def __init__(self, user: str, password: str) -> None:
        self.user, self.password = user, password
        self.items: list[dict[str, Any]] = []
        self.asked: list[dict[str, str]] = []
        self.times: list[float] = []
        self.before: Callable[[int], tuple[int, dict[str, str], bytes] | None] = lambda _: None

    def __enter__(self) -> Api:
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = api.answer(self.path, self.headers.get("Authorization", ""))
                self.send_response_only(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path: str, signed: str) -> tuple[int, dict[str, str], bytes]:
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        self.asked.append(query)
        self.times.append(time.monotonic())
        if signed != "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode():
            return 401, {}, b"who are you"
        return self.before(len(self.asked)) or (200, {"Content-Type": "application/json"}, self.page(query))

    def page(self, query: dict[str, str]) -> bytes:
        """By cursor, which counts items, or by page number from 1; a cursor is named also where nothing is left."""
        size = int(query["size"])
        start = (int(query["page"]) - 1) * size if "page" in query else int(query.get("cursor", "0"))
        items = self.items[start:start + size]
        end = start + len(items)
        data = {"records": items, "next": end if end < len(self.items) else None, "at": end, "more": end < len(self.items)}
        return json.dumps({"code": 0, "data": data}, ensure_ascii=False).encode()

    @property
    def address(self) -> str:
        return f"http://{self.user}:{quote(self.password, safe='')}@127.0.0.1:{self.server.server_port}/share"

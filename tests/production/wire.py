"""A way to a server that breaks every connection once so many bytes went one way."""
from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PIECE = 65_536


def carry(source: socket.socket, target: socket.socket, left: int) -> None:
    """Carries at most `left` bytes, then shuts both ends; an end that is shut already is how the other way ended."""
    with suppress(OSError):
        while left > 0 and (data := source.recv(min(left, PIECE))):
            target.sendall(data)
            left -= len(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


class Ways(socketserver.ThreadingTCPServer):
    daemon_threads = True  # a client's idle connection need not be waited for


@contextmanager
def breaking(endpoint: str, after: int) -> Iterator[str]:
    """The address of that way."""
    host, _, port = endpoint.partition(":")

    class Way(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection((host, int(port))) as server:
                back = threading.Thread(target=carry, args=(server, self.request, after), daemon=True)
                back.start()
                carry(self.request, server, after)
                back.join()

    with Ways(("127.0.0.1", 0), Way) as listening:
        threading.Thread(target=listening.serve_forever).start()
        try:
            yield f"127.0.0.1:{listening.server_address[1]}"
        finally:
            listening.shutdown()

"""The records of a JSON text, counted by its brackets and not by parsing."""

import json
import re

import numpy as np

ESCAPE = re.compile(rb"\\.", re.DOTALL)
QUOTE, OPENING, CLOSING = 1, 2, 3
SIGNS = bytes({'"': QUOTE, "[": OPENING, "{": OPENING, "]": CLOSING, "}": CLOSING}.get(chr(sign), 0) for sign in range(256))
# A key, the colon and the space between them; with a longer one the count fails, and the file is not read.
KEY_ROOM = 4096


class RecordCount:
    """Counts the objects at a path: each is the last of a chain of brackets, those of names after their key."""

    def __init__(self, path: str, lines: bool):
        self.chain = chain_of(path)[1 if lines else 0 :]
        self.depth = self.matched = self.records = 0
        self.inside = False
        self.held = b""
        # The end of what was counted, as it is and without escapes.
        self.before = self.plain_before = b""

    def add(self, text: bytes) -> None:
        """Counts the next block of the text."""
        text = self.held + text
        plain = ESCAPE.sub(b"__", text) if b"\\" in text else text
        # A backslash at the end escapes what comes next.
        self.held = b"\\" if plain.endswith(b"\\") else b""
        whole = len(text) - len(self.held)
        text, plain = self.before + text[:whole], self.plain_before + plain[:whole]
        self._count(text, plain, len(self.before))
        self.before, self.plain_before = text[-KEY_ROOM:], plain[-KEY_ROOM:]

    def total(self) -> int:
        """The number of records in all that was added."""
        return self.records

    def _count(self, text: bytes, plain: bytes, start: int) -> None:
        signs = np.frombuffer(plain[start:].translate(SIGNS), np.uint8)
        places = np.flatnonzero(signs)
        signs = signs[places]
        quotes = signs == QUOTE
        inside = (np.cumsum(quotes) + self.inside) % 2 == 1
        outside = ~(quotes | inside)
        self.inside ^= bool(np.count_nonzero(quotes) % 2)
        places, opens = places[outside], signs[outside] == OPENING
        depths = self.depth + np.cumsum(np.where(opens, 1, -1))
        self.depth = int(depths[-1]) if len(depths) else self.depth
        # Of an opening bracket the depth before it, of a closing one that after it: both of a pair have the same.
        depths = depths - opens
        # Below 0 more was closed than opened: no JSON, which the parser says.
        near = (depths >= 0) & (depths < len(self.chain))
        for place, is_open, depth in zip(places[near].tolist(), opens[near].tolist(), depths[near].tolist(), strict=True):
            if not is_open:
                self.matched = min(self.matched, depth)
            elif self.matched == depth and self._fits(text, plain, start + place, *self.chain[depth]):
                self.matched += 1
                self.records += self.matched == len(self.chain)

    def _fits(self, text: bytes, plain: bytes, place: int, bracket: bytes, name: str | None) -> bool:
        if text[place : place + 1] != bracket:
            return False
        if name is None:
            return True
        end = len(plain[max(place - KEY_ROOM, 0) : place].rstrip(b" \t\r\n:")) + max(place - KEY_ROOM, 0)
        begin = plain.rfind(b'"', 0, max(end - 1, 0))
        if begin < 0 or plain[end - 1 : end] != b'"':
            return False
        return _key(text[begin:end]) == name


def _key(quoted: bytes) -> str | None:
    try:
        return json.loads(quoted)
    except ValueError:
        return None


def chain_of(path: str) -> list[tuple[bytes, str | None]]:
    """The brackets that open before a record is reached, its own the last, each with the key that stands before it."""
    chain: list[tuple[bytes, str | None]] = [] if path.startswith("[]") else [(b"{", None)]
    for step in path.split("."):
        name = step.removesuffix("[]") or None
        chain += [(b"[", name), (b"{", None)] if step.endswith("[]") else [(b"{", name)]
    return chain

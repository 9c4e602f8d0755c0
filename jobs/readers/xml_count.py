"""The elements of one tag in XML text, counted in its bytes and not by parsing."""

import re


class ElementCount:
    """Counts start tags of a local name outside comments, CDATA sections and processing instructions."""

    def __init__(self, tag: str):
        name = re.escape(tag.encode())
        opening = rb"<!--|<!\[CDATA\[|<\?|<(?:[^\s<>/!?:]+:)?" + name + rb"(?=[\s/>])"
        self.opening = re.compile(opening)
        self.closing = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
        # A tag cut by the end of a block is met again with the next; a prefix may stand before the name.
        self.room = len(tag.encode()) + 256
        self.rest = b""
        self.until: bytes | None = None
        self.elements = 0

    def add(self, text: bytes) -> None:
        """Counts the next block of the UTF-8 text."""
        self.rest = self._counted(self.rest + text, last=False)

    def total(self) -> int:
        """The number of elements in all that was added."""
        self.rest = self._counted(self.rest, last=True)
        return self.elements

    def _counted(self, text: bytes, last: bool) -> bytes:
        """What of the text is to be looked at again with the next."""
        at, sure = 0, len(text) if last else max(len(text) - self.room, 0)
        while True:
            if self.until:
                end = text.find(self.until, at)
                if end < 0:
                    return text[max(len(text) - len(self.until) + 1, at) :]
                at, self.until = end + len(self.until), None
            found = self.opening.search(text, at)
            if not found or found.start() >= sure:
                return text[max(at, sure) :]
            at = found.end()
            self.until = self.closing.get(found[0])
            self.elements += self.until is None

"""JSON text read value by value: only the value at hand is held, and no number becomes a float."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from jobs.readers.inspect import Encoding, utf8_blocks
from jobs.readers.reading import Unreadable
from jobs.readers.spec import Limits

SPACE = re.compile(r"[ \t\n\r]*")
COMMA = re.compile(r"[ \t\n\r]*,")


class NotJsonError(ValueError):
    """NaN and the infinities, which Python would read."""


class TwoValuesError(ValueError):
    """An object with the same key twice, of which Python would keep the later."""


def _refuse_constant(word: str) -> None:
    raise NotJsonError(f"{word} is no JSON")


def _object(pairs: list[tuple[str, object]]) -> dict:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise TwoValuesError(f"the key {twice!r} twice in one object")
    return made


DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=_refuse_constant, object_pairs_hook=_object)


class JsonText:
    """The text of a file with the place reached in it; each block goes to `count` as UTF-8 when it is read."""

    def __init__(self, path: Path, encoding: Encoding, limits: Limits, count: Callable[[bytes], None]):
        self.path, self.limits, self.count = path, limits, count
        self.blocks = utf8_blocks(path, encoding)
        self.text, self.at, self.over, self.done = "", 0, False, 0

    def lines(self) -> Iterator[tuple[object, int]]:
        """The value of every line with its length; a line of white space is an empty object."""
        number, rest = 0, ""
        while self._more():
            *whole, rest = self.text.split("\n")
            self.text, self.at = rest, 0
            for line in whole:
                number += 1
                yield self._line(line, number), len(line)
            self._refuse_endless()
        if rest:
            yield self._line(rest, number + 1), len(rest)

    def _line(self, line: str, number: int) -> object:
        stripped = line.strip(" \t\r")
        if not stripped:
            return {}
        value, end = self._decoded(stripped, 0, f"line {number}")
        if end != len(stripped):
            raise self._damaged(f"line {number} goes on after its value")
        return value

    def elements(self, steps: list[tuple[str, bool]]) -> Iterator[tuple[object, int]]:
        """The elements of the outermost array of a path, each with its length."""
        yield from self._inside(steps)
        if self._peek():
            raise self._damaged("goes on after its end")

    def _inside(self, steps: list[tuple[str, bool]]) -> Iterator[tuple[object, int]]:
        (name, is_array), *deeper = steps
        if not name:
            yield from self._elements("the file")
            return
        found = False
        for key in self._keys():
            if key != name:
                self._value()
                continue
            found = True
            yield from self._elements(name) if is_array else self._inside(deeper)
        if not found:
            raise Unreadable("no_records", self.path, f"has no {name} where the path says")

    def _keys(self) -> Iterator[str]:
        """The keys of the object at hand; whoever takes one reads its value before the next."""
        if self._peek() not in ("{", ""):
            raise Unreadable("no_records", self.path, f"no object {self._where()}")
        self._expect("{")
        seen: set[str] = set()
        while self._peek() != "}" or seen:
            if self._peek() != '"':
                raise self._damaged(f"no key {self._where()}")
            key = self._value()
            if key in seen:
                raise Unreadable("duplicate_key", self.path, f"the key {key!r} twice in one object")
            seen.add(key)
            self._expect(":")
            yield key
            if self._expect(",", "}") == "}":
                return
        self._expect("}")

    def _elements(self, name: str) -> Iterator[tuple[object, int]]:
        if self._peek() not in ("[", ""):
            raise Unreadable("no_records", self.path, f"{name} is no array")
        self._expect("[")
        if self._peek() == "]":
            self._expect("]")
            return
        while True:
            value, size = self._element()
            yield value, size
            if self.text[self.at - 1] != "," and self._expect(",", "]") == "]":
                return

    def _element(self) -> tuple[object, int]:
        """The next value and its length; where it and what follows are at hand, without a look at each character."""
        self._peek()
        begin = self.done + self.at
        try:
            value, end = DECODER.scan_once(self.text, self.at)
        except (ValueError, StopIteration, RecursionError):
            value, end = None, 0
        following = COMMA.match(self.text, end) if end else None
        if following:
            size = end - self.at
            self.at = following.end()
            return value, size
        return self._value(), self.done + self.at - begin

    def _value(self) -> object:
        self._peek()
        while True:
            try:
                value, end = self._decoded(self.text, self.at, self._where())
            except Unreadable:
                # Half a value looks like a broken one until the rest of the text is there.
                if not self._more():
                    raise
                continue
            taken = end - self.at
            # A number at the end of a block may go on in the next.
            if end < len(self.text) or not self._more():
                self.at += taken
                return value

    def _decoded(self, text: str, at: int, where: str) -> tuple[object, int]:
        try:
            return DECODER.raw_decode(text, at)
        except TwoValuesError as error:
            raise Unreadable("duplicate_key", self.path, f"{where}: {error}") from error
        except NotJsonError as error:
            raise self._damaged(f"{where}: {error}") from error
        except json.JSONDecodeError as error:
            at_end = error.pos >= len(text) or error.msg.startswith("Unterminated string")
            reason = "truncated" if at_end else "damaged"
            raise Unreadable(reason, self.path, f"not JSON {where} ({error.msg})") from error
        except RecursionError as error:
            raise self._damaged(f"{where}: nested too deep") from error

    def _peek(self) -> str:
        """The next character that is no white space; nothing at the end of the text."""
        while True:
            self.at = SPACE.match(self.text, self.at).end()
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                return ""

    def _expect(self, *signs: str) -> str:
        sign = self._peek()
        if not sign:
            raise Unreadable("truncated", self.path, f"ends where {' or '.join(signs)} should follow")
        if sign not in signs:
            raise self._damaged(f"no {' or '.join(signs)} {self._where()}")
        self.at += 1
        return sign

    def _more(self) -> bool:
        """Reads on, at least as much again as is held, so that a long value is not begun too often."""
        self._refuse_endless()
        self.done += self.at
        parts = [self.text[self.at :]]
        held, read = len(parts[0]), 0
        while not self.over and read <= held:
            block = next(self.blocks, None)
            if block is None:
                self.over = True
            else:
                self.count(block)
                parts.append(block.decode())
                read += len(block)
        self.text, self.at = "".join(parts), 0
        return read > 0

    def _refuse_endless(self) -> None:
        if len(self.text) - self.at > self.limits.max_record_bytes:
            what = f"a value {self._where()} is longer than {self.limits.max_record_bytes} characters"
            raise Unreadable("record_too_long", self.path, what)

    def _where(self) -> str:
        return f"at character {self.done + self.at}"

    def _damaged(self, what: str) -> Unreadable:
        return Unreadable("damaged", self.path, what)

"""Numbers that look drawn and are not: each is a function of a key, so that any row can be made alone and again."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")
_LOW = 1 << 64  # below this the small remainder would bias the next draw


class Draw:
    """A stream of choices that depends on its key alone."""

    __slots__ = ("bits", "key")

    def __init__(self, key: str):
        self.key = key
        self.bits = int.from_bytes(blake2b(key.encode()).digest())

    def below(self, bound: int) -> int:
        """A number from 0 to bound - 1."""
        if self.bits < _LOW:
            self._refill()
        self.bits, value = divmod(self.bits, bound)
        return value

    # The two below say again what `below` does: a call less on each of some thirty draws a row.
    def pick(self, choices: Sequence[T]) -> T:
        if self.bits < _LOW:
            self._refill()
        self.bits, value = divmod(self.bits, len(choices))
        return choices[value]

    def chance(self, per_mille: int) -> bool:
        if self.bits < _LOW:
            self._refill()
        self.bits, value = divmod(self.bits, 1000)
        return value < per_mille

    def _refill(self) -> None:
        self.key += "+"
        self.bits = int.from_bytes(blake2b(self.key.encode()).digest())

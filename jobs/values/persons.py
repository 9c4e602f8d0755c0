"""Tokens of persons: what records of one enterprise are compared by without anybody's name being kept.

De-identification as 个人信息保护法 art 51 asks for it: a keyed hash, whose key stands in no file and no table.
"""

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass, field

CLEANERS = ("person_token",)
KEYED = frozenset({"persons.person_token"})  # the cleaners that are given the key
REASONS: dict[str, tuple[str, str]] = {}
SHORTEST_SECRET = 16
_KEY = re.compile(r"([A-Za-z0-9_-]{1,40}):(\S+)")
_SPACES = re.compile(r"\s")
_ONE_NAME = re.compile(r"[^\W\d_某]{2,}(?:[·•.][^\W\d_某]+)*")
LONGEST = 40


@dataclass(frozen=True)
class Key:
    """A secret and the name it is known by; it prints without the secret."""

    id: str
    secret: bytes = field(repr=False)


def key_of(setting: str | None) -> Key | None:
    """The key that `KEY_ID:SECRET` says, None where nothing is said; raises ValueError, without the secret in its message."""
    if not setting:
        return None
    said = _KEY.fullmatch(setting)
    if said is None or len(said[2]) < SHORTEST_SECRET:
        raise ValueError("is KEY_ID:SECRET, KEY_ID of letters, digits, - and _, "
                         f"SECRET of {SHORTEST_SECRET} characters or more and no space")
    return Key(said[1], said[2].encode())


def person_token(cell: str, purpose: str = "match", key: Key | None = None) -> tuple[str | None, str | None]:
    """`key_id:purpose:hex` of the one name in the cell; null without a key, and of a cell that is not one whole name.

    No reason is told of a cell that gives none: it would say something about a person.
    """
    name = _SPACES.sub("", unicodedata.normalize("NFKC", cell))
    if key is None or len(name) > LONGEST or not _ONE_NAME.fullmatch(name):
        return None, None
    return f"{key.id}:{purpose}:{hmac.new(key.secret, name.encode(), hashlib.sha256).hexdigest()}", None

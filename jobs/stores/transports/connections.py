"""Connections by name: address and secret from the environment, never from a declaration, and never in a message."""
from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from jobs.declarations import known
from jobs.declarations.transports import variable_of
from jobs.stores.transports.arrival import TransportFailed

SECRET_OPTIONS = ("private_key", "token", "pass", "secret")  # parts of the names of options that hold one
HIDDEN = "***"


@dataclass(frozen=True, repr=False)
class Connection:
    """Where a sender is and who we are there; it prints without its secrets."""

    name: str
    scheme: str
    host: str
    port: int | None
    user: str
    password: str
    path: str
    options: dict[str, str]

    def __repr__(self) -> str:
        return f"connection {self.name} ({self.scheme}://{self.host}{f':{self.port}' if self.port else ''})"

    def masked(self, text: str) -> str:
        """The text without our secrets, as they are or as an address spells them."""
        secrets = [self.password, *(value for name, value in self.options.items() if any(one in name for one in SECRET_OPTIONS))]
        forms = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""), repr(secret)[1:-1])}
        for form in sorted(forms, key=len, reverse=True):
            text = text.replace(form, HIDDEN)
        return text


def address_of(name: str) -> str:
    """The address as the environment gives it, secrets and all."""
    if not (address := os.environ.get(variable_of(name))):
        raise TransportFailed(f"connection {name} is not known: set the variable {variable_of(name)}, or in Airflow a connection "
                              f"named {name} (docs/transports.md)")
    return address


def connection(name: str, *schemes: str) -> Connection:
    """The connection of that name, of one of these schemes; what is wrong with it is told without quoting it."""
    address = address_of(name)
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = None, None, None
    if parts is None or host is None or parts.scheme not in schemes:
        raise TransportFailed(f"connection {name}: the variable {variable_of(name)} is not SCHEME://USER:PASSWORD@HOST:PORT with "
                              f"scheme {known(schemes)}; letters such as @ / : in a password are written %40 %2F %3A")
    return Connection(name, parts.scheme, host, port, unquote(parts.username or ""), unquote(parts.password or ""),
                      unquote(parts.path), dict(parse_qsl(parts.query)))


@contextmanager
def reaching(where: Connection, *faults: type[BaseException]) -> Iterator[None]:
    """What fails on the way is told as the feed's transport failing, with where, and without secrets."""
    try:
        yield
    except faults as error:
        told = " ".join(where.masked(str(error)).split())
        raise TransportFailed(f"{where!r}: {type(error).__name__}: {told}") from None

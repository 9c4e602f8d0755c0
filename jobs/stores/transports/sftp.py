"""Files of one folder of an SFTP server whose host key is known."""
from __future__ import annotations

import base64
import io
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import paramiko

from jobs.declarations.feeds import Feed
from jobs.declarations.settings import Settings
from jobs.stores.transports import remote
from jobs.stores.transports.arrival import Arrival
from jobs.stores.transports.complete import Seen
from jobs.stores.transports.connections import Connection, connection, reaching

FAULTS = (paramiko.SSHException, OSError, EOFError, ValueError)
PORT, SECONDS = 22, 15
SILENCE = 60  # seconds without a byte after which a transfer has failed


class Folder:
    """One folder there."""

    def __init__(self, client: paramiko.SFTPClient, folder: str) -> None:
        self.client = client
        self.folder = folder.rstrip("/")

    def look(self) -> list[Seen]:
        return [seen(one.filename, one) for one in self.client.listdir_attr(self.folder or "/") if stat.S_ISREG(one.st_mode or 0)]

    def read(self, seen: Seen) -> bytes:
        into = io.BytesIO()
        self.client.getfo(f"{self.folder}/{seen.name}", into)
        return into.getvalue()

    def fetch(self, file: Seen, to: Path) -> None:
        path = f"{self.folder}/{file.name}"
        self.client.get(path, str(to))
        remote.same(file, seen(file.name, self.client.stat(path)), to)


def seen(name: str, said: paramiko.SFTPAttributes) -> Seen:
    return Seen(name, said.st_size or 0, str(said.st_mtime), float(said.st_mtime or 0))


def host_keys(where: Connection) -> paramiko.HostKeys:
    """The keys by which we know the server: `host_key=ssh-ed25519 AAAA…` of the connection, or a `known_hosts` file."""
    if "known_hosts" in where.options:
        return paramiko.HostKeys(where.options["known_hosts"])
    keys, told = paramiko.HostKeys(), where.options.get("host_key", "").split()
    if len(told) < 2:
        raise ValueError("its host key is not known: give it as host_key or known_hosts of the connection (docs/transports.md)")
    key = paramiko.PKey.from_type_string(told[0], base64.b64decode(told[1].replace("-", "+").replace("_", "/")))
    keys.add(where.host if (where.port or PORT) == PORT else f"[{where.host}]:{where.port}", told[0], key)
    return keys


def private_key(where: Connection) -> paramiko.PKey | None:
    """Our own key, where the connection gives one as text or names its file."""
    phrase = where.options.get("passphrase")
    if text := where.options.get("private_key"):
        raw = io.StringIO(text.replace("\\n", "\n"))
        for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
            raw.seek(0)
            try:
                return kind.from_private_key(raw, password=phrase)
            except paramiko.SSHException:  # of another kind
                continue
        raise ValueError("the private_key of the connection is not readable")
    file = where.options.get("private_key_file")
    return paramiko.PKey.from_path(file, phrase.encode() if phrase else None) if file else None


@contextmanager
def opened(where: Connection) -> Iterator[paramiko.SFTPClient]:
    """A session with a server that showed the key we know; any other is refused before a secret is sent."""
    with paramiko.SSHClient() as client:
        for host, keys in host_keys(where).items():
            for kind, key in keys.items():
                client.get_host_keys().add(host, kind, key)
        client.set_missing_host_key_policy(paramiko.RejectPolicy())
        client.connect(where.host, where.port or PORT, where.user, where.password or None, pkey=private_key(where),
                       look_for_keys=False, allow_agent=False, timeout=SECONDS, banner_timeout=SECONDS, auth_timeout=SECONDS)
        with client.open_sftp() as files:
            files.get_channel().settimeout(SILENCE)
            yield files


def arrivals(settings: Settings, feed: Feed, now: datetime) -> Iterator[Arrival]:
    where = connection(feed.transport.connection, "sftp")
    with reaching(where, *FAULTS), opened(where) as files:
        yield from remote.arrivals(settings, feed, now, Folder(files, feed.transport.folder))

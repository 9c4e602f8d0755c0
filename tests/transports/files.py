"""A real SFTP server on this machine, on a thread of its own."""
from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncssh


class FileServer:
    """Serves one folder to one user with a password."""

    def __init__(self, folder: Path, password: str) -> None:
        self.folder, self.user, self.password = folder, "bureau", password
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self.client_key = asyncssh.generate_private_key("ssh-ed25519")
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.logins = 0

    def __enter__(self) -> FileServer:
        self.thread.start()
        self.server = self.run(self.start())
        self.port = self.server.get_port()
        return self

    def __exit__(self, *_: Any) -> None:
        self.run(self.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    def run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    async def start(self) -> asyncssh.SSHAcceptor:
        served = self

        class Door(asyncssh.SSHServer):
            def password_auth_supported(self) -> bool:
                return True

            def validate_password(self, username: str, password: str) -> bool:
                served.logins += 1
                return (username, password) == (served.user, served.password)

            def public_key_auth_supported(self) -> bool:
                return True

            def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
                return key == served.client_key.convert_to_public()

        class Files(asyncssh.SFTPServer):
            def __init__(self, chan: asyncssh.SSHServerChannel) -> None:
                super().__init__(chan, chroot=str(served.folder))

        return await asyncssh.create_server(Door, "127.0.0.1", 0, server_host_keys=[self.key], sftp_factory=Files)

    async def stop(self) -> None:
        self.server.close()
        await self.server.wait_closed()

    def address(self, host_key: str | None = None, password: str | None = None) -> str:
        """The connection to it; the password is spelled as an address spells it."""
        secret = quote(self.password if password is None else password, safe="")
        return f"sftp://{self.user}:{secret}@127.0.0.1:{self.port}/?host_key={quote(host_key or self.host_key, safe='')}"

    @property
    def host_key(self) -> str:
        return self.key.export_public_key().decode().strip()

"""One window per data folder: a lock, and the call with which a second one raises the first."""

from __future__ import annotations

import json
import os
import secrets
import socket
from typing import TYPE_CHECKING, Final

from sendoff_tasks.folder.lock_file import LockFile

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from pathlib import Path

ANSWER_WITHIN: Final = 2.0
"""Seconds."""


class OneWindow:
    """The lock file of a data folder.

    The operating system holds the lock as long as the process lives. The file contains the loopback
    port on which the window listens, and the secret that a caller has to send.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = LockFile(path)

    def take(self) -> bool:
        """Take the lock; ``False`` if another window has it. Raises ``OSError``."""
        if not self._lock.take():
            return False
        os.truncate(self._path, 0)
        return True

    def release(self) -> None:
        """Release the lock for another window."""
        if self._lock.is_ours:
            os.truncate(self._path, 0)
            self._lock.release()

    def raise_first(self) -> bool:
        """Ask the window with the lock to come to the front; ``False`` if it does not answer."""
        try:
            found = json.loads(self._path.read_text(encoding="ascii"))
            address = ("127.0.0.1", int(found["port"]))
            with socket.create_connection(address, ANSWER_WITHIN) as call:
                call.sendall(f"{found['secret']}\n".encode())
                return call.recv(1) == b"+"
        except (OSError, ValueError, KeyError, TypeError):
            return False

    async def answer(self, on_call: Callable[[], object]) -> asyncio.Server:
        """Listen on the running loop; call ``on_call`` whenever a second window starts."""
        import asyncio

        secret = secrets.token_hex(16)

        async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                line = await reader.readline()
            except ValueError:  # longer than any secret
                line = b""
            if secrets.compare_digest(line.strip(), secret.encode()):
                on_call()
                writer.write(b"+")
            writer.close()

        server = await asyncio.start_server(hear, "127.0.0.1", 0, limit=1024)
        port = server.sockets[0].getsockname()[1]
        self._path.write_text(json.dumps({"port": port, "secret": secret}), encoding="ascii")
        return server

"""One window per data folder: the lock, and the call by which a second one raises the first."""

from __future__ import annotations

import json
import os
import secrets
import socket
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from pathlib import Path

LOCKED_BYTE: Final = 1 << 30
"""Windows locks ranges, and nobody could read them: this one is behind what is written."""
ANSWER_WITHIN: Final = 2.0
"""Seconds."""


class OneWindow:
    """The lock file of a data folder.

    The operating system holds the lock for as long as the process lives; the file says on which
    loopback port the window listens for calls, and the secret a caller must know.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = -1

    def take(self) -> bool:
        """Take the lock; ``False`` when another window has it. Raises ``OSError``."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _lock(file):
            os.close(file)
            return False
        os.truncate(file, 0)
        self._file = file
        return True

    def release(self) -> None:
        """Let another window begin."""
        if self._file >= 0:
            os.truncate(self._file, 0)
            os.close(self._file)
            self._file = -1

    def raise_first(self) -> bool:
        """Ask the window that has the lock to come to the front; ``False`` when it cannot be."""
        try:
            found = json.loads(self._path.read_text(encoding="ascii"))
            address = ("127.0.0.1", int(found["port"]))
            with socket.create_connection(address, ANSWER_WITHIN) as call:
                call.sendall(f"{found['secret']}\n".encode())
                return call.recv(1) == b"+"
        except (OSError, ValueError, KeyError, TypeError):
            return False

    async def answer(self, on_call: Callable[[], object]) -> asyncio.Server:
        """Listen for second windows on the running loop; ``on_call`` is called for each."""
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
        os.lseek(self._file, 0, os.SEEK_SET)  # Windows has no pwrite
        os.write(self._file, json.dumps({"port": port, "secret": secret}).encode())
        return server


def _lock(file: int) -> bool:
    """Lock an open file for as long as it is open, without waiting."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(file, LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

"""One window per data folder: a lock, and calls that raise the window or ask it to quit."""

from __future__ import annotations

import json
import os
import socket
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from desktop.builds import BUILD
from sendoff_tasks.folder.keys import is_same, new_secret
from sendoff_tasks.folder.lock_file import LockFile, is_held

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from pathlib import Path

ANSWER_WITHIN: Final = 2.0
"""Seconds."""
END_WITHIN: Final = 40.0
"""Seconds that a window may take to end: its backend gets 15 of them, its own threads 10."""
_RAISED: Final = b"+"
_LEAVES: Final = b"-"
_ASKS: Final = b"?"


class QuitAnswer(Enum):
    """What became of the wish that a window quits."""

    GONE = "gone"
    """No window is open any more, and the backend of this one has ended."""
    ASKS = "asks"
    """It stays, and asks the person about what would be lost."""
    SILENT = "silent"
    """It does not answer, or did not end in time."""


class OneWindow:
    """The lock file of a data folder.

    The operating system holds the lock as long as the process lives. The file contains the loopback
    port on which the window listens, the secret that a caller has to send, and its build.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = LockFile(path)
        self._waiting: list[socket.socket] = []

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
            with self._call("raise") as call:
                return call.recv(1) == _RAISED
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def build_of_first(self) -> str:
        """Return the build of the window with the lock; empty if it does not listen yet."""
        try:
            return str(self._first()["build"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def ask_to_quit(self) -> QuitAnswer:
        """Ask the window with the lock to quit, and wait until its process has ended."""
        if not is_held(self._path):
            return QuitAnswer.GONE
        answer = b""
        try:
            with self._call("quit") as call:
                answer = call.recv(1)
                if answer == _LEAVES:
                    call.settimeout(END_WITHIN)
                    call.recv(1)  # the end of its process closes the connection
        except ConnectionError:
            pass  # so it ended, if it has said that it leaves
        except (OSError, ValueError, KeyError, TypeError):
            return QuitAnswer.SILENT
        return {_LEAVES: QuitAnswer.GONE, _ASKS: QuitAnswer.ASKS}.get(answer, QuitAnswer.SILENT)

    def _call(self, wish: str) -> socket.socket:
        """Call the window with the lock; raises an error if its file or its answer is no use."""
        found = self._first()
        call = socket.create_connection(("127.0.0.1", int(found["port"])), ANSWER_WITHIN)
        call.sendall(f"{found['secret']} {wish}\n".encode())
        return call

    def _first(self) -> Any:
        """Read what the window with the lock says of itself."""
        return json.loads(self._path.read_text(encoding="ascii"))

    async def answer(
        self, on_raise: Callable[[], object], on_quit: Callable[[], bool]
    ) -> asyncio.Server:
        """Listen on the running loop; call ``on_raise`` whenever a second window starts.

        ``on_quit`` begins to leave, or returns ``False``.
        """
        import asyncio

        secret = new_secret()

        async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                said, _, wish = (await reader.readline()).strip().partition(b" ")
            except ValueError:  # longer than any secret
                said = wish = b""
            if is_same(said, secret):
                if wish == b"quit":
                    leaves = on_quit()
                    writer.write(_LEAVES if leaves else _ASKS)
                    if leaves:  # a second handle of the connection, open until the process ends
                        self._waiting.append(writer.get_extra_info("socket").dup())
                else:
                    on_raise()
                    writer.write(_RAISED)
            writer.close()

        server = await asyncio.start_server(hear, "127.0.0.1", 0, limit=1024)
        port = server.sockets[0].getsockname()[1]
        about = {"port": port, "secret": secret, "build": BUILD}
        self._path.write_text(json.dumps(about), encoding="ascii")
        return server

"""The backend as a child process: its start, its output and its end.

It imports nothing heavy: ``spawn`` is the window's first act, so both processes start at once.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import threading
from typing import IO, TYPE_CHECKING, Final, cast

from desktop.child_process import start
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.folder.backend_addresses import BackendFileError, read_backend
from sendoff_tasks.folder.paths import DATA_DIR_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sendoff_tasks.folder.backend_addresses import Backend


STDERR: Final = "backend.err"
"""The file for everything that the backend and its tasks print, and the reason of its end if it
could still write one. The backend writes its own log, ``backend.log``, beside it."""
STDERR_BYTES: Final = 1 << 20
"""A larger file is renamed to ``backend.err.1`` before the next start."""
TAIL_BYTES: Final = 4096


class Child:
    """A backend process of our own, with its stdin as the pipe that keeps it alive.

    When this process ends, however it ends, the pipe closes and the backend leaves. Its stderr had
    ``printed`` bytes before it.
    """

    def __init__(self, process: subprocess.Popen[bytes], data: OfficeFolder, printed: int) -> None:
        self._process = process
        self._stdin = cast("IO[bytes]", process.stdin)
        self._stdout = cast("IO[bytes]", process.stdout)
        self._data = data
        self._stderr = data.logs / STDERR
        self._stderr_start = printed

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def watch(
        self,
        on_ready: Callable[[Backend], object],
        on_exit: Callable[[int], object],
        on_update: Callable[[float], object] = lambda _: None,
    ) -> None:
        """Report the ready line and the end (the exit code; −9 for signal 9), once each.

        Until it is ready, ``on_update`` hears how far an update of its store is, 0 to 1.
        The callbacks are called in threads of their own. A backend that is ready but whose address
        is not in ``backend.json`` is asked to stop; its last words give that reason.
        """
        for wait, reports in (
            (self._wait_ready, (on_ready, on_update)),
            (self._wait_exit, (on_exit,)),
        ):
            threading.Thread(target=wait, args=reports, daemon=True).start()

    def close_pipe(self) -> None:
        """Ask it to stop in an orderly way."""
        self._stdin.close()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def last_words(self) -> str:
        """Return the last line that it printed on stderr; empty if that cannot be read."""
        try:
            with self._stderr.open("rb") as printed:
                end = printed.seek(0, os.SEEK_END)
                printed.seek(max(self._stderr_start, end - TAIL_BYTES))
                lines = printed.read().decode(errors="replace").splitlines()
        except OSError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def _wait_ready(
        self, report: Callable[[Backend], object], on_update: Callable[[float], object]
    ) -> None:
        is_ready = False
        with self._stdout as stdout:
            for line in stdout:
                told = {} if is_ready else _told_in(line)
                if isinstance(done := told.get("updating"), float):
                    on_update(done)
                    continue
                if not isinstance(url := told.get("url"), str):
                    self._keep(line)  # a full pipe would block the task that prints
                    continue
                is_ready = True
                try:
                    report(self._backend_at(url))
                except BackendFileError as error:
                    self._keep(f"{error}\n".encode())
                    self.close_pipe()

    def _backend_at(self, url: str) -> Backend:
        backend = read_backend(self._data.backend_file)
        if backend is None or backend.url != url:
            raise BackendFileError(f"{self._data.backend_file} is not the one of this backend.")
        return backend

    def _keep(self, line: bytes) -> None:
        """Append a line to its stderr, unless the disk is full or the folder was deleted."""
        with contextlib.suppress(OSError), self._stderr.open("ab", buffering=0) as kept:
            kept.write(line)

    def _wait_exit(self, report: Callable[[int], object]) -> None:
        code = self._process.wait()
        self._stdin.close()
        report(code)


def spawn(data: OfficeFolder) -> Child:
    """Start a backend on the data folder, without waiting for it.

    Raises ``OSError`` if the process or the file for its stderr cannot be created.
    """
    data.create()  # the logs may have been deleted
    printed = data.logs / STDERR
    _rotate(printed)
    with printed.open("ab") as stderr:
        before = stderr.tell()
        # Ctrl+C in a terminal is for the window, which then stops the backend in order.
        process = start("serve", "--parent-pipe", "--data-dir", str(data.root), stderr=stderr)
    return Child(process, data, before)


def _told_in(line: bytes) -> dict[str, object]:
    """Read a line of JSON; empty for any other line."""
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _rotate(printed: Path) -> None:
    if printed.exists() and printed.stat().st_size > STDERR_BYTES:
        printed.replace(printed.with_name(f"{printed.name}.1"))


def open_window(home: OfficeFolder, server: Backend | None) -> subprocess.Popen[bytes]:
    """Start a window on a server, or on the data folder ``home``; an open one comes forward.

    It stays open when this process ends. The token is sent through a pipe, because other users can
    read command lines. Raises ``OSError``.
    """
    place = ["--data-dir", str(home.root)]
    if server is not None:
        place = ["--url", server.url, "--token-file", "-"]
    process = start(
        *place,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, DATA_DIR_VARIABLE: str(home.root)},
    )
    assert process.stdin is not None  # noqa: S101 - it was asked for
    with process.stdin as pipe:
        pipe.write(b"" if server is None else server.token.encode())
    threading.Thread(target=process.wait, daemon=True).start()  # else it stays as a zombie
    return process

"""The backend as a child process: how it is started, what it says, and when it ends.

Imports nothing heavy: ``spawn`` is the window's first act, so that both processes start at once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from typing import IO, TYPE_CHECKING, Final, cast

from desktop.settings.backend_file import read_backend

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.settings.backend_file import Backend
    from desktop.settings.paths import DataFolder

LOG: Final = "backend.log"
LOG_BYTES: Final = 1 << 20
"""A longer log is put aside as ``backend.log.1`` before the next start."""
TAIL_BYTES: Final = 4096


class Child:
    """A backend process of our own, with its stdin as the pipe that keeps it alive.

    When this process ends, however it ends, the pipe closes and the backend leaves.
    """

    def __init__(self, process: subprocess.Popen[bytes], data: DataFolder) -> None:
        self._process = process
        self._stdin = cast("IO[bytes]", process.stdin)
        self._stdout = cast("IO[bytes]", process.stdout)
        self._data = data
        self._log = data.logs / LOG
        self._log_start = self._log.stat().st_size

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def watch(
        self,
        on_ready: Callable[[Backend], object],
        on_exit: Callable[[int], object],
    ) -> None:
        """Report its ready line and its end (the exit code; −9 for signal 9), once each.

        The callbacks come on threads of this call's own.
        """
        for wait, report in ((self._wait_ready, on_ready), (self._wait_exit, on_exit)):
            threading.Thread(target=wait, args=(report,), daemon=True).start()

    def close_pipe(self) -> None:
        """Ask it to stop in an orderly way."""
        self._stdin.close()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def last_words(self) -> str:
        """Read the last line it logged, or nothing."""
        with self._log.open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(self._log_start, end - TAIL_BYTES))
            lines = log.read().decode(errors="replace").splitlines()
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def _wait_ready(self, report: Callable[[Backend], object]) -> None:
        with self._stdout as stdout:
            line = stdout.readline()
            if line.endswith(b"\n"):
                backend = read_backend(self._data.backend_file)
                if backend is not None and backend.url == json.loads(line)["url"]:
                    report(backend)
            # What a task prints must go somewhere, or the full pipe would stop it.
            with self._log.open("ab") as log:
                for printed in stdout:
                    log.write(printed)

    def _wait_exit(self, report: Callable[[int], object]) -> None:
        code = self._process.wait()
        self._stdin.close()
        report(code)


def spawn(data: DataFolder) -> Child:
    """Start a backend on the data folder; returns without waiting for it.

    Raises ``OSError`` when the process or its log cannot be made.
    """
    log = data.logs / LOG
    _put_aside(log)
    frozen = getattr(sys, "frozen", False)
    program = [sys.executable] if frozen else [sys.executable, "-m", "desktop"]
    with log.open("ab") as stderr:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*program, "serve", "--parent-pipe", "--data-dir", str(data.root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            # Ctrl+C in a terminal is for the window, which then stops the backend in order.
            start_new_session=os.name == "posix",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    return Child(process, data)


def _put_aside(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_name(f"{log.name}.1"))

"""One process of the cpu lane as the lane holds it: its pipe, its end, and how it came."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from contextlib import suppress
from multiprocessing import connection
from typing import Final

from desktop.engine.lanes import process
from desktop.engine.lanes.messages import FromProcess, ToProcess
from desktop.engine.lanes.surroundings import kill_group

LEAVE_S: Final = 1.0
"""How long a process may take to be gone once its pipe has closed, s."""
_SPAWN = multiprocessing.get_context("spawn")


class Worker:
    """A spawned process, alive from here until :meth:`end`; ``OSError`` when none can be started.

    ``killed`` tells that its end was ours.
    """

    def __init__(self) -> None:
        self.killed = False
        self._lock = threading.Lock()
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(
            target=process.serve, args=(theirs, os.getpid()), name="cpu-lane", daemon=True
        )
        try:
            self._process.start()
        except BaseException:
            self._pipe.close()
            raise
        finally:
            theirs.close()

    def send(self, message: ToProcess) -> None:
        """Send; where the process is gone, :meth:`receive` says so."""
        with self._lock, suppress(OSError):
            self._pipe.send(message)

    def receive(self) -> FromProcess | None:
        """Wait for the next message; ``None`` when there will be no more."""
        try:
            message: FromProcess = self._pipe.recv()
        except (EOFError, OSError):
            return None
        return message

    def kill(self) -> None:
        """End the process and what its task has started, by force; returns at once."""
        self.killed = True
        with suppress(ProcessLookupError):
            kill_group(self._process.pid or 0)

    def end(self) -> str:
        """Close the pipe, see the process gone, and say in a sentence how it ended."""
        with self._lock:
            self._pipe.close()
        if not connection.wait([self._process.sentinel], LEAVE_S):
            self.kill()
        self._process.join()
        return _how(self._process.exitcode)


def _how(code: int | None) -> str:
    if code is None or code >= 0:
        return f"The task's process ended itself with exit code {code}."
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = "of no name"
    return f"The task's process was ended by signal {-code} ({name})."

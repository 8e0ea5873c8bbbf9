"""One process of the cpu lane as the lane holds it: its pipes, its end, and how it came."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from contextlib import suppress
from typing import Final

from desktop.engine.attempts.attempt import WorkerOrder
from desktop.engine.lanes import process, surroundings
from desktop.engine.lanes.messages import FromProcess, Marked, ReadyMessage, StopMessage

LEAVE_S: Final = 1.0
"""How long a process may take to be gone once it has closed its pipe, s."""
READY_S: Final = 60.0
"""How long a process may take to be ready, which imports the program's main module, s."""
MUTE: Final = "The task's process could no longer be understood and was ended."
LATE: Final = f"The task's process was not ready within {READY_S:g} s and was ended."
_SPAWN = multiprocessing.get_context("spawn")


class Worker:
    """A spawned process, alive from here until :meth:`end`; ``OSError`` when none can be started.

    ``killed`` tells that its end was ours.
    """

    def __init__(self) -> None:
        self.killed = False
        self._hung_up = False
        self._is_ready = False
        self._mute = MUTE
        self._lock = threading.Lock()
        self._orders, their_orders = _SPAWN.Pipe()
        their_control, self._control = _SPAWN.Pipe(duplex=False)
        self._process = _SPAWN.Process(
            target=process.serve,
            args=(their_orders, their_control, os.getpid()),
            name="cpu-lane",
            daemon=True,
        )
        try:
            self._process.start()
            self._handle = surroundings.Handle(self._process)
        except BaseException:
            self._close()
            raise
        finally:
            their_orders.close()
            their_control.close()

    def is_ready(self) -> bool:
        """Wait until the process takes orders; ``False`` when it never will."""
        if not self._is_ready:
            try:
                came = self._orders.poll(READY_S)
            except OSError:
                came = True
            self._is_ready = came and isinstance(self.receive(), ReadyMessage)
            self._mute = MUTE if came else LATE
        return self._is_ready

    def order(self, order: WorkerOrder) -> bool:
        """Hand over an order; ``False`` when the process is gone already."""
        try:
            if not self._orders.poll():  # nothing should come from one that waits but its end
                self._orders.send(order)
                return True
        except OSError:
            pass
        self._hung_up = True
        return False

    def tell(self, message: Marked | StopMessage) -> None:
        """Say something about the running order; where the process is gone nobody hears it."""
        with self._lock, suppress(OSError):
            self._control.send(message)

    def receive(self) -> FromProcess | None:
        """Wait for the next message; ``None`` when there will be no more."""
        try:
            message: FromProcess = self._orders.recv()
        except (EOFError, OSError):
            self._hung_up = True
            return None
        except Exception:  # noqa: BLE001 - a task can write anything into its end of the pipe
            return None
        return message

    def kill(self) -> None:
        """End the process and what its task has started, by force; returns at once."""
        self.killed = True
        self._handle.kill()

    def end(self) -> str:
        """See the process gone with all it has started; say in a sentence how it ended."""
        if self._hung_up:
            self._handle.wait_until_gone(LEAVE_S)
        code = self._process.exitcode
        if code is None:
            self._handle.kill()
        else:
            self._handle.end_group()
        self._process.join()
        self._handle.close()
        self._close()
        return self._mute if code is None else _how(code)

    def _close(self) -> None:
        with self._lock:
            self._orders.close()
            self._control.close()


def _how(code: int) -> str:
    if code >= 0:
        return f"The task's process ended itself with exit code {code}."
    if code == -signal.SIGKILL:
        return (
            "The task's process was ended by signal 9 (SIGKILL), as the system does when memory "
            "runs out."
        )
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = "of no name"
    return f"The task's process was ended by signal {-code} ({name})."

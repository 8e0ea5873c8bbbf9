"""One process of the cpu lane as the lane holds it: its pipes, its end, and how it came."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from contextlib import suppress
from multiprocessing import connection
from typing import Final

from desktop.engine.attempt import Order
from desktop.engine.lanes import process
from desktop.engine.lanes.messages import FromProcess, Marked, Stop
from desktop.engine.lanes.surroundings import kill_group

LEAVE_S: Final = 1.0
"""How long a process may take to be gone once its pipes have closed, s."""
_SPAWN = multiprocessing.get_context("spawn")


class Worker:
    """A spawned process, alive from here until :meth:`end`; ``OSError`` when none can be started.

    ``killed`` tells that its end was ours.
    """

    def __init__(self) -> None:
        self.killed = False
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
        except BaseException:
            self._close()
            raise
        finally:
            their_orders.close()
            their_control.close()

    def order(self, order: Order) -> bool:
        """Hand over an order; ``False`` when the process is gone already."""
        try:
            if not self._orders.poll():  # nothing should come from one that waits but its end
                self._orders.send(order)
                return True
        except OSError:
            pass
        return False

    def tell(self, message: Marked | Stop) -> None:
        """Say something about the running order; where the process is gone nobody hears it."""
        with self._lock, suppress(OSError):
            self._control.send(message)

    def receive(self) -> FromProcess | None:
        """Wait for the next message; ``None`` when there will be no more."""
        try:
            message: FromProcess = self._orders.recv()
        except Exception:  # noqa: BLE001 - a task can write anything into its end of the pipe
            return None
        return message

    def kill(self) -> None:
        """End the process and what its task has started, by force; returns at once."""
        self.killed = True
        self._kill()

    def end(self) -> str:
        """Close the pipes, see the process gone, and say in a sentence how it ended."""
        self._close()
        connection.wait([self._process.sentinel], LEAVE_S)
        if self._process.exitcode is None:  # to a process that is ending already it does nothing
            self._kill()
        self._process.join()
        return _how(self._process.exitcode)

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            kill_group(self._process.pid or 0)

    def _close(self) -> None:
        with self._lock:
            self._orders.close()
            self._control.close()


def _how(code: int | None) -> str:
    if code is None or code >= 0:
        return f"The task's process ended itself with exit code {code}."
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = "of no name"
    return f"The task's process was ended by signal {-code} ({name})."

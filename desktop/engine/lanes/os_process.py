"""What a cpu-lane process asks of the system: low priority, an end with its parent, memory."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from contextlib import suppress
from mmap import mmap
from multiprocessing import connection
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

ROOM: Final = 8 << 20
"""Bytes kept free to report that memory ran out, and asked for before the next order."""
NICE: Final = 10
"""Added to the niceness of these processes, which yield to the window and the API."""
_NO_GROUP: Final = (ProcessLookupError, PermissionError)
"""What the system says of a group that is not there; macOS the second where only zombies are."""


def settle(parent: int) -> None:
    """Make this process a good child of ``parent``."""
    if sys.platform == "linux":
        _die_with(parent)
    if sys.platform != "win32":
        # A group of its own: what a task starts can be killed with it, and Ctrl+C in a terminal
        # reaches the backend alone, which ends its tasks in good order.
        os.setpgid(0, 0)
    _stand_back()
    _quiet()


def leave() -> NoReturn:
    """End this process and all that the task has started, at once."""
    if sys.platform != "win32":
        with suppress(*_NO_GROUP):
            os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


class Handle:
    """A process that was started here, to be ended by force with all its task has started.

    Its number alone would not do: after a wait for the process, the system may give it to another.
    """

    def __init__(self, process: SpawnProcess) -> None:
        if not process.pid:  # 0 would stand for the group of this very process
            raise ValueError("the process has not been started")
        self._process = process
        self._group = process.pid
        self._descriptor = _open_pidfd(process.pid)

    def kill(self) -> None:
        """Kill the process and its group, by force; returns at once."""
        if sys.platform == "win32":
            self._kill_alone()
            return
        try:
            os.killpg(self._group, signal.SIGKILL)
        except _NO_GROUP:  # it has not come to `settle` yet
            self._kill_alone()

    def end_group(self) -> None:
        """End what the task of a process that is gone has left behind."""
        if sys.platform != "win32":
            with suppress(*_NO_GROUP):  # it has left nothing
                os.killpg(self._group, signal.SIGKILL)

    def wait_until_gone(self, seconds: float) -> None:
        """Wait for its end; other signs of it may have been closed or shared."""
        told_by = self._process.sentinel if self._descriptor is None else self._descriptor
        connection.wait([told_by], seconds)

    def close(self) -> None:
        """Let go of it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _kill_alone(self) -> None:
        with suppress(ProcessLookupError, PermissionError):  # macOS says the second of a zombie
            if self._descriptor is None or sys.platform != "linux":
                self._process.kill()  # which does nothing once it was waited for
            else:
                signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)


def _open_pidfd(pid: int) -> int | None:
    """Open what stands for the process and no other; ``None`` where the system has no such thing.

    It is called before any code can have waited for the process, so the number is its own.
    """
    if sys.platform != "linux":
        return None
    try:
        return os.pidfd_open(pid)
    except OSError:  # an old kernel
        return None


def _quiet() -> None:
    """Leave the backend its input, which tells it the window's end, and its one line of output."""
    with suppress(OSError):  # a window has no console to begin with
        nothing = os.open(os.devnull, os.O_RDONLY)
        if nothing != 0:
            os.dup2(nothing, 0)
            os.close(nothing)
    if sys.stdout is not None and sys.stderr is not None:
        os.dup2(2, 1)


def _stand_back() -> None:
    if sys.platform == "win32":
        below_normal = 0x4000
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal)
    else:
        os.nice(NICE)


def _die_with(parent: int) -> None:
    """Have the kernel end this process when the lane's thread ends, even when it never listens.

    One that listens hears it by its pipe and leaves with all its task has started. Any other is
    left a second: the system's own ``alarm`` is called with the number of the signal, which is 1,
    as its seconds, without Python's lock, which the task may hold for ever.
    """
    set_parent_death_signal = 1
    system = ctypes.CDLL(None)
    system.signal(signal.SIGHUP, system.alarm)
    system.prctl(set_parent_death_signal, signal.SIGHUP)
    if os.getppid() != parent:  # it was gone before
        leave()


def whereabouts() -> Path:
    """Return the folder the process is in, or the root where that is gone."""
    try:
        return Path.cwd()
    except OSError:  # the folder the program was started in is gone
        return Path("/")


def left_behind() -> bool:
    """Tell whether a task has left a thread at work; those of libraries wait as daemons."""
    main = threading.main_thread()
    return any(not thread.daemon and thread is not main for thread in threading.enumerate())


def has_room() -> bool:
    """Tell whether the task has left memory for the next one."""
    try:
        mmap(-1, ROOM).close()
    except OSError:
        return False
    return True

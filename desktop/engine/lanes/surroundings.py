"""What a cpu-lane process asks of the system: to stand back, and never to be an orphan."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress
from multiprocessing import connection
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

NICE: Final = 10
"""How far these processes stand behind the window and the API."""
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
    """End this process and whatever the task has started, at once."""
    if sys.platform != "win32":
        kill_group(os.getpid())
    os._exit(1)


def kill_group(pid: int) -> None:
    """Kill a cpu-lane process with everything its task has started, by force."""
    if sys.platform == "win32":
        os.kill(pid, signal.SIGTERM)  # TerminateProcess
        return
    try:
        os.killpg(pid, signal.SIGKILL)
    except _NO_GROUP:  # it has not come to `settle` yet
        os.kill(pid, signal.SIGKILL)


def end_group(pid: int) -> None:
    """End what the task of a cpu-lane process that is gone has left behind."""
    if sys.platform != "win32":
        with suppress(*_NO_GROUP):  # it has left nothing
            os.killpg(pid, signal.SIGKILL)


def wait_until_gone(process: SpawnProcess, seconds: float) -> None:
    """Wait for the end of a process, which may have closed or shared whatever else would tell."""
    try:
        handle = os.pidfd_open(process.pid or 0)
    except ProcessLookupError:
        return
    except (AttributeError, OSError):  # no such call on this system
        connection.wait([process.sentinel], seconds)
        return
    try:
        connection.wait([handle], seconds)
    finally:
        os.close(handle)


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

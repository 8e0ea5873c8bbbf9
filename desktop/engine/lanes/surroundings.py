"""What a cpu-lane process asks of the system: to stand back, and never to be an orphan."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Final, NoReturn

NICE: Final = 10
"""How far these processes stand behind the window and the API."""


def settle(parent: int) -> None:
    """Make this process a good child of ``parent``."""
    if sys.platform == "linux":
        _die_with(parent)
    if sys.platform != "win32":
        # A group of its own: what a task starts can be killed with it, and Ctrl+C in a terminal
        # reaches the backend alone, which ends its tasks in good order.
        os.setpgid(0, 0)
    _stand_back()
    if sys.stdout is not None and sys.stderr is not None:
        os.dup2(2, 1)  # the backend's stdout is one line of JSON and nothing else


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
    except ProcessLookupError:  # it has not come to `settle` yet
        os.kill(pid, signal.SIGKILL)


def _stand_back() -> None:
    if sys.platform == "win32":
        below_normal = 0x4000
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal)
    else:
        os.nice(NICE)


def _die_with(parent: int) -> None:
    """Have the kernel kill this process when the lane's thread ends, even when it never listens."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
    if os.getppid() != parent:  # it was gone before
        leave()

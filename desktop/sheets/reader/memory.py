"""The most memory this process may take, so no file can take the computer's."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

EVERY: Final = 0.05
"""Seconds between two looks where the system itself does not refuse memory."""


def limit(size: int, at_limit: Callable[[], object]) -> None:
    """Take at most ``size`` bytes from now on.

    On Linux the system refuses more: Python raises ``MemoryError``, libraries abort. Elsewhere a
    thread looks, and calls ``at_limit``, which must end the process: macOS ignores such limits, and
    Windows has them for jobs only.
    """
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    else:
        watch(size, at_limit)


def watch(size: int, at_limit: Callable[[], object]) -> None:
    """Call ``at_limit`` on a thread of its own once this process has taken ``size`` bytes."""

    def look() -> None:
        rest = threading.Event()
        while taken() < size:
            rest.wait(EVERY)
        at_limit()

    threading.Thread(target=look, daemon=True).start()


def taken() -> int:
    """Return the most bytes of memory that this process has had at one time."""
    if sys.platform == "win32":
        return _taken_on_windows()
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def be_modest() -> None:
    """Let the window go first where both want the processor."""
    if os.name == "posix":
        os.nice(5)


if sys.platform == "win32":

    def _taken_on_windows() -> int:
        import ctypes
        from ctypes import wintypes

        class Counters(ctypes.Structure):
            _fields_ = [
                ("cb", wintypes.DWORD),
                ("PageFaultCount", wintypes.DWORD),
                *((f"size{number}", ctypes.c_size_t) for number in range(7)),
                ("PeakPagefileUsage", ctypes.c_size_t),
            ]

        counters = Counters(cb=ctypes.sizeof(Counters))
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        asked = kernel.K32GetProcessMemoryInfo
        asked.argtypes = [wintypes.HANDLE, ctypes.POINTER(Counters), wintypes.DWORD]
        if not asked(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.cb):
            raise ctypes.WinError(ctypes.get_last_error())
        return int(counters.PeakPagefileUsage)

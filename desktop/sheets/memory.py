"""Limits the memory of the child process."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

EVERY: Final = 0.05
"""Seconds between two checks, on systems that cannot limit memory."""


def limit(size: int, at_limit: Callable[[], object]) -> None:
    """Limit this process to ``size`` bytes from now on.

    On Linux the system refuses more: Python raises ``MemoryError``, and libraries abort. macOS
    ignores such limits, and Windows has them for jobs only. There a thread checks the memory and
    calls ``at_limit``, which has to end the process.
    """
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    else:
        watch(size, at_limit)


def watch(size: int, at_limit: Callable[[], object]) -> None:
    """Call ``at_limit`` in a thread once this process has taken ``size`` bytes."""

    def look() -> None:
        rest = threading.Event()
        while taken() < size:
            rest.wait(EVERY)
        at_limit()

    threading.Thread(target=look, daemon=True).start()


def taken() -> int:
    """Return the peak memory of this process, in bytes."""
    if sys.platform == "win32":
        return _taken_on_windows()
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def be_modest() -> None:
    """Lower the priority of this process below the window's."""
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

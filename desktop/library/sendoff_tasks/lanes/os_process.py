"""System calls for cpu-lane processes: low priority, death with the parent, memory, killing."""

from __future__ import annotations

import ctypes
import gc
import locale
import logging
import os
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from multiprocessing import connection, current_process
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

NICE: Final = 10
"""Added to the niceness of these processes, which yield to the window and the API."""
LANE_PROCESS: Final = "cpu-lane"
"""The name of a process of the cpu lane."""
runs_for_another: Final = threading.Event()
"""Set in a process whose attempts another one decides about: of the cpu lane, or a worker."""
_STOPS: Final[dict[signal.Signals, Any]] = {
    signal.SIGTERM: signal.SIG_DFL,
    signal.SIGINT: signal.default_int_handler,
}
"""Signals of a stop, and what they do elsewhere. A service manager sends them to all processes of
a service, a console on Windows to all its processes; the backend ends its own ones in order."""
if sys.platform == "win32":
    _STOPS[signal.SIGBREAK] = signal.SIG_DFL
_forking: Final = threading.local()
"""The signals that a thread had blocked before it made a copy of the process."""
_NO_GROUP: Final = (ProcessLookupError, PermissionError)
"""Errors for a process group that is gone; macOS raises the second if only zombies are left."""


def imports_main() -> bool:
    """Tell whether this is a process of the cpu lane that imports the program's main module."""
    return current_process().name == LANE_PROCESS and not runs_for_another.is_set()


def settle(parent: int) -> None:
    """Set up this process as a child of ``parent``."""
    runs_for_another.set()
    if sys.platform == "linux":
        _die_with(parent)
    if sys.platform != "win32":
        # In a group of its own, everything a task starts can be killed with it. Ctrl+C in a
        # terminal then reaches the backend alone, which ends its tasks in order.
        os.setpgid(0, 0)
        os.register_at_fork(
            before=_hold_stops, after_in_parent=_pass_stops, after_in_child=_hear_stops
        )
    for number in _STOPS:
        # Not SIG_IGN, which the programs that a task starts would inherit.
        signal.signal(number, _leave_to_backend)
    _lower_priority()
    _detach_stdio()


def _leave_to_backend(_number: int, _frame: object) -> None: ...


def _hold_stops() -> None:
    """Let signals that come for a copy wait until it hears them."""
    _forking.mask = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)


def _pass_stops() -> None:
    _block(_forking.mask)


def _hear_stops() -> None:
    """Let a forked copy of this process be stopped by signals, as a pool stops its processes."""
    for number, usual in _STOPS.items():
        if signal.getsignal(number) is _leave_to_backend:
            signal.signal(number, usual)
    _pass_stops()


def leave() -> NoReturn:
    """End this process, and everything its task has started, at once."""
    if sys.platform != "win32":
        with suppress(*_NO_GROUP):
            os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


def kill(process: SpawnProcess) -> None:
    """Kill a process that was started here, and all its task has started; returns at once."""
    if not kill_group(process):  # it has not reached `settle` yet, or has no group
        with suppress(PermissionError):  # macOS: for a zombie
            process.kill()  # does nothing once it has been waited for


def kill_group(process: SpawnProcess) -> bool:
    """Kill what the task of a process has started; tell whether there was anything."""
    if sys.platform == "win32" or not process.pid:  # 0 would mean this process's own group
        return False
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except _NO_GROUP:
        return False
    return True


def wait_until_gone(process: SpawnProcess, seconds: float) -> None:
    """Wait for the end of the process itself, which nothing has waited for yet.

    A task may have closed or shared the pipe by which multiprocessing would hear of it.
    """
    if sys.platform == "linux" and process.pid:
        with suppress(OSError):  # an old kernel
            descriptor = os.pidfd_open(process.pid)
            try:
                connection.wait([descriptor], seconds)
            finally:
                os.close(descriptor)
            return
    connection.wait([process.sentinel], seconds)


def _detach_stdio() -> None:
    """Keep the backend's stdin (which signals the window's end) and its one line of stdout."""
    with suppress(OSError):  # a window has no console
        nothing = os.open(os.devnull, os.O_RDONLY)
        if nothing != 0:
            os.dup2(nothing, 0)
            os.close(nothing)
    if sys.stdout is not None and sys.stderr is not None:
        os.dup2(2, 1)


def _lower_priority() -> None:
    if sys.platform == "win32":
        below_normal = 0x4000
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), below_normal)
    else:
        os.nice(NICE)


def _die_with(parent: int) -> None:
    """Make the kernel end this process when the lane's thread ends, even if it never listens.

    A process that listens notices the closed pipe and kills everything its task has started. Any
    other gets one second: the C function ``alarm`` is the handler of SIGHUP, so its argument, the
    signal's number 1, is its timeout in seconds. This needs no GIL, which a task may hold forever.
    """
    set_parent_death_signal = 1
    system = ctypes.CDLL(None)
    system.signal(signal.SIGHUP, system.alarm)
    system.prctl(set_parent_death_signal, signal.SIGHUP)
    if os.getppid() != parent:  # the parent had already gone
        leave()


def whereabouts() -> Path:
    """Return the current folder, or the root if that folder is gone."""
    try:
        return Path.cwd()
    except OSError:  # the folder in which the program was started is gone
        return Path("/")


def _locale(name: str | None = None) -> str:
    return locale.setlocale(locale.LC_ALL, name)


def _umask() -> int:
    os.umask(mask := os.umask(0o77))
    return mask


def _parts() -> Iterator[tuple[Callable[[], Any], Callable[[Any], object]]]:
    """Yield how each part of a process's surroundings is read and set."""
    yield whereabouts, os.chdir
    yield _locale, _locale
    yield _umask, os.umask
    yield socket.getdefaulttimeout, socket.setdefaulttimeout
    yield sys.getrecursionlimit, sys.setrecursionlimit
    yield lambda: [*sys.path], partial(setattr, sys, "path")
    yield lambda: logging.root.manager.disable, logging.disable
    yield gc.isenabled, lambda was_on: gc.enable() if was_on else gc.disable()
    for stream in ("stdin", "stdout", "stderr"):
        yield partial(getattr, sys, stream), partial(setattr, sys, stream)
    if sys.platform != "win32":
        import resource

        yield partial(signal.pthread_sigmask, signal.SIG_BLOCK, ()), _block
        for limit in {getattr(resource, n) for n in dir(resource) if n.startswith("RLIMIT_")}:
            yield partial(resource.getrlimit, limit), partial(resource.setrlimit, limit)


def _block(signals: set[signal.Signals]) -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, signals)


_PARTS: Final = tuple(_parts())


class Surroundings:
    """What a task can change of its process, as it is before the task.

    Context variables are not among it: each attempt has an empty context.
    """

    def __init__(self) -> None:
        self._variables = dict(os.environ)
        self._handlers = {each: signal.getsignal(each) for each in signal.valid_signals()}
        self._warnings = warnings.catch_warnings()
        self._warnings.__enter__()
        self._parts = [read() for read, _ in _PARTS]

    def put_back(self) -> bool:
        """Undo the task's changes; tell whether that was possible."""
        try:
            self._put_back()
        except (OSError, ValueError, locale.Error):  # as for a hard limit that was lowered
            return False
        return True

    def _put_back(self) -> None:
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_REAL, 0)  # before its handler is gone
        for number, handler in self._handlers.items():
            if handler is not None and signal.getsignal(number) != handler:
                signal.signal(number, handler)
        self._warnings.__exit__(None, None, None)
        if os.environ != self._variables:
            os.environ.clear()
            os.environ.update(self._variables)
            if sys.platform != "win32":
                time.tzset()
        for (read, put), before in zip(_PARTS, self._parts, strict=True):
            if read() != before:
                put(before)


def left_behind() -> bool:
    """Tell whether a task left a thread at work; libraries' threads are daemons."""
    main = threading.main_thread()
    return any(not thread.daemon and thread is not main for thread in threading.enumerate())

"""What only a process of its own survives: the hazards the cpu lane is made to run."""

from __future__ import annotations

import ctypes
import gc
import io
import itertools
import locale
import logging
import multiprocessing
import os
import resource
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from sendoff_tasks import TaskContext, task
from sendoff_tasks.folder.backend_addresses import PROGRAM_REPLACED

NEVER = threading.Event()
MIB = 1 << 20


@task(lane="cpu")
def tells_its_process() -> list[int]:
    return [os.getpid(), os.nice(0) if sys.platform != "win32" else 0]


@task(lane="cpu")
def computes_in_a_pool(number: int, method: str) -> list[int]:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as pool:
        return list(pool.map(abs, [number, -number]))


def is_never_ready(*pipes: object) -> None:
    """Serve no order, as a main module does whose import hangs."""
    NEVER.wait()


def ends_itself_at_its_start(*pipes: object) -> NoReturn:
    """Serve no order, as where the main module starts a server."""
    os._exit(3)


def is_of_another_build(*pipes: object) -> NoReturn:
    """Serve no order, as where the program's files were replaced."""
    os._exit(PROGRAM_REPLACED)


def is_killed_at_its_start(*pipes: object) -> None:
    """Serve no order, as where memory is short."""
    os.kill(os.getpid(), signal.SIGKILL)


@task(lane="cpu")
def segfaults() -> None:
    ctypes.string_at(0)


@task(lane="cpu")
def leaves(code: int) -> NoReturn:
    os._exit(code)


@task(lane="cpu")
def kills_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@task(lane="cpu")
def crosses_then_segfaults(ctx: TaskContext) -> None:
    ctx.point_of_no_return()
    segfaults()


@task(lane="cpu")
def closes_every_file_and_hangs(ctx: TaskContext) -> None:
    """Hang with the interpreter's lock held, so nothing of the process can end it."""
    ctx.log("working")
    os.closerange(3, 1000)
    ctypes.PyDLL(None).pause()


@task(lane="cpu")
def writes_junk_to_the_lane(ctx: TaskContext) -> None:
    """Write what is no message into every socket: one of them is the lane's."""
    ctx.log("working")
    for number in range(3, 1000):
        with suppress(OSError):
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                os.write(number, b"\0\0\0\x05junk!")
    NEVER.wait()


@task(lane="cpu")
def hangs(ctx: TaskContext) -> None:
    ctx.log(str(os.getpid()))
    NEVER.wait()


@task(lane="cpu")
def computes_for_ever(ctx: TaskContext) -> None:
    ctx.log(str(os.getpid()))
    while True:
        pass


@task(lane="cpu")
def hangs_in_c(ctx: TaskContext) -> None:
    """Hang with the interpreter's lock held: no other thread of the process ever runs again."""

    def tell(number: int) -> int:
        ctx.log(str(os.getpid()))
        return number

    sum(itertools.chain(map(tell, [0]), itertools.repeat(0)))


@task(lane="cpu")
def starts_a_child_and_hangs(ctx: TaskContext) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait()"])
    ctx.log(str(child.pid))
    child.wait()


@task(lane="cpu")
def prints(text: str) -> None:
    print(text, flush=True)


@task(lane="cpu")
def computes(rounds: int) -> int:
    total = 0
    for number in range(rounds):
        total += number * number % 7
    return total


# memory


HOARD: list[object] = []


def take_all_memory(hoard: list[object]) -> NoReturn:
    """Fill ``hoard`` until the system gives no more, down to the last few bytes."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + 64 * MIB, resource.RLIM_INFINITY))
    hoard.extend([None] * 1_000_000)  # room to append to
    hoard.clear()
    size = MIB
    while True:
        try:
            hoard.append(bytearray(size))
        except MemoryError:
            if size < 64:
                raise
            size //= 2


@task(lane="cpu")
def runs_out_of_memory() -> None:
    take_all_memory([])


@task(lane="cpu")
def runs_out_of_memory_for_good() -> None:
    """Leave nothing to what follows in the same process."""
    take_all_memory(HOARD)


@task(lane="cpu")
def returns_megabytes(count: int) -> str:
    return "x" * (count * MIB)


@task(lane="cpu")
def logs_megabytes(count: int, ctx: TaskContext) -> None:
    for _ in range(count):
        ctx.log("x" * MIB)


class Unspeakable(Exception):
    """An exception that can neither be pickled nor be said."""

    def __init__(self) -> None:
        super().__init__(threading.Lock())

    def __reduce__(self) -> NoReturn:
        raise RuntimeError("not to be pickled")

    def __str__(self) -> str:
        raise RuntimeError("not to be said")


@task(lane="cpu")
def raises_the_unspeakable() -> NoReturn:
    raise Unspeakable


# what stays behind


@task(lane="cpu")
def forks_and_returns_twice(ctx: TaskContext) -> str:
    child = os.fork()
    ctx.log("from one of two" if child else "from the other")
    if child:
        os.waitpid(child, 0)
    return "the parent" if child else "the child"


@task(lane="cpu")
def forks_then_leaves(ctx: TaskContext) -> None:
    """End with a copy of the process left behind, which holds all that was open."""
    child = os.fork()
    if not child:
        NEVER.wait()
    ctx.log(str(child))
    os._exit(3)


@task(lane="cpu")
def starts_a_shell_then_leaves(file: str, ctx: TaskContext) -> None:
    """End with a program left behind that Python did not start."""
    os.system(f"sleep 1000 & echo $! > '{file}'")  # noqa: S605
    ctx.log(Path(file).read_text())
    os._exit(3)


def _move_to_tokyo() -> None:
    os.environ["TZ"] = "Asia/Tokyo"
    time.tzset()


def _handle(*_: object) -> None: ...


CHANGES: Final[dict[str, tuple[Callable[[], object], Callable[[], object]]]] = {
    "environment": (lambda: os.environ.get("TENANT"), lambda: os.environ.update(TENANT="acme")),
    "removed": (lambda: os.environ.get("PATH"), lambda: os.environ.pop("PATH")),
    "zone": (lambda: time.tzname, _move_to_tokyo),
    "locale": (
        lambda: locale.setlocale(locale.LC_ALL),
        lambda: locale.setlocale(locale.LC_ALL, "C"),
    ),
    "folder": (Path.cwd, lambda: os.chdir("/")),
    "mask": (lambda: (mask := os.umask(0), os.umask(mask))[0], lambda: os.umask(0o77)),
    "handler": (
        lambda: str(signal.getsignal(signal.SIGTERM)),
        lambda: signal.signal(signal.SIGTERM, _handle),
    ),
    "blocked": (
        lambda: len(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
        lambda: signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1}),
    ),
    "alarm": (lambda: signal.getitimer(signal.ITIMER_REAL), lambda: signal.alarm(100)),
    "warnings": (lambda: len(warnings.filters), lambda: warnings.simplefilter("error", Warning)),
    "files": (
        lambda: resource.getrlimit(resource.RLIMIT_NOFILE)[0],
        lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (100, _hard())),
    ),
    "files for good": (
        lambda: resource.getrlimit(resource.RLIMIT_NOFILE),
        lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100)),
    ),
    "socket": (socket.getdefaulttimeout, lambda: socket.setdefaulttimeout(0.5)),
    "recursion": (sys.getrecursionlimit, lambda: sys.setrecursionlimit(900)),
    "output": (lambda: type(sys.stdout), lambda: setattr(sys, "stdout", io.StringIO())),
    "modules": (lambda: "/acme" in sys.path, lambda: sys.path.insert(0, "/acme")),
    "logging": (lambda: logging.root.isEnabledFor(logging.ERROR), logging.disable),
    "collector": (gc.isenabled, gc.disable),
}
"""What a task can change of its process: how it is told and changed."""


def _hard() -> int:
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1]


@task(lane="cpu")
def changes_its_process(what: str) -> tuple[str, str]:
    tell, change = CHANGES[what]
    before = repr(tell())
    change()
    return before, repr(tell())


@task(lane="cpu")
def leaves_a_thread() -> int:
    def spin() -> None:
        while True:
            pass

    threading.Thread(target=spin, name="spin").start()
    return os.getpid()


@task(lane="cpu")
def reports_then_tells_its_process(ctx: TaskContext) -> int:
    ctx.progress(1, 3)
    ctx.progress(2, 3)
    return os.getpid()


@task(lane="cpu")
def reads_its_input(ctx: TaskContext) -> None:
    said = [sys.stdin.read(), os.read(0, 1).decode(), subprocess.check_output(["cat"], text=True)]
    ctx.log(f"read {said}")


@task(lane="cpu")
def stops_itself() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


@task(lane="cpu")
def is_asked_to_end() -> list[int | None]:
    """Get the signals of a stop, and end copies and a program by them; returns how these ended."""
    for number in (signal.SIGTERM, signal.SIGINT):
        os.kill(os.getpid(), number)
    with subprocess.Popen(["sleep", "1000"]) as program:
        program.terminate()
    copies = [multiprocessing.get_context("fork").Process(target=NEVER.wait) for _ in range(20)]
    for copy in copies:
        copy.start()
        copy.terminate()  # as soon as it is there
        copy.join()
    return [program.returncode, *(copy.exitcode for copy in copies)]


@task(lane="cpu")
def gets_a_signal_as_it_logs(ctx: TaskContext) -> None:
    """Log in the handler of a signal that comes while another line is sent."""

    def interrupt(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is Connection.send.__code__:
            sys.setprofile(None)
            signal.raise_signal(signal.SIGUSR1)

    signal.signal(signal.SIGUSR1, lambda *_: ctx.log("in the handler"))
    sys.setprofile(interrupt)
    ctx.log("before")
    ctx.log("after")


@task(lane="cpu")
def closes_every_file() -> None:
    os.closerange(3, 1000)

"""The threads blocking tasks run on: Qt's where it is installed, else Python's own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar

from desktop.plain_imports import import_shiboken

P = ParamSpec("P")
T = TypeVar("T")


class IoThreads(Executor):
    """An executor that is created when first needed: importing Qt is slow.

    Make it before there are threads that import anything. shiboken6, which Qt for Python rests on,
    puts a finder into ``sys.meta_path`` and takes it out again while it is imported, and goes
    through ``sys.modules``. A thread that imports just then may miss a module that is there, and
    if it adds one, shiboken6 aborts the process.
    """

    def __init__(self, threads: int) -> None:
        with suppress(ImportError):
            import_shiboken()
        self._threads = threads
        self._lock = threading.Lock()
        self._made: Executor | None = None

    def warm_up(self) -> None:
        """Make it, once the backend is ready, in a thread: the first task would wait for it."""
        self._executor()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn`` as soon as a thread is free; ``RuntimeError`` after :meth:`shutdown`."""
        return self._executor().submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Refuse new calls; if asked, drop those that have not begun and wait for those that have.

        If no executor was created, an idle one is, so later calls are refused.
        """
        with self._lock:
            made = self._made = self._made or ThreadPoolExecutor()
        made.shutdown(wait, cancel_futures=cancel_futures)

    def _executor(self) -> Executor:
        with self._lock:
            if self._made is None:
                self._made = _make(self._threads)
            return self._made


def _make(threads: int) -> Executor:
    try:
        from desktop.qtpool import QtThreads
    except ImportError:
        return ThreadPoolExecutor(threads, thread_name_prefix="io")
    return QtThreads(threads)

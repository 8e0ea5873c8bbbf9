"""The threads of blocking tasks: Qt's thread pool if Qt is installed, else Python's."""

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
    """An executor that is created when first needed, because importing Qt is slow.

    Create it before any thread imports modules. While shiboken6, the base of Qt for Python, is
    imported, it adds a finder to ``sys.meta_path``, removes it again, and iterates over
    ``sys.modules``. A thread that imports at that moment may not find an existing module; if it
    adds one, shiboken6 aborts the process.
    """

    def __init__(self, threads: int) -> None:
        with suppress(ImportError):
            import_shiboken()
        self._threads = threads
        self._lock = threading.Lock()
        self._made: Executor | None = None

    def warm_up(self) -> None:
        """Create the executor before the first task needs it; takes its time."""
        self._executor()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn`` as soon as a thread is free; ``RuntimeError`` after :meth:`shutdown`."""
        return self._executor().submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Refuse new calls. ``cancel_futures`` drops waiting ones, ``wait`` waits for running ones.

        If no executor was created, an idle one is, to refuse later calls too.
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

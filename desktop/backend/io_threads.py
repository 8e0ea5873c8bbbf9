"""The threads blocking tasks run on: Qt's where it is installed, else Python's own."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from _typeshed.importlib import MetaPathFinderProtocol

P = ParamSpec("P")
T = TypeVar("T")


class IoThreads(Executor):
    """An executor that is made when it is first needed: to import Qt is a tenth of a start."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._lock = threading.Lock()
        self._made: Executor | None = None

    def warm_up(self) -> None:
        """Make it in a thread, once the backend is ready: the first task would wait for it."""
        threading.Thread(target=self._executor, name="warm-up-io", daemon=True).start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn`` as soon as a thread is free; ``RuntimeError`` after :meth:`shutdown`."""
        return self._executor().submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; drop those that have not begun, wait for those that have, if asked.

        Where none was ever made, one that never has a thread is there to refuse.
        """
        with self._lock:
            made = self._made = self._made or ThreadPoolExecutor()
        made.shutdown(wait, cancel_futures=cancel_futures)

    def _executor(self) -> Executor:
        with self._lock:
            if self._made is None:
                self._made = _make(self._threads)
            return self._made


class _Finders(list["MetaPathFinderProtocol"]):
    """``sys.meta_path`` for threads that import while Qt comes and goes in it.

    Qt takes its own finder out of the list's front when it is imported, and a thread that is
    looking through the list just then would leave out the next one: a module there is not found.
    """

    def __iter__(self) -> Iterator[MetaPathFinderProtocol]:
        return iter(tuple(super().__iter__()))


def _make(threads: int) -> Executor:
    sys.meta_path = _Finders(sys.meta_path)
    try:
        from desktop.qtpool import QtThreads
    except ImportError:
        return ThreadPoolExecutor(threads, thread_name_prefix="io")
    return QtThreads(threads)

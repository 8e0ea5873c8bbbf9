"""The threads blocking tasks run on: Qt's where it is installed, else Python's own."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
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
        """Make it, once the backend is ready, in a thread: the first task would wait for it."""
        self._executor()

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
    """A ``sys.meta_path`` that may change while threads look through it."""

    def __iter__(self) -> Iterator[MetaPathFinderProtocol]:
        return iter(tuple(super().__iter__()))


@contextmanager
def _steady_finders() -> Iterator[None]:
    """Keep ``sys.meta_path`` as it is for other threads that import while the block runs.

    Qt puts a finder of its own in front of the list while it is imported, and takes it out again.
    A thread that is looking through the list just then would leave out the next finder, and not
    find a module that is there. So the list that changes is another one.
    """
    finders = sys.meta_path
    sys.meta_path = _Finders(finders)
    try:
        yield
    finally:
        if [*sys.meta_path] != finders:  # somebody else has added one, or taken one out
            finders[:] = sys.meta_path
        sys.meta_path = finders


def _make(threads: int) -> Executor:
    try:
        with _steady_finders():
            from desktop.qtpool import QtThreads
    except ImportError:
        return ThreadPoolExecutor(threads, thread_name_prefix="io")
    return QtThreads(threads)

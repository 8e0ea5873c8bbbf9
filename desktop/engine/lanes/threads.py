"""Threads for the io lane that a program may leave behind: nothing waits for them at its end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class DaemonThreads(Executor):
    """A daemon thread for each call: the io lane's are few and long.

    A ``ThreadPoolExecutor`` joins its threads when the program ends, so a blocking task that was
    given back would keep the program from ending.
    """

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._closed = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn``; ``RuntimeError`` after :meth:`shutdown`."""
        if self._closed:
            raise RuntimeError("the executor takes no more calls after its shutdown")
        future: Future[T] = Future()

        def run() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except BaseException as error:  # noqa: BLE001 - it is the caller's
                future.set_exception(error)

        thread = threading.Thread(target=run, name="io", daemon=True)
        thread.start()
        self._threads.append(thread)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; wait for those there are, if asked."""
        self._closed = True
        if wait:
            for thread in self._threads:
                thread.join()

"""Threads for the io lane that a program may leave behind: nothing waits for them at its end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_Call = tuple["Future[Any]", Callable[[], Any]]


class DaemonThreads(Executor):
    """Up to ``count`` daemon threads, each started when it is first needed.

    A ``ThreadPoolExecutor`` joins its threads when the program ends, so a blocking task that was
    given back would keep the program from ending.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._closed = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn`` as soon as a thread is free; ``RuntimeError`` after :meth:`shutdown`."""
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the executor takes no more calls after its shutdown")
            self._calls.put((future, lambda: fn(*args, **kwargs)))
            if not self._idle.acquire(blocking=False) and len(self._threads) < self._count:
                thread = threading.Thread(target=self._serve, name="io", daemon=True)
                thread.start()
                self._threads.append(thread)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; if asked, drop those that have not begun and wait for the rest."""
        with self._lock:
            self._closed = True
            threads = list(self._threads)
        if cancel_futures:
            while (call := self._next_now()) is not None:
                call[0].cancel()
        for _ in threads:
            self._calls.put(None)
        if wait:
            for thread in threads:
                thread.join()

    def _serve(self) -> None:
        while (call := self._next()) is not None:
            future, run = call
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(run())
            except BaseException as error:  # noqa: BLE001 - it is the caller's
                future.set_exception(error)

    def _next(self) -> _Call | None:
        call = self._next_now()
        if call is None and not self._closed:
            self._idle.release()
            call = self._calls.get()
        return call

    def _next_now(self) -> _Call | None:
        try:
            return self._calls.get_nowait()
        except Empty:
            return None

"""``QThreadPool`` as a ``concurrent.futures.Executor``: for whoever must not know of Qt."""

from __future__ import annotations

import queue
import threading
from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures import wait as wait_for
from typing import Any, ParamSpec, TypeVar

from PySide6.QtCore import QRunnable, QThreadPool

P = ParamSpec("P")
T = TypeVar("T")


class _PoolExecutor(Executor):
    """What both executors share: futures, and an orderly shutdown."""

    def __init__(self, pool: QThreadPool) -> None:
        self._pool = pool
        self._lock = threading.Lock()
        self._unfinished: set[Future[Any]] = set()
        self._closed = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn`` as soon as a thread is free; ``RuntimeError`` after :meth:`shutdown`."""
        future: Future[T] = Future()
        future.add_done_callback(self._forget)
        with self._lock:
            if self._closed:
                raise RuntimeError("the executor takes no more calls after its shutdown")
            self._unfinished.add(future)
            begin = self._take(_Call(future, lambda: fn(*args, **kwargs)))
        if begin is not None:
            self._pool.start(begin)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; drop those that have not begun, wait for those that have, if asked.

        The pool itself goes on.
        """
        with self._lock:
            self._closed = True
            unfinished = list(self._unfinished)
        if cancel_futures:
            for future in unfinished:
                future.cancel()
        if wait:
            wait_for(unfinished)

    @abstractmethod
    def _take(self, call: _Call) -> QRunnable | None:
        """Return what the pool must start so that the call is run; called under the lock."""

    def _forget(self, future: Future[Any]) -> None:
        with self._lock:
            self._unfinished.discard(future)


class QtExecutor(_PoolExecutor):
    """Runs calls on the threads of ``pool``, which stays its owner's: size and priority too."""

    def _take(self, call: _Call) -> QRunnable:
        return _Once(call)


class QtWorkers(_PoolExecutor):
    """Runs calls on up to ``threads`` threads of a pool of its own, which wait for the next call.

    Handing a call to a waiting thread does not enter Qt, which would let go of the interpreter's
    lock: a third less CPU for each call than :class:`QtExecutor`, on a pool nobody else can use.
    """

    def __init__(self, threads: int) -> None:
        pool = QThreadPool()
        pool.setMaxThreadCount(threads)
        super().__init__(pool)
        self._calls: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._idle = threading.Semaphore(0)
        self._started = 0

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls, drop or wait as asked, and let the threads end."""
        super().shutdown(wait, cancel_futures=cancel_futures)
        for _ in range(self._started):
            self._calls.put(None)

    def _take(self, call: _Call) -> QRunnable | None:
        self._calls.put(call)
        if self._idle.acquire(blocking=False) or self._started == self._pool.maxThreadCount():
            return None
        self._started += 1
        return _Worker(self._calls, self._idle)


class _Call:
    """One call on its way to a thread."""

    def __init__(self, future: Future[T], call: Callable[[], T]) -> None:
        self._future = future
        self._call = call

    def run(self) -> None:
        """Run the call and put what came of it into the future."""
        future, call = self._future, self._call
        del self._future, self._call  # Qt deletes its object late; what the call holds goes now
        if not future.set_running_or_notify_cancel():
            return
        try:
            result = call()
        except BaseException as error:  # noqa: BLE001 - a future carries whatever it was
            future.set_exception(error)
            del future  # the error's traceback holds this frame: a cycle otherwise
        else:
            future.set_result(result)


class _Once(QRunnable):
    """One call on a shared pool; the pool deletes it when it has run."""

    def __init__(self, call: _Call) -> None:
        super().__init__()
        self._call = call

    def run(self) -> None:
        """Run the call."""
        self._call.run()


class _Worker(QRunnable):
    """A thread of an own pool: runs one call after the other until there are to be no more."""

    def __init__(self, calls: queue.SimpleQueue[_Call | None], idle: threading.Semaphore) -> None:
        super().__init__()
        self._calls = calls
        self._idle = idle

    def run(self) -> None:
        """Run calls until told to end."""
        while (call := self._calls.get()) is not None:
            call.run()
            del call  # what it held goes before the next one comes
            self._idle.release()

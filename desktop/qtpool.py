"""``QThreadPool`` as a ``concurrent.futures.Executor``, for code that must not import Qt."""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures import wait as wait_for
from functools import partial
from typing import Any, Final, ParamSpec, TypeVar

from PySide6.QtCore import QThreadPool

P = ParamSpec("P")
T = TypeVar("T")
ENDING: Final = "qt-threads"
"""The name of the threads that wait for the end of a pool."""
END_WITHIN: Final = 1.0
"""Seconds that the interpreter, when it ends, waits for running calls."""


class QtExecutor(Executor):
    """Runs calls on the threads of ``pool``, whose size and priority its owner sets."""

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
        # Not as a QRunnable: PySide binds its wrapper to the pool after the pool has the runnable.
        # If the pool has already run and deleted it, the pool keeps the wrapper of a dead object.
        self._pool.start(partial(_run, future, partial(fn, *args, **kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; if asked, drop waiting calls and wait for running ones.

        The pool itself stays usable.
        """
        with self._lock:
            self._closed = True
            unfinished = list(self._unfinished)
        if cancel_futures:
            for future in unfinished:
                future.cancel()
        if wait:
            wait_for(unfinished)

    def _forget(self, future: Future[Any]) -> None:
        with self._lock:
            self._unfinished.discard(future)


class QtThreads(QtExecutor):
    """A ``QtExecutor`` with its own pool of ``threads`` threads.

    If no file descriptors are left, a call is refused with ``OSError``: Qt would end the process
    when a new thread gets none. If the system gives no thread, it is refused with ``RuntimeError``:
    Qt would count the thread as one of its own, and the call would never run. The pool itself is
    never deleted: see ``_POOLS``.
    """

    def __init__(self, threads: int) -> None:
        pool = QThreadPool()
        pool.setMaxThreadCount(threads)
        _POOLS.append(pool)
        super().__init__(pool)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn`` as soon as a thread is free; ``RuntimeError`` after :meth:`shutdown`."""
        for end in os.pipe():  # a new thread needs two descriptors
            os.close(end)
        if self._pool.activeThreadCount() < self._pool.maxThreadCount():
            _try_thread()
        return super().submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls, drop or wait as asked; the pool ends after its last thread.

        Another thread waits for that end: a thread of the pool would wait for itself.
        """
        super().shutdown(wait=False, cancel_futures=cancel_futures)
        if wait:
            self._pool.waitForDone()
        else:
            threading.Thread(target=self._pool.waitForDone, name=ENDING, daemon=True).start()


def _try_thread() -> None:
    """Raise ``RuntimeError`` unless the system gives one more thread; its place is free again."""
    thread = threading.Thread(target=int, name="room-for-a-thread", daemon=True)
    thread.start()
    thread.join()
    while os.path.exists(f"/proc/self/task/{thread.native_id}"):  # noqa: PTH110 - it is brief
        time.sleep(0)  # it has left Python, but not the system's count


_POOLS: Final[list[QThreadPool]] = []
"""Every pool that was made: some hundred bytes each, and no threads after its shutdown.

Without this list the garbage collector could delete a pool in any thread. If the thread that made
the pool has ended and the thread that deletes it ends next, Qt frees that thread's data twice and
aborts.
"""


@atexit.register
def _end_pools() -> None:
    """Let the threads end before the interpreter does.

    A thread that returns to Python later is torn out of Qt's frames, some of which abort.
    """
    latest = time.monotonic() + END_WITHIN
    for pool in _POOLS:
        pool.waitForDone(max(0, round((latest - time.monotonic()) * 1000)))
    for thread in threading.enumerate():
        if thread.name == ENDING:
            thread.join(max(0.0, latest - time.monotonic()))


def _run(future: Future[T], call: Callable[[], T]) -> None:
    """Run the call and store its result or exception in the future."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = call()
    except BaseException as error:  # noqa: BLE001 - a future carries any of them
        future.set_exception(error)
        del future  # breaks a cycle: the error's traceback holds this frame
    else:
        future.set_result(result)

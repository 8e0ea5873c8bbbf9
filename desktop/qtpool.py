"""``QThreadPool`` as a ``concurrent.futures.Executor``, for the jobs of the window and its loop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures import wait as wait_for
from functools import partial
from typing import Any, ParamSpec, TypeVar

from PySide6.QtCore import QThreadPool

P = ParamSpec("P")
T = TypeVar("T")


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

"""``QThreadPool`` behaves as an executor must."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor, wait

import pytest
from PySide6.QtCore import QRunnable, QThread, QThreadPool

from desktop.qtpool import QtExecutor
from tests import WITHIN


@pytest.fixture
def pool() -> QThreadPool:
    pool = QThreadPool()
    pool.setMaxThreadCount(2)
    return pool


@pytest.fixture
def executor(pool: QThreadPool) -> Iterator[Executor]:
    with QtExecutor(pool) as executor:
        yield executor


def test_a_call_returns_through_its_future(executor: Executor) -> None:
    assert executor.submit(divmod, 7, 2).result(WITHIN) == (3, 1)
    assert executor.submit(int, "ff", base=16).result(WITHIN) == 255


def test_calls_run_on_the_pool_s_threads(executor: Executor) -> None:
    here = QThread.currentThread()
    assert executor.submit(lambda: QThread.currentThread() != here).result(WITHIN)


def fail(kind: type[BaseException]) -> None:
    raise kind("out of paper")


@pytest.mark.parametrize("kind", [ValueError, SystemExit, KeyboardInterrupt])
def test_what_a_call_raises_is_in_its_future(executor: Executor, kind: type[BaseException]) -> None:
    error = executor.submit(fail, kind).exception(WITHIN)
    assert type(error) is kind
    assert executor.submit(abs, -1).result(WITHIN) == 1


def test_a_call_that_has_not_begun_can_be_cancelled(executor: Executor) -> None:
    go = threading.Event()
    busy = [executor.submit(go.wait, WITHIN) for _ in range(2)]
    waiting = executor.submit(fail, ValueError)
    assert waiting.cancel()
    go.set()
    assert [each.result(WITHIN) for each in busy] == [True, True]
    with pytest.raises(CancelledError):
        waiting.result(WITHIN)


def test_many_calls_from_many_threads_all_run(executor: Executor) -> None:
    futures = []
    lock = threading.Lock()

    def submit() -> None:
        for number in range(500):
            future = executor.submit(abs, -number)
            with lock:
                futures.append(future)

    threads = [threading.Thread(target=submit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WITHIN)
    assert sum(future.result(WITHIN) for future in futures) == 4 * sum(range(500))


def test_shutdown_waits_for_what_runs_and_takes_no_more(pool: QThreadPool) -> None:
    executor = QtExecutor(pool)
    go = threading.Event()
    futures = [executor.submit(go.wait, WITHIN) for _ in range(3)]
    threading.Timer(0.05, go.set).start()
    executor.shutdown()
    assert all(future.done() for future in futures)
    with pytest.raises(RuntimeError, match="takes no more calls"):
        executor.submit(abs, 1)


def test_shutdown_can_drop_what_has_not_begun(pool: QThreadPool) -> None:
    executor = QtExecutor(pool)
    go = threading.Event()
    begun = [threading.Event(), threading.Event()]

    def begin(mine: threading.Event) -> None:
        mine.set()
        go.wait(WITHIN)

    running = [executor.submit(begin, each) for each in begun]
    assert all(each.wait(WITHIN) for each in begun)
    waiting = executor.submit(fail, ValueError)
    executor.shutdown(wait=False, cancel_futures=True)
    assert waiting.cancelled()
    go.set()
    wait(running, WITHIN)


def test_what_a_call_holds_is_let_go_when_it_has_run(executor: Executor) -> None:
    class Held:
        def fail(self) -> None:
            raise ValueError("out of paper")

    held = Held()
    gone = threading.Event()
    weakref.finalize(held, gone.set)
    gc.disable()  # references alone must do it, with no cycle left to find
    try:
        future = executor.submit(held.fail)
        with pytest.raises(ValueError, match="out of paper"):
            future.result(WITHIN)
        del future, held
        assert gone.wait(WITHIN)
    finally:
        gc.enable()


def test_the_pool_keeps_nothing_of_calls_that_have_run(pool: QThreadPool) -> None:
    executor = QtExecutor(pool)
    for _ in range(200):
        wait([executor.submit(int) for _ in range(50)], WITHIN)
    pool.waitForDone()
    assert [each for each in gc.get_objects() if issubclass(type(each), QRunnable)] == []

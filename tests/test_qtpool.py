"""``QThreadPool`` behaves as an executor must."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor, wait

import pytest
from PySide6.QtCore import QRunnable, QThread, QThreadPool

from desktop.qtpool import QtExecutor, QtThreads
from tests import WITHIN


@pytest.fixture
def pool() -> QThreadPool:
    pool = QThreadPool()
    pool.setMaxThreadCount(2)
    return pool


@pytest.fixture(params=["a shared pool", "a pool of its own"])
def executor(pool: QThreadPool, request: pytest.FixtureRequest) -> Iterator[Executor]:
    made = QtExecutor(pool) if request.param == "a shared pool" else QtThreads(2)
    with made as executor:
        yield executor


def test_a_call_returns_through_its_future(executor: Executor) -> None:
    assert executor.submit(divmod, 7, 2).result(WITHIN) == (3, 1)
    assert executor.submit(int, "ff", base=16).result(WITHIN) == 255


def test_calls_run_on_the_pool_s_threads(executor: Executor) -> None:
    here = QThread.currentThread()
    assert executor.submit(lambda: QThread.currentThread() != here).result(WITHIN)


def test_a_call_for_which_there_is_no_thread_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with QtThreads(1) as threads:
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", none)
            with pytest.raises(RuntimeError, match="new thread"):
                threads.submit(abs, -1)
        assert threads.submit(abs, -1).result(WITHIN) == 1


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


def test_a_pool_of_its_own_has_the_threads_asked_for() -> None:
    with QtThreads(40) as executor:
        both = threading.Barrier(40)
        futures = [executor.submit(both.wait, WITHIN) for _ in range(40)]
        assert sorted(future.result(WITHIN) for future in futures) == list(range(40))


LEFT_BEHIND = """
import threading
from desktop.qtpool import QtThreads
begun, go_on = threading.Event(), threading.Event()
threads = QtThreads(1)
call = threads.submit(lambda: (begun.set(), go_on.wait()))
begun.wait()
threads.shutdown(wait=False)
del threads
thread = next(each for each in threading.enumerate() if each.name == "qt-threads")
go_on.set()
del call  # the thread of the pool is the last that knows of it
thread.join()
"""


def test_a_pool_of_its_own_ends_though_its_thread_was_the_last_to_know_of_it() -> None:
    command = [sys.executable, "-c", LEFT_BEHIND]
    assert subprocess.run(command, timeout=WITHIN).returncode == 0


COLLECTED = """
import gc, threading
from desktop.qtpool import QtThreads

class Owner: ...

gc.disable()
for _ in range(200):
    owner = Owner()
    owner.itself = owner

    def make(owner=owner):
        owner.pool = QtThreads(40)
        for made in [owner.pool.submit(int) for _ in range(6)]:
            made.result()
        gc.collect()  # finds the pool before, of a thread that has ended

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    owner.pool.shutdown(wait=False)
    del owner, make
"""


def test_pools_are_let_go_of_in_any_thread() -> None:
    command = [sys.executable, "-c", COLLECTED]
    assert subprocess.run(command, timeout=WITHIN).returncode == 0


LATE = """
import atexit, threading
from desktop.qtpool import QtThreads

go_on = threading.Event()
for _ in range(3):
    pool = QtThreads(20)
    for _ in range(20):
        pool.submit(go_on.wait)
    pool.shutdown(wait=False)
atexit.register(go_on.set)
"""


def test_calls_that_end_with_the_interpreter_end_in_order() -> None:
    done = subprocess.run([sys.executable, "-c", LATE], timeout=WITHIN, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")

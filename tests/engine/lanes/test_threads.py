"""Threads that nothing waits for."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from desktop.engine.lanes.threads import DaemonThreads

PATIENCE = 30.0


def test_calls_run_beside_each_other_up_to_the_number_of_threads() -> None:
    executor = DaemonThreads(2)
    both = threading.Barrier(2)
    calls = [executor.submit(both.wait, PATIENCE) for _ in range(6)]
    assert sorted(call.result(PATIENCE) for call in calls) == [0, 0, 0, 1, 1, 1]
    executor.shutdown()


def test_an_idle_thread_takes_the_next_call() -> None:
    executor = DaemonThreads(8)
    names = set()
    for _ in range(5):
        names.add(executor.submit(threading.get_ident).result(PATIENCE))
        assert executor._idle.acquire(timeout=PATIENCE)
        executor._idle.release()
    assert len(names) == 1
    executor.shutdown()


def test_what_a_call_raises_reaches_its_caller_and_ends_no_thread() -> None:
    executor = DaemonThreads(1)
    with pytest.raises(SystemExit):
        executor.submit(sys.exit).result(PATIENCE)
    assert executor.submit(int, "3").result(PATIENCE) == 3
    executor.shutdown()


def test_a_shutdown_waits_for_what_runs_and_may_drop_the_rest() -> None:
    executor = DaemonThreads(1)
    begun, go_on = threading.Event(), threading.Event()

    def wait() -> bool:
        begun.set()
        return go_on.wait(PATIENCE)

    first, second = executor.submit(wait), executor.submit(int)
    assert begun.wait(PATIENCE)
    executor.shutdown(wait=False, cancel_futures=True)
    assert second.cancelled()
    with pytest.raises(RuntimeError, match="after its shutdown"):
        executor.submit(int)
    go_on.set()
    executor.shutdown()
    assert first.result(0) is True


BLOCKED = """
import threading
from desktop.engine.lanes.threads import DaemonThreads
begun = threading.Event()
DaemonThreads(1).submit(lambda: (begun.set(), threading.Event().wait()))
begun.wait()
"""


def test_a_program_ends_though_a_call_is_blocked() -> None:
    assert subprocess.run([sys.executable, "-c", BLOCKED], timeout=PATIENCE).returncode == 0

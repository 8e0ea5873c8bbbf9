"""Threads that nothing waits for."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from desktop.engine.lanes.threads import DaemonThreads

PATIENCE = 30.0


def test_calls_run_beside_each_other() -> None:
    executor = DaemonThreads()
    both = threading.Barrier(2)
    calls = [executor.submit(both.wait, PATIENCE) for _ in range(2)]
    assert sorted(call.result(PATIENCE) for call in calls) == [0, 1]
    executor.shutdown()


def test_what_a_call_raises_reaches_its_caller() -> None:
    executor = DaemonThreads()
    with pytest.raises(SystemExit):
        executor.submit(sys.exit).result(PATIENCE)
    executor.shutdown()


def test_a_shutdown_takes_no_more_and_waits_if_asked() -> None:
    executor = DaemonThreads()
    go_on = threading.Event()
    call = executor.submit(go_on.wait, PATIENCE)
    executor.shutdown(wait=False)
    with pytest.raises(RuntimeError, match="after its shutdown"):
        executor.submit(int)
    go_on.set()
    executor.shutdown()
    assert call.result(0) is True


BLOCKED = """
import threading
from desktop.engine.lanes.threads import DaemonThreads
begun = threading.Event()
DaemonThreads().submit(lambda: (begun.set(), threading.Event().wait()))
begun.wait()
"""


def test_a_program_ends_though_a_call_is_blocked() -> None:
    assert subprocess.run([sys.executable, "-c", BLOCKED], timeout=PATIENCE).returncode == 0

"""Threads that are made when they are first needed."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from desktop.backend.io_threads import IoThreads
from desktop.qtpool import QtExecutor

PATIENCE = 30.0


def test_calls_run_beside_each_other_on_as_many_threads_as_asked_for() -> None:
    threads = IoThreads(3)
    all_there = threading.Barrier(3)
    calls = [threads.submit(all_there.wait, PATIENCE) for _ in range(3)]
    assert sorted(call.result(PATIENCE) for call in calls) == [0, 1, 2]
    threads.shutdown()


def test_a_shutdown_makes_no_thread_and_neither_does_a_call_after_it() -> None:
    threads, before = IoThreads(3), threading.active_count()
    threads.shutdown()
    with pytest.raises(RuntimeError):
        threads.submit(int)
    assert not isinstance(threads._made, QtExecutor)
    assert threading.active_count() == before


def test_a_backend_is_put_together_without_qt() -> None:
    code = "import sys, desktop.backend.composition; print('PySide6' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_finder_that_goes_while_modules_are_looked_for_hides_none() -> None:
    """As Qt's own does in one thread when it is imported, while another imports."""
    code = """
import sys
from desktop.backend.io_threads import IoThreads

class Leaving:
    def find_spec(self, *looked_for):
        sys.meta_path.remove(self)

IoThreads(1).submit(int).result()
sys.meta_path.insert(len(sys.meta_path) - 1, Leaving())  # before the one that finds files
import this
"""
    subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

"""The threads of tasks are made when they are first needed."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from desktop.backend.services import IoThreads
from desktop.qtpool import QtExecutor
from tests import WITHIN, forked


def test_calls_run_beside_each_other_on_as_many_threads_as_asked_for() -> None:
    threads = IoThreads(3)
    all_there = threading.Barrier(3)
    calls = [threads.submit(all_there.wait, WITHIN) for _ in range(3)]
    assert sorted(call.result(WITHIN) for call in calls) == [0, 1, 2]
    threads.shutdown()


def test_a_shutdown_makes_no_thread_and_neither_does_a_call_after_it() -> None:
    threads, before = IoThreads(3), threading.active_count()
    threads.shutdown()
    with pytest.raises(RuntimeError):
        threads.submit(int)
    assert not isinstance(threads._made, QtExecutor)
    assert threading.active_count() == before


def test_qt_comes_while_other_threads_import() -> None:
    code = """
import sys, threading, types
from desktop.backend.services import IoThreads

class Looking(list):
    def _changed(self, *_):
        raise AssertionError("the finders changed while a thread imports")
    insert = remove = _changed

threads, over = IoThreads(1), threading.Event()
sys.meta_path = Looking(sys.meta_path)

def add_modules():
    while not over.is_set():
        for number in range(2000):
            sys.modules[f"module{number}"] = types.ModuleType("module")
        for number in range(2000):
            del sys.modules[f"module{number}"]

importing = threading.Thread(target=add_modules)
importing.start()
threads.submit(int).result()
over.set()
importing.join()
print("PySide6.QtCore" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "True\n", done.stderr


def test_without_descriptors_for_a_thread_none_is_begun() -> None:
    code = """
import os, resource
from desktop.backend.services import IoThreads
threads = IoThreads(2)
threads.submit(int).result()
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
taken = []
try:
    while True:
        taken.append(os.dup(0))
except OSError:
    pass
for _ in range(2):
    try:
        threads.submit(int)
    except OSError as error:
        print(error.strerror)
for each in taken:
    os.close(each)
print(threads.submit(int).result(30))
raise SystemExit
"""
    assert forked.run([], code).stdout.splitlines() == ["Too many open files"] * 2 + ["0"]

"""Leaving can be asked for at any moment, and is asked for when the parent's pipe closes."""

from __future__ import annotations

import os
import signal
import threading
from types import SimpleNamespace

import pytest

from desktop.backend import shutdown as module
from desktop.backend.shutdown import Shutdown, follow_parent, signals
from tests import WITHIN


def test_who_listens_is_told_and_who_listens_too_late_at_once() -> None:
    shutdown, told, late = Shutdown(), threading.Event(), threading.Event()
    shutdown.when_asked(told.set)
    assert not told.is_set()
    shutdown.ask()
    assert told.is_set()
    shutdown.when_asked(late.set)
    assert late.is_set()


def test_who_listens_for_a_while_is_told_only_then() -> None:
    shutdown, told = Shutdown(), threading.Event()
    with shutdown.meanwhile(told.set):
        pass
    shutdown.ask()
    assert not told.is_set()
    with shutdown.meanwhile(told.set):
        assert told.is_set()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_signal_asks_and_the_old_handler_comes_back(name: str) -> None:
    number = getattr(signal, name)
    inherited = signal.signal(number, signal.default_int_handler)  # ignored under nohup
    shutdown, told = Shutdown(), threading.Event()
    shutdown.when_asked(told.set)
    try:
        with signals(shutdown.ask):
            signal.raise_signal(number)
            assert told.is_set()
        assert signal.getsignal(number) == signal.default_int_handler
    finally:
        signal.signal(number, inherited)


def test_a_backend_under_nohup_outlives_its_terminal() -> None:
    shutdown, told = Shutdown(), threading.Event()
    shutdown.when_asked(told.set)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with signals(shutdown.ask):
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert not told.is_set()


def test_the_end_of_the_parents_pipe_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    said = iter([b"what comes down the pipe", b"means nothing"])
    shutdown, told = Shutdown(), threading.Event()
    shutdown.when_asked(told.set)

    def read(descriptor: int, size: int) -> bytes:
        """Read what the pipe's other end says meanwhile; at last, that it was closed."""
        assert not told.is_set()
        words = next(said, b"")
        if words:
            os.write(writing, words)
        else:
            os.close(writing)
        return os.read(descriptor, size)

    monkeypatch.setattr(module, "_STDIN", reading)
    monkeypatch.setattr(module, "os", SimpleNamespace(read=read))
    follow_parent(shutdown)
    assert told.wait(WITHIN)
    os.close(reading)

"""What an app hears of the signals that ask its process to end."""

from __future__ import annotations

import os
import signal
from queue import SimpleQueue

import pytest

from desktop.engine.fastapi.installing import heard_signals
from tests import WITHIN


def test_a_signal_is_heard_beside_the_server_that_acts_on_it() -> None:
    acted: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: acted.append(number))
    heard: SimpleQueue[bool] = SimpleQueue()
    try:
        mine = signal.getsignal(signal.SIGTERM)
        with heard_signals(heard.put):
            os.kill(os.getpid(), signal.SIGTERM)
            assert heard.get(timeout=WITHIN)
        assert acted == [signal.SIGTERM]
        assert signal.getsignal(signal.SIGTERM) is mine
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_closed_terminal_ends_the_server_as_sigterm_does() -> None:
    acted: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: acted.append(number))
    heard: SimpleQueue[bool] = SimpleQueue()
    try:
        with heard_signals(heard.put):
            os.kill(os.getpid(), signal.SIGHUP)
            assert heard.get(timeout=WITHIN)
        assert acted == [signal.SIGHUP]
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, before)


def never(*_: object) -> None:
    pytest.fail("a signal was heard")


@pytest.mark.parametrize("nobody", [signal.SIG_DFL, signal.SIG_IGN])
def test_a_signal_without_a_handler_is_left_alone(nobody: signal.Handlers) -> None:
    before = signal.signal(signal.SIGTERM, nobody)
    try:
        with heard_signals(never):
            assert signal.getsignal(signal.SIGTERM) is nobody
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_later_handler_of_the_app_stays() -> None:
    before = signal.signal(signal.SIGTERM, lambda *_: None)

    def own(*_: object) -> None: ...

    try:
        with heard_signals(never):
            signal.signal(signal.SIGTERM, own)
        assert signal.getsignal(signal.SIGTERM) is own
    finally:
        signal.signal(signal.SIGTERM, before)

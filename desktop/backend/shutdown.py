"""Asks the backend to end: on a signal, or when the process that started it ends."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SIGNALS: Final = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")
"""SIGHUP comes when a terminal is closed. SIGBREAK is Ctrl+Break on Windows, where a console sends
it to a group of processes."""
_STDIN: Final = 0
_READ_BYTES: Final = 4096


class Shutdown:
    """A request to end the backend, made at any time from any thread or signal handler.

    ``when_asked`` sets the callback; if the request was made before, it is called at once.
    """

    def __init__(self) -> None:
        self.given_up = False
        self._asked = False  # an event has a lock, which a second signal would wait for
        self._tell: Callable[[], None] = lambda: None

    def ask(self) -> None:
        """Ask the backend to end; repeated calls are harmless."""
        self._asked = True
        self._tell()

    def give_up(self) -> None:
        """Ask the backend to end with status 1, because it can no longer do its work."""
        self.given_up = True
        self.ask()

    def when_asked(self, tell: Callable[[], None]) -> None:
        """Call ``tell`` when the end is asked for; it may be called twice."""
        self._tell = tell
        if self._asked:
            tell()

    @contextmanager
    def meanwhile(self, tell: Callable[[], None]) -> Iterator[None]:
        """Call ``tell`` if the end is asked for while the block runs."""
        self.when_asked(tell)
        try:
            yield
        finally:
            self._tell = lambda: None


@contextmanager
def signals(ask: Callable[[], None]) -> Iterator[None]:
    """Call ``ask`` on a signal that asks for the end, while the block runs.

    One that is ignored stays so: ``nohup`` has a process outlive its terminal.
    """

    def on_signal(_number: int, _frame: Any) -> None:
        ask()

    present = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    heard = [each for each in present if signal.getsignal(each) != signal.SIG_IGN]
    before = {each: signal.signal(each, on_signal) for each in heard}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def follow_parent(shutdown: Shutdown) -> None:
    """Ask for the end when stdin closes: its other end belongs to the process that started us."""

    def watch() -> None:
        try:
            while os.read(_STDIN, _READ_BYTES):
                pass
        except OSError:
            pass  # an unreadable stdin means that there is no parent
        shutdown.ask()

    threading.Thread(target=watch, name="parent-pipe", daemon=True).start()

"""How the backend ends: on a signal, with the process that started it, its threads with it."""

from __future__ import annotations

import os
import signal
import threading
from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Self

_SIGNALS: Final = ("SIGTERM", "SIGINT", "SIGBREAK")
"""SIGBREAK is Ctrl+Break on Windows, where a console sends it to a group of processes."""
_STDIN: Final = 0
_READ_BYTES: Final = 4096


class Leaving:
    """Asked once, at any moment, from any thread or signal handler.

    ``when_asked`` sets who is told; if it was asked before, it is told at once.
    """

    def __init__(self) -> None:
        self.given_up = False
        self._asked = threading.Event()
        self._tell: Callable[[], None] = lambda: None

    def ask(self) -> None:
        """Ask the backend to leave; again is harmless."""
        self._asked.set()
        self._tell()

    def give_up(self) -> None:
        """Ask it to leave because it cannot do its work any more: another one has to."""
        self.given_up = True
        self.ask()

    def when_asked(self, tell: Callable[[], None]) -> None:
        """Have ``tell`` called when it is asked; it may be called twice."""
        self._tell = tell
        if self._asked.is_set():
            tell()

    @contextmanager
    def meanwhile(self, tell: Callable[[], None]) -> Iterator[None]:
        """Have ``tell`` called when it is asked before the block is over."""
        self.when_asked(tell)
        try:
            yield
        finally:
            self._tell = lambda: None


@contextmanager
def signals(leaving: Leaving) -> Iterator[None]:
    """Let SIGTERM and Ctrl+C mean *leave* while the block runs."""

    def on_signal(_number: int, _frame: Any) -> None:
        leaving.ask()

    present = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {each: signal.signal(each, on_signal) for each in present}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def follow_parent(leaving: Leaving) -> None:
    """Leave when stdin closes: the pipe's other end was held by the process that started us."""

    def watch() -> None:
        try:
            while os.read(_STDIN, _READ_BYTES):
                pass
        except OSError:
            pass  # a stdin that cannot be read is a parent that is not there
        leaving.ask()

    threading.Thread(target=watch, name="parent-pipe", daemon=True).start()


class Beside(ABC):
    """Calls ``_run`` in a thread named ``name``, and at the block's end asks it to end.

    The end waits ``end_within`` seconds for it; the thread is a daemon, so the process never
    waits for more.
    """

    def __init__(self, name: str, end_within: float) -> None:
        self._over = threading.Event()
        self._end_within = end_within
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End; what is under way gets a moment."""
        self._ask_to_end()
        self._thread.join(self._end_within)

    @abstractmethod
    def _run(self) -> None:
        """Work until ``_over`` is set."""

    def _ask_to_end(self) -> None:
        self._over.set()

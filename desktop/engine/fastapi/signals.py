"""Hears the signals that ask the process to end, beside the server that acts on them."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any, Final

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def heard_signals(tell: Callable[[bool], None]) -> Iterator[None]:
    """Call ``tell``, in a thread of its own, when the process is asked to end during the block.

    It gets whether the process surely ends: Ctrl+C may end only the server, as in a notebook.

    A server stops the app only after its last request, which may be too late. The handlers that
    were there before are called as well. A signal without one, or a block outside the main thread,
    is left alone. Only SIGHUP, which comes when a terminal is closed, is then taken for SIGTERM: it
    would kill the process as if a task had ended it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: SimpleQueue[int] = SimpleQueue()  # its put() is safe in a handler

    def wait() -> None:
        while number := came.get():
            tell(number != signal.SIGINT)

    def on_signal(number: int, frame: Any) -> None:
        came.put(number)
        before[number](number, frame)

    found: dict[int, Any] = {number: signal.getsignal(number) for number in _SIGNALS}
    before: dict[int, Callable[[int, Any], Any]] = {n: h for n, h in found.items() if callable(h)}
    if sys.platform != "win32" and signal.SIGTERM in before:
        hangup = found[signal.SIGHUP] = signal.getsignal(signal.SIGHUP)
        if hangup is signal.SIG_DFL:
            before[signal.SIGHUP] = before[signal.SIGTERM]
    threading.Thread(target=wait, name="signals", daemon=True).start()
    for number in before:
        signal.signal(number, on_signal)
    try:
        yield
    finally:
        for number in before:
            if signal.getsignal(number) is on_signal:
                signal.signal(number, found[number])
        came.put(0)

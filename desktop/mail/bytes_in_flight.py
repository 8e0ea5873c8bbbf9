"""How many bytes of attachments are on their way at one time."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOM: Final = 32 * 1024 * 1024
"""Bytes. A message takes some four times as much memory; a slow line is shared by few at a time."""
SMALL: Final = 256 * 1024
"""Bytes. A message with no more than this takes no room: it never waits for large ones."""
LOOK_AGAIN: Final = 1.0
"""Seconds until a message that waits asks whether it was cancelled."""


class BytesInFlight:
    """Bytes that messages take while they are made and sent; thread-safe.

    They get room in the order they came. One that is larger than the whole room goes when nothing
    else is in it.
    """

    def __init__(self, size: int = ROOM) -> None:
        self._size = size
        self._taken = 0
        self._line: deque[object] = deque()  # a ticket for each message that waits
        self._changed = threading.Condition()

    @contextmanager
    def take(self, size: int, check: Callable[[], object]) -> Iterator[None]:
        """Wait for room for so many bytes, and hold it; ``check`` may raise meanwhile."""
        if size <= SMALL:
            yield
            return
        with self._changed:
            self._wait(size, check)
            self._taken += size
        try:
            yield
        finally:
            with self._changed:
                self._taken -= size
                self._changed.notify_all()

    def _wait(self, size: int, check: Callable[[], object]) -> None:
        """Wait in the line until it is this message's turn and there is room."""
        ticket = object()
        self._line.append(ticket)
        try:
            while self._line[0] is not ticket or not self._fits(size):
                check()
                self._changed.wait(LOOK_AGAIN)
        finally:
            self._line.remove(ticket)
            self._changed.notify_all()  # the next in the line may have room as well

    def _fits(self, size: int) -> bool:
        return not self._taken or self._taken + size <= self._size

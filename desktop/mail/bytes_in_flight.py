"""Limits the bytes of attachments that are sent at the same time."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOM: Final = 32 * 1024 * 1024
"""Bytes. A message takes about four times as much memory, and few messages share a slow line."""
SMALL: Final = 256 * 1024
"""Bytes up to which a message takes no room, so it never waits for large ones."""
LOOK_AGAIN: Final = 1.0
"""Seconds between two checks whether a waiting message was cancelled."""


class BytesInFlight:
    """The room for messages while they are made and sent; thread-safe.

    Messages get room in the order in which they asked for it. A message that is larger than the
    whole room is sent alone.
    """

    def __init__(self, size: int = ROOM) -> None:
        self._size = size
        self._taken = 0
        self._line: deque[object] = deque()  # a ticket for each waiting message
        self._changed = threading.Condition()

    @contextmanager
    def take(self, size: int, check: Callable[[], object]) -> Iterator[None]:
        """Wait for room for ``size`` bytes, and hold it; ``check`` may raise while waiting."""
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
        """Wait until it is this message's turn and there is room."""
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

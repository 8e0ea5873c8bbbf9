"""How many bytes of attachments are on their way at one time."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOM: Final = 32 * 1024 * 1024
"""Bytes. A message takes some four times as much memory; a slow line is shared by few at a time."""
LOOK_AGAIN: Final = 1.0
"""Seconds until a message that waits asks whether it was cancelled."""


class Room:
    """Bytes that messages take while they are made and sent; thread-safe.

    One that is larger than the whole room goes when nothing else is in it.
    """

    def __init__(self, size: int = ROOM) -> None:
        self._size = size
        self._taken = 0
        self._changed = threading.Condition()

    @contextmanager
    def take(self, size: int, check: Callable[[], object]) -> Iterator[None]:
        """Wait for room for so many bytes, and hold it; ``check`` may raise meanwhile."""
        with self._changed:
            while size and self._taken and self._taken + size > self._size:
                check()
                self._changed.wait(LOOK_AGAIN)
            self._taken += size
        try:
            yield
        finally:
            with self._changed:
                self._taken -= size
                self._changed.notify_all()

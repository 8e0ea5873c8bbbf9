"""Work in a thread of its own while a block runs."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self


class BackgroundThread(ABC):
    """Calls ``_run`` in a thread named ``name``, and at the block's end asks it to end.

    The end waits ``end_within`` seconds for it; the thread is a daemon, so the process never
    waits for more.
    """

    def __init__(self, name: str, end_within: float) -> None:
        self._over = threading.Event()
        self._end_within = end_within
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End; what is under way gets a moment."""
        self._ask_to_end()
        self.thread.join(self._end_within)

    @abstractmethod
    def _run(self) -> None:
        """Work until ``_over`` is set."""

    def _ask_to_end(self) -> None:
        self._over.set()

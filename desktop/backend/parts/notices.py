"""What the backend itself has to tell a person, beside the engine's notices."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.events import Notice


class Notices:
    """The notices that hold now, by id, and who hears of new ones; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._active: dict[str, Notice] = {}
        self._hearers: list[Callable[[Notice], object]] = []

    @property
    def active(self) -> list[Notice]:
        """Those that hold now, in the order they were told."""
        with self._lock:
            return list(self._active.values())

    def tell(self, notice: Notice) -> None:
        """Tell it to everyone, now and later; one that is there already is replaced."""
        with self._lock:
            self._active[notice["id"]] = notice
            hearers = list(self._hearers)
        for hear in hearers:
            hear(notice)

    def take_back(self, name: str) -> None:
        """Take back the notice of this id; again is harmless."""
        with self._lock:
            notice = self._active.pop(name, None)
            hearers = list(self._hearers)
        if notice is not None:
            notice = {**notice, "active": False}
            for hear in hearers:
                hear(notice)

    def on_notice(self, hear: Callable[[Notice], object]) -> Callable[[], None]:
        """Call ``hear``, in any thread, for each from now on; returns how to stop that."""
        with self._lock:
            self._hearers.append(hear)

        def stop() -> None:
            with self._lock:
                self._hearers.remove(hear)

        return stop
